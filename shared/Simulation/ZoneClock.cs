using NodaTime;
using NodaTime.TimeZones;

namespace ServerlessCLM.Simulation;

/// <summary>Local seconds to instants in one time zone, remembering the stretch of constant offset it is in.</summary>
internal sealed class ZoneClock(DateTimeZone zone)
{
    private ZoneInterval? _interval;

    /// <summary>The instant, in seconds since 1970 UTC; the offset before a change holds inside its gap or overlap.</summary>
    public long ToUtc(long local)
    {
        var guess = local - OffsetAt(local - (_interval?.WallOffset.Seconds ?? 0));
        return local - OffsetAt(guess);
    }

    /// <summary>Seconds east of UTC at an instant.</summary>
    public int OffsetAt(long utc)
    {
        var instant = NodaTime.Instant.FromUnixTimeSeconds(utc);
        if (_interval is null || !_interval.Contains(instant))
            _interval = zone.GetZoneInterval(instant);
        return _interval.WallOffset.Seconds;
    }
}
