using System.Globalization;
using Azure;
using ServerlessCLM.Customers;
using ServerlessCLM.Features;

namespace ServerlessCLM.Experiments;

/// <summary>A measure as it came: its id tells a repetition.</summary>
public readonly record struct MeasureEvent(string Id, CustomerId Customer, Measure Measure);

/// <summary>
/// The sums of experiments, each measure counted exactly once however often it comes: its id is a row added in the same transaction as the sums,
/// and a transaction with a row that is there already fails as a whole.
/// </summary>
/// <remarks>Customers spread over shards, one table partition each; sums are by day of exposure, so that only days whose window is over are read.</remarks>
public sealed class ExperimentTotals(CustomerTables tables, ProductOptions options)
{
    public const int Shards = 16;

    /// <summary>Days for which ids are remembered; the stream keeps events for seven, and effects are sent within minutes of their commit.</summary>
    public const int RememberedDays = 60;

    /// <summary>Measures of one transaction: each may add a row and change the sums of up to eleven metrics.</summary>
    private const int Batch = 8;

    private const string Units = "Units", Sum = "Sum", Squares = "Squares", Covariate = "Covariate", CovariateSquares = "CovariateSquares", Products = "Products";

    public async Task AddAsync(IEnumerable<MeasureEvent> measures, CancellationToken cancellation)
    {
        foreach (var partition in measures.GroupBy(each => Partition(each.Measure.Experiment, each.Measure.Version, (int)(Digest64.Of(each.Customer.Value) % Shards))))
        {
            foreach (var chunk in partition.DistinctBy(each => each.Id).Chunk(Batch))
                await AddAsync(partition.Key, chunk, cancellation);
        }
    }

    /// <summary>Sums by arm: units exposed so far, and by metric what is known of units whose window is over.</summary>
    public async Task<IReadOnlyList<ArmCounts>> ReadAsync(ExperimentDocument experiment, DateTimeOffset now, CancellationToken cancellation)
    {
        var metrics = experiment.Metrics.ToList();
        var exposed = new Dictionary<string, long>(StringComparer.Ordinal);
        var totals = new Dictionary<string, ArmTotals[]>(StringComparer.Ordinal);
        for (var shard = 0; shard < Shards; shard++)
        {
            var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition(experiment.Id, experiment.Version, shard)} and RowKey ge {"total|"} and RowKey lt {"total~"}");
            await foreach (var entity in tables.Experiments.QueryAsync<TableEntity>(filter, cancellationToken: cancellation))
            {
                var (day, arm, name) = Place(entity.RowKey);
                var place = metrics.FindIndex(metric => metric.Name == name);
                if (place < 0)
                    continue;

                var found = Read(entity);
                if (place == 0)
                    exposed[arm] = exposed.GetValueOrDefault(arm) + found.Units;
                if (DateTimeOffset.FromUnixTimeMilliseconds(Days.Start(day + 1)) + metrics[place].Window > now)
                    continue;

                if (!totals.TryGetValue(arm, out var sums))
                    totals[arm] = sums = new ArmTotals[metrics.Count];
                sums[place] += found;
            }
        }

        return [.. experiment.Arms.Select(arm => new ArmCounts(
            arm.Name, exposed.GetValueOrDefault(arm.Name), totals.GetValueOrDefault(arm.Name) ?? new ArmTotals[metrics.Count]))];
    }

    /// <summary>Forgets ids that cannot come again.</summary>
    public async Task<int> ForgetAsync(ExperimentDocument experiment, DateTimeOffset now, CancellationToken cancellation)
    {
        var forgotten = 0;
        var before = string.Create(CultureInfo.InvariantCulture, $"applied|{Days.Of(now.ToUnixTimeMilliseconds()) - RememberedDays:D6}");
        for (var shard = 0; shard < Shards; shard++)
        {
            var partition = Partition(experiment.Id, experiment.Version, shard);
            var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {"applied|"} and RowKey lt {before}");
            await foreach (var entity in tables.Experiments.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellation))
            {
                await CustomerTables.DeleteAsync(tables.Experiments, partition, entity.RowKey, cancellation);
                forgotten++;
            }
        }

        return forgotten;
    }

    private async Task AddAsync(string partition, MeasureEvent[] measures, CancellationToken cancellation)
    {
        while (true)
        {
            var actions = new List<TableTransactionAction>();
            var changes = new Dictionary<string, ArmTotals>(StringComparer.Ordinal);
            foreach (var (id, _, measure) in measures)
            {
                var day = Days.Of(measure.Exposed.ToUnixTimeMilliseconds());
                var applied = string.Create(CultureInfo.InvariantCulture, $"applied|{day:D6}|{id}");
                if (await tables.Experiments.GetEntityIfExistsAsync<TableEntity>(partition, applied, cancellationToken: cancellation) is { HasValue: true })
                    continue;

                actions.Add(new TableTransactionAction(TableTransactionActionType.Add, new TableEntity(partition, applied)));
                foreach (var change in measure.Changes)
                {
                    var row = string.Create(CultureInfo.InvariantCulture, $"total|{day:D6}|{measure.Arm}|{change.Metric}");
                    changes[row] = changes.GetValueOrDefault(row) + change.Totals;
                }
            }

            if (actions.Count == 0)
                return;

            foreach (var (row, change) in changes)
            {
                var known = await tables.Experiments.GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: cancellation);
                actions.Add(known is { HasValue: true, Value: { } entity }
                    ? new TableTransactionAction(TableTransactionActionType.UpdateReplace, Write(partition, row, Read(entity) + change), entity.ETag)
                    : new TableTransactionAction(TableTransactionActionType.Add, Write(partition, row, change)));
            }

            try
            {
                await tables.Experiments.SubmitTransactionAsync(actions, cancellation);
                return;
            }
            catch (RequestFailedException faster) when (faster.Status is 409 or 412)
            {
                // Another worker counted some of these or others: look again at what is left.
            }
        }
    }

    private static (int Day, string Arm, string Metric) Place(string row)
    {
        var parts = row.Split('|', 4);
        return (int.Parse(parts[1], CultureInfo.InvariantCulture), parts[2], parts[3]);
    }

    private static ArmTotals Read(TableEntity entity) => new(
        entity.GetInt64(Units)!.Value, entity.GetDouble(Sum)!.Value, entity.GetDouble(Squares)!.Value,
        entity.GetDouble(Covariate)!.Value, entity.GetDouble(CovariateSquares)!.Value, entity.GetDouble(Products)!.Value);

    private static TableEntity Write(string partition, string row, ArmTotals totals) => new(partition, row)
    {
        [Units] = totals.Units, [Sum] = totals.Sum, [Squares] = totals.Squares,
        [Covariate] = totals.Covariate, [CovariateSquares] = totals.CovariateSquares, [Products] = totals.Products,
    };

    private string Partition(string experiment, int version, int shard) =>
        string.Create(CultureInfo.InvariantCulture, $"{options.Tenant}|{experiment}|{version}|{shard:x}");
}
