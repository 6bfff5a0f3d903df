using System.Collections.Concurrent;
using NodaTime;
using NodaTime.TimeZones;

namespace ServerlessCLM.Customers;

/// <summary>The zones a customer may be in.</summary>
public static class CandidateZones
{
    private static readonly ConcurrentDictionary<string, DateTimeZone[]> OfCountry = new(StringComparer.Ordinal);

    /// <returns>The zone that is named; all of the country where none is; none where neither is known.</returns>
    public static IReadOnlyList<DateTimeZone> Of(string? timeZone, string? country)
    {
        if (timeZone is not null && DateTimeZoneProviders.Tzdb.GetZoneOrNull(timeZone) is { } zone)
            return [zone];

        return country is null ? [] : OfCountry.GetOrAdd(country, code =>
            [.. TzdbDateTimeZoneSource.Default.ZoneLocations!.Where(place => place.CountryCode == code).Select(place => DateTimeZoneProviders.Tzdb[place.ZoneId])]);
    }
}
