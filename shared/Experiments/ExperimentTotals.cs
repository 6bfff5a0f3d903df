using System.Globalization;
using ServerlessCLM.Customers;
using ServerlessCLM.Features;

namespace ServerlessCLM.Experiments;

/// <summary>A measure as it came: its id tells a repetition.</summary>
public readonly record struct MeasureEvent(string Id, CustomerId Customer, Measure Measure);

/// <summary>
/// The sums of experiments, each measure counted exactly once however often it comes (<see cref="OnceSums{T}"/>).
/// </summary>
/// <remarks>Customers spread over shards, one table partition each; sums are by day of exposure, so that only days whose window is over are read.</remarks>
public sealed class ExperimentTotals(CustomerTables tables, ProductOptions options)
{
    public const int Shards = 16;

    /// <summary>Days for which ids are remembered; the stream keeps events for seven, and effects are sent within minutes of their commit.</summary>
    public const int RememberedDays = 60;

    private const string Units = "Units", Sum = "Sum", Squares = "Squares", Covariate = "Covariate", CovariateSquares = "CovariateSquares", Products = "Products";

    private readonly OnceSums<ArmTotals> _sums = new(tables.Experiments, Read, Write);

    public async Task AddAsync(IEnumerable<MeasureEvent> measures, CancellationToken cancellation)
    {
        foreach (var partition in measures.GroupBy(each => Partition(each.Measure.Experiment, each.Measure.Version, (int)(Digest64.Of(each.Customer.Value) % Shards))))
            await _sums.AddAsync(partition.Key, partition.Select(AdditionOf), cancellation);
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

    private static OnceAddition<ArmTotals> AdditionOf(MeasureEvent each)
    {
        var day = Days.Of(each.Measure.Exposed.ToUnixTimeMilliseconds());
        return new OnceAddition<ArmTotals>(
            string.Create(CultureInfo.InvariantCulture, $"applied|{day:D6}|{each.Id}"),
            [.. each.Measure.Changes.Select(change => KeyValuePair.Create(
                string.Create(CultureInfo.InvariantCulture, $"total|{day:D6}|{each.Measure.Arm}|{change.Metric}"), change.Totals))]);
    }

    private static (int Day, string Arm, string Metric) Place(string row)
    {
        var parts = row.Split('|', 4);
        return (int.Parse(parts[1], CultureInfo.InvariantCulture), parts[2], parts[3]);
    }

    private static ArmTotals Read(TableEntity entity) => new(
        entity.GetInt64(Units)!.Value, entity.GetDouble(Sum)!.Value, entity.GetDouble(Squares)!.Value,
        entity.GetDouble(Covariate)!.Value, entity.GetDouble(CovariateSquares)!.Value, entity.GetDouble(Products)!.Value);

    private static void Write(TableEntity entity, ArmTotals totals)
    {
        (entity[Units], entity[Sum], entity[Squares]) = (totals.Units, totals.Sum, totals.Squares);
        (entity[Covariate], entity[CovariateSquares], entity[Products]) = (totals.Covariate, totals.CovariateSquares, totals.Products);
    }

    private string Partition(string experiment, int version, int shard) =>
        string.Create(CultureInfo.InvariantCulture, $"{options.Tenant}|{experiment}|{version}|{shard:x}");
}
