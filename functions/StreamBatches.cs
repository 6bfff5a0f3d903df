using ServerlessCLM.Telemetry;

namespace ServerlessCLM.Functions;

/// <summary>Runs the batches of stream functions, each as one span linked to what its events belong to, and measures lag and time.</summary>
public sealed class StreamBatches(TimeProvider time)
{
    /// <param name="function">Whose batch.</param>
    /// <param name="hub">Where it came from.</param>
    /// <param name="events">In the order of the stream.</param>
    /// <param name="work">Takes them.</param>
    public async Task<T> RunAsync<T>(string function, string hub, EventData[] events, Func<Task<T>> work)
    {
        using var span = ProductTraces.Receive(function, hub, events);
        var began = time.GetTimestamp();
        var lag = events.Length == 0 ? TimeSpan.Zero : time.GetUtcNow() - events[0].EnqueuedTime;
        var failed = true;
        try
        {
            var result = await work();
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

    public Task RunAsync(string function, string hub, EventData[] events, Func<Task> work) => RunAsync(function, hub, events, async () =>
    {
        await work();
        return true;
    });
}
