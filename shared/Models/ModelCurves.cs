namespace ServerlessCLM.Models;

/// <summary>What a card draws of a model, from rows it was not trained on.</summary>
/// <param name="Importance">The features that weigh most, heaviest first.</param>
public sealed record ModelCurves(IReadOnlyList<FeatureImportance> Importance)
{
    /// <summary>Steps that are kept of a curve at the most.</summary>
    public const int MostSteps = 50;

    /// <summary>
    /// The test's rows from the highest score down, at up to <see cref="MostSteps"/> scores, the last step with all of them. The receiver
    /// operating characteristic, cumulative gains and lift all follow from these counts; null where there is no event to rank by.
    /// </summary>
    public IReadOnlyList<RankStep>? Ranked { get; init; }

    /// <summary>Predicted against observed rates on the same rows, lowest first; null where there is no event.</summary>
    public IReadOnlyList<CalibrationBin>? Calibration { get; init; }

    /// <summary>The same curves, with those of a test on held-out rows.</summary>
    /// <exception cref="ArgumentException">The lengths differ, a probability is not one, or all outcomes are alike.</exception>
    internal ModelCurves Of(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> events) => this with
    {
        Ranked = Thin(new RankedOutcomes(probabilities, events)),
        Calibration = [.. ProbabilityError.CalibrationCurve(probabilities, events).Select(bin =>
            new CalibrationBin(bin.Rows, Rounded(bin.Predicted), Rounded(bin.Observed), Rounded(bin.Low), Rounded(bin.High)))],
    };

    /// <summary>What is wrong with them, as path and reason; null where nothing is.</summary>
    internal (string Path, string Reason)? Check()
    {
        for (var place = 0; place < (Ranked?.Count ?? 0); place++)
        {
            var (step, before) = (Ranked![place], place == 0 ? default : Ranked[place - 1]);
            if (step.Rows <= before.Rows)
                return ($"ranked[{place}].rows", "must be above those of the step before");
            if (step.Events < before.Events || step.Events - before.Events > step.Rows - before.Rows)
                return ($"ranked[{place}].events", "must grow by no more than the rows do");
        }

        for (var place = 0; place < (Calibration?.Count ?? 0); place++)
        {
            var bin = Calibration![place];
            if (bin.Rows < 1)
                return ($"calibration[{place}].rows", "must be at least 1");
            if (!(bin.Predicted is >= 0 and <= 1))
                return ($"calibration[{place}].predicted", "must be from 0 to 1");
            if (!(bin.Low >= 0 && bin.Low <= bin.Observed && bin.Observed <= bin.High && bin.High <= 1))
                return ($"calibration[{place}].observed", "must be from low to high, and these from 0 to 1");
        }

        return null;
    }

    /// <summary>Steps at equal distances along the curve, so that a rare event's steep beginning keeps its shape.</summary>
    private static IReadOnlyList<RankStep> Thin(RankedOutcomes ranked)
    {
        var kept = new List<RankStep>(MostSteps);
        var passed = 0;
        foreach (var step in ranked.Steps)
        {
            var along = ((double)step.Events / ranked.Events) + ((double)(step.Rows - step.Events) / ranked.NonEvents);
            var stretch = (int)(along * MostSteps / 2);
            if (stretch > passed || ranked.Steps.Count <= MostSteps)
                kept.Add(step with { Score = Rounded(step.Score) });
            passed = stretch;
        }

        return kept;
    }

    private static double Rounded(double value) => Math.Round(value, 6);
}

/// <summary>How much a feature moves a model's score.</summary>
/// <param name="Name">In the feature catalogue; for a model of other data its input.</param>
/// <param name="Value">Mean size of its contribution to the raw score, whichever way.</param>
public readonly record struct FeatureImportance(string Name, double Value)
{
    /// <summary>Features that are told.</summary>
    private const int Most = 20;

    private const int MostRows = 2_000;

    /// <summary>Means over the first of the rows; features without any part are left out.</summary>
    /// <param name="names">One for each place of a contribution; places beyond are no features.</param>
    /// <param name="width">Places that are filled.</param>
    /// <param name="rows">Held out of the training.</param>
    /// <param name="explain">Fills the contributions of a row.</param>
    internal static IReadOnlyList<FeatureImportance> Of<T>(IReadOnlyList<string> names, int width, IReadOnlyList<T> rows, Action<T, double[]> explain)
    {
        var (weights, contributions) = (new double[names.Count], new double[width]);
        var read = Math.Min(rows.Count, MostRows);
        for (var row = 0; row < read; row++)
        {
            explain(rows[row], contributions);
            for (var place = 0; place < weights.Length; place++)
                weights[place] += Math.Abs(contributions[place]);
        }

        return [.. Enumerable.Range(0, weights.Length).Where(place => weights[place] > 0).OrderByDescending(place => weights[place]).ThenBy(place => place).Take(Most)
            .Select(place => new FeatureImportance(names[place], Math.Round(weights[place] / read, 6)))];
    }
}
