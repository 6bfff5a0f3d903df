using NodaTime;
using NodaTime.Text;
using ServerlessCLM.Conditions;

namespace ServerlessCLM.Journeys;

/// <summary>Times on a customer's clock. Where no zone is known, it shows UTC.</summary>
public static class LocalTimes
{
    /// <summary>The next instant after one at which the clock shows a time, on one of some days where any are named.</summary>
    /// <remarks>A time that the clocks skip is the instant after the gap; of one that comes twice the first is taken.</remarks>
    public static DateTimeOffset Next(DateTimeOffset after, LocalTime time, IReadOnlyList<IsoDayOfWeek>? days, string? zone)
    {
        var (from, place) = (NodaTime.Instant.FromDateTimeOffset(after), Zone(zone));
        for (var date = from.InZone(place).Date; ; date = date.PlusDays(1))
        {
            var at = (date + time).InZoneLeniently(place).ToInstant();
            if (at > from && (days is not { Count: > 0 } || days.Contains(date.DayOfWeek)))
                return at.ToDateTimeOffset();
        }
    }

    /// <summary>An instant, or the start of a day on the customer's clock; null for anything else.</summary>
    /// <param name="value">A timestamp, or a text like 2027-03-12 or 2027-03-12T09:00:00Z.</param>
    /// <param name="zone">Of the customer.</param>
    public static DateTimeOffset? Of(in Value value, string? zone)
    {
        if (value.Kind == ValueKind.Timestamp)
            return DateTimeOffset.FromUnixTimeSeconds(value.Seconds);
        if (value.Kind != ValueKind.String)
            return null;

        return LocalDatePattern.Iso.Parse(value.Text) is { Success: true, Value: var date } ? date.AtStartOfDayInZone(Zone(zone)).ToDateTimeOffset()
            : Instant.TryParse(value.Text, out var at) ? at : null;
    }

    private static DateTimeZone Zone(string? zone) => zone is not null && DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is { } known ? known : DateTimeZone.Utc;
}
