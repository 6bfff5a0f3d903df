namespace ServerlessCLM.Models;

/// <summary>Between probabilities and log odds (margins), without overflow.</summary>
internal static class LogOdds
{
    /// <summary>ln(p ⁄ (1 − p)).</summary>
    public static double Of(double probability) => Math.Log(probability / (1 - probability));

    /// <summary>The logistic function, 1 ⁄ (1 + e^−margin).</summary>
    public static double Probability(double margin)
    {
        if (margin >= 0)
            return 1 / (1 + Math.Exp(-margin));

        var odds = Math.Exp(margin);
        return odds / (1 + odds);
    }

    /// <summary>−target·ln p − (1 − target)·ln(1 − p) for the margin's probability p.</summary>
    public static double Loss(double margin, double target) =>
        Math.Max(margin, 0) - (margin * target) + double.LogP1(Math.Exp(-Math.Abs(margin)));
}
