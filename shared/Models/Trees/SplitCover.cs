namespace ServerlessCLM.Models;

/// <summary>What explanations know of a split beforehand, the same for every row.</summary>
internal readonly struct SplitCover
{
    /// <summary>Shares of the children in their cover; they add up to 1.</summary>
    public required double Left { get; init; }

    public double Right => 1 - Left;

    /// <summary>Product of the cover shares that the path takes at earlier splits on the same feature; 1 without any.</summary>
    public required double Share { get; init; }

    /// <summary>The nearest earlier split on the same feature; −1 without one.</summary>
    public required int Earlier { get; init; }

    /// <summary>Whether the path turns left there.</summary>
    public required bool EarlierIsLeft { get; init; }

    /// <summary>Fills the covers of a tree in preorder.</summary>
    /// <returns>The most features on a path.</returns>
    public static int Fill(ReadOnlySpan<TreeNode> nodes, Span<SplitCover> covers, int tree)
    {
        var parents = new int[nodes.Length];
        var features = new int[nodes.Length];
        parents[0] = -1;
        var most = 0;
        for (var at = 0; at < nodes.Length; at++)
        {
            ref readonly var node = ref nodes[at];
            if (node.IsLeaf)
                continue;

            parents[node.Left] = parents[node.Right] = at;
            var (left, right) = ((double)nodes[node.Left].Cover, (double)nodes[node.Right].Cover);
            if (!(left + right > 0))
                throw new ExplanationException($"tree {tree} has a split at node {at} whose children have no cover");

            var (earlier, side) = EarlierSplit(nodes, parents, at);
            var share = earlier < 0 ? 1 : covers[earlier].Share * (side ? covers[earlier].Left : covers[earlier].Right);
            covers[at] = new SplitCover { Left = left / (left + right), Share = share, Earlier = earlier, EarlierIsLeft = side };
            features[node.Left] = features[node.Right] = features[at] + (earlier < 0 ? 1 : 0);
            most = Math.Max(most, features[node.Left]);
        }

        return most;
    }

    /// <summary>Mean of a tree's leaves as covers weigh them.</summary>
    public static double Mean(ReadOnlySpan<TreeNode> nodes, ReadOnlySpan<SplitCover> covers)
    {
        var means = new double[nodes.Length];
        for (var at = nodes.Length - 1; at >= 0; at--)
        {
            ref readonly var node = ref nodes[at];
            means[at] = node.IsLeaf ? node.Value : (covers[at].Left * means[node.Left]) + (covers[at].Right * means[node.Right]);
        }

        return means[0];
    }

    private static (int Split, bool IsLeft) EarlierSplit(ReadOnlySpan<TreeNode> nodes, int[] parents, int at)
    {
        for (var below = at; parents[below] >= 0; below = parents[below])
        {
            var split = parents[below];
            if (nodes[split].Feature == nodes[at].Feature)
                return (split, nodes[split].Left == below);
        }

        return (-1, false);
    }
}
