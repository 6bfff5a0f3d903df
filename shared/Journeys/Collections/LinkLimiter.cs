using Microsoft.Extensions.Caching.Memory;

namespace ServerlessCLM.Journeys.Collections;

/// <summary>How often one link may be used, by this instance: a window of a minute that starts at the first use.</summary>
public sealed class LinkLimiter(TimeProvider time) : IDisposable
{
    /// <summary>Uses of a link within a window.</summary>
    public const int Most = 30;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>Links remembered at the most; the least used give way.</summary>
    private const int Links = 100_000;

    private readonly MemoryCache _uses = new(new MemoryCacheOptions { SizeLimit = Links, CompactionPercentage = 0.1 });

    /// <summary>Counts a use.</summary>
    /// <returns>Null where it may go on, else how long to wait.</returns>
    public TimeSpan? Wait(string link)
    {
        var now = time.GetUtcNow();
        var uses = _uses.GetOrCreate(link, entry =>
        {
            entry.Size = 1;
            entry.SlidingExpiration = Window;
            return new Uses();
        })!;
        lock (uses)
        {
            if (now - uses.Since >= Window)
                (uses.Since, uses.Count) = (now, 0);
            return ++uses.Count <= Most ? null : uses.Since + Window - now;
        }
    }

    public void Dispose() => _uses.Dispose();

    private sealed class Uses
    {
        public DateTimeOffset Since { get; set; }

        public int Count { get; set; }
    }
}
