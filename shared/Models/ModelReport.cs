using ServerlessCLM.Features;

namespace ServerlessCLM.Models;

/// <summary>Tests a trained model and writes the findings into its document: figures, curves, alert, reference distributions.</summary>
internal static class ModelReport
{
    /// <summary>The score must fall to this share of alerts over the cut before the model speaks again.</summary>
    private const double ReleaseShare = 1.6;

    public static ModelDocument Complete(ModelDocument document, PredictionTask task, Split split)
    {
        var model = FeatureModel.Of(document);
        var calibration = Scores(model, split.Calibration);
        var metrics = new Dictionary<string, Figure>(StringComparer.Ordinal);
        var curves = new ModelCurves(Heaviest(model, split.Calibration));
        if (task.Kind == ModelKinds.Uplift)
        {
            // Nothing is calibrated, so that those customers test too.
            UpliftReport.Measure(metrics, "", model, [.. split.Calibration, .. split.Test]);
            UpliftReport.Measure(metrics, "_out_of_time", model, split.OutOfTime);
        }
        else if (task.IsAmount)
        {
            Amounts(metrics, "", Scores(model, split.Test), split.Test);
            if (split.OutOfTime.Count > 1)
                Amounts(metrics, "_out_of_time", Scores(model, split.OutOfTime), split.OutOfTime);
        }
        else
        {
            var scores = Scores(model, split.Test);
            Events(metrics, "", scores, split.Test);
            curves = curves.Of(scores, [.. split.Test.Select(row => row.Label > 0)]);
            // Without later rows there is no such figure, and the gate that asks for it says so.
            if (split.OutOfTime.Any(row => row.Label > 0))
                Events(metrics, "_out_of_time", Scores(model, split.OutOfTime), split.OutOfTime);
        }

        return document with
        {
            Metrics = metrics,
            Curves = curves,
            Alert = task.Signal is { } signal ? AlertAt(signal, task.AlertShare, calibration) : null,
            Reference = new ModelReference(split.Training.Count, BinsOf("score", ModelGates.Scores(model, [.. split.Training.Select(row => row.Snapshot.Vector)])),
                [.. curves.Importance.Select(feature => (feature.Name, Place: FeatureCatalogue.IndexOf(feature.Name))).Select(feature => BinsOf(
                    feature.Name, [.. split.Training.Select(row => (double)row.Snapshot.Vector[feature.Place])]))]),
        };
    }

    public static double[] Scores(FeatureModel model, IReadOnlyList<LabelledRow> rows)
    {
        var scores = new double[rows.Count];
        var row = new float[FeatureModel.RowWidth];
        for (var place = 0; place < scores.Length; place++)
        {
            rows[place].Snapshot.Vector.CopyTo(row, 0);
            scores[place] = rows[place].Hour is { } hour ? model.ScoreAt(row, hour) : model.Score(row);
        }

        return scores;
    }

    /// <summary>Deciles of a sample, and the shares of its values between them.</summary>
    public static Bins BinsOf(string name, double[] values)
    {
        var present = values.Where(double.IsFinite).Order().ToArray();
        var edges = Enumerable.Range(1, 9).Where(_ => present.Length > 0).Select(tenth => present[Math.Min(present.Length - 1, present.Length * tenth / 10)])
            .Distinct().ToArray();
        var counts = Count(edges, values);
        return new Bins(name, edges, [.. counts.Select(count => values.Length == 0 ? 1.0 / counts.Length : (double)count / values.Length)]);
    }

    /// <summary>Values by bin, the missing ones last.</summary>
    public static long[] Count(IReadOnlyList<double> edges, IEnumerable<double> values)
    {
        var sorted = edges as double[] ?? [.. edges];
        var counts = new long[sorted.Length + 2];
        foreach (var value in values)
        {
            var place = double.IsFinite(value) ? Array.BinarySearch(sorted, value) : sorted.Length + 1;
            counts[place < 0 ? ~place : place]++;
        }

        return counts;
    }

    private static void Events(Dictionary<string, Figure> metrics, string suffix, double[] scores, IReadOnlyList<LabelledRow> rows)
    {
        bool[] events = [.. rows.Select(row => row.Label > 0)];
        if (events.Count(came => came) < 2 || events.Count(came => !came) < 2)
            throw new TrainingDataException($"{events.Count(came => came)} of {events.Length} test rows came true: too few to test with");

        var performance = BinaryPerformance.Measure(scores, events);
        metrics[$"rows{suffix}"] = new Figure(performance.Rows);
        metrics[$"events{suffix}"] = new Figure(performance.Events);
        metrics[$"auc{suffix}"] = Rounded(performance.Auc);
        metrics[$"gini{suffix}"] = Rounded(new Figure(performance.Gini));
        metrics[$"average_precision{suffix}"] = Rounded(new Figure(performance.AveragePrecision));
        metrics[$"ks{suffix}"] = Rounded(new Figure(performance.KolmogorovSmirnov));
        metrics[$"log_loss{suffix}"] = Rounded(new Figure(performance.LogLoss));
        metrics[$"brier{suffix}"] = Rounded(new Figure(performance.Brier));
        metrics[$"calibration_error{suffix}"] = Rounded(new Figure(performance.CalibrationError));
    }

    private static void Amounts(Dictionary<string, Figure> metrics, string suffix, double[] scores, IReadOnlyList<LabelledRow> rows)
    {
        if (rows.Count < 2)
            throw new TrainingDataException($"there are {rows.Count} test rows: too few to test with");

        var mean = rows.Average(row => row.Label);
        var squares = rows.Sum(row => (row.Label - mean) * (row.Label - mean));
        var left = scores.Zip(rows, (score, row) => (score - row.Label) * (score - row.Label)).Sum();
        metrics[$"rows{suffix}"] = new Figure(rows.Count);
        metrics[$"mean{suffix}"] = Rounded(new Figure(mean));
        metrics[$"mean_score{suffix}"] = Rounded(new Figure(scores.Average()));
        metrics[$"rmse{suffix}"] = Rounded(new Figure(Math.Sqrt(left / rows.Count)));
        metrics[$"r2{suffix}"] = Rounded(new Figure(1 - (left / squares)));
    }

    private static ModelAlert AlertAt(string signal, double share, double[] scores)
    {
        var falling = scores.OrderDescending().ToArray();
        double Quantile(double part) => falling[Math.Min(falling.Length - 1, (int)(falling.Length * part))];
        var cut = Quantile(share);
        return new ModelAlert(
            signal, cut, Math.Min(cut, Quantile(share * ReleaseShare)), (double)falling.Count(score => score >= cut) / falling.Length, PredictionTasks.LeastTenure);
    }

    /// <summary>By their contributions on rows of other customers.</summary>
    private static IReadOnlyList<FeatureImportance> Heaviest(FeatureModel model, IReadOnlyList<LabelledRow> rows)
    {
        var vector = new float[FeatureModel.RowWidth];
        return FeatureImportance.Of([.. FeatureCatalogue.All.Select(feature => feature.Name)], FeatureModel.RowWidth, rows, (row, contributions) =>
        {
            row.Snapshot.Vector.CopyTo(vector, 0);
            model.Explain(vector, contributions);
        });
    }

    internal static Figure Rounded(Figure figure) => new(Rounded(figure.Value), Rounded(figure.Low), Rounded(figure.High));

    private static double Rounded(double value) => Math.Round(value, 6);

    private static double? Rounded(double? value) => value is { } given ? Math.Round(given, 6) : null;
}
