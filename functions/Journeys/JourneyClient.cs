using ServerlessCLM.Journeys;

namespace ServerlessCLM.Functions.Journeys;

/// <summary>Starts and tells orchestrations; doing it again changes nothing.</summary>
internal static class JourneyClient
{
    private const int AtOnce = 64;

    public static async Task DeliverAsync(this DurableTaskClient client, JourneyNews news, CancellationToken cancellation)
    {
        await Parallel.ForEachAsync(news.Starts.DistinctBy(start => start.Run.Instance), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (start, token) =>
            {
                // Asked first, because an instance that runs refuses a second, and each runtime refuses in its own way.
                if (await client.GetInstanceAsync(start.Run.Instance, token) is null)
                    await client.ScheduleNewOrchestrationInstanceAsync(RunJourney.Name, start, new StartOrchestrationOptions(start.Run.Instance), token);
            });
        await client.TellAsync(news, cancellation);
    }

    /// <summary>Tells the orchestration that waits for a person's answer; the customer's row says which it was.</summary>
    public static async Task AnswerAsync(this DurableTaskClient client, string task, string outcome, CancellationToken cancellation)
    {
        if (await client.GetInstanceAsync(task, cancellation) is { IsCompleted: false })
            await client.RaiseToLiveAsync(task, PersonTask.EventName, outcome, cancellation);
    }

    public static Task TellAsync(this DurableTaskClient client, JourneyNews news, CancellationToken cancellation) => Parallel.ForEachAsync(
        news.Told.GroupBy(told => told.Instance), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
        async (instance, token) =>
        {
            // One that has ended since needs to hear nothing; each instance hears in order.
            if (await client.GetInstanceAsync(instance.Key, token) is not { IsCompleted: false })
                return;
            foreach (var (_, happening) in instance)
                await client.RaiseToLiveAsync(instance.Key, JourneyHappening.EventName, happening, token);
        });

    /// <summary>An instance may end between the look at it and the event: then nobody needs to hear it.</summary>
    private static async Task RaiseToLiveAsync(this DurableTaskClient client, string instance, string name, object payload, CancellationToken cancellation)
    {
        try
        {
            await client.RaiseEventAsync(instance, name, payload, cancellation);
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            if (await client.GetInstanceAsync(instance, cancellation) is { IsCompleted: false })
                throw;
        }
    }
}
