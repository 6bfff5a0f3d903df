namespace ServerlessCLM.Models;

/// <summary>What explanations know of a tree beforehand, the same for every row.</summary>
internal sealed class ExplainedTree
{
    /// <param name="width">Values in a row.</param>
    /// <exception cref="ExplanationException">A split whose children have no cover.</exception>
    public ExplainedTree(ReadOnlySpan<TreeNode> nodes, int tree, int width)
    {
        Nodes = nodes.Length;
        var splits = new List<ExplainedSplit>();
        var leaves = new List<(int At, float Value)>();
        var parents = new int[nodes.Length];
        var indices = new int[nodes.Length];
        var features = new int[nodes.Length];
        parents[0] = -1;
        for (var at = 0; at < nodes.Length; at++)
        {
            ref readonly var node = ref nodes[at];
            if (node.IsLeaf)
            {
                leaves.Add((at, node.Value));
                MostFeatures = Math.Max(MostFeatures, features[at]);
                continue;
            }

            parents[node.Left] = parents[node.Right] = at;
            var (left, right) = ((double)nodes[node.Left].Cover, (double)nodes[node.Right].Cover);
            if (!(left + right > 0))
                throw new ExplanationException($"tree {tree} has a split at node {at} whose children have no cover");

            var (earlier, next) = EarlierSplit(nodes, parents, at);
            var share = 1.0;
            if (earlier >= 0)
                share = splits[indices[earlier]].Share * (nodes[earlier].Left == next ? splits[indices[earlier]].Left : splits[indices[earlier]].Right);
            indices[at] = splits.Count;
            splits.Add(new ExplainedSplit
            {
                Place = node.MissingLeft ? node.Feature : width + node.Feature, Threshold = node.Threshold, At = at, RightAt = node.Right,
                Left = left / (left + right), Share = share, Earlier = earlier < 0 ? -1 : indices[earlier], EarlierNext = next,
            });
            features[node.Left] = features[node.Right] = features[at] + (earlier < 0 ? 1 : 0);
        }

        Splits = [.. splits];
        Leaves = [.. leaves];
        Mean = MeanOf(nodes.Length);
    }

    public int Nodes { get; }

    /// <summary>Parents before their children.</summary>
    public ExplainedSplit[] Splits { get; }

    public (int At, float Value)[] Leaves { get; }

    /// <summary>The most features on a path.</summary>
    public int MostFeatures { get; }

    /// <summary>Mean of the leaves as covers weigh them.</summary>
    public double Mean { get; }

    private double MeanOf(int nodes)
    {
        var means = new double[nodes];
        foreach (var (at, value) in Leaves)
            means[at] = value;
        foreach (var split in Splits.AsEnumerable().Reverse())
            means[split.At] = (split.Left * means[split.LeftAt]) + (split.Right * means[split.RightAt]);
        return means[0];
    }

    /// <summary>The nearest split above on the same feature, and its child on the path; −1 and −1 without one.</summary>
    private static (int Split, int Next) EarlierSplit(ReadOnlySpan<TreeNode> nodes, int[] parents, int at)
    {
        for (var below = at; parents[below] >= 0; below = parents[below])
        {
            if (nodes[parents[below]].Feature == nodes[at].Feature)
                return (parents[below], below);
        }

        return (-1, -1);
    }
}

internal readonly struct ExplainedSplit
{
    /// <summary>Share of the left child in the children's cover.</summary>
    public required double Left { get; init; }

    public double Right => 1 - Left;

    /// <summary>Product of the shares that the path takes at earlier splits on the same feature; 1 without any.</summary>
    public required double Share { get; init; }

    /// <summary>Place of the feature in a row in which missing values are below every threshold, and after it one in which they are above.</summary>
    public required int Place { get; init; }

    public required float Threshold { get; init; }

    /// <summary>The node.</summary>
    public required int At { get; init; }

    public int LeftAt => At + 1;

    public required int RightAt { get; init; }

    /// <summary>The earlier split on the same feature, among the splits; −1 without one.</summary>
    public required int Earlier { get; init; }

    /// <summary>The node to which the path goes from there.</summary>
    public required int EarlierNext { get; init; }
}
