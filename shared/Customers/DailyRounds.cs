using System.Globalization;

namespace ServerlessCLM.Customers;

/// <summary>
/// Goes round all customers once a day, a hash prefix at a time, as many at a run as it has time for: a bank of ten thousand is done in one run,
/// one of ten million in the day's twenty-four.
/// </summary>
public sealed class DailyRounds(CustomerTables tables, ProductOptions options, TimeProvider time)
{
    private const int Prefixes = 256, AtOnce = 4;
    private const string Day = "Day", Next = "Next";

    /// <summary>Goes on with the day's round from where it stopped, until enough customers were looked at or all were.</summary>
    /// <param name="name">Of the round.</param>
    /// <param name="most">Customers looked at, to the end of their prefixes.</param>
    /// <param name="anew">Whether a round that is done for the day is done again.</param>
    /// <param name="look">Looks at the customers of a prefix and tells how many there were, beside looks at others. A crash repeats it.</param>
    /// <param name="cancellation">Stops between prefixes.</param>
    /// <returns>Customers looked at; null when the day's round was done before.</returns>
    public async Task<int?> GoOnAsync(string name, int most, bool anew, Func<byte, Task<int>> look, CancellationToken cancellation)
    {
        var today = string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow().UtcDateTime:yyyyMMdd}");
        var partition = $"{options.Tenant}|rounds";
        var found = await tables.Figures.GetEntityIfExistsAsync<TableEntity>(partition, name, cancellationToken: cancellation);
        var next = found is { HasValue: true, Value: { } round } && round.GetString(Day) == today ? round.GetInt32(Next)!.Value : 0;
        if (next == Prefixes && !anew)
            return null;

        var looked = 0;
        var together = Math.Min(AtOnce, options.CommitConcurrency);
        for (next %= Prefixes; next < Prefixes && looked < most; next = Math.Min(next + together, Prefixes))
        {
            await Parallel.ForAsync(next, Math.Min(next + together, Prefixes), new ParallelOptions { MaxDegreeOfParallelism = together, CancellationToken = cancellation },
                async (prefix, _) => Interlocked.Add(ref looked, await look((byte)prefix)));
        }

        await tables.Figures.UpsertEntityAsync(new TableEntity(partition, name) { [Day] = today, [Next] = next }, TableUpdateMode.Replace, cancellation);
        return looked;
    }
}
