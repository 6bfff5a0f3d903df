using System.Globalization;
using System.Text.Json;
using Azure;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Experiments;

/// <summary>How a treatment stood on the deciding metric.</summary>
/// <param name="Arm">The treatment.</param>
/// <param name="Difference">To the control; null while there are too few units.</param>
/// <param name="Low">Lower end of the interval that decides; null where it has none yet.</param>
/// <param name="High">Its upper end; null where it has none yet.</param>
public sealed record CourseEffect(string Arm, double? Difference, double? Low, double? High);

/// <summary>Units exposed in an arm.</summary>
public sealed record CourseArm(string Arm, long Exposed);

/// <summary>What an evaluation found.</summary>
/// <param name="At">When it looked.</param>
/// <param name="Status">What it found: <see cref="ExperimentStatus.Running"/>, or the verdict.</param>
/// <param name="Arms">Every arm.</param>
/// <param name="Effects">Every treatment.</param>
/// <param name="SampleRatioP">Sequential p-value of <see cref="SampleRatio"/>: its inverse is the evidence against the split that was meant.</param>
public sealed record CoursePoint(
    DateTimeOffset At, ExperimentStatus Status, IReadOnlyList<CourseArm> Arms, IReadOnlyList<CourseEffect> Effects, double SampleRatioP)
{
    public static CoursePoint Of(DateTimeOffset at, IReadOnlyList<ArmCounts> arms, ExperimentResult result) => new(
        at, result.Status, [.. arms.Select(arm => new CourseArm(arm.Arm, arm.Exposed))],
        [.. result.Comparisons.Select(each => new CourseEffect(each.Arm, Finite(each.Sequential.Difference), Finite(each.Sequential.Low), Finite(each.Sequential.High)))],
        result.SampleRatioP);

    /// <summary>JSON has neither NaN nor infinity: an interval without an end has none.</summary>
    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}

/// <summary>What the evaluations of an experiment's version found, a row a UTC day, the last <see cref="MostDays"/> of them.</summary>
public sealed class ExperimentCourse(CustomerTables tables, ProductOptions options)
{
    public const int MostDays = 366;

    private const string Point = "Point";

    /// <summary>Keeps the first evaluation of a day.</summary>
    /// <param name="experiment">Whose course it is.</param>
    /// <param name="point">What was found.</param>
    /// <param name="decides">Whether it was a planned look or a verdict, which takes the place of what was found that day before.</param>
    /// <param name="cancellation">Stops before the row is kept.</param>
    public async Task KeepAsync(ExperimentDocument experiment, CoursePoint point, bool decides, CancellationToken cancellation)
    {
        var (partition, row) = (Partition(experiment), point.At.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        var known = await tables.Experiments.GetEntityIfExistsAsync<TableEntity>(partition, row, [Point], cancellation);
        if (known.HasValue && !decides)
            return;

        await tables.Experiments.UpsertEntityAsync(
            new TableEntity(partition, row) { [Point] = JsonSerializer.Serialize(point, ExperimentsJson.Default.CoursePoint) }, TableUpdateMode.Replace, cancellation);
        if (!known.HasValue)
            await ForgetAsync(partition, cancellation);
    }

    /// <summary>Day by day, the oldest first.</summary>
    public async Task<IReadOnlyList<CoursePoint>> ReadAsync(ExperimentDocument experiment, CancellationToken cancellation)
    {
        var points = new List<CoursePoint>();
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition(experiment)}");
        await foreach (var entity in tables.Experiments.QueryAsync<TableEntity>(filter, cancellationToken: cancellation))
            points.Add(JsonSerializer.Deserialize(entity.GetString(Point)!, ExperimentsJson.Default.CoursePoint)!);
        return points;
    }

    private async Task ForgetAsync(string partition, CancellationToken cancellation)
    {
        var rows = new List<string>();
        await foreach (var entity in tables.Experiments.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition}"), select: ["RowKey"], cancellationToken: cancellation))
            rows.Add(entity.RowKey);
        foreach (var row in rows.SkipLast(MostDays))
            await CustomerTables.DeleteAsync(tables.Experiments, partition, row, cancellation);
    }

    private string Partition(ExperimentDocument experiment) => $"{options.Tenant}|course|{experiment.Id}@{experiment.Version}";
}
