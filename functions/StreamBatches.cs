using Microsoft.Extensions.Logging;
using ServerlessCLM.Customers;
using ServerlessCLM.Functions.Transactions;
using ServerlessCLM.Telemetry;

namespace ServerlessCLM.Functions;

/// <summary>
/// Runs the batches of stream functions, each as one span linked to what its events belong to, and measures lag and time. What another
/// institution's product has written is left out.
/// </summary>
public sealed class StreamBatches(ProductOptions options, TimeProvider time, ILogger<StreamBatches> logger)
{
    /// <param name="function">Whose batch.</param>
    /// <param name="hub">Where it came from.</param>
    /// <param name="events">In the order of the stream.</param>
    /// <param name="work">Takes the institution's own.</param>
    public async Task<T> RunAsync<T>(string function, string hub, EventData[] events, Func<EventData[], Task<T>> work)
    {
        var own = OwnOf(hub, events);
        using var span = ProductTraces.Receive(function, hub, own);
        var began = time.GetTimestamp();
        var lag = events.Length == 0 ? TimeSpan.Zero : time.GetUtcNow() - events[0].EnqueuedTime;
        var failed = true;
        try
        {
            var result = await work(own);
            failed = false;
            return result;
        }
        catch (Exception failure)
        {
            span.Fail(failure);
            throw;
        }
        finally
        {
            ProductMetrics.Batch(function, lag, time.GetElapsedTime(began), failed);
        }
    }

    public Task RunAsync(string function, string hub, EventData[] events, Func<EventData[], Task> work) => RunAsync(function, hub, events, async own =>
    {
        await work(own);
        return true;
    });

    /// <remarks>
    /// An event that names no institution is from a system of the bank that writes to the hub itself. One that names another is not set aside, which
    /// would keep it here: it stays in its hub for whom it is.
    /// </remarks>
    private EventData[] OwnOf(string hub, EventData[] events)
    {
        if (Array.TrueForAll(events, IsOwn))
            return events;

        var own = Array.FindAll(events, IsOwn);
        logger.NotOurs(hub, events.Length - own.Length);
        return own;
    }

    private bool IsOwn(EventData data) =>
        !data.Properties.TryGetValue(EventStream.Tenant, out var tenant) || options.Tenant.Equals(tenant as string, StringComparison.Ordinal);
}
