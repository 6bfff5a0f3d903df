using System.Text.Json.Serialization;
using NodaTime;

namespace ServerlessCLM.Journeys;

/// <summary>A way on from a node.</summary>
/// <param name="Path">Member of the node, such as <c>next</c> or <c>arms.control</c>.</param>
/// <param name="To">The node it leads to.</param>
public readonly record struct JourneyEdge(string Path, string To);

/// <summary>A step of a journey. What kind it is, is told by its first member.</summary>
public abstract record JourneyNode
{
    /// <summary>Every way on, in the order of the document.</summary>
    [JsonIgnore]
    public abstract IReadOnlyList<JourneyEdge> Edges { get; }

    /// <summary>Name of the kind, as in the document: <c>message</c>, <c>waitFor</c>, …</summary>
    [JsonIgnore]
    public abstract string Kind { get; }

    private protected static JourneyEdge To(string path, string to) => new(path, to);
}

/// <summary>Something that is sent: gated, drafted, gated again and dispatched.</summary>
public abstract record ContactNode : JourneyNode
{
    /// <summary><c>best</c>, or channels in the order in which they are tried.</summary>
    [JsonConverter(typeof(NamesConverter))]
    public IReadOnlyList<string> Channel { get; init; } = [Best];

    /// <summary>The journey's unless given.</summary>
    public string? Purpose { get; init; }

    /// <summary>Expressions by name, for the message.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();

    public const string Best = "best";

    /// <summary>Id of the template.</summary>
    public abstract string Template { get; }

    /// <summary>Where to go when the gate refuses every channel.</summary>
    public abstract string Refused { get; init; }
}

/// <summary>Sends a message.</summary>
public sealed record MessageNode(string Message, string Next, string Refused) : ContactNode
{
    public override string Refused { get; init; } = Refused;

    [JsonIgnore]
    public override string Template => Message;

    public override string Kind => "message";

    public override IReadOnlyList<JourneyEdge> Edges => [To("next", Next), To("refused", Refused)];
}

/// <summary>Makes an offer by a message and waits for the answer.</summary>
/// <param name="Offer">An action, or <see cref="Decided"/>.</param>
/// <param name="Valid">How long it can be answered.</param>
public sealed record OfferNode(string Offer, string Message, TimeSpan Valid, string Accepted, string Declined, string Late, string Refused) : ContactNode
{
    /// <summary>The action that was chosen last.</summary>
    public const string Decided = "decided";

    public override string Refused { get; init; } = Refused;

    [JsonIgnore]
    public override string Template => Message;

    public override string Kind => "offer";

    public override IReadOnlyList<JourneyEdge> Edges => [To("accepted", Accepted), To("declined", Declined), To("late", Late), To("refused", Refused)];
}

/// <summary>Lets the arbitration choose among actions.</summary>
public sealed record DecideNode(IReadOnlyList<string> Decide, string Next, string None) : JourneyNode
{
    [JsonConverter(typeof(NamesConverter))]
    public IReadOnlyList<string> Channel { get; init; } = [ContactNode.Best];

    public override string Kind => "decide";

    public override IReadOnlyList<JourneyEdge> Edges => [To("next", Next), To("none", None)];
}

/// <summary>Waits for a while or until a time.</summary>
public sealed record WaitNode(WaitRule Wait, string Next) : JourneyNode
{
    /// <summary>Where to go when the date has passed or is not known.</summary>
    public string? Past { get; init; }

    public override string Kind => "wait";

    public override IReadOnlyList<JourneyEdge> Edges => Past is null ? [To("next", Next)] : [To("next", Next), To("past", Past)];
}

/// <summary>Until when to wait: one of the four.</summary>
/// <param name="For">A length of time.</param>
/// <param name="Time">A time of day on the customer's clock, the next there is; on <paramref name="Days"/>, where any are named.</param>
/// <param name="Date">An expression that is a date or an instant; <paramref name="Offset"/> is added.</param>
/// <param name="At">An instant.</param>
[JsonConverter(typeof(WaitRuleConverter))]
public sealed record WaitRule(
    TimeSpan? For = null, LocalTime? Time = null, IReadOnlyList<IsoDayOfWeek>? Days = null, string? Date = null, TimeSpan Offset = default, DateTimeOffset? At = null);

/// <summary>Waits for something to happen.</summary>
public sealed record WaitForNode(Awaited WaitFor, TimeSpan Timeout, string Next, string Late) : JourneyNode
{
    public override string Kind => "waitFor";

    public override IReadOnlyList<JourneyEdge> Edges => [To("next", Next), To("late", Late)];
}

/// <summary>What is waited for: a signal, or the outcome of a contact.</summary>
public sealed record Awaited
{
    [JsonConverter(typeof(NamesConverter))]
    public IReadOnlyList<string> Signal { get; init; } = [];

    /// <summary>accept, click, …</summary>
    public string? Outcome { get; init; }

    /// <summary>The node whose message an outcome answers; null for any contact.</summary>
    public string? Of { get; init; }

    /// <summary>Condition on the event; null for any.</summary>
    public string? When { get; init; }

    /// <summary>Members that must be the same in the event as in what started the journey.</summary>
    public IReadOnlyList<string> Match { get; init; } = [];
}

/// <summary>Takes the first way whose condition holds.</summary>
public sealed record BranchNode(IReadOnlyList<BranchWay> Branch, string Else) : JourneyNode
{
    public override string Kind => "branch";

    public override IReadOnlyList<JourneyEdge> Edges => [.. Branch.Select((way, place) => To($"branch[{place}].next", way.Next)), To("else", Else)];
}

public sealed record BranchWay(string When, string Next);

/// <summary>Takes the way of the customer's arm of an experiment.</summary>
public sealed record SplitNode(string Split, IReadOnlyDictionary<string, string> Arms) : JourneyNode
{
    public override string Kind => "split";

    public override IReadOnlyList<JourneyEdge> Edges => [.. Arms.Select(arm => To($"arms.{arm.Key}", arm.Value))];
}

/// <summary>The goal is reached; the journey ends.</summary>
public sealed record GoalNode(string Goal) : JourneyNode
{
    /// <summary>Expression for what it is worth.</summary>
    public string? Value { get; init; }

    public override string Kind => "goal";

    public override IReadOnlyList<JourneyEdge> Edges => [];
}

/// <summary>Calls an endpoint of the bank's.</summary>
public sealed record WebhookNode(string Webhook, string Next, string Failed) : JourneyNode
{
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();

    public override string Kind => "webhook";

    public override IReadOnlyList<JourneyEdge> Edges => [To("next", Next), To("failed", Failed)];
}

public enum TaskKind { Approve, Call, Appointment }

/// <summary>Gives a person something to do and waits for the answer.</summary>
/// <param name="Outcomes">What the person may answer, and where each leads.</param>
public sealed record TaskNode(TaskKind Task, string Queue, TimeSpan Due, IReadOnlyDictionary<string, string> Outcomes, string Late) : JourneyNode
{
    public string? Brief { get; init; }

    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();

    /// <summary>What a call or appointment is for; the journey's own purpose where none is named.</summary>
    public string? Purpose { get; init; }

    /// <summary>Where a call or appointment leads that the gate refuses; null for where a late one does.</summary>
    public string? Refused { get; init; }

    public override string Kind => "task";

    public override IReadOnlyList<JourneyEdge> Edges =>
        [.. Outcomes.Select(outcome => To($"outcomes.{outcome.Key}", outcome.Value)), To("late", Late), .. Refused is { } refused ? new[] { To(JourneyAnswer.Refused, refused) } : []];
}

/// <summary>Follows instalments until all is paid or one fails to come.</summary>
public sealed record PaymentPlanNode(PaymentPlan PaymentPlan, string Next, string Broken) : JourneyNode
{
    public override string Kind => "paymentPlan";

    public override IReadOnlyList<JourneyEdge> Edges => [To("next", Next), To("broken", Broken)];
}

/// <summary>Instalments as a document gives them.</summary>
/// <param name="Amount">Expression for what is owed in total.</param>
/// <param name="Instalments">Expression for how many.</param>
/// <param name="Every">Days, weeks or months between two; the first is due after one.</param>
/// <param name="Signal">What tells of a payment.</param>
public sealed record PaymentPlan(
    string Amount, [property: JsonConverter(typeof(NumberOrExpressionConverter))] string Instalments, string Every,
    [property: JsonConverter(typeof(NamesConverter))] IReadOnlyList<string> Signal)
{
    /// <summary>How long after its date an instalment may come.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromDays(3);

    /// <summary>Expression for how much a payment was.</summary>
    public string Paid { get; init; } = "event.amount";

    public IReadOnlyList<string> Match { get; init; } = [];
}

/// <summary>Starts another journey and waits for its end.</summary>
public sealed record SubJourneyNode(string Journey, TimeSpan Timeout, string Next, string Late) : JourneyNode
{
    /// <summary>It reached its goal.</summary>
    public string? Goal { get; init; }

    /// <summary>The customer may not enter it.</summary>
    public string? Refused { get; init; }

    public override string Kind => "journey";

    public override IReadOnlyList<JourneyEdge> Edges =>
        [To("next", Next), To("late", Late), .. Goal is null ? (JourneyEdge[])[] : [To("goal", Goal)], .. Refused is null ? (JourneyEdge[])[] : [To("refused", Refused)]];
}

/// <summary>Goes round a number of times at the most. A round ends when it comes back here.</summary>
public sealed record LoopNode(string Loop, int Times, string Next) : JourneyNode
{
    /// <summary>Condition of another round.</summary>
    public string? While { get; init; }

    public override string Kind => "loop";

    public override IReadOnlyList<JourneyEdge> Edges => [To("loop", Loop), To("next", Next)];
}

/// <summary>The journey has run its course.</summary>
public sealed record EndNode(string End) : JourneyNode
{
    public override string Kind => "end";

    public override IReadOnlyList<JourneyEdge> Edges => [];
}

/// <summary>The journey is left early.</summary>
public sealed record ExitNode(string Exit) : JourneyNode
{
    public override string Kind => "exit";

    public override IReadOnlyList<JourneyEdge> Edges => [];
}
