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
    private readonly SplitCover[] _covers;
    private readonly Vector256<double>[] _points;
    private readonly Vector256<double>[] _weights;
    private readonly int _largestTree;

    /// <exception cref="ExplanationException">A split without cover, as an imported model may have: its branches cannot be weighed.</exception>
    public TreeExplainer(TreeEnsemble ensemble)
    {
        _ensemble = ensemble;
        _covers = new SplitCover[ensemble.Nodes.Length];
        ExpectedMargin = ensemble.BaseMargin;
        var longest = 1;
        var start = 0;
        for (var tree = 0; tree < ensemble.TreeCount; tree++)
        {
            var nodes = ensemble.Tree(tree);
            var covers = _covers.AsSpan(start, nodes.Length);
            longest = Math.Max(longest, SplitCover.Fill(nodes, covers, tree));
            ExpectedMargin += SplitCover.Mean(nodes, covers);
            _largestTree = Math.Max(_largestTree, nodes.Length);
            start += nodes.Length;
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
        var vectors = ArrayPool<Vector256<double>>.Shared.Rent(features + (2 * _largestTree));
        var turns = ArrayPool<Turn>.Shared.Rent(_largestTree);
        var sums = vectors.AsSpan(0, features);
        for (var pass = 0; pass < _points.Length; pass++)
        {
            sums.Clear();
            var start = 0;
            for (var tree = 0; tree < _ensemble.TreeCount; tree++)
            {
                var nodes = _ensemble.Tree(tree);
                var walk = new TreeWalk
                {
                    Nodes = nodes,
                    Covers = _covers.AsSpan(start, nodes.Length),
                    Products = vectors.AsSpan(features, nodes.Length),
                    Below = vectors.AsSpan(features + _largestTree, nodes.Length),
                    Turns = turns,
                    Point = _points[pass],
                };
                walk.Down(row);
                walk.Up(sums);
                start += nodes.Length;
            }

            for (var feature = 0; feature < features; feature++)
                contributions[feature] += Vector256.Dot(sums[feature], _weights[pass]);
        }

        ArrayPool<Vector256<double>>.Shared.Return(vectors);
        ArrayPool<Turn>.Shared.Return(turns);
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

    /// <summary>Where the row turns at a split; <see cref="Off"/> where it left the path at an earlier split on the same feature.</summary>
    private enum Turn : byte { Off, Left, Right }

    private ref struct TreeWalk
    {
        public ReadOnlySpan<TreeNode> Nodes;
        public ReadOnlySpan<SplitCover> Covers;

        /// <summary>Product of the factors on the path to a node; of a split, without its own feature's once <see cref="Down"/> passed it.</summary>
        public Span<Vector256<double>> Products;

        /// <summary>Sum over the leaves below a node of value times factors from the node on.</summary>
        public Span<Vector256<double>> Below;

        public Span<Turn> Turns;
        public Vector256<double> Point;

        public readonly void Down(ReadOnlySpan<float> row)
        {
            var t = Point;
            var s = Vector256<double>.One - t;
            Products[0] = Vector256<double>.One;
            for (var at = 0; at < Nodes.Length; at++)
            {
                ref readonly var node = ref Nodes[at];
                if (node.IsLeaf)
                    continue;

                ref readonly var cover = ref Covers[at];
                var product = Products[at];
                if (cover.Earlier >= 0 && Turns[cover.Earlier] != (cover.EarlierIsLeft ? Turn.Left : Turn.Right))
                {
                    Turns[at] = Turn.Off;
                    Products[node.Left] = product * cover.Left;
                    Products[node.Right] = product * cover.Right;
                    continue;
                }

                if (cover.Earlier >= 0)
                    Products[at] = product /= t + (s * cover.Share);

                var left = s * (cover.Share * cover.Left);
                var right = s * (cover.Share * cover.Right);
                var goesLeft = TreeEnsemble.GoesLeft(node, row[node.Feature]);
                Turns[at] = goesLeft ? Turn.Left : Turn.Right;
                Products[node.Left] = product * (goesLeft ? left + t : left);
                Products[node.Right] = product * (goesLeft ? right : right + t);
            }
        }

        public readonly void Up(Span<Vector256<double>> sums)
        {
            var t = Point;
            var s = Vector256<double>.One - t;
            for (var at = Nodes.Length - 1; at >= 0; at--)
            {
                ref readonly var node = ref Nodes[at];
                if (node.IsLeaf)
                {
                    Below[at] = Vector256.Create((double)node.Value);
                    continue;
                }

                ref readonly var cover = ref Covers[at];
                var left = Below[node.Left];
                var right = Below[node.Right];
                var mean = (left * cover.Left) + (right * cover.Right);
                if (Turns[at] == Turn.Off)
                {
                    Below[at] = mean;
                    continue;
                }

                // The factor of a feature met again replaces its earlier one, and its earlier contribution is taken back.
                var taken = Turns[at] == Turn.Left ? left : right;
                var below = (t * taken) + (s * (mean * cover.Share));
                if (cover.Earlier >= 0)
                    below /= t + (s * cover.Share);

                Below[at] = below;
                sums[node.Feature] += Products[at] * (taken - (mean * cover.Share) - (below * (1 - cover.Share)));
            }
        }
    }
}
