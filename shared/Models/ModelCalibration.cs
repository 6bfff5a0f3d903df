namespace ServerlessCLM.Models;

/// <summary>From a raw score to a probability, without allocating.</summary>
/// <param name="Kind"><c>platt</c>: 1 / (1 + exp(−(slope·x + offset))). <c>isotonic</c>: linear between the given points of
/// (raw score, probability), flat beyond them.</param>
public sealed record ModelCalibration(string Kind)
{
    public const string Platt = "platt", Isotonic = "isotonic";

    /// <summary>The logistic function as it is.</summary>
    public static ModelCalibration Logistic { get; } = new(Platt) { Slope = 1, Offset = 0 };

    public double? Slope { get; init; }

    public double? Offset { get; init; }

    /// <summary>Raw scores, ascending.</summary>
    public double[]? Scores { get; init; }

    /// <summary>Their probabilities, never falling.</summary>
    public double[]? Probabilities { get; init; }

    /// <summary>The probability of a raw score; never falls as the score rises.</summary>
    public double Apply(double raw)
    {
        if (Kind == Platt)
            return 1 / (1 + Math.Exp(-((Slope!.Value * raw) + Offset!.Value)));

        var (scores, probabilities) = (Scores!, Probabilities!);
        var above = Array.BinarySearch(scores, raw);
        if (above >= 0)
            return probabilities[above];

        above = ~above;
        if (above == 0 || above == scores.Length)
            return probabilities[Math.Min(above, scores.Length - 1)];

        var part = (raw - scores[above - 1]) / (scores[above] - scores[above - 1]);

        // Rounding may carry the sum over the next point and upset the order.
        return Math.Min(probabilities[above], probabilities[above - 1] + (part * (probabilities[above] - probabilities[above - 1])));
    }

    /// <summary>What is wrong with it, as path and reason; null where nothing is.</summary>
    internal (string Path, string Reason)? Check()
    {
        if (Kind == Platt)
        {
            return Slope is not { } slope || !double.IsFinite(slope) || slope <= 0 ? ("slope", "must be a number above 0")
                : Offset is not { } offset || !double.IsFinite(offset) ? ("offset", "must be a number")
                : null;
        }

        if (Kind != Isotonic)
            return ("kind", $"must be {Platt} or {Isotonic}");
        if (Scores is not { Length: > 0 })
            return ("scores", "must have at least one number");
        if (Probabilities is null || Probabilities.Length != Scores.Length)
            return ("probabilities", $"must have {Scores.Length} numbers, one for each score");

        for (var place = 0; place < Scores.Length; place++)
        {
            if (!double.IsFinite(Scores[place]) || (place > 0 && !(Scores[place] > Scores[place - 1])))
                return ($"scores[{place}]", "must be above the one before it");
            if (!(Probabilities[place] is >= 0 and <= 1) || (place > 0 && Probabilities[place] < Probabilities[place - 1]))
                return ($"probabilities[{place}]", "must be from 0 to 1 and not below the one before it");
        }

        return null;
    }
}
