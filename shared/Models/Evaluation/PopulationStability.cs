using MathNet.Numerics.Distributions;

namespace ServerlessCLM.Models;

/// <summary>
/// Population stability index, Σ (q − p) ln(q ⁄ p) over bins, judged by what chance alone gives at these sample sizes: without drift
/// PSI ⁄ (1⁄n + 1⁄m) is about χ² with one degree of freedom less than bins (Yurdakul and Naranjo, Journal of Risk Model Validation 14,
/// 2020), whereas the customary 0.1 and 0.25 are too strict for small samples and blind for large ones.
/// </summary>
public static class PopulationStability
{
    /// <summary>Compares counts by bin. Bins that are empty in both samples do not count; where one is empty in one sample, all counts are raised by ½.</summary>
    /// <param name="reference">Rows in each bin when the model was trained.</param>
    /// <param name="current">Rows in each bin now.</param>
    /// <param name="significance">Share of false alarms without drift.</param>
    /// <exception cref="ArgumentException">The lengths differ, a count is negative or a sample is empty.</exception>
    public static StabilityIndex Compare(ReadOnlySpan<long> reference, ReadOnlySpan<long> current, double significance = 0.01)
    {
        if (reference.Length != current.Length)
            throw new ArgumentException($"must have the {reference.Length} bins of the reference, has {current.Length}", nameof(current));

        long n = 0, m = 0;
        var bins = 0;
        var empty = false;
        for (var bin = 0; bin < reference.Length; bin++)
        {
            if (reference[bin] < 0 || current[bin] < 0)
                throw new ArgumentException($"must not be negative, bin {bin} is", reference[bin] < 0 ? nameof(reference) : nameof(current));

            n += reference[bin];
            m += current[bin];
            if (reference[bin] + current[bin] > 0)
            {
                bins++;
                empty |= reference[bin] == 0 || current[bin] == 0;
            }
        }

        if (n == 0 || m == 0)
            throw new ArgumentException("must hold at least one row", n == 0 ? nameof(reference) : nameof(current));

        if (bins == 1)
            return new StabilityIndex(0, 0, 1, 1);

        var raised = empty ? 0.5 : 0;
        double index = 0;
        for (var bin = 0; bin < reference.Length; bin++)
        {
            if (reference[bin] + current[bin] == 0)
                continue;

            var p = (reference[bin] + raised) / (n + (raised * bins));
            var q = (current[bin] + raised) / (m + (raised * bins));
            index += (q - p) * Math.Log(q / p);
        }

        var scale = (1.0 / n) + (1.0 / m);
        return new StabilityIndex(index, ChiSquared.InvCDF(bins - 1, 1 - significance) * scale, 1 - ChiSquared.CDF(bins - 1, index / scale), bins);
    }

    /// <summary>Compares values over bins of equal count in the reference; missing values (NaN) are a bin of their own.</summary>
    public static StabilityIndex Compare(ReadOnlySpan<double> reference, ReadOnlySpan<double> current, int bins = 10, double significance = 0.01)
    {
        var edges = Edges(reference, bins);
        return Compare(Count(reference, edges), Count(current, edges), significance);
    }

    /// <summary>Ascending distinct edges that part a sample into bins of about equal count; equal values stay together. Keep them to count later samples.</summary>
    public static double[] Edges(ReadOnlySpan<double> sample, int bins = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        var sorted = sample.ToArray().Where(value => !double.IsNaN(value)).Order().ToArray();
        var edges = new List<double>(bins - 1);
        for (var bin = 1; bin < bins && sorted.Length > 0; bin++)
        {
            var edge = sorted[Math.Max(0, (int)((((long)bin * sorted.Length) + bins - 1) / bins) - 1)];
            if (edge < sorted[^1] && (edges.Count == 0 || edge > edges[^1]))
                edges.Add(edge);
        }

        // A constant would be one bin, whatever it becomes later: what is below and above it are bins too.
        return edges.Count == 0 && sorted.Length > 0 ? [Math.BitDecrement(sorted[0]), sorted[0]] : [.. edges];
    }

    /// <summary>Rows by bin: each value in the first bin whose edge is not below it, or beyond the last edge, and at the end the missing values.</summary>
    public static long[] Count(ReadOnlySpan<double> values, ReadOnlySpan<double> edges)
    {
        var counts = new long[edges.Length + 2];
        foreach (var value in values)
        {
            if (double.IsNaN(value))
            {
                counts[^1]++;
                continue;
            }

            var place = edges.BinarySearch(value);
            counts[place < 0 ? ~place : place]++;
        }

        return counts;
    }
}

/// <summary>A population stability index.</summary>
/// <param name="Critical">What it stays below at the significance asked for, if nothing drifts.</param>
/// <param name="P">Probability of this much or more, if nothing drifts.</param>
/// <param name="Bins">Bins with rows.</param>
public readonly record struct StabilityIndex(double Value, double Critical, double P, int Bins)
{
    public bool Drifted => Value > Critical;
}
