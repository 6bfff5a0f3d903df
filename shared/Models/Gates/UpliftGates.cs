namespace ServerlessCLM.Models;

/// <summary>What an uplift model must show: that it ranks, on an experiment after its training data, not worse than the champion.</summary>
internal static class UpliftGates
{
    private const ulong Seed = 1;

    public static List<GateResult> Check(FeatureModel challenger, FeatureModel? champion, IReadOnlyList<LabelledRow> matured)
    {
        bool[] treated = [.. matured.Select(row => row.Treated)];
        bool[] events = [.. matured.Select(row => row.Label > 0)];
        var (with, without) = (matured.Count(row => row is { Treated: true, Label: > 0 }), matured.Count(row => row is { Treated: false, Label: > 0 }));
        var least = Math.Min(with, without);
        var results = new List<GateResult>
        {
            new("evidence", least >= ModelGates.LeastOutcomes,
                $"{matured.Count} rows of an experiment after the training data have a known outcome, {with} came true with treatment and {without} without; {ModelGates.LeastOutcomes} of each are needed",
                new Figure(least), ModelGates.LeastOutcomes),
        };
        if (least < ModelGates.LeastOutcomes)
            return results;

        var qini = new Qini(ModelReport.Scores(challenger, matured), treated, events).Interval(Seed);
        var bound = champion is null ? 0 : new Qini(ModelReport.Scores(champion, matured), treated, events).Coefficient;
        results.Add(new GateResult("qini", qini.High >= bound,
            $"Qini coefficient {qini.Value:0.0000}; {(champion is null ? "chance has 0" : $"the champion has {bound:0.0000}")} on the same rows", qini, bound));
        return results;
    }
}
