using System.Globalization;
using ServerlessCLM.Telemetry;

namespace ServerlessCLM.Customers;

/// <summary>An event to be written to a stream.</summary>
/// <param name="Key">Whose it is: events of the same key keep their order.</param>
/// <param name="Body">A CloudEvent as JSON.</param>
/// <param name="Trace">The trace that it goes on with, as a <c>traceparent</c>.</param>
public readonly record struct OutgoingEvent(string Key, ReadOnlyMemory<byte> Body, string? Trace = null);

/// <summary>
/// Writes events to an event hub, a customer always to the same partition, many customers in few batches.
/// </summary>
/// <remarks>
/// A batch of Event Hubs has one partition key, so a request about a thousand customers would be a thousand sends.
/// Choosing the partition from the customer's digest keeps each customer's order and needs one send a partition.
/// </remarks>
/// <param name="producer">Of the event hub.</param>
/// <param name="tenant">The institution, which goes with each event: no other's product takes it.</param>
public sealed class EventStream(EventHubProducerClient producer, string tenant)
{
    /// <summary>The property of an event that names the institution.</summary>
    public const string Tenant = "tenant";

    private volatile string[]? _partitions;

    public string Name => producer.EventHubName;

    /// <summary>Writes all events or throws; after a failure some may have been written, which receivers recognise by their ids.</summary>
    public async Task WriteAsync(IReadOnlyCollection<OutgoingEvent> events, CancellationToken cancellation)
    {
        if (events.Count == 0)
            return;

        var partitions = _partitions ??= await producer.GetPartitionIdsAsync(cancellation);
        await Task.WhenAll(events
            .GroupBy(item => (int)(Digest64.Of(item.Key) % (ulong)partitions.Length))
            .Select(group => WritePartitionAsync(partitions[group.Key], group, cancellation)));
    }

    private async Task WritePartitionAsync(string partition, IEnumerable<OutgoingEvent> events, CancellationToken cancellation)
    {
        var options = new CreateBatchOptions { PartitionId = partition };
        var batch = await producer.CreateBatchAsync(options, cancellation);
        try
        {
            foreach (var (_, body, trace) in events)
            {
                var data = new EventData(body) { ContentType = "application/cloudevents+json; charset=utf-8" };
                data.Properties[Tenant] = tenant;
                if (trace is not null)
                    data.Properties[ProductTraces.TraceParent] = trace;
                if (batch.TryAdd(data))
                    continue;

                await producer.SendAsync(batch, cancellation);
                batch.Dispose();
                batch = await producer.CreateBatchAsync(options, cancellation);
                if (!batch.TryAdd(data))
                    throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                        $"an event of {body.Length} bytes is larger than a batch of {batch.MaximumSizeInBytes} bytes to {Name}"), nameof(events));
            }

            if (batch.Count > 0)
                await producer.SendAsync(batch, cancellation);
        }
        finally
        {
            batch.Dispose();
        }
    }
}

/// <summary>The product's event hubs.</summary>
/// <param name="Transactions">Payments in.</param>
/// <param name="Events">Outcomes, profiles and lifecycle events in.</param>
/// <param name="Signals">Signals out.</param>
/// <param name="Alerts">Alerts out, about the product itself rather than a customer.</param>
public sealed record EventStreams(EventStream Transactions, EventStream Events, EventStream Signals, EventStream Alerts)
{
    public const string TransactionsHub = "transactions", EventsHub = "events", SignalsHub = "signals", AlertsHub = "alerts";

    /// <exception cref="KeyNotFoundException">No stream has the name.</exception>
    public EventStream this[string hub] => hub switch
    {
        TransactionsHub => Transactions,
        EventsHub => Events,
        SignalsHub => Signals,
        AlertsHub => Alerts,
        _ => throw new KeyNotFoundException($"no event stream is called '{hub}'; there are {TransactionsHub}, {EventsHub}, {SignalsHub} and {AlertsHub}"),
    };
}
