using System.Globalization;

namespace ServerlessCLM.Emulator;

/// <summary>
/// The waits between the tries of a failing function. Without the host's random spread of ±20 %, so that a
/// virtual clock sees the same run twice.
/// </summary>
internal sealed record RetrySchedule(int MaxRetryCount, TimeSpan First, TimeSpan Longest, double Growth)
{
    public static RetrySchedule None { get; } = new(0, TimeSpan.Zero, TimeSpan.Zero, 1);

    /// <exception cref="FunctionsStartupException">The attribute's count or intervals make no sense.</exception>
    public static RetrySchedule Of(string function, RetryAttribute? attribute)
    {
        switch (attribute)
        {
            case null:
                return None;
            case { MaxRetryCount: < -1 }:
                throw new FunctionsStartupException($"Function '{function}': maxRetryCount {attribute.MaxRetryCount} is below -1 (-1 retries for ever).");
            case FixedDelayRetryAttribute fixedDelay:
                var delay = Interval(function, "delayInterval", fixedDelay.DelayInterval);
                return new(attribute.MaxRetryCount, delay, delay, 1);
            case ExponentialBackoffRetryAttribute backoff:
                var first = Interval(function, "minimumInterval", backoff.MinimumInterval);
                var longest = Interval(function, "maximumInterval", backoff.MaximumInterval);
                return first > longest
                    ? throw new FunctionsStartupException($"Function '{function}': minimumInterval {first} is above maximumInterval {longest}.")
                    : new(attribute.MaxRetryCount, first, longest, 2);
            default:
                throw new FunctionsStartupException($"Function '{function}': the retry attribute {attribute.GetType().Name} is not known.");
        }
    }

    /// <summary>The wait before a retry, counted from 1; null when there are none left.</summary>
    public TimeSpan? DelayBefore(int retry)
    {
        if (MaxRetryCount >= 0 && retry > MaxRetryCount)
            return null;
        var ticks = First.Ticks * Math.Pow(Growth, retry - 1);
        return ticks >= Longest.Ticks ? Longest : TimeSpan.FromTicks((long)ticks);
    }

    static TimeSpan Interval(string function, string name, string text) =>
        TimeSpan.TryParseExact(text, ["c", @"hh\:mm\:ss"], CultureInfo.InvariantCulture, out var interval) && interval >= TimeSpan.Zero
            ? interval
            : throw new FunctionsStartupException($"Function '{function}': {name} '{text}' is not a time as hh:mm:ss.");
}
