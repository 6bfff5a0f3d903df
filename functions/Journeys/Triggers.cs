using ServerlessCLM.Customers;
using ServerlessCLM.Journeys;

namespace ServerlessCLM.Functions.Journeys;

/// <summary>Starts and steers journeys by what happens to customers, in consumer groups of their own.</summary>
public sealed class SteerJourneys(JourneyIntake intake, StreamBatches batches)
{
    public const string ConsumerGroup = "journeys";

    [Function("SteerJourneysBySignals")]
    [ExponentialBackoffRetry(-1, "00:00:01", "00:01:00")]
    public async Task SignalsAsync(
        [EventHubTrigger(EventStreams.SignalsHub, Connection = "EventHubs", ConsumerGroup = ConsumerGroup)] EventData[] events,
        [DurableClient] DurableTaskClient client, CancellationToken cancellation) =>
        await batches.RunAsync("SteerJourneysBySignals", EventStreams.SignalsHub, events,
            async own => await client.DeliverAsync(await intake.TakeSignalsAsync(own, cancellation), cancellation));

    [Function("SteerJourneysByEvents")]
    [ExponentialBackoffRetry(-1, "00:00:01", "00:01:00")]
    public async Task EventsAsync(
        [EventHubTrigger(EventStreams.EventsHub, Connection = "EventHubs", ConsumerGroup = ConsumerGroup)] EventData[] events,
        [DurableClient] DurableTaskClient client, CancellationToken cancellation) =>
        await batches.RunAsync("SteerJourneysByEvents", EventStreams.EventsHub, events,
            async own => await client.DeliverAsync(await intake.TakeEventsAsync(own, cancellation), cancellation));
}

/// <summary>Looks at customers for journeys that are entered by schedule or segment.</summary>
public sealed class LookForEntries(JourneySchedules schedules, JourneyIntake intake)
{
    [Function("LookForJourneyEntries")]
    public async Task RunAsync([TimerTrigger("0 0,30 * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        foreach (var look in await schedules.DueAsync(cancellation))
        {
            for (var prefix = look.From; prefix < JourneySchedules.Prefixes; prefix++)
            {
                await client.DeliverAsync(await intake.LookAsync(look.Journey, (byte)prefix, look.Occurrence, cancellation), cancellation);
                await schedules.KeepAsync(look, prefix + 1, cancellation);
            }
        }
    }
}

/// <summary>Forgets which counts of journeys were taken, once they cannot come again.</summary>
public sealed class ForgetJourneyCounts(LiveJourneys journeys, JourneyTotals totals)
{
    [Function("ForgetJourneyCounts")]
    public async Task RunAsync([TimerTrigger("0 50 3 * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        foreach (var (id, version) in await journeys.VersionsAsync(cancellation))
            await totals.ForgetAsync(id, version, cancellation);
    }
}
