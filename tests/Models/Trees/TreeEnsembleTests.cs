using System.Text;
using System.Text.Json;
using ServerlessCLM.Models;

namespace ServerlessCLM.Tests.Models.Trees;

public class TreeEnsembleTests
{
    public static TheoryData<int> Depths => [1, 2, 3, 4, 5, 6, 8];

    [Theory, MemberData(nameof(Depths))]
    public void Batch_and_single_scores_are_those_of_a_plain_walk_bit_for_bit(int depth)
    {
        var ensemble = TreeTrainer.Train(Tables.Mixed(3000, 3), new TreeOptions { Trees = 23, Depth = depth, LearningRate = .3, MinChildWeight = .1 });
        var rng = new Rng((ulong)depth);
        for (var size = 0; size < 200; size = (size * 5 / 4) + 1)
        {
            const int Width = 7;
            var rows = new float[size * Width];
            for (var i = 0; i < rows.Length; i++)
                rows[i] = Awkward(ensemble, rng);

            var margins = new double[size];
            ensemble.Margins(rows, Width, margins);
            for (var row = 0; row < size; row++)
            {
                var values = rows.AsSpan(row * Width, 5).ToArray();
                Assert.Equal(Walk(ensemble, values), margins[row]);
                Assert.Equal(margins[row], ensemble.Margin(values));
            }
        }
    }

    [Fact]
    public void A_tree_that_is_one_leaf_adds_its_value()
    {
        var ensemble = new TreeEnsemble(["a"], .5, [[TreeNode.Leaf(.25f, 1)], [TreeNode.Leaf(-1, 1)]]);
        Assert.Equal(-.25, ensemble.Margin([float.NaN]));
        var margins = new double[70];
        ensemble.Margins(new float[70], 1, margins);
        Assert.All(margins, margin => Assert.Equal(-.25, margin));
    }

    [Fact]
    public void Nan_and_both_infinities_are_missing_and_minus_zero_is_zero()
    {
        foreach (var missingLeft in (bool[])[true, false])
        {
            var ensemble = new TreeEnsemble(["a"], 0, [[TreeNode.Split(0, 0, missingLeft, 1, 2, 2), TreeNode.Leaf(1, 1), TreeNode.Leaf(2, 1)]]);
            foreach (var value in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
                Assert.Equal(missingLeft ? 1 : 2, ensemble.Margin([value]));
            Assert.Equal(2, ensemble.Margin([-0f]));
            Assert.Equal(1, ensemble.Margin([-float.Epsilon]));
            Assert.Equal(1, ensemble.Margin([float.MinValue]));
            Assert.Equal(2, ensemble.Margin([float.MaxValue]));
        }
    }

    [Fact]
    public void Scoring_and_explaining_allocate_nothing()
    {
        var ensemble = XgboostTests.Import("logistic");
        var explainer = new TreeExplainer(ensemble);
        var rows = new float[100 * 8];
        var margins = new double[100];
        var contributions = new double[8];

        // The first time fills the pools.
        Assert.Equal(0, Allocations.Of(Everything));

        void Everything()
        {
            ensemble.Margins(rows, 8, margins);
            margins[0] = ensemble.Margin(rows.AsSpan(0, 8));
            explainer.Explain(rows.AsSpan(0, 8), contributions);
        }
    }

    [Theory]
    [InlineData("logistic")]
    [InlineData("wide")]
    public void A_document_read_back_is_the_same_to_the_last_bit(string name)
    {
        var ensemble = XgboostTests.Import(name);
        var written = Write(ensemble);
        var again = TreeEnsemble.Read(JsonElement.Parse(written));
        Assert.Equal(written, Write(again));
        foreach (var (row, _, _) in XgboostTests.Rows(name))
            Assert.Equal(ensemble.Margin(row), again.Margin(row));
    }

    [Fact]
    public void Nodes_may_come_in_any_order()
    {
        TreeNode[] nodes = [TreeNode.Split(0, 1, missingLeft: true, 3, 1, 4), TreeNode.Split(1, 2, missingLeft: false, 4, 2, 3), TreeNode.Leaf(30, 1), TreeNode.Leaf(10, 1), TreeNode.Leaf(20, 2)];
        var ensemble = new TreeEnsemble(["a", "b"], 0, [nodes]);
        Assert.Equal([10, 20, 30], [ensemble.Margin([0, 9]), ensemble.Margin([1, 1]), ensemble.Margin([1, 2])]);
    }

    [Theory]
    [InlineData("\"version\":1", "\"version\":2", "$.version: is 2; this program reads up to version 1")]
    [InlineData("\"version\":1", "\"version\":\"1\"", "$.version: must be a whole number")]
    [InlineData("\"version\":1,", "", "$.version: is missing")]
    [InlineData("[\"a\",\"b\"]", "[\"a\",\"a\"]", "$.features[1]: names \"a\" again, after place 0")]
    [InlineData("[\"a\",\"b\"]", "[]", "$.features: must name at least one feature")]
    [InlineData("[\"a\",\"b\"]", "[\"a\",\"c\"]", "$.trees[0][2].feature: \"b\" is not in the document's features")]
    [InlineData("\"left\":3,\"right\":4", "\"left\":0,\"right\":4", "$.trees[0][0]: is reached twice: a cycle, or two parents")]
    [InlineData("\"left\":3,\"right\":4", "\"left\":3,\"right\":3", "$.trees[0][3]: is reached twice: a cycle, or two parents")]
    [InlineData("\"left\":3,\"right\":4", "\"left\":3,\"right\":9", "$.trees[0][2].right: is 9, but the tree has 5 nodes")]
    [InlineData("\"left\":1,\"right\":2", "\"left\":3,\"right\":4", "$.trees[0][1]: is never reached from the root")]
    [InlineData("\"missing\":\"right\"", "\"missing\":\"up\"", "$.trees[0][2].missing: must be \"left\" or \"right\"")]
    [InlineData("\"below\":1.5", "\"below\":1e999", "$.trees[0][0].below: must be a finite number")]
    [InlineData("\"leaf\":0.5", "\"leef\":0.5", "$.trees[0][1].leef: is no member here")]
    [InlineData("\"cover\":4", "\"cover\":-4", "$.trees[0][1].cover: must be finite and not negative")]
    [InlineData("\"baseMargin\":0.25", "\"baseMargin\":null", "$.baseMargin: must be a finite number")]
    public void A_broken_document_is_refused_with_path_and_reason(string text, string instead, string message)
    {
        const string Document = """
            {"version":1,"features":["a","b"],"baseMargin":0.25,"trees":[[
            {"feature":"a","below":1.5,"missing":"left","left":1,"right":2,"cover":10},{"leaf":0.5,"cover":4},
            {"feature":"b","below":2,"missing":"right","left":3,"right":4,"cover":6},{"leaf":-1,"cover":3},{"leaf":1,"cover":3}]]}
            """;
        Assert.Equal(.75, TreeEnsemble.Read(JsonElement.Parse(Document)).Margin([1, 0]));
        Assert.Contains(text, Document, StringComparison.Ordinal);
        var refusal = Assert.Throws<ModelFormatException>(() => TreeEnsemble.Read(JsonElement.Parse(Document.Replace(text, instead, StringComparison.Ordinal))));
        Assert.StartsWith(message, refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>Any number, one on a threshold, one just beside, or a missing one.</summary>
    private static float Awkward(TreeEnsemble ensemble, Rng rng)
    {
        var nodes = ensemble.Tree(rng.Below(ensemble.TreeCount));
        var threshold = nodes[rng.Below(nodes.Length)].Threshold;
        return rng.Below(8) switch
        {
            0 => float.NaN,
            1 => float.PositiveInfinity,
            2 => float.NegativeInfinity,
            3 => threshold,
            4 => MathF.BitDecrement(threshold),
            5 => -0f,
            _ => Tables.Normal(rng),
        };
    }

    private static double Walk(TreeEnsemble ensemble, float[] row)
    {
        var margin = ensemble.BaseMargin;
        for (var tree = 0; tree < ensemble.TreeCount; tree++)
        {
            var nodes = ensemble.Tree(tree);
            var node = nodes[0];
            while (!node.IsLeaf)
            {
                var value = row[node.Feature];
                node = nodes[(float.IsFinite(value) ? value < node.Threshold : node.MissingLeft) ? node.Left : node.Right];
            }

            margin += node.Value;
        }

        return margin;
    }

    internal static string Write(TreeEnsemble ensemble)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            ensemble.WriteTo(writer);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
