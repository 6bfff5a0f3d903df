using System.Globalization;

namespace ServerlessCLM.Experiments;

/// <summary>Customers whom no experiment ever touches, so that all of them together can be held against nobody's work.</summary>
/// <param name="Salt">Changes when the held-out customers are to be drawn anew.</param>
/// <param name="Share">Of all customers, 0 to 0.5.</param>
public sealed record UniversalHoldout(string Salt, double Share)
{
    public static readonly UniversalHoldout None = new("none", 0);

    public bool Holds(string unit) => Assignment.Place($"holdout\n{Salt}", unit) < Share;

    /// <exception cref="InvalidOperationException">The share is out of its range.</exception>
    public UniversalHoldout Validated() => Share is >= 0 and <= 0.5
        ? this
        : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Clm:Holdout:Share {Share} must be 0 to 0.5"));
}

/// <summary>Which arm a unit is in: a function of salt and unit alone, so that nobody has to remember it.</summary>
/// <remarks>
/// The place of a unit is the top 53 bits of XXH64 over experiment, salt, purpose and unit, as a number from 0 to 1. Traffic and arm are drawn
/// apart: a larger share of traffic adds units and moves none of those who are in. Shares that change move units, so they need a new version
/// with a new salt.
/// </remarks>
public static class Assignment
{
    /// <summary>A number in [0, 1) for a unit under a salt; uniform over units, independent between salts.</summary>
    public static double Place(string salt, string unit) => (Digest64.Of($"{salt}\n{unit}") >> 11) * (1.0 / (1L << 53));

    /// <summary>Whether a unit is among those that an experiment touches.</summary>
    public static bool TakesPart(ExperimentDocument experiment, UniversalHoldout holdout, string unit) =>
        !holdout.Holds(unit) && Place($"{experiment.Id}\n{experiment.Salt}\ntraffic", unit) < experiment.Traffic;

    /// <summary>The arm of a unit, whether it takes part or not.</summary>
    public static string ArmOf(ExperimentDocument experiment, string unit)
    {
        var place = Place($"{experiment.Id}\n{experiment.Salt}\narm", unit);
        double reached = 0;
        foreach (var (arm, share) in experiment.Arms)
        {
            reached += share;
            if (place < reached)
                return arm;
        }

        // Shares add up to 1 but for rounding.
        return experiment.Arms[^1].Name;
    }
}
