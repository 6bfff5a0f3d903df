using Microsoft.Extensions.Logging;
using ServerlessCLM.Customers;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Functions.Transactions;

/// <summary>Every payment is scored as it happens.</summary>
public sealed class ScoreTransactions(PaymentScoring scoring, StreamBatches batches, ILogger<ScoreTransactions> logger)
{
    /// <remarks>The checkpoint moves past a failed batch, so the batch is tried until it succeeds; what cannot be read is set
    /// aside one by one and never fails it.</remarks>
    [Function("ScoreTransactions")]
    [ExponentialBackoffRetry(-1, "00:00:01", "00:01:00")]
    public async Task RunAsync(
        [EventHubTrigger(EventStreams.TransactionsHub, Connection = "EventHubs")] EventData[] events,
        FunctionContext context,
        CancellationToken cancellation)
    {
        var partition = StreamPartition.Of(context);
        var summary = await batches.RunAsync("ScoreTransactions", EventStreams.TransactionsHub, events,
            own => scoring.ScoreAsync(EventStreams.TransactionsHub, partition, own, cancellation));
        logger.Scored(partition, events.Length, summary.Counted, summary.Redelivered + summary.Repeated, summary.Rejected, summary.Signals);
        if (summary.Rejected > 0)
            logger.SetAside(summary.Rejected, EventStreams.TransactionsHub);
    }
}
