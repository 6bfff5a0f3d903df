using System.Text.Json.Nodes;

namespace ServerlessCLM.Journeys;

/// <summary>What a journey is doing at its node.</summary>
public enum JourneyPhase
{
    /// <summary>Asks what the customer's partition knows: which way, until when.</summary>
    Asking,

    /// <summary>Has a place reserved for a contact.</summary>
    Reserving,

    /// <summary>Waits until quiet hours end.</summary>
    Postponed,

    /// <summary>Has the message written.</summary>
    Drafting,

    /// <summary>Waits for a person to approve the message.</summary>
    Approving,

    /// <summary>Sends it.</summary>
    Dispatching,

    /// <summary>Waits for a time or an event.</summary>
    Waiting,

    /// <summary>Has the arbitration choose.</summary>
    Deciding,

    /// <summary>Calls an endpoint.</summary>
    Calling,

    /// <summary>Follows another orchestration: a payment plan, a person's task, a journey.</summary>
    Following,

    /// <summary>Puts on record how it ended.</summary>
    Ending,

    Ended,
}

public enum JourneyEnd { Completed, Goal, Exited, Outranked, Cancelled, Failed, Erased }

/// <summary>How a journey ended.</summary>
/// <param name="Kind">In one word.</param>
/// <param name="Reason">As the document names it, or the condition, signal or journey that ended it.</param>
public sealed record JourneyOutcome(JourneyEnd Kind, string Reason);

/// <summary>A customer came to a node.</summary>
/// <param name="Number">From 1, over the whole journey.</param>
/// <param name="Node">Where.</param>
/// <param name="At">When.</param>
/// <param name="From">Where from; null at the start.</param>
/// <param name="By">The way taken, such as <c>next</c>.</param>
public sealed record JourneyStep(int Number, string Node, DateTimeOffset At, string? From = null, string? By = null);

/// <summary>
/// Where one customer stands in a journey: all that the next command follows from. Changed by <see cref="Interpreter"/> alone.
/// </summary>
public sealed record JourneyState
{
    /// <summary>Events that are remembered, so that one told twice counts once.</summary>
    public const int Remembered = 32;

    public required DateTimeOffset Entered { get; init; }

    public string Node { get; init; } = "";

    public JourneyPhase Phase { get; init; }

    /// <summary>How often each node was reached.</summary>
    public IReadOnlyDictionary<string, int> Visits { get; init; } = new Dictionary<string, int>();

    /// <summary>Rounds of the loops that are being gone round.</summary>
    public IReadOnlyDictionary<string, int> Rounds { get; init; } = new Dictionary<string, int>();

    /// <summary>Until when it waits.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>How often the contact was put off.</summary>
    public int Postponements { get; init; }

    /// <summary>Channel of the contact in hand.</summary>
    public string? Channel { get; init; }

    /// <summary>The action that was chosen last, its decision, and the channel that was chosen with it.</summary>
    public string? Action { get; init; }

    public string? Decision { get; init; }

    public string? ActionChannel { get; init; }

    /// <summary>Ids of messages sent, by node; the last of each.</summary>
    public IReadOnlyDictionary<string, string> Sent { get; init; } = new Dictionary<string, string>();

    /// <summary>Data of what happened last.</summary>
    public JsonObject? Event { get; init; }

    /// <summary>What has happened and is being looked at.</summary>
    public JourneyHappening? Happening { get; init; }

    /// <summary>What the orchestration that is followed is to be told.</summary>
    public JourneyHappening? Telling { get; init; }

    /// <summary>Ids of what happened, the latest last.</summary>
    public IReadOnlyList<string> Seen { get; init; } = [];

    /// <summary>Steps taken in all.</summary>
    public int Steps { get; init; }

    /// <summary>Steps that are not on record yet.</summary>
    public IReadOnlyList<JourneyStep> Trail { get; init; } = [];

    public JourneyOutcome? Outcome { get; init; }

    public bool IsOver => Phase == JourneyPhase.Ended;

    public int VisitsOf(string node) => Visits.GetValueOrDefault(node);
}
