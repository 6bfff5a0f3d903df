using MathNet.Numerics.Distributions;

namespace ServerlessCLM.Experiments;

/// <summary>Tests that are valid at one look, at a size set beforehand: what a sequential test is held against.</summary>
public static class FixedHorizon
{
    /// <summary>
    /// Two proportions: the pooled z-test, and Newcombe's interval for the difference from Wilson's score intervals (Newcombe 1998, method 10).
    /// </summary>
    /// <param name="control">Events and units of the control.</param>
    /// <param name="treatment">Events and units of the treatment.</param>
    /// <param name="level">Of the interval.</param>
    public static Comparison Proportions((long Events, long Units) control, (long Events, long Units) treatment, double level = 0.95)
    {
        double n1 = control.Units, n2 = treatment.Units, p1 = control.Events / n1, p2 = treatment.Events / n2;
        var pooled = (control.Events + treatment.Events) / (n1 + n2);
        var z = (p2 - p1) / Math.Sqrt(pooled * (1 - pooled) * ((1 / n1) + (1 / n2)));
        var (low1, high1) = Wilson(control.Events, control.Units, level);
        var (low2, high2) = Wilson(treatment.Events, treatment.Units, level);
        return new Comparison(
            p2 - p1,
            p2 - p1 - Math.Sqrt(((p2 - low2) * (p2 - low2)) + ((high1 - p1) * (high1 - p1))),
            p2 - p1 + Math.Sqrt(((high2 - p2) * (high2 - p2)) + ((p1 - low1) * (p1 - low1))),
            TwoSided(z));
    }

    /// <summary>Wilson's score interval for a proportion (1927).</summary>
    public static (double Low, double High) Wilson(long events, long units, double level = 0.95)
    {
        var z = Normal.InvCDF(0, 1, (1 + level) / 2);
        double n = units, p = events / n;
        var centre = (p + (z * z / (2 * n))) / (1 + (z * z / n));
        var half = z / (1 + (z * z / n)) * Math.Sqrt((p * (1 - p) / n) + (z * z / (4 * n * n)));
        return (centre - half, centre + half);
    }

    /// <summary>Two means of unequal variance: Welch's t-test (1947) with Satterthwaite's degrees of freedom.</summary>
    public static Comparison Means(in ArmMean control, in ArmMean treatment, double level = 0.95)
    {
        double v1 = control.Variance / control.Units, v2 = treatment.Variance / treatment.Units, v = v1 + v2;
        var freedom = v * v / ((v1 * v1 / (control.Units - 1)) + (v2 * v2 / (treatment.Units - 1)));
        var (difference, error) = (treatment.Mean - control.Mean, Math.Sqrt(v));
        var half = StudentT.InvCDF(0, 1, freedom, (1 + level) / 2) * error;
        return new Comparison(difference, difference - half, difference + half, 2 * StudentT.CDF(0, 1, freedom, -Math.Abs(difference / error)));
    }

    private static double TwoSided(double z) => 2 * Normal.CDF(0, 1, -Math.Abs(z));
}

/// <summary>Units an arm needs for a fixed-horizon test at a level and power.</summary>
public static class SampleSize
{
    /// <summary>Two proportions, two-sided (Fleiss, Levin and Paik 2003, equation 4.14, as R's power.prop.test).</summary>
    public static double Proportions(double control, double treatment, double alpha = 0.05, double power = 0.8)
    {
        var mean = (control + treatment) / 2;
        var root = (Z(1 - (alpha / 2)) * Math.Sqrt(2 * mean * (1 - mean)))
            + (Z(power) * Math.Sqrt((control * (1 - control)) + (treatment * (1 - treatment))));
        return root * root / ((control - treatment) * (control - treatment));
    }

    /// <summary>Two means, two-sided, with Guenther's correction for the t-test (1981).</summary>
    /// <param name="effect">Difference in standard deviations of one unit.</param>
    /// <param name="alpha">Level.</param>
    /// <param name="power">Power.</param>
    public static double Means(double effect, double alpha = 0.05, double power = 0.8)
    {
        var (level, reach) = (Z(1 - (alpha / 2)), Z(power));
        return (2 * (level + reach) * (level + reach) / (effect * effect)) + (level * level / 4);
    }

    private static double Z(double p) => Normal.InvCDF(0, 1, p);
}
