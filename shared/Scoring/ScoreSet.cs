using ServerlessCLM.Features;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Scoring;

/// <summary>
/// The scores that need no training, from decayed sums alone.
/// </summary>
/// <remarks>
/// With nₕ = Σ 2^(−ageᵢ/h) over payments by hand (card, transfer out, cash withdrawal), age in whole days, and T the days
/// since the first payment, counting both ends:
/// <code>
/// rate(h)         = nₕ·(1 − 2^(−1/h)) / (1 − 2^(−T/h))      per day, corrected for a short history
/// activity_level  = 1 − exp(−rate(14) / 0.5)
/// activity_change = ln((rate(14) + 0.02) / (rate(60) + 0.02)), within ±3
/// affinity_g      = (n·share_g + 5·prior_g) / (n + 5),  n = Σ 2^(−ageᵢ/30) over spend
/// </code>
/// </remarks>
public static class ScoreSet
{
    private const double ReferenceRate = 0.5, SmallRate = 0.02, PriorPayments = 5, LargestChange = 3;

    // Rounded shares of household card and debit spend; they only settle where a new customer starts.
    private static readonly double[] Priors =
        [.20, .08, .06, .05, .05, .06, .12, .07, .04, .06, .04, .04, .02, .04, .01, .06];

    /// <summary>The share that a customer without history is taken to spend on a group.</summary>
    public static double Prior(ContentGroup group) => Priors[(int)group];

    /// <summary>Writes the scores as of an instant, in the order of <see cref="ScoreCatalogue"/>; none is ever missing.</summary>
    /// <param name="state">The customer.</param>
    /// <param name="asOf">Milliseconds since 1970-01-01 UTC, on the newest day or later.</param>
    /// <param name="scores">At least <see cref="ScoreCatalogue.Count"/> places.</param>
    public static void Fill(FeatureState state, long asOf, Span<float> scores)
    {
        var day = Days.Of(asOf);
        ref var life = ref state.Life;
        double fast = 0, slow = 0;
        if (life.FirstDay != 0)
        {
            var seen = Math.Max(1, day - life.FirstDay + 1);
            fast = HalfLife.Fortnight.Rate(life.ActiveFast * HalfLife.Fortnight.Weight(life.Landmark - day), seen);
            slow = HalfLife.TwoMonths.Rate(life.ActiveSlow * HalfLife.TwoMonths.Weight(life.Landmark - day), seen);
        }

        scores[ScoreCatalogue.ActivityLevel] = (float)(1 - Math.Exp(-fast / ReferenceRate));
        scores[ScoreCatalogue.ActivityChange] =
            (float)Math.Clamp(Math.Log((fast + SmallRate) / (slow + SmallRate)), -LargestChange, LargestChange);
        FillAffinity(life, day, scores.Slice(ScoreCatalogue.FirstAffinity, 16));
    }

    private static void FillAffinity(in Lifetime life, int day, Span<float> affinity)
    {
        double total = 0;
        foreach (var spend in life.Spend)
            total += spend;

        var count = total > 0 ? life.SpendCount * HalfLife.Month.Weight(life.Landmark - day) : 0;
        for (var group = 0; group < affinity.Length; group++)
        {
            var share = count > 0 ? life.Spend[group] / total : 0;
            affinity[group] = (float)((count * share + PriorPayments * Priors[group]) / (count + PriorPayments));
        }
    }
}
