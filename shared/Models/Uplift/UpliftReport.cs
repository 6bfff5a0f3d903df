namespace ServerlessCLM.Models;

/// <summary>Tests an uplift model on customers of an experiment that it has not seen.</summary>
internal static class UpliftReport
{
    private const ulong Seed = 1;

    public static void Measure(Dictionary<string, Figure> metrics, string suffix, FeatureModel model, IReadOnlyList<LabelledRow> rows)
    {
        bool[] treated = [.. rows.Select(row => row.Treated)];
        if (!treated.Contains(true) || !treated.Contains(false))
            throw new TrainingDataException($"{treated.Count(arm => arm)} of {treated.Length} test rows are treated; an experiment has both arms");

        bool[] events = [.. rows.Select(row => row.Label > 0)];
        var bounds = Bounds(model, rows);
        var wanted = Enumerable.Range(0, rows.Count).Where(row => bounds[row] > 0).ToArray();
        metrics[$"rows{suffix}"] = new Figure(rows.Count);
        metrics[$"treated{suffix}"] = new Figure(treated.Count(arm => arm));
        metrics[$"events{suffix}"] = new Figure(events.Count(came => came));
        metrics[$"qini{suffix}"] = ModelReport.Rounded(new Qini(ModelReport.Scores(model, rows), treated, events).Interval(Seed));
        metrics[$"gain{suffix}"] = Gain(treated, events, Enumerable.Range(0, rows.Count));
        metrics[$"share_worth_contact{suffix}"] = ModelReport.Rounded(new Figure((double)wanted.Length / rows.Count));
        if (wanted.Any(row => treated[row]) && wanted.Any(row => !treated[row]))
            metrics[$"gain_worth_contact{suffix}"] = Gain(treated, events, wanted);
    }

    private static double[] Bounds(FeatureModel model, IReadOnlyList<LabelledRow> rows)
    {
        var row = new float[FeatureModel.RowWidth];
        return [.. rows.Select(each =>
        {
            each.Snapshot.Vector.CopyTo(row, 0);
            return model.LowerBound(row);
        })];
    }

    /// <summary>Difference of the arms' rates, with its 95% interval.</summary>
    private static Figure Gain(bool[] treated, bool[] events, IEnumerable<int> rows)
    {
        Span<double> members = [0, 0], came = [0, 0];
        foreach (var row in rows)
        {
            members[treated[row] ? 1 : 0]++;
            came[treated[row] ? 1 : 0] += events[row] ? 1 : 0;
        }

        var (with, without) = (came[1] / members[1], came[0] / members[0]);
        var half = 1.96 * Math.Sqrt((with * (1 - with) / members[1]) + (without * (1 - without) / members[0]));
        return ModelReport.Rounded(new Figure(with - without, with - without - half, with - without + half));
    }
}
