using ServerlessCLM.Journeys;

namespace ServerlessCLM.Functions.Journeys;

/// <summary>Waits for a person to do a task: until it is answered, too late, or not needed any more.</summary>
public static class AwaitPerson
{
    public const string Name = "AwaitPerson";

    private static readonly TaskOptions Retried = TaskOptions.FromRetryPolicy(new RetryPolicy(100, TimeSpan.FromSeconds(5), 2, TimeSpan.FromHours(1)));

    [Function(Name)]
    public static async Task<JourneyAnswer> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var work = context.GetInput<JourneyWork>()!;
        var task = await context.CallActivityAsync<PersonTask>(JourneyActivities.OpenTask, work, Retried);
        var timer = new JourneyTimer(context);
        var left = context.WaitForExternalEvent<JourneyHappening>(JourneyHappening.EventName);
        await Task.WhenAny(left, context.WaitForExternalEvent<string>(PersonTask.EventName), timer.Until(task.Due.UtcDateTime));
        timer.Stop();

        // What the customer's row says holds: the answer may be there though its event was lost.
        return await context.CallActivityAsync<JourneyAnswer>(JourneyActivities.CloseTask, new TaskClosing(work, task.Id, left.IsCompleted), Retried);
    }
}
