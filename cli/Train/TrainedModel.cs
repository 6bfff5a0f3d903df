using System.CommandLine;
using System.Text.Json;
using ServerlessCLM.Cli.Evaluate;
using ServerlessCLM.Models;

namespace ServerlessCLM.Cli.Train;

/// <summary>A model of all rows of a file.</summary>
/// <param name="Importance">Mean size of a column's contribution to the log odds, largest first.</param>
internal sealed record TrainedModel(
    string Kind, JsonElement Model, InputEncoding Encoding, TreeOptions? Trees, double L2, IReadOnlyList<(string Name, double Value)> Importance)
{
    /// <summary>Rows that importance is measured on, evenly spread.</summary>
    private const int ExplainedRows = 2000;

    public static TrainedModel Train(ParseResult arguments, LearnerOptions learner, LearningData data, CancellationToken cancellation)
    {
        var (encoding, training) = InputEncoding.Fit(
            data.Inputs.Columns, data.Target.Events, [.. Enumerable.Range(0, data.Table.Rows)], learner.Seed(arguments));
        var l2 = learner.L2(arguments);
        if (learner.Kind(arguments) == LearnerOptions.Logistic)
        {
            var linear = LogisticRegression.Train(training, l2, cancellation);
            return new TrainedModel(ModelKinds.Linear, Json(linear.WriteTo), encoding, null, l2, ImportanceOf(encoding, training, (row, parts) =>
            {
                for (var feature = 0; feature < parts.Length; feature++)
                {
                    var term = linear.Terms[feature];
                    parts[feature] = float.IsFinite(row[feature]) ? term.Weight * (row[feature] - term.Mean) / term.Scale : term.Missing;
                }
            }));
        }

        var options = learner.TreesOf(arguments, data);
        var ensemble = TreeTrainer.Train(training, options, cancellationToken: cancellation);
        var explainer = new TreeExplainer(ensemble);
        return new TrainedModel(
            ModelKinds.Trees, Json(ensemble.WriteTo), encoding, options, l2, ImportanceOf(encoding, training, (row, parts) => explainer.Explain(row, parts)));
    }

    public ModelDocument Describe(
        LearningData data, string id, string purpose, ModelCalibration calibration, CrossValidation validated, BinaryPerformance calibrated) => new(
        id, 1, Kind, purpose, $"{data.Target.Name} is {data.Target.Positive} rather than {data.Target.Negative}", null,
        [.. Encoding.Inputs.Select(input => Trees?.Monotone?.GetValueOrDefault(input.Name) switch
        {
            1 => input with { Direction = Direction.Rises },
            -1 => input with { Direction = Direction.Falls },
            _ => input,
        })],
        new ModelTraining(Path.GetFileName(data.Path), data.Table.Rows, data.Target.Events.Count(hit => hit)) { Settings = Settings() },
        new Dictionary<string, Figure>(StringComparer.Ordinal)
        {
            ["auc"] = new(validated.MeanAuc),
            ["auc_pooled"] = validated.Pooled.Auc,
            ["gini"] = new((2 * validated.MeanAuc) - 1),
            ["ks"] = new(validated.Pooled.KolmogorovSmirnov),
            ["average_precision"] = new(validated.Pooled.AveragePrecision),
            ["log_loss"] = new(calibrated.LogLoss),
            ["brier"] = new(calibrated.Brier),
            ["calibration_error"] = new(calibrated.CalibrationError),
        },
        [
            "Holds for rows like those it was trained on; watch the drift of its columns.",
            "Cross-validated on rows of the same time: later rows may be harder.",
            .. data.Inputs.Dropped,
        ],
        Model)
    {
        Calibration = calibration,
    };

    private Dictionary<string, double> Settings() => Trees is null
        ? new(StringComparer.Ordinal) { ["l2"] = L2 }
        : new(StringComparer.Ordinal)
        {
            ["trees"] = Trees.Trees, ["depth"] = Trees.Depth, ["rate"] = Trees.LearningRate, ["rows"] = Trees.RowSample, ["columns"] = Trees.ColumnSample,
            ["bins"] = Trees.Bins, ["min_child_weight"] = Trees.MinChildWeight, ["l2"] = Trees.L2, ["seed"] = Trees.Seed,
        };

    private static JsonElement Json(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            write(writer);
        using var document = JsonDocument.Parse(stream.ToArray());
        return document.RootElement.Clone();
    }

    private delegate void Explanation(ReadOnlySpan<float> row, Span<double> contributions);

    /// <summary>Contributions of a text column's levels are added up before their size is taken.</summary>
    private static List<(string Name, double Value)> ImportanceOf(InputEncoding encoding, TrainingSet rows, Explanation explain)
    {
        var row = new float[rows.Features.Count];
        var parts = new double[rows.Features.Count];
        var sums = new double[encoding.Inputs.Count];
        var step = Math.Max(1, rows.Rows / ExplainedRows);
        var explained = 0;
        for (var at = 0; at < rows.Rows; at += step, explained++)
        {
            rows.CopyRow(at, row);
            explain(row, parts);
            var next = 0;
            for (var input = 0; input < sums.Length; input++)
            {
                double part = 0;
                for (var left = encoding.Inputs[input] is { Levels: { } levels, Codes: null } ? levels.Count : 1; left > 0; left--)
                    part += parts[next++];
                sums[input] += Math.Abs(part);
            }
        }

        return [.. sums.Select((sum, input) => (encoding.Inputs[input].Name, sum / explained)).OrderByDescending(column => column.Item2)];
    }
}
