using ServerlessCLM.Journeys;

namespace ServerlessCLM.Functions.Journeys;

/// <summary>
/// Brings the customer into another journey and waits for its end. It outlives the journey that it is for: told that nobody waits any more, it ends the
/// other, at whatever it is, also where the customer has entered and nothing has begun yet.
/// </summary>
public static class FollowJourney
{
    public const string Name = "FollowJourney";

    private static readonly TaskOptions Retried = TaskOptions.FromRetryPolicy(new RetryPolicy(100, TimeSpan.FromSeconds(5), 2, TimeSpan.FromHours(1)));

    [Function(Name)]
    public static async Task<JourneyAnswer> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var work = context.GetInput<JourneyWork>()!;
        var left = context.WaitForExternalEvent<JourneyHappening>(JourneyHappening.EventName);
        var entry = await context.CallActivityAsync<SubJourney>(JourneyActivities.Enter, work, Retried);
        if (entry.Start is not { Run: var run } start)
            return new JourneyAnswer(JourneyAnswer.Refused);

        if (left.IsCompleted)
        {
            var end = new JourneyCommand(CommandKind.End, start.State.Node, start.State.VisitsOf(start.State.Node)) { Outcome = new JourneyOutcome(JourneyEnd.Cancelled, (await left).Name) };
            await context.CallActivityAsync<JourneyAnswer>(JourneyActivities.End, new JourneyWork(run, end, start.State), Retried);
            return new JourneyAnswer(JourneyAnswer.Next);
        }

        var followed = context.CallSubOrchestratorAsync<JourneyOutcome>(RunJourney.Name, start, new SubOrchestrationOptions(instanceId: run.Instance));
        if (await Task.WhenAny(followed, left) == left)
            context.SendEvent(run.Instance, JourneyHappening.EventName, await left);
        var outcome = await followed;
        return new JourneyAnswer(outcome.Kind == JourneyEnd.Goal ? JourneyAnswer.Goal : JourneyAnswer.Next);
    }
}
