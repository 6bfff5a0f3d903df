using MathNet.Numerics.Distributions;

namespace ServerlessCLM.Models;

/// <summary>How far predicted probabilities are from what came.</summary>
public static class ProbabilityError
{
    /// <summary>Probabilities are kept this far from 0 and 1 before their logarithm is taken.</summary>
    public const double Smallest = 1e-15;

    /// <summary>Mean of −ln of the probability given to what came, in nats.</summary>
    public static double LogLoss(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> events)
    {
        Check(probabilities, events);
        double sum = 0;
        for (var i = 0; i < events.Length; i++)
        {
            var p = Math.Clamp(probabilities[i], Smallest, 1 - Smallest);
            sum -= events[i] ? Math.Log(p) : Math.Log(1 - p);
        }

        return sum / events.Length;
    }

    /// <summary>Brier score: mean squared difference between probability and outcome (0 or 1).</summary>
    public static double Brier(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> events)
    {
        Check(probabilities, events);
        double sum = 0;
        for (var i = 0; i < events.Length; i++)
        {
            var error = probabilities[i] - (events[i] ? 1 : 0);
            sum += error * error;
        }

        return sum / events.Length;
    }

    /// <summary>
    /// Expected calibration error: mean distance between predicted and observed rate over bins of equal count, weighted by the bins' rows
    /// (Naeini, Cooper and Hauskrecht, AAAI 2015, with bins of equal count).
    /// </summary>
    public static double ExpectedCalibrationError(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> events, int bins = 10)
    {
        var curve = CalibrationCurve(probabilities, events, bins);
        return curve.Sum(bin => bin.Rows * Math.Abs(bin.Predicted - bin.Observed)) / events.Length;
    }

    /// <summary>
    /// Predicted against observed rates over bins of equal count, lowest probabilities first. Rows of equal probability stay in one bin,
    /// so bins may differ in count and be fewer.
    /// </summary>
    public static IReadOnlyList<CalibrationBin> CalibrationCurve(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> events, int bins = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        Check(probabilities, events);
        var keys = probabilities.ToArray();
        var outcomes = events.ToArray();
        Array.Sort(keys, outcomes);
        var curve = new List<CalibrationBin>(bins);
        for (int start = 0, end; start < keys.Length; start = end)
        {
            var next = ((long)start * bins / keys.Length) + 1;
            end = (int)(((next * keys.Length) + bins - 1) / bins);
            while (end < keys.Length && keys[end] == keys[end - 1])
                end++;

            double predicted = 0;
            var observed = 0;
            for (var i = start; i < end; i++)
            {
                predicted += keys[i];
                observed += outcomes[i] ? 1 : 0;
            }

            var rows = end - start;
            var (low, high) = Wilson(observed, rows);
            curve.Add(new CalibrationBin(rows, predicted / rows, observed / (double)rows, low, high));
        }

        return curve;
    }

    /// <summary>Wilson's 95% interval of a rate.</summary>
    internal static (double Low, double High) Wilson(int hits, int rows, double level = 0.95)
    {
        var z = Normal.InvCDF(0, 1, (1 + level) / 2);
        var p = hits / (double)rows;
        var centre = p + (z * z / (2 * rows));
        var half = z * Math.Sqrt(((p * (1 - p)) + (z * z / (4.0 * rows))) / rows);
        var scale = 1 + (z * z / rows);
        return (hits == 0 ? 0 : (centre - half) / scale, hits == rows ? 1 : (centre + half) / scale);
    }

    private static void Check(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> events)
    {
        if (probabilities.Length != events.Length || events.IsEmpty)
            throw new ArgumentException($"must be one for each of the {probabilities.Length} probabilities and at least one, there are {events.Length}", nameof(events));

        foreach (var p in probabilities)
        {
            if (!(p is >= 0 and <= 1))
                throw new ArgumentException($"must be from 0 to 1, one is {p}", nameof(probabilities));
        }
    }
}

/// <summary>Rows of similar probability.</summary>
/// <param name="Predicted">Mean probability.</param>
/// <param name="Observed">Share with the event.</param>
/// <param name="Low">Lower end of Wilson's 95% interval of the observed share.</param>
/// <param name="High">Upper end of it.</param>
public readonly record struct CalibrationBin(int Rows, double Predicted, double Observed, double Low, double High);
