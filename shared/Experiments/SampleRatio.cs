using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace ServerlessCLM.Experiments;

/// <summary>Whether units came into the arms in the shares that were meant: where not, assignment or counting is broken and no result counts.</summary>
public static class SampleRatio
{
    /// <summary>Below this p-value the split is taken for broken.</summary>
    public const double Alpha = 0.001;

    /// <summary>Weight of the prior in units: the larger, the smaller the deviations it looks for.</summary>
    private const double Concentration = 1000;

    /// <summary>
    /// The sequential multinomial test (Lindon and Malek, "Anytime-valid inference for multinomial count data", 2022): a Dirichlet mixture with
    /// its mean at the meant shares over the likelihood at these shares. Valid at every look, for any number of units.
    /// </summary>
    /// <param name="units">Units by arm.</param>
    /// <param name="shares">Shares meant, in the same order; their sum is 1.</param>
    /// <returns>The p-value.</returns>
    public static double Sequential(ReadOnlySpan<long> units, ReadOnlySpan<double> shares)
    {
        double log = SpecialFunctions.GammaLn(Concentration), total = Concentration;
        for (var i = 0; i < units.Length; i++)
        {
            var prior = Concentration * shares[i];
            log += SpecialFunctions.GammaLn(prior + units[i]) - SpecialFunctions.GammaLn(prior) - (units[i] * Math.Log(shares[i]));
            total += units[i];
        }

        return Math.Min(1, Math.Exp(SpecialFunctions.GammaLn(total) - log));
    }

    /// <summary>Pearson's χ² test, valid at one look.</summary>
    /// <returns>The statistic and its p-value.</returns>
    public static (double ChiSquared, double P) AtOneLook(ReadOnlySpan<long> units, ReadOnlySpan<double> shares)
    {
        double total = 0, statistic = 0;
        foreach (var count in units)
            total += count;

        for (var i = 0; i < units.Length; i++)
        {
            var expected = total * shares[i];
            statistic += (units[i] - expected) * (units[i] - expected) / expected;
        }

        return (statistic, 1 - ChiSquared.CDF(units.Length - 1, statistic));
    }
}
