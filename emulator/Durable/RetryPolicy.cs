namespace ServerlessCLM.Emulator;

/// <summary>When a failed activity or sub-orchestration is run again; the waits are durable timers.</summary>
public class RetryPolicy
{
    /// <param name="maxNumberOfAttempts">At least 1.</param>
    /// <param name="firstRetryInterval">The wait before the second attempt; more than zero.</param>
    /// <param name="backoffCoefficient">Each wait is this times the one before; at least 1.</param>
    /// <param name="maxRetryInterval">The longest wait, an hour when null; <see cref="Timeout.InfiniteTimeSpan"/> for none.</param>
    /// <param name="retryTimeout">No further attempt begins this long after the first began; null for no such limit.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public RetryPolicy(
        int maxNumberOfAttempts,
        TimeSpan firstRetryInterval,
        double backoffCoefficient = 1,
        TimeSpan? maxRetryInterval = null,
        TimeSpan? retryTimeout = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxNumberOfAttempts);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(firstRetryInterval, TimeSpan.Zero);
        if (!(backoffCoefficient >= 1))
            throw new ArgumentOutOfRangeException(nameof(backoffCoefficient), backoffCoefficient, "The coefficient must be 1 or more.");
        CheckLimit(maxRetryInterval, firstRetryInterval, nameof(maxRetryInterval));
        CheckLimit(retryTimeout, firstRetryInterval, nameof(retryTimeout));
        MaxNumberOfAttempts = maxNumberOfAttempts;
        FirstRetryInterval = firstRetryInterval;
        BackoffCoefficient = backoffCoefficient;
        MaxRetryInterval = maxRetryInterval ?? TimeSpan.FromHours(1);
        RetryTimeout = retryTimeout ?? Timeout.InfiniteTimeSpan;
    }

    public int MaxNumberOfAttempts { get; }

    public TimeSpan FirstRetryInterval { get; }

    public double BackoffCoefficient { get; }

    public TimeSpan MaxRetryInterval { get; }

    public TimeSpan RetryTimeout { get; }

    /// <summary>Says which failures are worth another attempt; all when not set. Deterministic, as the orchestrator itself.</summary>
    public Func<TaskFailureDetails, bool> HandleFailure { internal get; init; } = static _ => true;

    /// <summary>The wait after a failed attempt; null when there is no further one.</summary>
    /// <param name="attempts">How many have been made.</param>
    /// <param name="elapsed">Since the first began.</param>
    /// <param name="failure">How the last one failed.</param>
    internal TimeSpan? DelayAfter(int attempts, TimeSpan elapsed, TaskFailureDetails failure)
    {
        if (attempts >= MaxNumberOfAttempts || (RetryTimeout != Timeout.InfiniteTimeSpan && elapsed >= RetryTimeout) || !HandleFailure(failure))
            return null;
        var longest = MaxRetryInterval == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : MaxRetryInterval;
        var ticks = FirstRetryInterval.Ticks * Math.Pow(BackoffCoefficient, attempts - 1);
        return ticks < longest.Ticks ? TimeSpan.FromTicks((long)ticks) : longest;
    }

    static void CheckLimit(TimeSpan? limit, TimeSpan first, string name)
    {
        if (limit is { } value && value != Timeout.InfiniteTimeSpan && value < first)
            throw new ArgumentOutOfRangeException(name, limit, "The limit must not be less than the first interval.");
    }
}

/// <summary>Decides after a failure whether to try again. It is part of the orchestrator and as deterministic.</summary>
public delegate bool RetryHandler(TaskRetryContext retryContext);

/// <inheritdoc cref="RetryHandler"/>
public delegate Task<bool> AsyncRetryHandler(TaskRetryContext retryContext);

/// <summary>What a retry handler decides on. The real type is named RetryContext, as another of the worker's is: do not name it.</summary>
/// <param name="OrchestrationContext">The orchestration; a handler may wait on its timers.</param>
/// <param name="LastAttemptNumber">Attempts made, from 1.</param>
/// <param name="LastFailure">How the last one failed.</param>
/// <param name="TotalRetryTime">Since the first began.</param>
/// <param name="CancellationToken">Never cancelled here.</param>
public record TaskRetryContext(
    TaskOrchestrationContext OrchestrationContext,
    int LastAttemptNumber,
    TaskFailureDetails LastFailure,
    TimeSpan TotalRetryTime,
    CancellationToken CancellationToken);

/// <summary>A policy or a handler.</summary>
public sealed class TaskRetryOptions
{
    public TaskRetryOptions(RetryPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        Policy = policy;
    }

    public TaskRetryOptions(AsyncRetryHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Handler = handler;
    }

    public RetryPolicy? Policy { get; }

    public AsyncRetryHandler? Handler { get; }

    public static implicit operator TaskRetryOptions(RetryPolicy policy) => new(policy);

    public static implicit operator TaskRetryOptions(AsyncRetryHandler handler) => new(handler);

    public static TaskRetryOptions FromRetryPolicy(RetryPolicy policy) => new(policy);

    public static TaskRetryOptions FromRetryHandler(AsyncRetryHandler handler) => new(handler);

    public static TaskRetryOptions FromRetryHandler(RetryHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return new(context => Task.FromResult(handler(context)));
    }
}
