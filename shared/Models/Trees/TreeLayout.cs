namespace ServerlessCLM.Models;

/// <summary>Checks of what comes from outside before it becomes a <see cref="TreeEnsemble"/>.</summary>
internal static class TreeLayout
{
    public static string[] CheckFeatures(IReadOnlyList<string> features, string path)
    {
        if (features.Count == 0)
            throw new ModelFormatException(path, "must name at least one feature");

        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var place = 0; place < features.Count; place++)
        {
            if (string.IsNullOrWhiteSpace(features[place]))
                throw new ModelFormatException($"{path}[{place}]", "must be a name");
            if (!seen.TryAdd(features[place], place))
                throw new ModelFormatException($"{path}[{place}]", $"names \"{features[place]}\" again, after place {seen[features[place]]}");
        }

        return [.. features];
    }

    /// <summary>Copies a tree's nodes into preorder; refuses what is no tree.</summary>
    public static void InPreorder(ReadOnlySpan<TreeNode> nodes, int features, Func<int, string> pathOf, Span<TreeNode> ordered)
    {
        if (nodes.IsEmpty)
            throw new ModelFormatException(pathOf(0), "is missing: a tree has at least one node");

        for (var at = 0; at < nodes.Length; at++)
            Check(nodes, at, features, pathOf(at));

        var visited = new bool[nodes.Length];
        var open = new Stack<(int Node, int Parent, bool IsLeft)>();
        open.Push((0, -1, false));
        var count = 0;
        while (open.TryPop(out var next))
        {
            if (visited[next.Node])
                throw new ModelFormatException(pathOf(next.Node), "is reached twice: a cycle, or two parents");

            visited[next.Node] = true;
            if (next.Parent >= 0)
                ordered[next.Parent] = next.IsLeft ? ordered[next.Parent] with { Left = count } : ordered[next.Parent] with { Right = count };

            var node = nodes[next.Node];
            ordered[count] = node;
            if (!node.IsLeaf)
            {
                open.Push((node.Right, count, false));
                open.Push((node.Left, count, true));
            }

            count++;
        }

        if (count < nodes.Length)
            throw new ModelFormatException(pathOf(Array.IndexOf(visited, false)), "is never reached from the root");
    }

    private static void Check(ReadOnlySpan<TreeNode> nodes, int at, int features, string path)
    {
        var node = nodes[at];
        if (!float.IsFinite(node.Cover) || node.Cover < 0)
            throw new ModelFormatException($"{path}.cover", "must be finite and not negative");

        if (node.IsLeaf)
        {
            if (!float.IsFinite(node.Value))
                throw new ModelFormatException($"{path}.leaf", "must be finite");
            return;
        }

        if (node.Feature >= features)
            throw new ModelFormatException($"{path}.feature", $"is {node.Feature}, but there are {features} features");
        if (!float.IsFinite(node.Threshold))
            throw new ModelFormatException($"{path}.below", "must be finite");
        if ((uint)node.Left >= (uint)nodes.Length)
            throw new ModelFormatException($"{path}.left", $"is {node.Left}, but the tree has {nodes.Length} nodes");
        if ((uint)node.Right >= (uint)nodes.Length)
            throw new ModelFormatException($"{path}.right", $"is {node.Right}, but the tree has {nodes.Length} nodes");
    }
}
