using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Emulator;

/// <summary>
/// What an orchestrator may do. Its code is run again from the start, over the stored history, each time something happens to
/// its instance, so it must take the same way again: time, ids and everything from outside come from here or from activities.
/// </summary>
public abstract class TaskOrchestrationContext
{
    public abstract TaskName Name { get; }

    public abstract string InstanceId { get; }

    /// <summary>The orchestration that called this one as a sub-orchestration; null when none did.</summary>
    public abstract ParentOrchestrationInstance? Parent { get; }

    /// <summary>UTC; the same at the same place of every replay.</summary>
    public abstract DateTime CurrentUtcDateTime { get; }

    /// <summary>Whether this part has run before.</summary>
    public abstract bool IsReplaying { get; }

    public virtual string Version => "";

    public virtual IReadOnlyDictionary<string, object> Properties => ImmutableDictionary<string, object>.Empty;

    /// <summary>Makes loggers that are silent while replaying.</summary>
    public virtual ILoggerFactory ReplaySafeLoggerFactory => new ReplaySafeLoggerFactory(this, LoggerFactory);

    protected abstract ILoggerFactory LoggerFactory { get; }

    public abstract T? GetInput<T>();

    public virtual Task CallActivityAsync(TaskName name, object? input = null, TaskOptions? options = null) =>
        CallActivityAsync<object>(name, input, options);

    public virtual Task CallActivityAsync(TaskName name, TaskOptions options) => CallActivityAsync(name, input: null, options);

    public virtual Task<TResult> CallActivityAsync<TResult>(TaskName name, TaskOptions options) =>
        CallActivityAsync<TResult>(name, input: null, options);

    /// <summary>Runs an activity function, at least once.</summary>
    /// <exception cref="TaskFailedException">It failed, and its retries with it.</exception>
    public abstract Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null);

    public virtual Task CreateTimer(TimeSpan delay, CancellationToken cancellationToken) =>
        CreateTimer(CurrentUtcDateTime.Add(delay), cancellationToken);

    /// <summary>Waits durably, however long. A time that has passed ends the wait in the next turn.</summary>
    public abstract Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken);

    /// <summary>
    /// Waits for an event of that name, without regard to case. Events that come before they are awaited are kept in order;
    /// of several waits for one name the latest is served first.
    /// </summary>
    public abstract Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default);

    public Task<T> WaitForExternalEvent<T>(string eventName, TimeSpan timeout) =>
        WaitForExternalEvent<T>(eventName, timeout, CancellationToken.None);

    /// <exception cref="TaskCanceledException">The time is over, or the token was cancelled.</exception>
    public async Task<T> WaitForExternalEvent<T>(string eventName, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var stopTimer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var stopWait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var timer = CreateTimer(timeout, stopTimer.Token);
        var wait = WaitForExternalEvent<T>(eventName, stopWait.Token);
        if (await Task.WhenAny(wait, timer) == wait)
        {
            // The orchestration's own code runs on one thread, so cancelling synchronously is what keeps the order.
#pragma warning disable CA1849, VSTHRD103, MA0042
            stopTimer.Cancel();
            return await wait;
        }

        stopWait.Cancel();
#pragma warning restore CA1849, VSTHRD103, MA0042
        throw new TaskCanceledException($"Event '{eventName}' did not come within {timeout}.");
    }

    /// <summary>Raises an event in another instance; one that is not there or has ended does not get it.</summary>
    public abstract void SendEvent(string instanceId, string eventName, object payload);

    /// <summary>Shows a value in the instance's status.</summary>
    public abstract void SetCustomStatus(object? customStatus);

    /// <summary>Runs another orchestrator as an instance of its own.</summary>
    /// <exception cref="TaskFailedException">It failed or was terminated, and its retries with it.</exception>
    public abstract Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null);

    public virtual Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, TaskOptions options) =>
        CallSubOrchestratorAsync<TResult>(orchestratorName, input: null, options);

    public virtual Task CallSubOrchestratorAsync(TaskName orchestratorName, TaskOptions options) =>
        CallSubOrchestratorAsync(orchestratorName, input: null, options);

    public virtual Task CallSubOrchestratorAsync(TaskName orchestratorName, object? input = null, TaskOptions? options = null) =>
        CallSubOrchestratorAsync<object>(orchestratorName, input, options);

    /// <summary>Begins again with an empty history once the orchestrator returns; return right after it.</summary>
    public abstract void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true);

    public virtual void ContinueAsNew(ContinueAsNewOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ContinueAsNew(options.NewInput, options.PreserveUnprocessedEvents);
    }

    /// <summary>The same at the same place of every replay: UUID version 5 of instance, time and a counter.</summary>
    public abstract Guid NewGuid();

    /// <summary>A logger that is silent while replaying.</summary>
    public virtual ILogger CreateReplaySafeLogger(string categoryName) => ReplaySafeLoggerFactory.CreateLogger(categoryName);

    public virtual ILogger CreateReplaySafeLogger(Type type) => ReplaySafeLoggerFactory.CreateLogger(type);

    public virtual ILogger CreateReplaySafeLogger<T>() => CreateReplaySafeLogger(typeof(T));

    /// <summary>Negative when this version is less than the other, as versions (1.10 after 1.9) where both are, else as texts.</summary>
    public virtual int CompareVersionTo(string version) =>
        System.Version.TryParse(Version, out var mine) && System.Version.TryParse(version, out var other)
            ? mine.CompareTo(other)
            : string.CompareOrdinal(Version, version);
}

/// <summary>The orchestration that called another.</summary>
public record ParentOrchestrationInstance(TaskName Name, string InstanceId);
