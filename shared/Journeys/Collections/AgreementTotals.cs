using System.Globalization;
using ServerlessCLM.Customers;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Journeys.Collections;

/// <summary>A signal as it came: customer and id tell a repetition.</summary>
public readonly record struct AgreementSignal(string Customer, string Id, string Name, DateTimeOffset At);

/// <summary>How often each of <see cref="AgreementTotals.Counted"/> was raised on a UTC day, in their order.</summary>
public sealed record AgreementDay(DateOnly Day, IReadOnlyList<long> Counts);

/// <summary>What came of promises and plans, of all customers together by day; each signal counts exactly once however often it comes (<see cref="OnceSums{T}"/>).</summary>
public sealed class AgreementTotals(CustomerTables tables, ProductOptions options)
{
    /// <summary>Days that are kept.</summary>
    public const int MostDays = 400;

    /// <summary>Days for which signals are remembered; the stream keeps them for seven.</summary>
    public const int RememberedDays = 60;

    private const int Shards = 4;

    private const string Number = "Number";

    private static readonly (string Kind, int Days)[] Kept = [("applied", RememberedDays), ("total", MostDays)];

    private readonly OnceSums<long> _sums = new(tables.Figures, entity => entity.GetInt64(Number)!.Value, (entity, number) => entity[Number] = number);

    /// <summary>The signals that are counted.</summary>
    public static IReadOnlyList<string> Counted { get; } =
    [
        ArrearsSignals.PromiseMade, ArrearsSignals.PromiseKept, ArrearsSignals.PromisePartial, ArrearsSignals.PromiseBroken,
        ArrearsSignals.PlanAgreed, ArrearsSignals.PlanMissed, ArrearsSignals.PlanCompleted,
    ];

    /// <summary>Counts those that are <see cref="Counted"/>.</summary>
    public async Task AddAsync(IEnumerable<AgreementSignal> signals, CancellationToken cancellation)
    {
        var counted = signals.Where(signal => Counted.Contains(signal.Name)).Select(signal => (Signal: signal, Digest: Digest64.Of($"{signal.Customer}|{signal.Id}")));
        foreach (var shard in counted.GroupBy(each => each.Digest % Shards))
        {
            await _sums.AddAsync(Partition((int)shard.Key), shard.Select(each => new OnceAddition<long>(
                string.Create(CultureInfo.InvariantCulture, $"applied|{DayOf(each.Signal.At):yyyy-MM-dd}|{each.Digest:x16}"),
                [KeyValuePair.Create(string.Create(CultureInfo.InvariantCulture, $"total|{DayOf(each.Signal.At):yyyy-MM-dd}|{each.Signal.Name}"), 1L)])), cancellation);
        }
    }

    /// <summary>Every day from one to another, both included.</summary>
    public async Task<IReadOnlyList<AgreementDay>> ReadAsync(DateOnly from, DateOnly to, CancellationToken cancellation)
    {
        var counts = Enumerable.Range(0, to.DayNumber - from.DayNumber + 1).Select(_ => new long[Counted.Count]).ToList();
        var names = Counted.ToList();
        for (var shard = 0; shard < Shards; shard++)
        {
            var (first, last) = (Invariant($"total|{from:yyyy-MM-dd}|"), Invariant($"total|{to:yyyy-MM-dd}|~"));
            await foreach (var entity in RowsAsync(shard, first, last, cancellation))
            {
                var parts = entity.RowKey.Split('|');
                if (names.IndexOf(parts[2]) is >= 0 and var name)
                    counts[DateOnly.ParseExact(parts[1], "yyyy-MM-dd", CultureInfo.InvariantCulture).DayNumber - from.DayNumber][name] += entity.GetInt64(Number)!.Value;
            }
        }

        return [.. counts.Select((count, day) => new AgreementDay(from.AddDays(day), count))];
    }

    /// <summary>Forgets signals that cannot come again, and days that are too old.</summary>
    /// <returns>Rows that are gone.</returns>
    public async Task<int> ForgetAsync(DateOnly today, CancellationToken cancellation)
    {
        var forgotten = 0;
        for (var shard = 0; shard < Shards; shard++)
        {
            foreach (var (kind, days) in Kept)
            {
                await foreach (var entity in RowsAsync(shard, $"{kind}|", Invariant($"{kind}|{today.AddDays(-days):yyyy-MM-dd}|"), cancellation))
                {
                    await CustomerTables.DeleteAsync(tables.Figures, Partition(shard), entity.RowKey, cancellation);
                    forgotten++;
                }
            }
        }

        return forgotten;
    }

    private IAsyncEnumerable<TableEntity> RowsAsync(int shard, string first, string last, CancellationToken cancellation) => tables.Figures.QueryAsync<TableEntity>(
        TableClient.CreateQueryFilter($"PartitionKey eq {Partition(shard)} and RowKey ge {first} and RowKey lt {last}"), cancellationToken: cancellation);

    private string Partition(int shard) => Invariant($"{options.Tenant}|agreements|{shard:x}");

    private static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
