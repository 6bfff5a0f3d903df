using System.Globalization;
using System.Text.Json;
using Azure;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Scoring.Lifecycle;

/// <summary>A move between stages: how many customers made it on a day.</summary>
/// <param name="From">Null for customers who were new.</param>
public sealed record StageMove(DateOnly Day, LifecycleStage? From, LifecycleStage To, int Customers);

/// <summary>Customers by stage, as last counted.</summary>
/// <param name="At">When the count was last brought up to date.</param>
/// <param name="Customers">By stage, in the order of <see cref="LifecycleStages.All"/>.</param>
/// <param name="Moves">Of the last days, the oldest first.</param>
public sealed record StageTotals(DateTimeOffset At, IReadOnlyList<int> Customers, IReadOnlyList<StageMove> Moves);

/// <summary>A customer in a stage.</summary>
/// <param name="Since">When the customer was first found there.</param>
public sealed record StagedCustomer(string Customer, LifecycleStage Stage, DateTimeOffset Since);

/// <summary>
/// Counts customers by stage: it goes round all of them, a hash prefix at a time, and keeps what it found, so that totals are one row and nothing is
/// scanned when somebody looks. Each move counts once: a customer's row, the prefix's count and its moves change in one transaction.
/// </summary>
/// <remarks>Rows by stage let one look up who is in it: they are written before the transaction, which a crash repeats.</remarks>
public sealed class StageCensus(CustomerTables tables, CustomerStore store, DailyRounds rounds, ProductOptions options, TimeProvider time)
{
    /// <summary>Days of moves that are told.</summary>
    public const int MoveDays = 30;

    private const int Prefixes = 256, Batch = 60;

    /// <summary>How far ahead a look reckons; whom nothing changes is looked at again by then.</summary>
    private const int MostDays = 31;

    private const string Count = "count", Total = "total", Customer = "c|", Move = "m|", Stage = "Stage", Since = "Since", Json = "Json", Moved = "Moved", Version = "Version", Until = "Until";

    /// <summary>Goes on with the day's round from where it stopped, until enough customers were looked at or all were, and brings the totals up to date.</summary>
    /// <param name="most">Customers looked at, to the end of their prefix.</param>
    /// <param name="anew">Whether a round that is done for the day is done again.</param>
    /// <param name="cancellation">Stops between prefixes.</param>
    /// <returns>Customers looked at; 0 when the day's round is done.</returns>
    public async Task<int> GoOnAsync(int most, bool anew, CancellationToken cancellation)
    {
        if (await rounds.GoOnAsync("stages", most, anew, prefix => CountAsync(prefix, cancellation), cancellation) is not { } looked)
            return 0;

        await SumAsync(cancellation);
        return looked;
    }

    /// <summary>The totals; null before the first round.</summary>
    public async Task<StageTotals?> ReadAsync(CancellationToken cancellation) =>
        (await FindAsync(Total, Total, cancellation))?.GetString(Json) is { } json ? JsonSerializer.Deserialize(json, LifecycleJson.Default.StageTotals) : null;

    /// <summary>Customers of a stage whose id starts as given, in the order of their ids.</summary>
    /// <param name="stage">Which.</param>
    /// <param name="prefix">Start of the id; empty for all.</param>
    /// <param name="most">At the most.</param>
    /// <param name="after">Only ids behind this one; empty from the first.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<IReadOnlyList<StagedCustomer>> ListAsync(LifecycleStage stage, string prefix, int most, string after, CancellationToken cancellation)
    {
        var found = new List<StagedCustomer>();
        // An id has no letter behind '~'.
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition(NameOf(stage))} and RowKey ge {prefix} and RowKey lt {prefix + "\x7f"} and RowKey gt {after}");
        await foreach (var entity in tables.Figures.QueryAsync<TableEntity>(filter, maxPerPage: Math.Min(most, 1000), cancellationToken: cancellation))
        {
            found.Add(new StagedCustomer(entity.RowKey, stage, entity.GetDateTimeOffset(Since)!.Value));
            if (found.Count == most)
                break;
        }

        return found;
    }

    /// <summary>Takes an erased customer out, before the next round would.</summary>
    public async Task ForgetAsync(CustomerId customer, CancellationToken cancellation)
    {
        var partition = Partition(string.Create(CultureInfo.InvariantCulture, $"{customer.HashPrefix:x2}"));
        if (await FindInAsync(partition, Customer + customer.Value, cancellation) is not { } known)
            return;

        await KeepAsync(partition, [new Change(customer.Value, (LifecycleStage)known.GetInt32(Stage)!.Value, null)], time.GetUtcNow(), cancellation);
        await SumAsync(cancellation);
    }

    /// <summary>A stage's name in keys and answers.</summary>
    public static string NameOf(LifecycleStage stage) => JsonNamingPolicy.CamelCase.ConvertName(stage.ToString());

    private async Task<int> CountAsync(byte prefix, CancellationToken cancellation)
    {
        var partition = Partition(string.Create(CultureInfo.InvariantCulture, $"{prefix:x2}"));
        var known = new Dictionary<string, Known>(StringComparer.Ordinal);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {Customer} and RowKey lt {"c}"}");
        await foreach (var entity in tables.Figures.QueryAsync<TableEntity>(filter, cancellationToken: cancellation))
            known[entity.RowKey[Customer.Length..]] = new((LifecycleStage)entity.GetInt32(Stage)!.Value, entity.GetString(Version), entity.GetDateTimeOffset(Until) ?? default);

        var now = time.GetUtcNow();
        var (looked, changes) = (0, new List<Change>());
        await foreach (var customer in store.ListAsync(prefix, cancellation))
        {
            looked++;
            var before = known.Remove(customer.Value, out var was) ? was : default;
            var version = await store.VersionAsync(customer, cancellation);
            // Nothing was committed since, and by time alone the stage cannot have changed.
            if (version is not null && version == before.Version && now < before.Until)
                continue;

            var (stage, until) = (await store.UpdateAsync(customer, session => StageOf(session, now), cancellation, Debts.AllRows)).Result;
            if (stage is not null || before.Stage is not null)
                changes.Add(new Change(customer.Value, before.Stage, stage) { Version = version, Until = until });
        }

        // Who is left is not in the directory any more.
        changes.AddRange(known.Select(gone => new Change(gone.Key, gone.Value.Stage, null)));
        foreach (var chunk in changes.Chunk(Batch))
            await KeepAsync(partition, chunk, now, cancellation);
        return looked;
    }

    /// <summary>The stage, and until when it lasts if nothing comes.</summary>
    private static (LifecycleStage? Stage, DateTimeOffset Until) StageOf(CustomerSession session, DateTimeOffset now)
    {
        if (session.Erased is not null || !session.Exists)
            return default;

        var state = new CustomerState();
        state.Read(session.Block.Span);
        var (debts, calendar) = (session.All(CustomerRows.DebtPrefix, DebtJson.Default.Debt).ToList(), DebtCalendar.Of(session));
        var stage = At(now);
        var (first, days) = (new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero), 0);
        while (days < MostDays && At(first.AddDays(days + 1).AddMilliseconds(-1)) == stage)
            days++;
        return (stage, first.AddDays(days));

        LifecycleStage At(DateTimeOffset instant) =>
            LifecycleStages.Of(state.Features, ArrearsStanding.Of(debts, calendar, instant).DaysPastDue, instant.ToUnixTimeMilliseconds());
    }

    private async Task KeepAsync(string partition, Change[] changes, DateTimeOffset now, CancellationToken cancellation)
    {
        foreach (var (customer, from, to) in changes)
        {
            if (from == to)
                continue;
            if (to is { } into)
                await tables.Figures.UpsertEntityAsync(new TableEntity(Partition(NameOf(into)), customer) { [Since] = now }, TableUpdateMode.Replace, cancellation);
            if (from is { } outOf)
                await CustomerTables.DeleteAsync(tables.Figures, Partition(NameOf(outOf)), customer, cancellation);
        }

        var actions = changes.Select(change => change.To is { } stage
            ? new TableTransactionAction(TableTransactionActionType.UpsertReplace,
                new TableEntity(partition, Customer + change.Customer) { [Stage] = (int)stage, [Version] = change.Version, [Until] = change.Until })
            : new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(partition, Customer + change.Customer), ETag.All)).ToList();
        var counts = await CountsAsync(partition, cancellation);
        foreach (var (_, from, to) in changes)
        {
            if (from is { } outOf)
                counts[(int)outOf]--;
            if (to is { } into)
                counts[(int)into]++;
        }

        actions.Add(new TableTransactionAction(TableTransactionActionType.UpsertReplace, new TableEntity(partition, Count) { [Json] = JsonSerializer.Serialize(counts, LifecycleJson.Default.Int32Array) }));
        var moves = changes.Where(change => change.To is not null && change.From != change.To).CountBy(change => MoveRow(DateOnly.FromDateTime(now.UtcDateTime), change.From, change.To!.Value));
        foreach (var (row, customers) in moves)
        {
            var before = (await FindInAsync(partition, row, cancellation))?.GetInt32(Moved) ?? 0;
            actions.Add(new TableTransactionAction(TableTransactionActionType.UpsertReplace, new TableEntity(partition, row) { [Moved] = before + customers }));
        }

        await tables.Figures.SubmitTransactionAsync(actions, cancellation);
    }

    private async Task SumAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var oldest = DateOnly.FromDateTime(now.UtcDateTime).AddDays(1 - MoveDays);
        var (sum, moves) = (new int[LifecycleStages.All.Count], new Dictionary<(DateOnly, LifecycleStage?, LifecycleStage), int>());
        for (var prefix = 0; prefix < Prefixes; prefix++)
        {
            var partition = Partition(string.Create(CultureInfo.InvariantCulture, $"{prefix:x2}"));
            var counts = await CountsAsync(partition, cancellation);
            for (var stage = 0; stage < sum.Length; stage++)
                sum[stage] += counts[stage];
            var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {Move} and RowKey lt {"m}"}");
            await foreach (var entity in tables.Figures.QueryAsync<TableEntity>(filter, cancellationToken: cancellation))
            {
                var move = ReadMove(entity.RowKey);
                if (move.Day < oldest)
                    await CustomerTables.DeleteAsync(tables.Figures, partition, entity.RowKey, cancellation);
                else
                    moves[move] = moves.GetValueOrDefault(move) + entity.GetInt32(Moved)!.Value;
            }
        }

        var totals = new StageTotals(now, sum, [.. moves.OrderBy(each => each.Key.Item1).ThenBy(each => each.Key.Item2).ThenBy(each => each.Key.Item3)
            .Select(each => new StageMove(each.Key.Item1, each.Key.Item2, each.Key.Item3, each.Value))]);
        await tables.Figures.UpsertEntityAsync(
            new TableEntity(Partition(Total), Total) { [Json] = JsonSerializer.Serialize(totals, LifecycleJson.Default.StageTotals) }, TableUpdateMode.Replace, cancellation);
    }

    private async Task<int[]> CountsAsync(string partition, CancellationToken cancellation) =>
        (await FindInAsync(partition, Count, cancellation))?.GetString(Json) is { } json
            ? JsonSerializer.Deserialize(json, LifecycleJson.Default.Int32Array)!
            : new int[LifecycleStages.All.Count];

    private static string MoveRow(DateOnly day, LifecycleStage? from, LifecycleStage to) =>
        string.Create(CultureInfo.InvariantCulture, $"{Move}{day:yyyyMMdd}|{(from is { } stage ? (int)stage : -1)}|{(int)to}");

    private static (DateOnly Day, LifecycleStage? From, LifecycleStage To) ReadMove(string row)
    {
        var parts = row.Split('|');
        var from = int.Parse(parts[2], CultureInfo.InvariantCulture);
        return (DateOnly.ParseExact(parts[1], "yyyyMMdd", CultureInfo.InvariantCulture), from < 0 ? null : (LifecycleStage)from, (LifecycleStage)int.Parse(parts[3], CultureInfo.InvariantCulture));
    }

    private Task<TableEntity?> FindAsync(string part, string row, CancellationToken cancellation) => FindInAsync(Partition(part), row, cancellation);

    private async Task<TableEntity?> FindInAsync(string partition, string row, CancellationToken cancellation) =>
        await tables.Figures.GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: cancellation) is { HasValue: true, Value: { } entity } ? entity : null;

    private string Partition(string part) => $"{options.Tenant}|{part}";

    /// <summary>What the last look found: the stage, of which version of the customer, and until when it lasts if nothing comes.</summary>
    private readonly record struct Known(LifecycleStage? Stage, string? Version, DateTimeOffset Until);

    private readonly record struct Change(string Customer, LifecycleStage? From, LifecycleStage? To)
    {
        public string? Version { get; init; }

        public DateTimeOffset Until { get; init; }
    }
}
