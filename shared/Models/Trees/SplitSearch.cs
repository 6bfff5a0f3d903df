using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ServerlessCLM.Models;

/// <summary>A way to divide a node's rows.</summary>
/// <param name="Gain">Fall of the regularised loss, times two.</param>
/// <param name="Feature">Place among the binned features.</param>
/// <param name="Bin">Values in bins up to this one go left.</param>
/// <param name="Left">Packed sum of the left rows.</param>
internal readonly record struct SplitCandidate(double Gain, int Feature, int Bin, bool MissingLeft, long Left)
{
    public static SplitCandidate None { get; } = new(double.NegativeInfinity, -1, -1, MissingLeft: false, 0);
}

/// <summary>
/// Finds the best split of a node by second-order gain (XGBoost; Chen and Guestrin, 2016, equation 7): G² / (H + λ) of the children
/// less that of the node. Under a monotone constraint children's weights −G / (H + λ) are first held within the node's bounds.
/// </summary>
internal readonly struct SplitSearch
{
    private const int Lanes = 8;

    /// <summary>Bins of the longest feature, made up to whole vectors.</summary>
    public const int ScratchLength = 256 + Lanes;

    private readonly Vector512<double> _gradientUnit;
    private readonly Vector512<double> _hessianUnit;
    private readonly Vector512<double> _l2;
    private readonly Vector512<double> _leastHessian;
    private readonly bool _bounded;

    public SplitSearch((double Gradient, double Hessian) unit, TreeOptions options)
    {
        Unit = unit;
        _gradientUnit = Vector512.Create(unit.Gradient);
        _hessianUnit = Vector512.Create(unit.Hessian);
        _l2 = Vector512.Create(options.L2);
        // At least one unit: a child without rows, or without curvature, is none.
        _leastHessian = Vector512.Create(Math.Max(options.MinChildWeight, unit.Hessian));
        _bounded = options.Monotone?.Values.Any(direction => direction != 0) ?? false;
    }

    public (double Gradient, double Hessian) Unit { get; }

    /// <summary>Best weight of rows with this packed sum, before bounds.</summary>
    public double Weight(long sum) => -(sum >> 32) * Unit.Gradient / (Hessian(sum) + _l2[0]);

    public double Hessian(long sum) => (uint)sum * Unit.Hessian;

    /// <summary>The best split by one feature; the first of equals.</summary>
    /// <param name="bins">The feature's part of the node's histogram.</param>
    /// <param name="bounds">The node's bounds of weights.</param>
    public SplitCandidate Best(int place, BinnedFeature feature, ReadOnlySpan<long> bins, long sum, (double Lower, double Upper) bounds)
    {
        var valueBins = feature.Bins.ValueBins;
        var missing = feature.Bins.HasMissing ? bins[valueBins] : 0;

        // The last cut divides what is present from what is missing; without missing rows it divides nothing.
        var count = missing == 0 ? valueBins - 1 : valueBins;
        Span<long> lefts = stackalloc long[ScratchLength];
        var padded = (count + Lanes - 1) & -Lanes;
        long left = 0;
        for (var bin = 0; bin < count; bin++)
            lefts[bin] = left += bins[bin];

        // Beyond the last bin everything is on the left, which is no split.
        lefts[count..padded].Fill(sum);
        var parent = Score(Weight(sum), sum, bounds);
        var vectors = MemoryMarshal.Cast<long, Vector512<long>>(lefts[..padded]);
        var (right, rightBin) = Scan(vectors, sum, 0, feature.Direction, bounds);
        if (missing == 0)
            return Candidate(right, rightBin, lefts, missingLeft: (uint)(sum - lefts[rightBin]) < (uint)lefts[rightBin], 0);

        lefts[count..padded].Fill(sum - missing);
        var (other, otherBin) = Scan(vectors, sum, missing, feature.Direction, bounds);
        return right >= other
            ? Candidate(right, rightBin, lefts, missingLeft: false, 0)
            : Candidate(other, otherBin, lefts, missingLeft: true, missing);

        SplitCandidate Candidate(double score, int bin, Span<long> lefts, bool missingLeft, long added) =>
            double.IsNegativeInfinity(score) ? SplitCandidate.None : new(score - parent, place, bin, missingLeft, lefts[bin] + added);
    }

    private double Score(double weight, long sum, (double Lower, double Upper) bounds)
    {
        weight = Math.Min(Math.Max(weight, bounds.Lower), bounds.Upper);
        return -weight * ((2 * (sum >> 32) * Unit.Gradient) + ((Hessian(sum) + _l2[0]) * weight));
    }

    private (double Score, int Bin) Scan(
        ReadOnlySpan<Vector512<long>> lefts, long sum, long missing, int direction, (double Lower, double Upper) bounds)
    {
        var total = Vector512.Create(sum);
        var added = Vector512.Create(missing);
        var best = Vector512.Create(double.NegativeInfinity);
        var bestAt = Vector512<long>.Zero;
        var at = Vector512.Create(0L, 1, 2, 3, 4, 5, 6, 7);
        foreach (var prefix in lefts)
        {
            var left = prefix + added;
            var right = total - left;
            Vector512<double> gl = Upper(left) * _gradientUnit, hl = Lower(left) * _hessianUnit;
            Vector512<double> gr = Upper(right) * _gradientUnit, hr = Lower(right) * _hessianUnit;
            var allowed = Vector512.GreaterThanOrEqual(hl, _leastHessian) & Vector512.GreaterThanOrEqual(hr, _leastHessian);
            hl += _l2;
            hr += _l2;
            var score = _bounded
                ? Bounded(gl, hl, gr, hr, direction, bounds, ref allowed)
                : ((gl * gl * hr) + (gr * gr * hl)) / (hl * hr);
            var better = Vector512.GreaterThan(score, best) & allowed;
            best = Vector512.ConditionalSelect(better, score, best);
            bestAt = Vector512.ConditionalSelect(better.AsInt64(), at, bestAt);
            at += Vector512.Create((long)Lanes);
        }

        var (bestScore, bestBin) = (best[0], bestAt[0]);
        for (var lane = 1; lane < Lanes; lane++)
        {
            if (best[lane] > bestScore || (best[lane] == bestScore && bestAt[lane] < bestBin))
                (bestScore, bestBin) = (best[lane], bestAt[lane]);
        }

        return (bestScore, (int)bestBin);
    }

    private static Vector512<double> Bounded(
        Vector512<double> gl, Vector512<double> hl, Vector512<double> gr, Vector512<double> hr, int direction,
        (double Lower, double Upper) bounds, ref Vector512<double> allowed)
    {
        var (lower, upper) = (Vector512.Create(bounds.Lower), Vector512.Create(bounds.Upper));
        var wl = Vector512.Min(Vector512.Max(-gl / hl, lower), upper);
        var wr = Vector512.Min(Vector512.Max(-gr / hr, lower), upper);
        if (direction > 0)
            allowed &= Vector512.LessThanOrEqual(wl, wr);
        else if (direction < 0)
            allowed &= Vector512.GreaterThanOrEqual(wl, wr);

        return -((wl * ((gl + gl) + (hl * wl))) + (wr * ((gr + gr) + (hr * wr))));
    }

    /// <summary>The lower halves, unsigned, as doubles: put into the mantissa of 2^52, which is then taken away.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Lower(Vector512<long> packed) =>
        ((packed & Vector512.Create(0xFFFFFFFFL)) | Vector512.Create(0x4330000000000000)).AsDouble() - Vector512.Create(4503599627370496.0);

    /// <summary>The upper halves, signed, as doubles: raised by 2^31 to be unsigned.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Upper(Vector512<long> packed) =>
        (((packed ^ Vector512.Create(long.MinValue)) >>> 32) | Vector512.Create(0x4330000000000000)).AsDouble()
        - Vector512.Create(4503599627370496.0 + 2147483648.0);
}
