using System.Globalization;
using Azure;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Journeys;

/// <summary>A look that is due.</summary>
/// <param name="Journey">Which.</param>
/// <param name="Occurrence">When it was due.</param>
/// <param name="From">The first hash prefix that has not been looked at.</param>
public sealed record DueLook(CompiledJourney Journey, DateTimeOffset Occurrence, int From);

/// <summary>When customers are looked at for journeys by schedule and segment, and how far the last look has come.</summary>
public sealed class JourneySchedules(LiveJourneys journeys, CustomerTables tables, ProductOptions options, TimeProvider time)
{
    /// <summary>Hash prefixes of customers.</summary>
    public const int Prefixes = 256;

    /// <summary>When customers are looked at for segments.</summary>
    private static readonly JourneySchedule Daily = new(new TimeOnly(3, 0));

    private const string Occurrence = "Occurrence", Next = "Next";

    public async Task<IReadOnlyList<DueLook>> DueAsync(CancellationToken cancellation)
    {
        var (now, due) = (time.GetUtcNow(), new List<DueLook>());
        foreach (var compiled in (await journeys.GetAsync(cancellation)).Values.OrderBy(each => each.Document.Id, StringComparer.Ordinal))
        {
            var entry = compiled.Document.Entry;
            if ((entry.Schedule ?? (entry.Segment is null ? null : Daily)) is not { } schedule || Latest(schedule, now) is not { } latest)
                continue;

            var known = await tables.Journeys.GetEntityIfExistsAsync<TableEntity>(Partition, compiled.Document.Id, cancellationToken: cancellation);
            if (known is not { HasValue: true, Value: { } row } || row.GetDateTimeOffset(Occurrence) < latest)
                due.Add(new DueLook(compiled, latest, 0));
            else if (row.GetInt32(Next) < Prefixes)
                due.Add(new DueLook(compiled, latest, row.GetInt32(Next)!.Value));
        }

        return due;
    }

    /// <summary>Keeps how far a look has come; it goes on from there.</summary>
    public Task KeepAsync(DueLook look, int next, CancellationToken cancellation) => tables.Journeys.UpsertEntityAsync(
        new TableEntity(Partition, look.Journey.Document.Id) { [Occurrence] = look.Occurrence, [Next] = next }, TableUpdateMode.Replace, cancellation);

    /// <summary>The last time that was due in the last day; what is older is not made up for.</summary>
    public static DateTimeOffset? Latest(JourneySchedule schedule, DateTimeOffset now)
    {
        for (var day = DateOnly.FromDateTime(now.UtcDateTime); ; day = day.AddDays(-1))
        {
            var at = new DateTimeOffset(day.ToDateTime(schedule.Time), TimeSpan.Zero);
            if (now - at >= TimeSpan.FromDays(1))
                return null;
            if (at <= now && schedule.IsOn(day))
                return at;
        }
    }

    private string Partition => string.Create(CultureInfo.InvariantCulture, $"{options.Tenant}|looks");
}
