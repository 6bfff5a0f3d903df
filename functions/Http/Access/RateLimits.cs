using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace ServerlessCLM.Functions.Http;

/// <summary>Routes by what a request costs and who waits for it.</summary>
public enum RouteClass
{
    /// <summary>Payments, events and outcomes coming in, authorizations and decisions: other systems' streams.</summary>
    Stream,

    /// <summary>Everything else that is asked with GET.</summary>
    Reads,

    /// <summary>Everything else.</summary>
    Writes,

    /// <summary>Functions that nobody need be known to call; each counts for itself, for all its callers together.</summary>
    Open,
}

/// <summary>How many requests a caller may make of a class of routes.</summary>
/// <param name="PerSecond">In the long run.</param>
/// <param name="Burst">At once, after a pause.</param>
public sealed record RateLimit(double PerSecond, int Burst);

/// <summary>
/// Keeps one caller from taking what is there for all, by the generic cell rate algorithm (ITU-T I.371): a token bucket that is one number, the
/// instant at which the bucket is full again.
/// </summary>
/// <remarks>
/// Each instance counts for itself: what a caller may do grows with the instances, as what the product can do does. The library's token bucket counts
/// by the machine's own clock, which a virtual clock cannot turn.
/// </remarks>
public sealed class RateLimits
{
    /// <summary>Callers remembered at the most; those whose buckets are full give way.</summary>
    private const int MaxCallers = 100_000;

    private static readonly RateLimit[] Defaults = [new(20_000, 40_000), new(1000, 5000), new(500, 2500), new(200, 1000)];

    private readonly ConcurrentDictionary<(RouteClass Class, string Caller), Bucket> _buckets = new();
    private readonly RateLimit[] _limits;
    private readonly TimeProvider _time;

    /// <param name="settings"><c>Clm:Limits</c>: by class <c>PerSecond</c> and <c>Burst</c>.</param>
    /// <param name="time">Fills the buckets.</param>
    /// <exception cref="InvalidOperationException">A limit is not above 0; the message names it.</exception>
    public RateLimits(IConfigurationSection settings, TimeProvider time)
    {
        _time = time;
        _limits = [.. Enum.GetValues<RouteClass>().Select(each =>
        {
            var section = settings.GetSection(each.ToString());
            var limit = new RateLimit(section.GetValue("PerSecond", Defaults[(int)each].PerSecond), section.GetValue("Burst", Defaults[(int)each].Burst));
            return limit is { PerSecond: > 0 and <= 1e9, Burst: > 0 }
                ? limit
                : throw new InvalidOperationException($"{section.Path} must have PerSecond above 0 and Burst from 1");
        })];
    }

    /// <summary>The class of a function.</summary>
    public static RouteClass ClassOf(string function, string method) =>
        AccessTable.IsOpen(function) ? RouteClass.Open
        : function is "PostTransactions" or "PostEvents" or "PostOutcomes" or "Authorize" or "Decide" ? RouteClass.Stream
        : HttpMethods.IsGet(method) || HttpMethods.IsHead(method) ? RouteClass.Reads
        : RouteClass.Writes;

    /// <summary>Counts a request.</summary>
    /// <returns>False where it is one too many, with how long to wait.</returns>
    public bool TryTake(RouteClass of, string caller, out TimeSpan wait)
    {
        var now = _time.GetTimestamp();
        if (!_buckets.TryGetValue((of, caller), out var bucket))
        {
            Forget(now);
            bucket = _buckets.GetOrAdd((of, caller), _ => new Bucket());
        }

        var limit = _limits[(int)of];
        var step = Math.Max(1, (long)(_time.TimestampFrequency / limit.PerSecond));
        var late = bucket.Take(now, step, step * limit.Burst);
        wait = late <= 0 ? TimeSpan.Zero : _time.GetElapsedTime(0, late);
        return late <= 0;
    }

    /// <summary>The answer to a request that is one too many.</summary>
    internal IResult Refuse(HttpContext http, RouteClass of, TimeSpan wait)
    {
        var seconds = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));
        http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Problems.TooMany(string.Create(CultureInfo.InvariantCulture,
            $"{(of == RouteClass.Open ? "this operation takes" : "a caller may make")} {_limits[(int)of].PerSecond:0.###} {Noun(of)} a second; send it again in {seconds} s"));
    }

    private static string Noun(RouteClass of) => of switch
    {
        RouteClass.Stream => "requests of systems",
        RouteClass.Reads => "reads",
        RouteClass.Writes => "writes",
        _ => "requests",
    };

    private void Forget(long now)
    {
        if (_buckets.Count < MaxCallers)
            return;

        foreach (var (key, bucket) in _buckets)
        {
            if (bucket.IsFull(now))
                _buckets.TryRemove(key, out _);
        }
    }

    private sealed class Bucket
    {
        private long _full;

        public bool IsFull(long now) => Volatile.Read(ref _full) <= now;

        /// <returns>How long until there is one to take; 0 or less where one was taken.</returns>
        public long Take(long now, long step, long most)
        {
            while (true)
            {
                var full = Volatile.Read(ref _full);
                var next = Math.Max(full, now) + step;
                if (next - now > most)
                    return next - now - most;
                if (Interlocked.CompareExchange(ref _full, next, full) == full)
                    return 0;
            }
        }
    }
}
