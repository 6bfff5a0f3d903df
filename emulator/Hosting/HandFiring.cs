using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Emulator;

/// <summary>Functions fired by hand: they run on their own, and the host waits for them when it stops.</summary>
internal sealed class HandFiring(IEnumerable<ITriggerListener> listeners, ILogger<HandFiring> log) : IHostedService, IDisposable
{
    readonly Dictionary<Type, ITriggerListener> byTrigger = listeners.ToDictionary(listener => listener.TriggerType);
    readonly ConcurrentDictionary<Task, string> running = new();
    readonly CancellationTokenSource stopping = new();

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        try
        {
            await Task.WhenAll(running.Keys).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            log.HandFiredLeft(string.Join(", ", running.Values.Order(StringComparer.Ordinal)));
        }
    }

    public void Fire(FunctionDescriptor function, string? input)
    {
        var run = Task.Run(() => RunAsync(function, input));
        running[run] = function.Name;
        _ = run.ContinueWith(done => running.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    public void Dispose() => stopping.Dispose();

    async Task RunAsync(FunctionDescriptor function, string? input)
    {
        try
        {
            await byTrigger[function.Trigger.GetType()].FireAsync(function, input, stopping.Token);
        }
        catch (Exception failure)
        {
            log.HandFiredFailed(failure, function.Name);
        }
    }
}
