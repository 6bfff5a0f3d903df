using System.Buffers;
using System.Runtime.Intrinsics;

namespace ServerlessCLM.Models;

/// <summary>
/// Trees whose leaves add up to a margin: the log odds after logistic training, the amount after training on squared error.
/// Immutable, and safe to share between threads.
/// </summary>
public sealed partial class TreeEnsemble
{
    // A batch of fewer rows is scored row by row.
    private const int LeastGroup = 12;

    private readonly int[] _starts;
    private readonly PackedTrees? _packed;

    /// <summary>Trees as nodes in any order, the root first.</summary>
    /// <param name="features">Names in the order of a row; none twice.</param>
    /// <param name="baseMargin">Margin before the first tree.</param>
    /// <exception cref="ModelFormatException">A node that is no tree's: a cycle, a child or feature out of range, a value that is not finite.</exception>
    public TreeEnsemble(IReadOnlyList<string> features, double baseMargin, IReadOnlyList<TreeNode[]> trees)
        : this(features, baseMargin, trees, (tree, node) => $"$.trees[{tree}][{node}]")
    {
    }

    private TreeEnsemble(IReadOnlyList<string> features, double baseMargin, IReadOnlyList<TreeNode[]> trees, Func<int, int, string> pathOf)
    {
        if (!double.IsFinite(baseMargin))
            throw new ModelFormatException("$.baseMargin", "must be finite");

        Features = TreeLayout.CheckFeatures(features, "$.features");
        BaseMargin = baseMargin;
        _starts = new int[trees.Count + 1];
        for (var tree = 0; tree < trees.Count; tree++)
            _starts[tree + 1] = _starts[tree] + trees[tree].Length;

        var nodes = new TreeNode[_starts[^1]];
        for (var tree = 0; tree < trees.Count; tree++)
        {
            var index = tree;
            TreeLayout.InPreorder(trees[tree], Features.Count, node => pathOf(index, node), nodes.AsSpan(_starts[tree], trees[tree].Length));
        }

        Nodes = nodes;
        _packed = PackedTrees.Of(this);
    }

    /// <summary>Names, in the order of a row.</summary>
    public IReadOnlyList<string> Features { get; }

    public int TreeCount => _starts.Length - 1;

    /// <summary>Margin before the first tree.</summary>
    public double BaseMargin { get; }

    /// <summary>Nodes of all trees, each tree in preorder: a left child follows its parent. Children are counted from their tree's root.</summary>
    internal TreeNode[] Nodes { get; }

    /// <summary>The nodes of one tree in preorder, children counted from its root.</summary>
    public ReadOnlySpan<TreeNode> Tree(int tree) => Nodes.AsSpan(_starts[tree].._starts[tree + 1]);

    /// <summary>The thresholds of a feature's splits, ascending, none twice.</summary>
    public IReadOnlyList<float> Thresholds(int feature) =>
        [.. Nodes.Where(node => node.Feature == feature).Select(node => node.Threshold).Distinct().Order()];

    /// <summary>Margin of one row.</summary>
    /// <param name="row">As many values as <see cref="Features"/>; NaN and infinities are missing.</param>
    public double Margin(ReadOnlySpan<float> row)
    {
        if (row.Length != Features.Count)
            throw new ArgumentException($"A row has {Features.Count} values, not {row.Length}.", nameof(row));

        if (_packed is not null)
            return _packed.Margin(row);

        var margin = BaseMargin;
        for (var tree = 0; tree < TreeCount; tree++)
            margin += Leaf(Tree(tree), row);
        return margin;
    }

    /// <summary>Margins of many rows, bit for bit those of <see cref="Margin"/>.</summary>
    /// <param name="rows">Row after row.</param>
    /// <param name="width">Values from the start of one row to the next, at least as many as <see cref="Features"/>.</param>
    /// <param name="margins">One per row.</param>
    public void Margins(ReadOnlySpan<float> rows, int width, Span<double> margins)
    {
        if (width < Features.Count)
            throw new ArgumentException($"Rows have {Features.Count} values, more than a width of {width}.", nameof(width));
        if (rows.Length < (long)width * (margins.Length - 1) + (margins.Length > 0 ? Features.Count : 0))
            throw new ArgumentException($"There are fewer values than {margins.Length} rows of {width} need.", nameof(rows));

        var done = _packed is null ? 0 : ScoreGroups(_packed, rows, width, margins);
        for (var row = done; row < margins.Length; row++)
            margins[row] = Margin(rows.Slice(row * width, Features.Count));
    }

    /// <returns>How many rows have been scored, from the first.</returns>
    private static int ScoreGroups(PackedTrees packed, ReadOnlySpan<float> rows, int width, Span<double> margins)
    {
        if (margins.Length < LeastGroup || !Vector256.IsHardwareAccelerated)
            return 0;

        var scratch = ArrayPool<int>.Shared.Rent(packed.ScratchLength);
        var done = 0;
        while (margins.Length - done >= LeastGroup)
        {
            var count = Math.Min(PackedTrees.GroupRows, margins.Length - done);
            packed.Margins(rows[(done * width)..], width, margins.Slice(done, count), scratch);
            done += count;
        }

        ArrayPool<int>.Shared.Return(scratch);
        return done;
    }

    internal static float Leaf(ReadOnlySpan<TreeNode> tree, ReadOnlySpan<float> row)
    {
        var at = 0;
        while (!tree[at].IsLeaf)
            at = GoesLeft(tree[at], row[tree[at].Feature]) ? tree[at].Left : tree[at].Right;
        return tree[at].Value;
    }

    internal static bool GoesLeft(in TreeNode split, float value) => float.IsFinite(value) ? value < split.Threshold : split.MissingLeft;
}
