namespace ServerlessCLM.Models;

/// <summary>Grows one tree after another on the same rows, level by level.</summary>
internal sealed partial class TreeGrower
{
    /// <summary>XGBoost's least gain of a split.</summary>
    private const double LeastGain = 1e-6;

    private readonly BinnedRows _rows;
    private readonly Gradients _gradients;
    private readonly TreeOptions _options;
    private readonly float[] _margins;
    private readonly int[] _order;
    private readonly int[] _scratch;
    private readonly Stack<long[]> _histograms = new();

    public TreeGrower(BinnedRows rows, Gradients gradients, float[] margins, TreeOptions options)
    {
        (_rows, _gradients, _margins, _options) = (rows, gradients, margins, options);
        (_order, _scratch) = (new int[rows.Rows], new int[rows.Rows]);
    }

    /// <summary>Grows a tree on the current gradients and adds its leaves to the margins.</summary>
    /// <param name="tree">Number of the tree, which its samples follow from.</param>
    public TreeNode[] Grow(int tree)
    {
        var sample = new TreeSample(_options, tree, _rows);
        var (sampled, leftOut) = new Stretch(0, _rows.Rows).Divide(sample.Rows(_order));
        var search = new SplitSearch(_gradients.Unit, _options);
        var nodes = new List<TreeNode> { default };
        var level = new List<OpenNode> { new() { Id = 0, Sampled = sampled, LeftOut = leftOut, Sum = SumOf(Rows(sampled)) } };
        var leaves = new List<OpenNode>();
        BuildHistograms(level, sample);
        for (var depth = 0; depth < _options.Depth && level.Count > 0; depth++)
        {
            FindSplits(level, search, sample);
            leaves.AddRange(level.Where(node => node.Split.Feature < 0));
            level.RemoveAll(node => node.Split.Feature < 0);
            Partition(level);
            var children = Divide(level, nodes, search);
            if (depth + 1 < _options.Depth)
                BuildChildHistograms(children, sample);
            else
                level.ForEach(Release);
            level = children;
        }

        leaves.AddRange(level);
        foreach (var leaf in leaves)
            nodes[leaf.Id] = TreeNode.Leaf((float)(_options.LearningRate * leaf.Weight(search)), (float)search.Hessian(leaf.Sum));

        // Back into the pool: the histograms of leaves that were searched for a split in vain.
        foreach (var leaf in leaves)
            Release(leaf);

        Workers.For(leaves.Count, _options.Threads, i =>
        {
            var value = nodes[leaves[i].Id].Value;
            foreach (var row in Rows(leaves[i].Sampled))
                _margins[row] += value;
            foreach (var row in Rows(leaves[i].LeftOut))
                _margins[row] += value;
        });
        return [.. nodes];
    }

    private long SumOf(ReadOnlySpan<int> rows)
    {
        long sum = 0;
        foreach (var row in rows)
            sum += _gradients.Packed[row];
        return sum;
    }

    private void FindSplits(List<OpenNode> level, SplitSearch search, TreeSample sample)
    {
        var features = sample.Features;
        var found = new SplitCandidate[level.Count * features.Length];
        Workers.For(found.Length, _options.Threads, i =>
        {
            var (node, place) = (level[i / features.Length], features[i % features.Length]);
            var feature = _rows.Features[place];
            found[i] = node.Histogram is null
                ? SplitCandidate.None
                : search.Best(place, feature, node.Histogram.AsSpan(feature.FirstBin, feature.Bins.Bins), node.Sum, node.Bounds);
        });

        for (var node = 0; node < level.Count; node++)
        {
            level[node].Split = SplitCandidate.None;
            foreach (var candidate in found.AsSpan(node * features.Length, features.Length))
            {
                if (candidate.Gain > Math.Max(level[node].Split.Gain, LeastGain))
                    level[node].Split = candidate;
            }
        }
    }

    /// <summary>Turns split nodes into nodes of the tree and opens their children.</summary>
    private List<OpenNode> Divide(List<OpenNode> level, List<TreeNode> nodes, SplitSearch search)
    {
        var children = new List<OpenNode>(2 * level.Count);
        foreach (var node in level)
        {
            var split = node.Split;
            var feature = _rows.Features[split.Feature];
            var (sampled, leftOut) = (node.Sampled.Divide(node.SampledLeft), node.LeftOut.Divide(node.LeftOutLeft));
            var left = new OpenNode
            {
                Id = nodes.Count, Sampled = sampled.Left, LeftOut = leftOut.Left, Sum = split.Left, Bounds = node.Bounds, Parent = node,
            };
            var right = new OpenNode
            {
                Id = nodes.Count + 1, Sampled = sampled.Right, LeftOut = leftOut.Right, Sum = node.Sum - split.Left, Bounds = node.Bounds, Parent = node,
            };

            // Every leaf below on one side stays on its side of the middle, and so the whole tree is monotone.
            if (feature.Direction != 0)
            {
                var middle = (left.Weight(search) + right.Weight(search)) / 2;
                var (below, above) = feature.Direction > 0 ? (left, right) : (right, left);
                below.Bounds = (node.Bounds.Lower, middle);
                above.Bounds = (middle, node.Bounds.Upper);
            }

            nodes[node.Id] = TreeNode.Split(
                feature.Feature, feature.Bins.Cuts[split.Bin], split.MissingLeft, left.Id, right.Id, (float)search.Hessian(node.Sum));
            nodes.Add(default);
            nodes.Add(default);
            children.Add(left);
            children.Add(right);
        }

        return children;
    }

    private sealed class OpenNode
    {
        public required int Id { get; init; }

        /// <summary>Its rows of the sample.</summary>
        public required Stretch Sampled { get; init; }

        /// <summary>Its rows outside the sample, which learn nothing but move with the others.</summary>
        public required Stretch LeftOut { get; init; }

        /// <summary>Packed.</summary>
        public required long Sum { get; init; }

        public (double Lower, double Upper) Bounds { get; set; } = (double.NegativeInfinity, double.PositiveInfinity);

        public long[]? Histogram { get; set; }

        public SplitCandidate Split { get; set; } = SplitCandidate.None;

        /// <summary>How many sampled rows go left.</summary>
        public int SampledLeft { get; set; }

        public int LeftOutLeft { get; set; }

        public OpenNode? Parent { get; init; }

        public double Weight(SplitSearch search) => Math.Min(Math.Max(search.Weight(Sum), Bounds.Lower), Bounds.Upper);
    }
}
