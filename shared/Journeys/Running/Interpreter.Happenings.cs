using System.Text.Json.Nodes;

namespace ServerlessCLM.Journeys;

public static partial class Interpreter
{
    /// <summary>Something happened to the customer. Whatever the journey is doing, its goal and its exits end it at once.</summary>
    public static JourneyState Happened(JourneyRun run, JourneyDocument journey, JourneyState state, JourneyHappening happening, DateTimeOffset now)
    {
        if (state.Phase >= JourneyPhase.Ending || state.Seen.Contains(happening.Id))
            return state;

        state = state with { Seen = [.. state.Seen.Skip(Math.Max(0, state.Seen.Count + 1 - JourneyState.Remembered)), happening.Id] };
        if (happening.Kind == HappeningKind.Stop)
            return EndWith(state, new JourneyOutcome(happening.End, happening.Name));
        if (happening.Kind == HappeningKind.Signal && journey.ExitOn.Contains(happening.Name))
            return EndWith(state with { Event = happening.Data }, new JourneyOutcome(JourneyEnd.Exited, happening.Name));

        var (isGoal, concerns) = (IsGoal(run, journey, state, happening, now), Concerns(run, journey, state, happening));
        if (!isGoal && !concerns && journey.Exit is null)
            return state;

        // Without conditions nothing need be asked; with them the customer is read, and the exit comes first.
        if (journey.Exit is null && isGoal && journey.Goal!.When is null)
            return Reached(state, happening);
        if (journey.Exit is null && !isGoal && WhenOf(journey, state) is null)
            return Came(journey, state, happening, now);
        return state with { Happening = happening };
    }

    /// <summary>Whether a happening could be the goal, its condition aside.</summary>
    public static bool IsGoal(JourneyRun run, JourneyDocument journey, JourneyState state, JourneyHappening happening, DateTimeOffset now) =>
        journey.Goal is { } goal && happening.Kind == HappeningKind.Signal && goal.Signal.Contains(happening.Name) && Matches(goal.Match, run.Signal, happening.Data)
        && (goal.Within is not { } within || now - state.Entered <= within);

    /// <summary>Whether a happening could be what the node waits for, its condition aside.</summary>
    public static bool Concerns(JourneyRun run, JourneyDocument journey, JourneyState state, JourneyHappening happening) => (state.Phase, journey.Nodes[state.Node]) switch
    {
        (JourneyPhase.Waiting, WaitForNode { WaitFor: { Outcome: null } signal }) => happening.Kind == HappeningKind.Signal
            && signal.Signal.Contains(happening.Name) && Matches(signal.Match, run.Signal, happening.Data),
        (JourneyPhase.Waiting, WaitForNode { WaitFor: { Outcome: { } outcome, Of: var of } }) => happening.Kind == HappeningKind.Outcome
            && happening.Name == outcome && (of is null || (state.Sent.TryGetValue(of, out var sent) && IsAbout(happening, sent))),
        (JourneyPhase.Waiting, OfferNode offer) => happening.Kind == HappeningKind.Outcome && happening.Name is "accept" or "convert" or "reject"
            && (IsAbout(happening, state.Sent[state.Node]) || (offer.Offer == OfferNode.Decided
                ? IsOf(happening, "decision", state.Decision) || IsOf(happening, "action", state.Action)
                : IsOf(happening, "action", offer.Offer))),
        // What came before the plan began is not part of it.
        (JourneyPhase.Following, PaymentPlanNode { PaymentPlan: var plan }) => state.Trail.Count == 0 && happening.Kind == HappeningKind.Signal
            && plan.Signal.Contains(happening.Name) && Matches(plan.Match, run.Signal, happening.Data),
        _ => false,
    };

    /// <summary>The condition that what the node waits for must meet.</summary>
    public static string? WhenOf(JourneyDocument journey, JourneyState state) => journey.Nodes[state.Node] is WaitForNode wait ? wait.WaitFor.When : null;

    /// <summary>The customer was read about a happening, or a plan was told of it.</summary>
    private static JourneyState LookedAt(JourneyDocument journey, JourneyState state, JourneyHappening happening, JourneyAnswer answer, DateTimeOffset now) => answer.Way switch
    {
        JourneyAnswer.Goal => Reached(state, happening),
        JourneyAnswer.Next => Came(journey, state, happening, now),
        _ => state,
    };

    private static JourneyState Reached(JourneyState state, JourneyHappening happening) =>
        EndWith(state with { Event = happening.Data }, new JourneyOutcome(JourneyEnd.Goal, happening.Name));

    private static JourneyState Came(JourneyDocument journey, JourneyState state, JourneyHappening happening, DateTimeOffset now) => journey.Nodes[state.Node] switch
    {
        PaymentPlanNode => state with { Telling = happening },
        OfferNode => Go(journey, state with { Event = happening.Data }, happening.Name == "reject" ? "declined" : "accepted", now),
        _ => Go(journey, state with { Event = happening.Data }, JourneyAnswer.Next, now),
    };

    private static bool IsAbout(JourneyHappening happening, string message) => IsOf(happening, "message", message) || IsOf(happening, "decision", message);

    private static bool IsOf(JourneyHappening happening, string member, string? wanted) => wanted is not null && Text(happening.Data, member) == wanted;

    private static bool Matches(IReadOnlyList<string> members, JsonObject one, JsonObject other)
    {
        foreach (var member in members)
        {
            if (one[member] is not { } value || !JsonNode.DeepEquals(value, other[member]))
                return false;
        }

        return true;
    }

    private static string? Text(JsonObject data, string member) => data[member]?.GetValueKind() == System.Text.Json.JsonValueKind.String ? (string)data[member]! : null;
}
