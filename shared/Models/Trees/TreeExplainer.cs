using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ServerlessCLM.Models;

/// <summary>A row could not be explained; no reasons may be given for it.</summary>
public sealed class ExplanationException(string message) : Exception(message);

/// <summary>
/// Exact Shapley values of a margin, path-dependent: a feature outside a coalition is followed down both branches, weighted by their
/// covers (TreeSHAP; Lundberg and others, 2020). A row costs O(nodes) for trees whose paths hold up to 8 features, and so much again
/// for every 8 more. Safe to share between threads.
/// </summary>
/// <remarks>
/// At a leaf with value v a coalition S is worth v Π_{i in S} o_i Π_{i not in S} z_i: o_i is 1 where the row follows the leaf's path at
/// every split on feature i, else 0, and z_i is the product of the cover shares along these splits. The Shapley weight s!(d−1−s)!/d! is
/// ∫ t^s (1−t)^(d−1−s) dt over 0 to 1, so the leaf gives feature i v (o_i − z_i) ∫ Π_{j≠i} (o_j t + z_j (1−t)) dt. That is the integral of
/// a polynomial, which Gauss–Legendre quadrature takes exactly; a vector holds four points, enough for degree 7. The factors of a
/// path are multiplied on the way down the tree and the sums over the leaves below are taken on the way up (Linear TreeShap; Yu and others, 2022).
/// </remarks>
public sealed class TreeExplainer
{
    /// <summary>How far the sum of contributions may miss the margin, relative to 1 plus its size.</summary>
    public const double Tolerance = 1e-6;

    private const int PointsPerPass = 4;

    private readonly TreeEnsemble _ensemble;
    private readonly ExplainedTree[] _trees;
    private readonly Vector256<double>[] _points;
    private readonly Vector256<double>[] _weights;
    private readonly int _largestTree;

    /// <exception cref="ExplanationException">A split without cover, as an imported model may have: its branches cannot be weighed.</exception>
    public TreeExplainer(TreeEnsemble ensemble)
    {
        _ensemble = ensemble;
        _trees = new ExplainedTree[ensemble.TreeCount];
        ExpectedMargin = ensemble.BaseMargin;
        var longest = 1;
        for (var tree = 0; tree < _trees.Length; tree++)
        {
            _trees[tree] = new ExplainedTree(ensemble.Tree(tree), tree, ensemble.Features.Count);
            ExpectedMargin += _trees[tree].Mean;
            longest = Math.Max(longest, _trees[tree].MostFeatures);
            _largestTree = Math.Max(_largestTree, _trees[tree].Nodes);
        }

        var passes = (longest + (2 * PointsPerPass) - 1) / (2 * PointsPerPass);
        var (points, weights) = GaussLegendre.Rule(passes * PointsPerPass);
        _points = MemoryMarshal.Cast<double, Vector256<double>>(points).ToArray();
        _weights = MemoryMarshal.Cast<double, Vector256<double>>(weights).ToArray();
    }

    /// <summary>Mean margin of the training rows, as covers weigh them: what the contributions are added to.</summary>
    public double ExpectedMargin { get; }

    /// <summary>Fills each feature's share in the margin of a row.</summary>
    /// <param name="row">As for <see cref="TreeEnsemble.Margin"/>.</param>
    /// <param name="contributions">One per feature, in units of the margin; overwritten.</param>
    /// <returns>The expected margin. It and the contributions add up to the margin of the row, which has been checked.</returns>
    /// <exception cref="ExplanationException">They do not add up.</exception>
    public double Explain(ReadOnlySpan<float> row, Span<double> contributions)
    {
        var features = _ensemble.Features.Count;
        if (contributions.Length != features)
            throw new ArgumentException($"There are {features} contributions, not {contributions.Length}.", nameof(contributions));

        var margin = _ensemble.Margin(row);
        contributions.Clear();
        var vectors = ArrayPool<Vector256<double>>.Shared.Rent((2 * features) + (2 * _largestTree));
        var next = ArrayPool<int>.Shared.Rent(_largestTree);
        var values = ArrayPool<float>.Shared.Rent(2 * features);
        for (var feature = 0; feature < features; feature++)
        {
            var isMissing = !float.IsFinite(row[feature]);
            values[feature] = isMissing ? float.NegativeInfinity : row[feature];
            values[features + feature] = isMissing ? float.PositiveInfinity : row[feature];
        }

        var sums = vectors.AsSpan(0, 2 * features);
        for (var pass = 0; pass < _points.Length; pass++)
        {
            sums.Clear();
            Add(values, vectors, next, _points[pass]);
            for (var feature = 0; feature < features; feature++)
                contributions[feature] += Vector256.Dot(sums[feature] + sums[features + feature], _weights[pass]);
        }

        ArrayPool<Vector256<double>>.Shared.Return(vectors);
        ArrayPool<int>.Shared.Return(next);
        ArrayPool<float>.Shared.Return(values);
        return Checked(ExpectedMargin, contributions, margin);
    }

    /// <summary>The expected margin, once the contributions are seen to add up.</summary>
    internal static double Checked(double expected, ReadOnlySpan<double> contributions, double margin)
    {
        var total = expected;
        foreach (var contribution in contributions)
            total += contribution;

        // Written so that a sum which is not a number fails too.
        return Math.Abs(total - margin) <= Tolerance * (1 + Math.Abs(margin))
            ? expected
            : throw new ExplanationException($"the contributions add up to {total:G9} and the margin is {margin:G9}, so no reasons can be given");
    }

    /// <summary>Adds every tree's integrand at the points of one pass to the sums, which stand first in the scratch, one per place of a feature.</summary>
    private unsafe void Add(float[] row, Vector256<double>[] scratch, int[] turns, Vector256<double> point)
    {
        fixed (Vector256<double>* sums = scratch)
        fixed (int* next = turns)
        fixed (float* values = row)
        {
            var products = sums + (2 * _ensemble.Features.Count);
            var below = products + _largestTree;
            foreach (var tree in _trees)
            {
                fixed (ExplainedSplit* splits = tree.Splits)
                {
                    Down(splits, tree.Splits.Length, values, products, next, point);
                    foreach (var (at, value) in tree.Leaves)
                        below[at] = Vector256.Create((double)value);
                    Up(splits, tree.Splits.Length, products, below, next, sums, point);
                }
            }
        }
    }

    /// <summary>Fills, for each split, the product of the other features' factors on its path and the child that the row goes to: −1
    /// where it left the path at an earlier split on the same feature.</summary>
    private static unsafe void Down(
        ExplainedSplit* splits, int count, float* values, Vector256<double>* products, int* turns, Vector256<double> t)
    {
        var s = Vector256<double>.One - t;
        var next = turns;
        products[0] = Vector256<double>.One;
        for (var split = splits; split < splits + count; split++, next++)
        {
            var product = products[split->At];
            var (leftAt, rightAt) = (split->LeftAt, split->RightAt);
            if (split->Earlier >= 0)
            {
                if (turns[split->Earlier] != split->EarlierNext)
                {
                    *next = -1;
                    products[leftAt] = product * split->Left;
                    products[rightAt] = product * split->Right;
                    continue;
                }

                // A feature met again: its new factor takes the place of the earlier one.
                products[split->At] = product /= t + (s * split->Share);
            }

            // No branch on the turn, which is as good as random: 0 or all bits.
            var toLeft = Vector128.LessThan(
                Vector128.CreateScalarUnsafe(values[split->Place]), Vector128.CreateScalarUnsafe(split->Threshold)).AsInt32().ToScalar();
            *next = rightAt + ((leftAt - rightAt) & toLeft);
            var goes = Vector256.Create((long)toLeft).AsDouble();
            var followed = product * t;
            var not = product * s * split->Share;
            var left = not * split->Left;
            products[leftAt] = left + (followed & goes);
            products[rightAt] = (not - left) + Vector256.AndNot(followed, goes);
        }
    }

    /// <summary>Sums over the leaves below, of value times factors from the split on, and from them the splits' parts in the features' sums.</summary>
    private static unsafe void Up(
        ExplainedSplit* splits, int count, Vector256<double>* products, Vector256<double>* below, int* next, Vector256<double>* sums, Vector256<double> t)
    {
        var s = Vector256<double>.One - t;
        for (var i = count - 1; i >= 0; i--)
        {
            var split = splits + i;
            var right = below[split->RightAt];
            var mean = right + ((below[split->LeftAt] - right) * split->Left);
            var to = next[i];
            if (to < 0)
            {
                below[split->At] = mean;
                continue;
            }

            var taken = below[to];
            if (split->Earlier < 0)
            {
                below[split->At] = (t * taken) + (s * mean);
                sums[split->Place] += products[split->At] * (taken - mean);
                continue;
            }

            // The earlier factor is divided out, and what the earlier split gave the feature is taken back.
            var shared = mean * split->Share;
            var whole = ((t * taken) + (s * shared)) / (t + (s * split->Share));
            below[split->At] = whole;
            sums[split->Place] += products[split->At] * (taken - shared - (whole * (1 - split->Share)));
        }
    }
}
