using System.Text.Json;
using ServerlessCLM.Features;

namespace ServerlessCLM.Models;

/// <summary>Where rows came from, for the card.</summary>
/// <param name="Source">In words.</param>
/// <param name="Version">Of the model to be made.</param>
public sealed record TrainingPlan(string Source, int Version)
{
    public string? Command { get; init; }

    /// <summary>Labels known by this instant are learned from; rows from here on are the out-of-time test. Unix milliseconds.</summary>
    public required long OutOfTimeFrom { get; init; }

    public TreeOptions Trees { get; init; } = new()
    {
        Trees = 80, Depth = 4, LearningRate = 0.1, RowSample = 0.8, ColumnSample = 0.6, L2 = 2, MinChildWeight = 3, Bins = 63, Seed = 1,
    };
}

/// <summary>
/// Makes a model of the product's set. Customers are split by a digest of their id: six in ten are learned from, two in ten calibrate,
/// two in ten test, and every customer's rows after a date test once more, out of time.
/// </summary>
public static class ModelTrainer
{
    /// <summary>Positives with which isotonic calibration is trusted; below, two parameters must do.</summary>
    private const int IsotonicPositives = 500;

    /// <exception cref="TrainingDataException">Too few rows of one outcome to learn from or to test with.</exception>
    public static ModelDocument Train(
        PredictionTask task, LabelledRows labelled, TrainingPlan plan, ITreeTrainer trainer, IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        var split = Split.Of(labelled.Rows, row => Timeline.After(row.Snapshot.At, task.KnownAfterDays) <= plan.OutOfTimeFrom,
            row => row.Snapshot.At >= plan.OutOfTimeFrom);
        var options = plan.Trees with
        {
            Objective = task.IsAmount ? TreeObjective.SquaredError : TreeObjective.Logistic,
            Monotone = task.RiskSign == 0 ? null : FeatureCatalogue.All.Where(feature => feature.Risk != Risk.Open)
                .ToDictionary(feature => feature.Name, feature => feature.Risk == Risk.Rises ? task.RiskSign : -task.RiskSign, StringComparer.Ordinal),
        };
        var draft = task.Kind switch
        {
            ModelKinds.Response => LinearTraining.Response(task, split.Training),
            ModelKinds.Uplift => LinearTraining.Uplift(task, split.Training),
            ModelKinds.BuyTillYouDie => LifetimeValueTraining.Fit(split.Training),
            ModelKinds.Trees => TreesOf(task, split, rows => trainer.Train(rows, options, progress, cancellation), options),
            ModelKinds.Hazard => HazardOf(split, rows => trainer.Train(rows, options, progress, cancellation)),
            _ => throw new ArgumentException($"{task.Kind} is not trained here", nameof(task)),
        };
        var document = new ModelDocument(task.Id, plan.Version, task.Kind, task.Purpose, task.Label, task.HorizonDays,
            [.. draft.Features.Select(name => new ModelFeature(name, draft.Directions?.GetValueOrDefault(name) ?? DirectionOf(name, options.Monotone)))],
            new ModelTraining(plan.Source, split.Training.Count, task.IsAmount ? null : split.Training.Count(row => row.Label > 0))
            {
                Command = plan.Command,
                From = Instant(split.Training.Min(row => row.Snapshot.At)),
                Until = Instant(split.Training.Concat(split.Calibration).Max(row => row.Snapshot.At)),
                LeftOut = labelled.LeftOut,
                Settings = draft.Settings ?? new Dictionary<string, double>(StringComparer.Ordinal)
                {
                    ["trees"] = options.Trees, ["depth"] = options.Depth, ["learningRate"] = options.LearningRate, ["rowSample"] = options.RowSample,
                    ["columnSample"] = options.ColumnSample, ["l2"] = options.L2, ["minChildWeight"] = options.MinChildWeight, ["seed"] = options.Seed,
                },
            },
            new Dictionary<string, Figure>(), task.Limits, draft.Model)
        {
            Calibration = draft.Calibration,
        };
        return ModelReport.Complete(document, task, split);
    }

    /// <summary>What training leaves, before it is tested.</summary>
    internal readonly record struct Draft(IReadOnlyList<string> Features, JsonElement Model, ModelCalibration? Calibration)
    {
        /// <summary>By name, where they are the model's own.</summary>
        public IReadOnlyDictionary<string, Direction>? Directions { get; init; }

        /// <summary>Of a trainer that grows no trees.</summary>
        public IReadOnlyDictionary<string, double>? Settings { get; init; }
    }

    private static Draft TreesOf(PredictionTask task, Split split, Func<TrainingSet, TreeEnsemble> train, TreeOptions options)
    {
        var (trees, features) = FeatureModel.Trim(train(Set(split.Training, row => row.Label)));
        ModelCalibration? calibration = null;
        if (options.Objective == TreeObjective.Logistic)
        {
            var bound = FeatureModel.Bind(FeatureModel.ToElement(trees.WriteTo), task.Id, [.. features.Select(name => new ModelFeature(name))], FeatureCatalogue.Count);
            calibration = Calibrate([.. split.Calibration.Select(row => bound.Margin(row.Snapshot.Vector))], [.. split.Calibration.Select(row => row.Label > 0)]);
        }

        return new Draft(features, FeatureModel.ToElement(trees.WriteTo), calibration);
    }

    private static Draft HazardOf(Split split, Func<TrainingSet, TreeEnsemble> train)
    {
        var training = Periods(split.Training).ToList();
        var columns = new float[FeatureModel.RowWidth][];
        for (var place = 0; place < FeatureCatalogue.Count; place++)
            columns[place] = [.. training.Select(row => row.Row.Snapshot.Vector[place])];
        columns[^1] = [.. training.Select(row => (float)row.Period)];
        var set = new TrainingSet(FeatureModel.RowFeatures, columns, [.. training.Select(row => row.Came ? 1f : 0f)]);
        var (trees, features) = FeatureModel.Trim(train(set), FeatureModel.PeriodFeature);
        string[] named = [.. features.Where(name => name != FeatureModel.PeriodFeature)];
        var element = FeatureModel.ToElement(trees.WriteTo);
        var bound = FeatureModel.Bind(element, "hazard", [.. named.Select(name => new ModelFeature(name))], FeatureModel.RowWidth);
        var held = Periods(split.Calibration).ToList();
        var vector = new float[FeatureModel.RowWidth];
        var margins = held.ConvertAll(row =>
        {
            row.Row.Snapshot.Vector.CopyTo(vector, 0);
            vector[^1] = row.Period;
            return bound.Margin(vector);
        });
        return new Draft(named, FeatureModel.ToElement(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("periods", HazardModel.Periods);
            writer.WriteNumber("periodDays", HazardModel.PeriodDays);
            writer.WritePropertyName("hazard");
            element.WriteTo(writer);
            writer.WriteEndObject();
        }), Calibrate([.. margins], [.. held.Select(row => row.Came)]));
    }

    /// <summary>A row for each period that the customer was seen to live through, the last one ending in the event or in being lost from sight.</summary>
    private static IEnumerable<(LabelledRow Row, int Period, bool Came)> Periods(IReadOnlyList<LabelledRow> rows)
    {
        foreach (var row in rows)
        {
            for (var period = 1; period <= HazardModel.Periods; period++)
            {
                var came = row.Label > 0 && row.Days <= period * HazardModel.PeriodDays;
                if (!came && row.Days < period * HazardModel.PeriodDays)
                    break;

                yield return (row, period, came);
                if (came)
                    break;
            }
        }
    }

    private static TrainingSet Set(IReadOnlyList<LabelledRow> rows, Func<LabelledRow, float> label)
    {
        var columns = new float[FeatureCatalogue.Count][];
        for (var place = 0; place < columns.Length; place++)
            columns[place] = [.. rows.Select(row => row.Snapshot.Vector[place])];
        return new TrainingSet(FeatureModel.RowFeatures[..FeatureCatalogue.Count], columns, [.. rows.Select(label)]);
    }

    private static ModelCalibration Calibrate(double[] margins, bool[] events) => events.Count(came => came) >= IsotonicPositives
        ? IsotonicRegression.Fit(margins, events)
        : PlattScaling.Fit(margins, events);

    private static Direction DirectionOf(string name, IReadOnlyDictionary<string, int>? monotone) =>
        monotone?.GetValueOrDefault(name) switch { 1 => Direction.Rises, -1 => Direction.Falls, _ => Direction.Open };

    private static DateTimeOffset Instant(long at) => DateTimeOffset.FromUnixTimeMilliseconds(at);
}

/// <summary>Rows by their use.</summary>
/// <param name="Training">Learned from.</param>
/// <param name="Calibration">Of other customers, for the calibration.</param>
/// <param name="Test">Of yet other customers.</param>
/// <param name="OutOfTime">Of all customers, later than everything else.</param>
public sealed record Split(
    IReadOnlyList<LabelledRow> Training, IReadOnlyList<LabelledRow> Calibration, IReadOnlyList<LabelledRow> Test, IReadOnlyList<LabelledRow> OutOfTime)
{
    internal static Split Of(IReadOnlyList<LabelledRow> rows, Func<LabelledRow, bool> isKnown, Func<LabelledRow, bool> isLater)
    {
        var known = rows.Where(isKnown).ToLookup(row => Part(row.Snapshot.Customer));
        return new Split([.. known[0]], [.. known[1]], [.. known[2]], [.. rows.Where(isLater)]);
    }

    private static int Part(string customer) => (Digest64.Of(customer) % 10) switch { < 6 => 0, < 8 => 1, _ => 2 };
}
