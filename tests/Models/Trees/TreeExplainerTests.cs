using System.Numerics;
using ServerlessCLM.Models;

namespace ServerlessCLM.Tests.Models.Trees;

public class TreeExplainerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(9)]
    public void Contributions_are_the_Shapley_values_of_all_coalitions(int depth)
    {
        var training = Tables.Mixed(600, (ulong)depth);
        var ensemble = TreeTrainer.Train(training, new TreeOptions { Trees = 4, Depth = depth, LearningRate = .5, MinChildWeight = .1, Bins = 12 });
        var explainer = new TreeExplainer(ensemble);
        var contributions = new double[5];
        for (var row = 0; row < 40; row++)
        {
            var values = Tables.Row(training, row);
            var expected = explainer.Explain(values, contributions);
            Assert.Equal(Worth(ensemble, values, coalition: 0), expected, 1e-12);
            for (var feature = 0; feature < 5; feature++)
                Assert.Equal(Shapley(ensemble, values, feature), contributions[feature], 1e-12);
        }
    }

    [Fact]
    public void Contributions_add_up_on_any_row()
    {
        var ensemble = XgboostTests.Import("wide");
        var explainer = new TreeExplainer(ensemble);
        var contributions = new double[14];
        var rng = new Rng(11);
        for (var i = 0; i < 500; i++)
        {
            float[] row = [.. Enumerable.Range(0, 14).Select(_ => rng.Below(5) == 0 ? float.NaN : 3 * Tables.Normal(rng))];
            var expected = explainer.Explain(row, contributions);
            Assert.Equal(ensemble.Margin(row), expected + contributions.Sum(), 1e-9);
        }
    }

    [Fact]
    public void A_feature_that_no_tree_uses_contributes_nothing()
    {
        var ensemble = new TreeEnsemble(["a", "b"], 1, [[TreeNode.Split(0, 0, missingLeft: true, 1, 2, 4), TreeNode.Leaf(1, 1), TreeNode.Leaf(5, 3)]]);
        var contributions = new double[2];
        Assert.Equal(5, new TreeExplainer(ensemble).Explain([-1, 7], contributions), 1e-12);
        Assert.Equal(-3, contributions[0], 1e-12);
        Assert.Equal(0, contributions[1]);
    }

    [Fact]
    public void A_tree_that_is_one_leaf_has_nothing_to_explain()
    {
        var ensemble = new TreeEnsemble(["a"], .5, [[TreeNode.Leaf(.25f, 1)]]);
        var contributions = new double[1];
        Assert.Equal(.75, new TreeExplainer(ensemble).Explain([3], contributions));
        Assert.Equal(0, contributions[0]);
    }

    [Fact]
    public void Contributions_that_do_not_add_up_are_refused()
    {
        // Leaves so large that the margin is lost in rounding: nothing exact can be said.
        var pairs = Enumerable.Range(1, 10).SelectMany(i => (TreeNode[][])
        [
            [TreeNode.Split(0, 0, missingLeft: true, 1, 2, 10), TreeNode.Leaf(1e30f / i, 3), TreeNode.Leaf(3e29f / (i + 2), 7)],
            [TreeNode.Split(1, 0, missingLeft: true, 1, 2, 18), TreeNode.Leaf(-1e30f / i, 7), TreeNode.Leaf(1e29f / (i + 3), 11)],
        ]);
        var ensemble = new TreeEnsemble(["a", "b"], 0, [.. pairs]);
        Assert.Equal(0, ensemble.Margin([-1, -1]));
        var refusal = Assert.Throws<ExplanationException>(() => new TreeExplainer(ensemble).Explain([-1, -1], new double[2]));
        Assert.EndsWith("so no reasons can be given", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<ExplanationException>(() => TreeExplainer.Checked(0, [double.NaN], 1));
        Assert.Throws<ExplanationException>(() => TreeExplainer.Checked(0, [1.00001], 1));
        Assert.Equal(.5, TreeExplainer.Checked(.5, [.5], 1));
    }

    [Fact]
    public void A_model_without_covers_cannot_be_explained()
    {
        var ensemble = new TreeEnsemble(["a"], 0, [[TreeNode.Split(0, 0, missingLeft: true, 1, 2, 0), TreeNode.Leaf(1, 0), TreeNode.Leaf(2, 0)]]);
        var refusal = Assert.Throws<ExplanationException>(() => new TreeExplainer(ensemble));
        Assert.Equal("tree 0 has a split at node 0 whose children have no cover", refusal.Message);
    }

    private static double Shapley(TreeEnsemble ensemble, float[] row, int feature)
    {
        var others = row.Length - 1;
        var value = 0.0;
        for (var coalition = 0; coalition < 1 << row.Length; coalition++)
        {
            if ((coalition & (1 << feature)) != 0)
                continue;

            var size = BitOperations.PopCount((uint)coalition);
            var weight = Factorial(size) * Factorial(others - size) / Factorial(row.Length);
            value += weight * (Worth(ensemble, row, coalition | (1 << feature)) - Worth(ensemble, row, coalition));
        }

        return value;
    }

    /// <summary>Expected margin where only a coalition's values are known.</summary>
    private static double Worth(TreeEnsemble ensemble, float[] row, int coalition)
    {
        var worth = ensemble.BaseMargin;
        for (var tree = 0; tree < ensemble.TreeCount; tree++)
            worth += Mean(ensemble.Tree(tree).ToArray(), 0);
        return worth;

        double Mean(TreeNode[] nodes, int at)
        {
            var node = nodes[at];
            if (node.IsLeaf)
                return node.Value;
            if ((coalition & (1 << node.Feature)) != 0)
            {
                var value = row[node.Feature];
                return Mean(nodes, (float.IsFinite(value) ? value < node.Threshold : node.MissingLeft) ? node.Left : node.Right);
            }

            var (left, right) = ((double)nodes[node.Left].Cover, (double)nodes[node.Right].Cover);
            return ((left * Mean(nodes, node.Left)) + (right * Mean(nodes, node.Right))) / (left + right);
        }
    }

    private static double Factorial(int n) => n < 2 ? 1 : n * Factorial(n - 1);
}
