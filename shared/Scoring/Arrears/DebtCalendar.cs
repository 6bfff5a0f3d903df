using NodaTime;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Scoring;

/// <summary>
/// The customer's days as debts count them. A day has begun once it has in every zone the customer may be in, so that nothing is late before it is
/// late everywhere; days that the law takes out do not count, and the clocks of what was agreed stand still under protection.
/// </summary>
public sealed class DebtCalendar
{
    private readonly IReadOnlyList<DateTimeZone> _zones;
    private readonly List<DayRange> _suspended, _paused;

    /// <param name="zones">The candidates; UTC where there is none.</param>
    /// <param name="periods">When flags were set.</param>
    public DebtCalendar(IReadOnlyList<DateTimeZone> zones, IReadOnlyList<FlagPeriod> periods)
    {
        _zones = zones.Count == 0 ? [DateTimeZone.Utc] : zones;
        _suspended = Days(periods.Where(period => FlagPeriod.Suspending.Contains(period.Flag)));
        _paused = Days(periods);
    }

    /// <summary>By the profile. A flag that is set, and not known since when, was always set.</summary>
    public static DebtCalendar Of(Profile? profile)
    {
        profile ??= Profile.Empty;
        var periods = profile.Stops ?? [];
        var unknown = FlagPeriod.Pausing.Where(flag => profile.Has(flag) && !periods.Any(period => period.Flag == flag && period.Until is null));
        return new(CandidateZones.Of((string?)profile.Members["timeZone"], (string?)profile.Members["country"]),
            [.. periods, .. unknown.Select(flag => new FlagPeriod(flag, DateTimeOffset.UnixEpoch))]);
    }

    public static DebtCalendar Of(CustomerSession session) => Of(session.Get(CustomerRows.Profile, CustomersJson.Default.Profile));

    public DateOnly Today(DateTimeOffset now)
    {
        var at = NodaTime.Instant.FromDateTimeOffset(now);
        return _zones.Min(zone => at.InZone(zone).Date).ToDateOnly();
    }

    /// <summary>When a day has begun.</summary>
    public DateTimeOffset StartOf(DateOnly day)
    {
        var midnight = LocalDate.FromDateOnly(day).AtMidnight();
        return _zones.Max(zone =>
        {
            // A midnight that the clocks skip begins the day where they go on.
            var mapping = zone.MapLocal(midnight);
            return mapping.Count == 0 ? mapping.LateInterval.Start : mapping.First().ToInstant();
        }).ToDateTimeOffset();
    }

    /// <summary>Days after a due date up to a day, that day counted, those of a suspension not.</summary>
    public int DaysPastDue(DateOnly due, DateOnly day) => Math.Max(0, day.DayNumber - due.DayNumber - CountWithin(_suspended, due, day));

    /// <summary>The first day with so many days past due; null while a suspension has no end.</summary>
    public DateOnly? DayOf(DateOnly due, int daysPastDue) => After(_suspended, due, daysPastDue);

    /// <summary>The last day of a term that was to end on a day, made longer by the days on which its clock stood still; null while it stands still without an end.</summary>
    /// <param name="from">The day on which the term began.</param>
    /// <param name="until">Its last day as agreed.</param>
    public DateOnly? Deadline(DateOnly from, DateOnly until) => until.DayNumber <= from.DayNumber ? until : After(_paused, from, until.DayNumber - from.DayNumber);

    /// <summary>Whether the clocks of promises and plans stand still on a day.</summary>
    public bool IsPaused(DateOnly day) => _paused.Exists(range => range.First <= day && day < range.Behind);

    /// <summary>Whether the law has taken a day out.</summary>
    public bool IsSuspended(DateOnly day) => _suspended.Exists(range => range.First <= day && day < range.Behind);

    private static int CountWithin(List<DayRange> ranges, DateOnly after, DateOnly until) => ranges.Sum(range =>
        Math.Max(0, Math.Min(range.Behind.DayNumber, until.DayNumber + 1) - Math.Max(range.First.DayNumber, after.DayNumber + 1)));

    private static DateOnly? After(List<DayRange> ranges, DateOnly day, int count)
    {
        var reached = day.DayNumber + count;
        foreach (var range in ranges)
        {
            var first = Math.Max(range.First.DayNumber, day.DayNumber + 1);
            if (range.Behind.DayNumber <= first || first > reached)
                continue;

            if (range.Behind == DateOnly.MaxValue)
                return null;

            reached += range.Behind.DayNumber - first;
        }

        return reached < DateOnly.MaxValue.DayNumber ? DateOnly.FromDayNumber(reached) : null;
    }

    /// <summary>The days that begin within periods, as ranges that neither touch nor overlap, in order.</summary>
    private List<DayRange> Days(IEnumerable<FlagPeriod> periods)
    {
        var ranges = new List<DayRange>();
        foreach (var period in periods.OrderBy(period => period.From))
        {
            var range = new DayRange(FirstFrom(period.From), period.Until is { } until ? FirstFrom(until) : DateOnly.MaxValue);
            if (ranges.Count > 0 && range.First <= ranges[^1].Behind)
                ranges[^1] = ranges[^1] with { Behind = range.Behind > ranges[^1].Behind ? range.Behind : ranges[^1].Behind };
            else if (range.First < range.Behind)
                ranges.Add(range);
        }

        return ranges;
    }

    /// <summary>The first day that begins at or after an instant.</summary>
    private DateOnly FirstFrom(DateTimeOffset at)
    {
        var day = Today(at);
        return StartOf(day) >= at ? day : day.AddDays(1);
    }

    private readonly record struct DayRange(DateOnly First, DateOnly Behind);
}
