using System.Diagnostics;

namespace ServerlessCLM.Journeys;

/// <summary>
/// Decides what a journey does next. Pure: the same document, state and event at the same instant give the same state, and the state alone gives the
/// command. It reads no customer; what must be known of one is asked for by a command.
/// </summary>
public static partial class Interpreter
{
    /// <summary>How often a contact is put off before it counts as refused.</summary>
    public const int MostPostponements = 60;

    /// <summary>How long a message waits for a person between two looks, and looks at the most.</summary>
    public static readonly TimeSpan ApprovalPause = TimeSpan.FromHours(1);

    public const int MostApprovalLooks = 24 * 7;

    /// <summary>A customer enters.</summary>
    public static JourneyState Begin(JourneyDocument journey, DateTimeOffset now) =>
        Enter(journey, new JourneyState { Entered = now }, journey.Start, null, null, now);

    /// <summary>What is to be done; null when the journey has ended.</summary>
    public static JourneyCommand? CommandOf(JourneyRun run, JourneyDocument journey, JourneyState state)
    {
        var (node, visit) = (state.Node, state.VisitsOf(state.Node));
        JourneyCommand Of(CommandKind kind) => new(kind, node, visit);
        JourneyCommand OfWait(CommandKind kind) => state.Trail.Count > 0 ? Of(CommandKind.Record) : Of(kind) with { Until = state.Until };
        if (state.Happening is not null)
            return Of(CommandKind.Ask);
        if (state.Telling is not null)
            return Of(CommandKind.Tell) with { Id = PartId(run, state) };

        return state.Phase switch
        {
            JourneyPhase.Asking => Of(CommandKind.Ask),
            JourneyPhase.Reserving => Of(CommandKind.Reserve) with { Id = MessageId(run, state), Channels = Channels((ContactNode)journey.Nodes[node], state) },
            JourneyPhase.Drafting => Of(CommandKind.Draft) with { Id = MessageId(run, state), Channels = [state.Channel!] },
            JourneyPhase.Dispatching => Of(CommandKind.Dispatch) with { Id = MessageId(run, state), Channels = [state.Channel!] },
            JourneyPhase.Deciding => Of(CommandKind.Decide) with { Id = PartId(run, state), Channels = ((DecideNode)journey.Nodes[node]).Channel },
            JourneyPhase.Calling => Of(CommandKind.Call) with { Id = PartId(run, state) },
            JourneyPhase.Postponed or JourneyPhase.Approving or JourneyPhase.Waiting => OfWait(CommandKind.Wait),
            JourneyPhase.Following => OfWait(CommandKind.Follow) with { Id = PartId(run, state) },
            JourneyPhase.Ending => Of(CommandKind.End) with { Outcome = state.Outcome },
            _ => null,
        };
    }

    /// <summary>A command has been carried out.</summary>
    /// <exception cref="UnreachableException">The node has no such way.</exception>
    public static JourneyState Answered(JourneyRun run, JourneyDocument journey, JourneyState state, JourneyAnswer answer, DateTimeOffset now)
    {
        if (state.Happening is null && state.Telling is not null)
            return state with { Telling = null };

        state = state with { Trail = [] };
        if (state.Phase == JourneyPhase.Ending)
            return state with { Phase = JourneyPhase.Ended };
        if (answer.Over is { } over)
            return EndWith(state, over);
        if (state.Happening is { } happening)
            return LookedAt(journey, state with { Happening = null }, happening, answer, now);

        return state.Phase switch
        {
            JourneyPhase.Asking when answer.Until is { } until => state with { Phase = JourneyPhase.Waiting, Until = until },
            JourneyPhase.Reserving when answer.Until is { } until => PutOff(journey, state, until, now),
            JourneyPhase.Reserving when answer.Way is null => state with { Phase = JourneyPhase.Drafting, Channel = answer.Channel },
            JourneyPhase.Drafting when answer.Way == JourneyAnswer.Pending => AwaitApproval(journey, state, now),
            JourneyPhase.Drafting when answer.Way is null => state with { Phase = JourneyPhase.Dispatching },
            JourneyPhase.Dispatching when answer.Until is { } until => PutOff(journey, state, until, now),
            JourneyPhase.Dispatching when answer.Way == JourneyAnswer.Next => WasSent(run, journey, state, now),
            JourneyPhase.Deciding => Go(journey, state with { Action = answer.Action, Decision = answer.Decision, ActionChannel = answer.Channel }, answer.Way!, now),
            // Steps were put on record before the wait begins.
            JourneyPhase.Waiting or JourneyPhase.Postponed or JourneyPhase.Approving => state,
            JourneyPhase.Following when answer.Way is null => state,
            _ => Go(journey, state, answer.Way ?? throw new UnreachableException($"{state.Node} was answered without a way in phase {state.Phase}"), now),
        };
    }

    /// <summary>The time is over that the journey waited for.</summary>
    public static JourneyState Elapsed(JourneyDocument journey, JourneyState state, DateTimeOffset now) => state.Phase switch
    {
        JourneyPhase.Postponed => state with { Phase = state.Channel is null ? JourneyPhase.Reserving : JourneyPhase.Dispatching, Until = null },
        JourneyPhase.Approving => state with { Phase = JourneyPhase.Drafting, Until = null },
        JourneyPhase.Waiting when journey.Nodes[state.Node] is WaitNode => Go(journey, state, JourneyAnswer.Next, now),
        JourneyPhase.Waiting or JourneyPhase.Following => Go(journey, state, "late", now),
        _ => throw new UnreachableException($"nothing was waited for in phase {state.Phase}"),
    };

    /// <summary>
    /// The journey goes on by another version, at a node of that. Who waits at a node that is still there, of the same kind, waits on as long as before.
    /// </summary>
    public static JourneyState Move(JourneyDocument journey, JourneyState state, string node, DateTimeOffset now)
    {
        if (state.Phase != JourneyPhase.Waiting || state.Node != node || journey.Nodes[node] is not (WaitNode or WaitForNode))
            return Enter(journey, state with { Rounds = new Dictionary<string, int>() }, node, state.Node, "migration", now);

        return state with { Steps = state.Steps + 1, Trail = [.. state.Trail, new JourneyStep(state.Steps + 1, node, now, node, "migration")] };
    }

    private static JourneyState Enter(JourneyDocument journey, JourneyState state, string name, string? from, string? by, DateTimeOffset now)
    {
        state = state with
        {
            Node = name, Until = null, Channel = null, Postponements = 0, Steps = state.Steps + 1,
            Visits = With(state.Visits, name, state.VisitsOf(name) + 1),
            Trail = [.. state.Trail, new JourneyStep(state.Steps + 1, name, now, from, by)],
        };
        return journey.Nodes[name] switch
        {
            ContactNode => state with { Phase = JourneyPhase.Reserving },
            DecideNode => state with { Phase = JourneyPhase.Deciding },
            WaitNode { Wait.For: { } length } => state with { Phase = JourneyPhase.Waiting, Until = now + length },
            WaitNode { Wait.At: { } at } => state with { Phase = JourneyPhase.Waiting, Until = at },
            WaitForNode wait => state with { Phase = JourneyPhase.Waiting, Until = now + wait.Timeout },
            WebhookNode => state with { Phase = JourneyPhase.Calling },
            SubJourneyNode sub => state with { Phase = JourneyPhase.Following, Until = now + sub.Timeout },
            TaskNode or PaymentPlanNode => state with { Phase = JourneyPhase.Following },
            LoopNode loop when state.Rounds.GetValueOrDefault(name) >= loop.Times => Go(journey, state, JourneyAnswer.Next, now),
            LoopNode { While: null } => Go(journey, state, "loop", now),
            GoalNode goal => EndWith(state, new JourneyOutcome(JourneyEnd.Goal, goal.Goal)),
            EndNode end => EndWith(state, new JourneyOutcome(JourneyEnd.Completed, end.End)),
            ExitNode exit => EndWith(state, new JourneyOutcome(JourneyEnd.Exited, exit.Exit)),
            _ => state with { Phase = JourneyPhase.Asking },
        };
    }

    private static JourneyState Go(JourneyDocument journey, JourneyState state, string way, DateTimeOffset now)
    {
        var node = journey.Nodes[state.Node];
        if (node is LoopNode)
            state = state with { Rounds = way == "loop" ? With(state.Rounds, state.Node, state.Rounds.GetValueOrDefault(state.Node) + 1) : Without(state.Rounds, state.Node) };

        foreach (var edge in node.Edges)
        {
            if (edge.Path == way)
                return Enter(journey, state, edge.To, state.Node, way, now);
        }

        // Ways that a document may leave out lead where next does.
        return (node, way) is (WaitNode, "past") or (SubJourneyNode, "goal" or "refused")
            ? Go(journey, state, JourneyAnswer.Next, now)
            : throw new UnreachableException($"{state.Node} of {journey.Id} {journey.Version} has no way {way}");
    }

    private static JourneyState EndWith(JourneyState state, JourneyOutcome outcome) =>
        state with { Phase = JourneyPhase.Ending, Outcome = outcome, Until = null, Happening = null, Telling = null };

    private static JourneyState PutOff(JourneyDocument journey, JourneyState state, DateTimeOffset until, DateTimeOffset now) => state.Postponements < MostPostponements
        ? state with { Phase = JourneyPhase.Postponed, Until = until, Postponements = state.Postponements + 1 }
        : Go(journey, state, JourneyAnswer.Refused, now);

    private static JourneyState AwaitApproval(JourneyDocument journey, JourneyState state, DateTimeOffset now) => state.Postponements < MostApprovalLooks
        ? state with { Phase = JourneyPhase.Approving, Until = now + ApprovalPause, Postponements = state.Postponements + 1 }
        : Go(journey, state, JourneyAnswer.Refused, now);

    private static JourneyState WasSent(JourneyRun run, JourneyDocument journey, JourneyState state, DateTimeOffset now)
    {
        state = state with { Sent = With(state.Sent, state.Node, MessageId(run, state)) };
        return journey.Nodes[state.Node] is OfferNode offer
            ? state with { Phase = JourneyPhase.Waiting, Until = now + offer.Valid }
            : Go(journey, state, JourneyAnswer.Next, now);
    }

    private static string MessageId(JourneyRun run, JourneyState state) => JourneyIds.Message(run.Instance, state.Node, state.VisitsOf(state.Node));

    private static string PartId(JourneyRun run, JourneyState state) => JourneyIds.Part(run.Instance, state.Node, state.VisitsOf(state.Node));

    /// <summary>The best channel is the one of the last decision, where there is one; else it is for whoever knows the customer to choose.</summary>
    private static IReadOnlyList<string> Channels(ContactNode node, JourneyState state) =>
        node.Channel is [ContactNode.Best] && state.ActionChannel is { } chosen ? [chosen] : node.Channel;

    private static Dictionary<string, T> With<T>(IReadOnlyDictionary<string, T> known, string name, T value) => new(known, StringComparer.Ordinal) { [name] = value };

    private static Dictionary<string, T> Without<T>(IReadOnlyDictionary<string, T> known, string name)
    {
        var left = new Dictionary<string, T>(known, StringComparer.Ordinal);
        left.Remove(name);
        return left;
    }
}
