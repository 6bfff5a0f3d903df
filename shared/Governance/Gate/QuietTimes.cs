using NodaTime;

namespace ServerlessCLM.Governance;

/// <summary>Local times at which a customer is left in peace: every day between two times, or certain days as a whole.</summary>
public sealed class QuietTimes
{
    private readonly LocalTime _from, _to;
    private readonly bool[]? _days;

    private QuietTimes(LocalTime from, LocalTime to, bool[]? days) => (_from, _to, _days) = (from, to, days);

    /// <summary>Quiet from a time to another, over midnight when that is earlier.</summary>
    public static QuietTimes Between(LocalTime from, LocalTime to) => new(from, to, null);

    /// <summary>Quiet on these days of the week.</summary>
    public static QuietTimes On(IEnumerable<IsoDayOfWeek> days)
    {
        var quiet = new bool[8];
        foreach (var day in days)
            quiet[(int)day] = true;
        return new QuietTimes(default, default, quiet);
    }

    /// <summary>Whether an instant is quiet in a zone.</summary>
    public bool Covers(NodaTime.Instant at, DateTimeZone zone)
    {
        var local = at.InZone(zone).LocalDateTime;
        if (_days is not null)
            return _days[(int)local.DayOfWeek];

        var time = local.TimeOfDay;
        return _from <= _to ? time >= _from && time < _to : time >= _from || time < _to;
    }

    /// <summary>The first instant from one on that is quiet by no rule in no zone; null where there is none within ten days.</summary>
    public static NodaTime.Instant? FirstAllowed(NodaTime.Instant from, IReadOnlyList<QuietTimes> rules, IReadOnlyList<DateTimeZone> zones)
    {
        var at = from;
        var last = from + Duration.FromDays(10);
        for (var moved = true; moved;)
        {
            moved = false;
            foreach (var zone in zones)
            {
                foreach (var rule in rules)
                {
                    if (!rule.Covers(at, zone))
                        continue;

                    (at, moved) = (rule.EndAfter(at, zone), true);
                    if (at > last)
                        return null;
                }
            }
        }

        return at;
    }

    /// <summary>When the quiet that covers an instant ends, or could: at a change of the clocks it is looked at again.</summary>
    private NodaTime.Instant EndAfter(NodaTime.Instant at, DateTimeZone zone)
    {
        var local = at.InZone(zone).LocalDateTime;
        var date = _days is not null || (_from > _to && local.TimeOfDay >= _from) ? local.Date.PlusDays(1) : local.Date;
        var mapping = zone.MapLocal(date + (_days is null ? _to : LocalTime.Midnight));
        var end = mapping.Count switch
        {
            0 => mapping.LateInterval.Start,
            _ when mapping.First().ToInstant() > at => mapping.First().ToInstant(),
            _ => mapping.Last().ToInstant(),
        };

        // The clocks may change before, and with them the local time leave the quiet.
        var interval = zone.GetZoneInterval(at);
        return interval.HasEnd && interval.End > at && interval.End < end && !Covers(interval.End, zone) ? interval.End : end;
    }
}
