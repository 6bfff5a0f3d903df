using Microsoft.Extensions.Logging;
using ServerlessCLM.Customers;
using ServerlessCLM.Functions.Transactions;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Functions.Customers;

/// <summary>Outcomes, profiles and lifecycle events become part of their customers.</summary>
public sealed class IngestEvents(EventIngestion ingestion, StreamBatches batches, ILogger<IngestEvents> logger)
{
    [Function("IngestEvents")]
    [ExponentialBackoffRetry(-1, "00:00:01", "00:01:00")]
    public async Task RunAsync(
        [EventHubTrigger(EventStreams.EventsHub, Connection = "EventHubs")] EventData[] events,
        FunctionContext context,
        CancellationToken cancellation)
    {
        var partition = StreamPartition.Of(context);
        var summary = await batches.RunAsync("IngestEvents", EventStreams.EventsHub, events,
            own => ingestion.IngestAsync(EventStreams.EventsHub, partition, own, cancellation));
        logger.Ingested(partition, events.Length, summary.Counted, summary.Redelivered + summary.Repeated, summary.Rejected);
        if (summary.Rejected > 0)
            logger.SetAside(summary.Rejected, EventStreams.EventsHub);
    }
}
