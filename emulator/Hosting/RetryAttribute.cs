namespace ServerlessCLM.Emulator;

/// <summary>What the host does when the function fails.</summary>
/// <param name="maxRetryCount">How often a failed run is tried again; -1 for ever.</param>
[AttributeUsage(AttributeTargets.Method)]
public abstract class RetryAttribute(int maxRetryCount) : Attribute
{
    /// <summary>How often a failed run is tried again; -1 for ever.</summary>
    public int MaxRetryCount { get; } = maxRetryCount;
}

/// <summary>Tries again after a fixed wait.</summary>
/// <param name="maxRetryCount">How often; -1 for ever.</param>
/// <param name="delayInterval">The wait as hh:mm:ss.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FixedDelayRetryAttribute(int maxRetryCount, string delayInterval) : RetryAttribute(maxRetryCount)
{
    public string DelayInterval { get; } = delayInterval;
}

/// <summary>Tries again after a wait that doubles from one bound to the other.</summary>
/// <param name="maxRetryCount">How often; -1 for ever.</param>
/// <param name="minimumInterval">The first wait as hh:mm:ss.</param>
/// <param name="maximumInterval">The longest wait as hh:mm:ss.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ExponentialBackoffRetryAttribute(int maxRetryCount, string minimumInterval, string maximumInterval)
    : RetryAttribute(maxRetryCount)
{
    public string MinimumInterval { get; } = minimumInterval;

    public string MaximumInterval { get; } = maximumInterval;
}
