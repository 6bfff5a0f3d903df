using ServerlessCLM.Features;

namespace ServerlessCLM.Models;

/// <summary>Rows that a challenger is judged on. It has learned from none of them.</summary>
/// <param name="Matured">Rows whose outcome is known, made after the challenger's training data ended.</param>
/// <param name="Recent">Features of the latest predictions, whose outcomes may be open.</param>
/// <param name="Groups">Protected attributes by customer.</param>
public sealed record GateRows(
    IReadOnlyList<LabelledRow> Matured, IReadOnlyList<float[]> Recent, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Groups);

/// <summary>What a challenger must show before it may go live. Pure: the same rows give the same findings.</summary>
public static class ModelGates
{
    /// <summary>Rows of each outcome below which nothing can be said.</summary>
    public const int LeastOutcomes = 30;

    private const int LeastAmounts = 100;

    /// <summary>Chance of holding back a challenger that is as good as the champion.</summary>
    private const double Significance = 0.05;

    private const double MostCalibrationError = 0.05, MostInstability = 0.1, MostLoss = 0.05;

    /// <summary>Members of a group below which its ratio says nothing.</summary>
    private const int LeastMembers = 30;

    private const int MonotonePairs = 10_000;

    public static IReadOnlyList<GateResult> Check(FeatureModel challenger, FeatureModel? champion, GateRows rows)
    {
        var results = challenger.Document switch
        {
            { Kind: ModelKinds.Uplift } => UpliftGates.Check(challenger, champion, rows.Matured),
            { Training.Positives: null } => Amounts(challenger, champion, rows.Matured),
            _ => Events(challenger, champion, rows.Matured),
        };
        results.Add(Stable(challenger, rows.Recent));
        results.Add(Monotone(challenger, rows.Recent));
        results.AddRange(Fair(challenger, rows));
        return results;
    }

    private static List<GateResult> Events(FeatureModel challenger, FeatureModel? champion, IReadOnlyList<LabelledRow> matured)
    {
        bool[] events = [.. matured.Select(row => row.Label > 0)];
        var came = events.Count(each => each);
        var enough = Math.Min(came, events.Length - came) >= LeastOutcomes;
        var results = new List<GateResult>
        {
            new("evidence", enough, $"{events.Length} rows after the training data have a known outcome, {came} came true; {LeastOutcomes} of each are needed",
                new Figure(came), LeastOutcomes),
        };
        if (enough)
        {
            var scores = ModelReport.Scores(challenger, matured);
            results.Add(NotWorse(scores, champion is null ? null : ModelReport.Scores(champion, matured), events));
            results.Add(Calibrated(scores, events));
            results.Add(OutOfTime(challenger.Document, scores, events));
        }

        return results;
    }

    /// <summary>An amount is judged by its squared error: not larger than the champion's beyond doubt, on the same rows.</summary>
    private static List<GateResult> Amounts(FeatureModel challenger, FeatureModel? champion, IReadOnlyList<LabelledRow> matured)
    {
        var results = new List<GateResult>
        {
            new("evidence", matured.Count >= LeastAmounts, $"{matured.Count} rows after the training data have a known amount; {LeastAmounts} are needed",
                new Figure(matured.Count), LeastAmounts),
        };
        if (matured.Count < LeastAmounts)
            return results;

        var scores = ModelReport.Scores(challenger, matured);
        var others = champion is null ? [.. matured.Select(_ => matured.Average(row => (double)row.Label))] : ModelReport.Scores(champion, matured);
        double[] losses = [.. matured.Select((row, place) => Math.Pow(scores[place] - row.Label, 2) - Math.Pow(others[place] - row.Label, 2))];
        var mean = losses.Average();
        var half = 1.96 * Math.Sqrt(losses.Sum(loss => (loss - mean) * (loss - mean)) / (losses.Length - 1) / losses.Length);
        results.Add(new GateResult("error", mean - half <= 0,
            $"mean squared error differs by {mean:0.0000} from that of {(champion is null ? "the mean" : "the champion")} on the same rows", new Figure(mean, mean - half, mean + half), 0));
        return results;
    }

    private static GateResult NotWorse(double[] scores, double[]? champion, bool[] events)
    {
        if (champion is null)
            return new GateResult("auc", true, "there is no champion to be held against", DeLong.Auc(scores, events));

        var test = DeLong.Compare(scores, champion, events);
        var half = 1.96 * test.StandardError;
        return new GateResult("auc", test.POfWorse >= Significance,
            $"AUC {test.First:0.0000} against the champion's {test.Second:0.0000} on the same rows (paired DeLong, p of being worse {test.POfWorse:0.000})",
            new Figure(test.Difference, test.Difference - half, test.Difference + half), 0);
    }

    private static GateResult Calibrated(double[] scores, bool[] events)
    {
        var error = ProbabilityError.ExpectedCalibrationError(scores, events);
        return new GateResult("calibration", error <= MostCalibrationError, $"expected calibration error {error:0.0000}", new Figure(error), MostCalibrationError);
    }

    private static GateResult OutOfTime(ModelDocument document, double[] scores, bool[] events)
    {
        var auc = DeLong.Auc(scores, events);
        if (!document.Metrics.TryGetValue("auc", out var promised))
            return new GateResult("out_of_time", false, "the document states no AUC to be held to", auc);

        var bound = promised.Value - MostLoss;
        return new GateResult("out_of_time", auc.High >= bound, $"AUC {auc.Value:0.0000} on later rows; {promised.Value:0.0000} was found in training", auc, bound);
    }

    private static GateResult Stable(FeatureModel challenger, IReadOnlyList<float[]> recent)
    {
        if (challenger.Document.Reference is not { } reference)
            return new GateResult("stability", false, "the document has no reference distribution");
        if (recent.Count == 0)
            return new GateResult("stability", false, "there are no recent rows");

        var index = ModelDrift.Compare(reference.Score, reference.Rows, Scores(challenger, recent));
        return new GateResult("stability", !index.Drifted || index.Value <= MostInstability,
            $"population stability index {index.Value:0.0000}; chance alone stays below {index.Critical:0.0000}", new Figure(index.Value), MostInstability);
    }

    /// <summary>Moves one directed feature of a row at a time to its value in another row, and looks which way the score goes.</summary>
    private static GateResult Monotone(FeatureModel challenger, IReadOnlyList<float[]> recent)
    {
        var directed = challenger.Document.Features.Where(feature => feature.Direction != Direction.Open).ToArray();
        if (directed.Length == 0)
            return new GateResult("monotonicity", true, "no direction is claimed");
        if (recent.Count < 2)
            return new GateResult("monotonicity", false, "there are no recent rows");

        var random = new SplitMix64(Digest64.Of(challenger.Document.ToString()));
        var row = new float[FeatureModel.RowWidth];
        int tried = 0, broken = 0;
        for (var pair = 0; pair < MonotonePairs; pair++)
        {
            var feature = directed[random.Below(directed.Length)];
            var place = FeatureCatalogue.IndexOf(feature.Name);
            var (one, other) = (recent[random.Below(recent.Count)], recent[random.Below(recent.Count)]);
            if (!float.IsFinite(one[place]) || !float.IsFinite(other[place]) || one[place] == other[place])
                continue;

            tried++;
            one.CopyTo(row, 0);
            var before = challenger.Score(row);
            row[place] = other[place];
            var change = challenger.Score(row) - before;
            var wanted = (other[place] > one[place]) == (feature.Direction == Direction.Rises) ? 1 : -1;
            broken += change * wanted < 0 ? 1 : 0;
        }

        return new GateResult("monotonicity", broken == 0, $"{broken} of {tried} changes of one feature moved the score the wrong way", new Figure(broken), 0);
    }

    /// <summary>Being left alone is the favourable outcome of an alert; each group against the largest of its attribute.</summary>
    private static IEnumerable<GateResult> Fair(FeatureModel challenger, GateRows rows)
    {
        var scores = ModelReport.Scores(challenger, rows.Matured);
        if (scores.Length == 0)
            yield break;

        var cut = challenger.Document.Alert?.Cut ?? scores.OrderDescending().ElementAt(scores.Length / 20);
        var members = rows.Matured.Select((row, place) => (Groups: rows.Groups.GetValueOrDefault(row.Snapshot.Customer), Spared: scores[place] < cut))
            .Where(member => member.Groups is not null).ToList();
        foreach (var result in ModelFairness.Ratios(members.Select(member => (member.Groups!, member.Spared)), LeastMembers))
        {
            yield return new GateResult($"adverse_impact:{result.Attribute}={result.Group}", !result.IsAdverse,
                $"{result.Members} of the group are spared the alert {result.Ratio.Value:0.000} times as often as {result.Reference} (interval {result.Ratio.Low:0.000} to {result.Ratio.High:0.000})",
                result.Ratio, AdverseImpact.FourFifths);
        }
    }

    internal static double[] Scores(FeatureModel model, IReadOnlyList<float[]> vectors)
    {
        var row = new float[FeatureModel.RowWidth];
        return [.. vectors.Select(vector =>
        {
            vector.CopyTo(row, 0);
            return model.Score(row);
        })];
    }
}

/// <summary>Distributions of now against those of training.</summary>
public static class ModelDrift
{
    /// <summary>How far a sample is from the reference, by what chance alone gives at these sizes.</summary>
    public static StabilityIndex Compare(Bins reference, int rows, IEnumerable<double> now, double significance = 0.001) =>
        PopulationStability.Compare(
            [.. reference.Shares.Select(share => (long)Math.Round(share * rows))], ModelReport.Count(reference.Edges, now), significance);
}

/// <summary>Adverse impact by protected group.</summary>
public static class ModelFairness
{
    /// <summary>A group's rate of the favourable outcome over that of the largest group of its attribute.</summary>
    public readonly record struct GroupRatio(string Attribute, string Group, string Reference, int Members, Figure Ratio)
    {
        /// <summary>Below four fifths beyond what chance explains.</summary>
        public bool IsAdverse => Ratio.High < AdverseImpact.FourFifths;
    }

    public static IEnumerable<GroupRatio> Ratios(IEnumerable<(IReadOnlyDictionary<string, string> Groups, bool Favoured)> members, int least)
    {
        foreach (var attribute in members.SelectMany(member => member.Groups.Select(group => (group.Key, group.Value, member.Favoured)))
            .GroupBy(member => member.Key, StringComparer.Ordinal).OrderBy(attribute => attribute.Key, StringComparer.Ordinal))
        {
            var groups = attribute.GroupBy(member => member.Value, StringComparer.Ordinal)
                .Select(group => (Name: group.Key, Members: group.Count(), Favoured: group.Count(member => member.Favoured)))
                .OrderByDescending(group => group.Members).ThenBy(group => group.Name, StringComparer.Ordinal).ToList();
            foreach (var group in groups.Skip(1).Where(group => group.Members >= least))
            {
                yield return new GroupRatio(attribute.Key, group.Name, groups[0].Name, group.Members,
                    AdverseImpact.Ratio(group.Favoured, group.Members, groups[0].Favoured, groups[0].Members));
            }
        }
    }
}
