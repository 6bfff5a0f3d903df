using System.Globalization;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Models;

/// <summary>What the watch found about a live model.</summary>
/// <param name="Key">Names the finding: the same trouble has the same key.</param>
/// <param name="Words">For people.</param>
/// <param name="Value">The figure.</param>
/// <param name="FallsBack">Whether the version before must take its place.</param>
public sealed record WatchFinding(string Key, string Words, Figure Value, bool FallsBack = false);

/// <summary>How far a distribution of now is from that of training.</summary>
/// <param name="Name">Of the feature; <c>score</c>.</param>
/// <param name="Value">Population stability index.</param>
/// <param name="Critical">What chance alone stays below.</param>
/// <param name="Drifted">Whether it is beyond chance, and large enough to matter.</param>
public readonly record struct DriftIndex(string Name, double Value, double Critical, bool Drifted);

/// <summary>What the last look at a live model measured.</summary>
/// <param name="At">When.</param>
/// <param name="Version">The version that was live.</param>
/// <param name="Predictions">Recent ones that were looked at.</param>
/// <param name="Drift">Of the score and of the features that weigh most; empty where the document keeps no distributions, or there were too few predictions.</param>
/// <param name="Fairness">How often protected groups are spared the alert; empty for a model that raises none.</param>
/// <param name="Findings">What was worth an alert.</param>
public sealed record WatchReport(
    DateTimeOffset At, int Version, int Predictions, IReadOnlyList<DriftIndex> Drift, IReadOnlyList<ModelFairness.GroupRatio> Fairness, IReadOnlyList<WatchFinding> Findings);

/// <summary>
/// Watches live models by the predictions they made: how features and scores are distributed now, what came of those whose horizon is
/// over, and whom they speak of. Pure.
/// </summary>
public static class ModelWatch
{
    /// <summary>Predictions below which a distribution says nothing.</summary>
    public const int LeastPredictions = 100;

    /// <summary>Outcomes of each kind below which performance is not judged.</summary>
    public const int LeastOutcomes = 20;

    private const string Score = "score";

    private const int RecentDays = 45, LeastMembers = 100;

    /// <summary>An index below this is too small to matter, however surely it is there.</summary>
    private const double Immaterial = 0.1;

    private const double Significance = 0.001, MostLoss = 0.05, MostCalibrationError = 0.1, Certainty = 0.01;

    /// <param name="model">The live model.</param>
    /// <param name="previous">The version that was live before; null where there was none.</param>
    /// <param name="customers">With their predictions and what became of them.</param>
    /// <param name="now">When it looks.</param>
    public static WatchReport Examine(LiveModel model, int? previous, IReadOnlyList<OwnCustomer> customers, DateTimeOffset now)
    {
        var (document, name) = (model.Document, PredictionLog.NameOf(model.Document));
        var made = customers.SelectMany(customer => customer.Predictions.Where(prediction => prediction.Scores.ContainsKey(name))
            .Select(prediction => (Customer: customer, Prediction: prediction))).ToList();
        var recent = made.Where(each => each.Prediction.Snapshot.At > Timeline.After(now.ToUnixTimeMilliseconds(), -RecentDays)).ToList();
        List<DriftIndex> drift = recent.Count >= LeastPredictions && document.Reference is { } reference
            ? [.. Drift(reference, [.. recent.Select(each => each.Prediction)], name)]
            : [];
        List<ModelFairness.GroupRatio> fairness = document.Alert is { } alert
            ? [.. ModelFairness.Ratios(recent.Select(each => (each.Customer.Groups, each.Prediction.Scores[name] < alert.Cut)), LeastMembers)]
            : [];
        List<WatchFinding> findings =
        [
            .. drift.Where(index => index.Drifted).Select(Finding),
            .. fairness.Where(ratio => ratio.IsAdverse).Select(ratio => new WatchFinding($"fairness:{ratio.Attribute}={ratio.Group}",
                $"{ratio.Group} are spared the alert {ratio.Ratio.Value:0.00} times as often as {ratio.Reference}", ratio.Ratio)),
        ];
        if (PredictionTasks.Find(document.Id) is { } task && document.Metrics.TryGetValue("auc", out var promised))
        {
            var matured = made.Select(each => (each.Prediction, Outcome: task.Judge(each.Customer.Timeline, each.Prediction.Snapshot)))
                .Where(each => each.Outcome.LeftOut is null).ToList();
            findings.AddRange(Performance(
                [.. matured.Select(each => (each.Outcome.Hour is { } hour ? At(model, each.Prediction, hour) : each.Prediction, each.Outcome.Label > 0))], name,
                previous is { } version ? string.Create(CultureInfo.InvariantCulture, $"{document.Id}@{version}") : null, promised.Value));
        }

        return new WatchReport(now, document.Version, recent.Count, drift, fairness, findings);
    }

    private static WatchFinding Finding(DriftIndex index) => index.Name == Score
        ? new WatchFinding("score_drift", $"scores are distributed otherwise than in training (PSI {index.Value:0.000}, by chance below {index.Critical:0.000})", new Figure(index.Value))
        : new WatchFinding($"feature_drift:{index.Name}", $"{index.Name} is distributed otherwise than in training (PSI {index.Value:0.000}, by chance below {index.Critical:0.000})", new Figure(index.Value));

    /// <summary>What the versions would have said of the hour at which the contact was made.</summary>
    private static Prediction At(LiveModel model, Prediction prediction, int hour)
    {
        float[] row = [.. prediction.Snapshot.Vector, 0];
        return prediction with
        {
            Scores = model.Shadows.Prepend(model.Scorer!).Where(scorer => prediction.Scores.ContainsKey(PredictionLog.NameOf(scorer.Document)))
                .ToDictionary(scorer => PredictionLog.NameOf(scorer.Document), scorer => scorer.ScoreAt(row, hour), StringComparer.Ordinal),
        };
    }

    private static IEnumerable<DriftIndex> Drift(ModelReference reference, IReadOnlyList<Prediction> recent, string name)
    {
        yield return Index(Score, ModelDrift.Compare(reference.Score, reference.Rows, recent.Select(prediction => prediction.Scores[name]), Significance));

        // So many features are looked at that some would drift by chance alone.
        var significance = Significance / Math.Max(1, reference.Features.Count);
        foreach (var bins in reference.Features)
        {
            var place = Features.FeatureCatalogue.IndexOf(bins.Name);
            if (place >= 0)
                yield return Index(bins.Name, ModelDrift.Compare(bins, reference.Rows, recent.Select(prediction => (double)prediction.Snapshot.Vector[place]), significance));
        }
    }

    private static DriftIndex Index(string name, StabilityIndex found) => new(name, found.Value, found.Critical, found.Drifted && found.Value > Immaterial);

    private static IEnumerable<WatchFinding> Performance(IReadOnlyList<(Prediction Prediction, bool Came)> matured, string name, string? before, double promised)
    {
        if (!Judged(matured))
            yield break;

        var (scores, events) = Columns(matured, name);
        var auc = DeLong.Auc(scores, events);
        if (auc.High < promised - MostLoss)
            yield return new WatchFinding("performance", $"AUC {auc.Value:0.000} over {scores.Length} outcomes; {promised:0.000} was found in training", auc);

        var error = ProbabilityError.ExpectedCalibrationError([.. scores.Select(score => Math.Clamp(score, 0, 1))], events);
        if (error > MostCalibrationError)
            yield return new WatchFinding("calibration", $"probabilities miss the outcomes by {error:0.000} in the mean", new Figure(error));

        var both = before is null ? [] : matured.Where(each => each.Prediction.Scores.ContainsKey(before)).ToList();
        if (!Judged(both))
            yield break;

        (scores, events) = Columns(both, name);
        var test = DeLong.Compare(scores, Columns(both, before!).Scores, events);
        if (test.POfWorse < Certainty)
        {
            yield return new WatchFinding("worse_than_before",
                $"AUC {test.First:0.000} over {scores.Length} outcomes; {before} would have had {test.Second:0.000} (paired DeLong, p {test.POfWorse:0.0000})",
                new Figure(test.Difference), FallsBack: true);
        }
    }

    private static bool Judged(IReadOnlyList<(Prediction Prediction, bool Came)> matured)
    {
        var came = matured.Count(each => each.Came);
        return Math.Min(came, matured.Count - came) >= LeastOutcomes;
    }

    private static (double[] Scores, bool[] Events) Columns(IReadOnlyList<(Prediction Prediction, bool Came)> matured, string name) =>
        ([.. matured.Select(each => each.Prediction.Scores[name])], [.. matured.Select(each => each.Came)]);
}
