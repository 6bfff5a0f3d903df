namespace ServerlessCLM.Models;

/// <summary>One of ML.NET's regression trees, as its arrays give it.</summary>
/// <param name="LeftChild">By split: a split's number from 0, or the complement (~) of a leaf's.</param>
/// <param name="RightChild">The same.</param>
/// <param name="Feature">By split: place of the feature.</param>
/// <param name="Threshold">By split: a row goes left where its value is at most this.</param>
/// <param name="Leaf">By leaf: its value.</param>
/// <param name="Weight">The tree's weight in the ensemble.</param>
public sealed record MlNetTree(
    IReadOnlyList<int> LeftChild, IReadOnlyList<int> RightChild, IReadOnlyList<int> Feature, IReadOnlyList<float> Threshold,
    IReadOnlyList<double> Leaf, double Weight);

/// <summary>
/// Turns the trees of ML.NET's FastTree and LightGBM into the product's own, so that scoring, reasons and gates are the same for all.
/// </summary>
/// <remarks>
/// There a row goes left at most at the threshold, here below it: the threshold moves to the next greater number of single precision. A
/// missing value compares false there, and so goes right. Covers, which reasons need, are counted with the rows it was trained on.
/// </remarks>
public static class MlNetTrees
{
    /// <param name="features">Names, in the order of a row.</param>
    /// <param name="bias">Of the ensemble.</param>
    /// <param name="trees">Its trees.</param>
    /// <param name="slope">Of the Platt calibrator, or the sigmoid's factor: the margin is slope · output + offset.</param>
    /// <param name="offset">Of the calibrator.</param>
    /// <param name="rows">Training rows, to weigh branches by.</param>
    /// <exception cref="ModelFormatException">A tree that is none: a child or feature out of range, a cycle, a value that is not finite.</exception>
    public static TreeEnsemble Convert(
        IReadOnlyList<string> features, double bias, IReadOnlyList<MlNetTree> trees, double slope, double offset, TrainingSet rows)
    {
        var nodes = trees.Select((tree, place) => Nodes(tree, slope, features.Count, $"$.trees[{place}]")).ToArray();
        foreach (var (tree, place) in nodes.Select((tree, place) => (tree, place)))
            RequireTree(tree, $"$.trees[{place}]");

        var row = new float[features.Count];
        for (var index = 0; index < rows.Rows; index++)
        {
            rows.CopyRow(index, row);
            foreach (var tree in nodes)
                Count(tree, row);
        }

        // A branch that no row took still needs a weight for reasons to be exact.
        foreach (var tree in nodes)
            Floor(tree, 0);
        return new TreeEnsemble(features, (bias * slope) + offset, nodes);
    }

    /// <summary>Splits first, in their order, then leaves.</summary>
    private static TreeNode[] Nodes(MlNetTree tree, double slope, int features, string path)
    {
        var splits = tree.Feature.Count;
        if (tree.LeftChild.Count < splits || tree.RightChild.Count < splits || tree.Threshold.Count < splits || tree.Leaf.Count != splits + 1)
            throw new ModelFormatException(path, $"has {splits} splits and {tree.Leaf.Count} leaves; there must be one leaf more");

        var nodes = new TreeNode[splits + tree.Leaf.Count];
        for (var split = 0; split < splits; split++)
        {
            if (tree.Feature[split] < 0 || tree.Feature[split] >= features)
                throw new ModelFormatException($"{path}[{split}].feature", $"is {tree.Feature[split]}; there are {features}");

            nodes[split] = TreeNode.Split(tree.Feature[split], MathF.BitIncrement(tree.Threshold[split]), missingLeft: false,
                Place(tree.LeftChild[split], splits), Place(tree.RightChild[split], splits), 0);
        }

        for (var leaf = 0; leaf < tree.Leaf.Count; leaf++)
            nodes[splits + leaf] = TreeNode.Leaf((float)(tree.Leaf[leaf] * tree.Weight * slope), 0);
        return nodes;
    }

    private static int Place(int child, int splits) => child >= 0 ? child : splits + ~child;

    /// <summary>Every node but the root has one parent; only then may rows be sent down.</summary>
    private static void RequireTree(TreeNode[] tree, string path)
    {
        var parents = new int[tree.Length];
        foreach (var child in tree.Where(node => !node.IsLeaf).SelectMany(node => new[] { node.Left, node.Right }))
        {
            if (child <= 0 || child >= tree.Length || ++parents[child] > 1)
                throw new ModelFormatException(path, $"node {child} is no node's only child");
        }
    }

    private static void Count(TreeNode[] tree, float[] row)
    {
        var at = 0;
        while (true)
        {
            tree[at] = tree[at] with { Cover = tree[at].Cover + 1 };
            if (tree[at].IsLeaf)
                return;
            at = TreeEnsemble.GoesLeft(tree[at], row[tree[at].Feature]) ? tree[at].Left : tree[at].Right;
        }
    }

    private static float Floor(TreeNode[] tree, int at)
    {
        var cover = tree[at].IsLeaf ? Math.Max(tree[at].Cover, 1e-3f) : Floor(tree, tree[at].Left) + Floor(tree, tree[at].Right);
        tree[at] = tree[at] with { Cover = cover };
        return cover;
    }
}
