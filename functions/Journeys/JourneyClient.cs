using ServerlessCLM.Journeys;

namespace ServerlessCLM.Functions.Journeys;

/// <summary>Starts and tells orchestrations; doing it again changes nothing.</summary>
internal static class JourneyClient
{
    private const int AtOnce = 64;

    public static async Task DeliverAsync(this DurableTaskClient client, JourneyNews news, CancellationToken cancellation)
    {
        await InOrderAsync(news.Starts.DistinctBy(start => start.Run.Instance), async start =>
        {
            // Asked first, because an instance that runs refuses a second, and each runtime refuses in its own way.
            if (await client.GetInstanceAsync(start.Run.Instance, cancellation) is null)
                await client.ScheduleNewOrchestrationInstanceAsync(RunJourney.Name, start, new StartOrchestrationOptions(start.Run.Instance), cancellation);
        });
        await client.TellAsync(news, cancellation);
    }

    /// <summary>Tells the orchestration that waits for a person's answer; the customer's row says which it was.</summary>
    public static async Task AnswerAsync(this DurableTaskClient client, string task, string outcome, CancellationToken cancellation)
    {
        if (await client.GetInstanceAsync(task, cancellation) is { IsCompleted: false })
            await client.RaiseToLiveAsync(task, PersonTask.EventName, outcome, cancellation);
    }

    public static Task TellAsync(this DurableTaskClient client, JourneyNews news, CancellationToken cancellation) =>
        InOrderAsync(news.Told.GroupBy(told => told.Instance), async instance =>
        {
            if (await client.GetInstanceAsync(instance.Key, cancellation) is not { IsCompleted: false })
                return;
            foreach (var (_, happening) in instance)
                await client.RaiseToLiveAsync(instance.Key, JourneyHappening.EventName, happening, cancellation);
        });

    /// <summary>Many at once, begun in their order: what runs first must not be a matter of threads, or no run could be had again.</summary>
    private static async Task InOrderAsync<T>(IEnumerable<T> items, Func<T, Task> act)
    {
        foreach (var chunk in items.Chunk(AtOnce))
            await Task.WhenAll(chunk.Select(act));
    }

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
