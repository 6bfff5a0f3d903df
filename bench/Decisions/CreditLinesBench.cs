using System.Diagnostics;
using ServerlessCLM.Decisions.CreditLines;
using ServerlessCLM.Features;

namespace ServerlessCLM.Bench.Decisions;

/// <summary>Decisions on credit lines a second, and a portfolio's efficient frontier.</summary>
internal static class CreditLinesBench
{
    private const int Accounts = 100_000, Points = 8;

    private static readonly FeatureDefinition[] Reasons =
        [FeatureCatalogue.All[FeatureCatalogue.IndexOf("utilisation")]];

    public static void Run(TextWriter output)
    {
        var policy = CreditLinePolicy.Default;
        var inputs = Enumerable.Range(0, Accounts).Select(Input).ToArray();
        var began = Stopwatch.GetTimestamp();
        var decided = inputs.Select(input => CreditLineRules.Decide(policy, input)).ToList();
        output.WriteLine($"{Accounts / Stopwatch.GetElapsedTime(began).TotalSeconds:N0} decisions/s on one core: "
            + string.Join(", ", decided.CountBy(each => each.Change).OrderBy(each => each.Key).Select(each => $"{each.Key} {each.Value:N0}")));

        var candidates = decided.ConvertAll(each => each.Candidates);
        began = Stopwatch.GetTimestamp();
        var frontier = LinePortfolio.Frontier(candidates, Points);
        output.WriteLine($"frontier of {Accounts:N0} accounts in {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s; lines by price, hard limits left out");
        foreach (var point in frontier)
            output.WriteLine($"  capital {point.Capital,14:N0}  profit {point.Profit,14:N0}  price {point.Price,8:F4}");

        var budget = frontier[0].Capital * 0.7;
        if (LinePortfolio.Within(candidates, budget) is var (kept, gap))
            output.WriteLine($"70% of the capital: profit {kept.Profit:N0}, at most {gap:N2} ({gap / kept.Profit:P4}) from the best possible");
    }

    private static CreditLineInput Input(int number)
    {
        var draw = Digest64.Of($"account {number}");
        var line = 500 + (100 * (draw % 80));
        return new CreditLineInput(
            line, line * ((draw >> 8) % 90) / 100m, 0.002 + (((draw >> 16) % 1000) * ((draw >> 26) % 1000) * 2e-7), 0.5 + (((draw >> 36) % 40) / 100.0), line * 3m,
            1000 + (100 * ((draw >> 42) % 50)), 300 + (50 * ((draw >> 48) % 20)), 40, null, 0, [], [], Reasons);
    }
}
