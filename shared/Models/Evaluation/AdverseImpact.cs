using MathNet.Numerics.Distributions;

namespace ServerlessCLM.Models;

/// <summary>Whether a group gets the favourable outcome less often than the reference group: the four-fifths rule of 29 CFR 1607.4(D), with an interval.</summary>
public static class AdverseImpact
{
    /// <summary>The ratio that the rule asks for at least.</summary>
    public const double FourFifths = 0.8;

    /// <summary>
    /// The group's rate of favourable outcomes over the reference group's, with the interval on the logarithm of the ratio (Katz and
    /// others, Biometrics 34, 1978). Where no one of a group is favoured, ½ is added to every count (Walter, 1975).
    /// </summary>
    /// <param name="favoured">Members of the group with the favourable outcome.</param>
    /// <param name="members">Members of the group.</param>
    /// <param name="referenceFavoured">The same of the group it is compared with.</param>
    /// <param name="referenceMembers">The same of the group it is compared with.</param>
    /// <param name="level">Of confidence.</param>
    /// <exception cref="ArgumentOutOfRangeException">A group is empty, or more are favoured than there are.</exception>
    public static Figure Ratio(long favoured, long members, long referenceFavoured, long referenceMembers, double level = 0.95)
    {
        Check(favoured, members);
        Check(referenceFavoured, referenceMembers);
        var raised = favoured == 0 || referenceFavoured == 0 ? 0.5 : 0;
        double a = favoured + raised, n = members + raised, b = referenceFavoured + raised, m = referenceMembers + raised;
        var ratio = a / n / (b / m);
        var error = Math.Sqrt((1 / a) - (1 / n) + (1 / b) - (1 / m));
        var factor = Math.Exp(Normal.InvCDF(0, 1, (1 + level) / 2) * error);
        return new Figure(ratio, ratio / factor, ratio * factor);
    }

    private static void Check(long favoured, long members)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(members, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(favoured);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(favoured, members);
    }
}
