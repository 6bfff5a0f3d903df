using ServerlessCLM.Models;

namespace ServerlessCLM.Tests.Models;

/// <summary>ML.NET's arrays, walked as ML.NET walks them, against the trees they become.</summary>
public class MlNetTreesTests
{
    [Fact]
    public void Converted_trees_score_as_the_arrays_say_at_thresholds_and_missing_values_too()
    {
        var random = new Rng(9);
        for (var round = 0; round < 200; round++)
        {
            var trees = Enumerable.Range(0, 3).Select(_ => RandomTree(random, features: 4, splits: 1 + random.Below(12))).ToArray();
            var rows = Set(random, 60);
            var ensemble = MlNetTrees.Convert(rows.Features, 0.25, trees, slope: 1.5, offset: -0.5, rows);
            var row = new float[4];
            for (var i = 0; i < rows.Rows; i++)
            {
                rows.CopyRow(i, row);
                var output = 0.25 + trees.Sum(tree => tree.Weight * Walk(tree, row));
                Assert.Equal((1.5 * output) - 0.5, ensemble.Margin(row), 1e-5);
            }
        }
    }

    [Fact]
    public void Reasons_of_converted_trees_add_up_though_no_row_took_some_branches()
    {
        var random = new Rng(4);
        var rows = Set(random, 5);
        var ensemble = MlNetTrees.Convert(rows.Features, 0, [RandomTree(random, 4, 14)], 1, 0, rows);
        var (row, contributions) = (new float[4], new double[4]);
        rows.CopyRow(0, row);
        var expected = new TreeExplainer(ensemble).Explain(row, contributions);
        Assert.Equal(ensemble.Margin(row), expected + contributions.Sum(), 1e-6);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-1, -1)]
    [InlineData(7, -2)]
    public void Arrays_that_are_no_tree_are_refused(int left, int right)
    {
        var tree = new MlNetTree([left], [right], [0], [1], [1, 2], 1);
        Assert.Throws<ModelFormatException>(() => MlNetTrees.Convert(["a", "b", "c", "d"], 0, [tree], 1, 0, Set(new Rng(1), 3)));
    }

    private static double Walk(MlNetTree tree, float[] row)
    {
        var at = tree.Feature.Count == 0 ? ~0 : 0;
        while (at >= 0)
            at = row[tree.Feature[at]] <= tree.Threshold[at] ? tree.LeftChild[at] : tree.RightChild[at];
        return tree.Leaf[~at];
    }

    /// <summary>Splits one leaf after another; thresholds are values that rows have.</summary>
    private static MlNetTree RandomTree(Rng random, int features, int splits)
    {
        var (left, right) = (new List<int>(), new List<int>());
        for (var split = 0; split < splits; split++)
        {
            if (split > 0)
            {
                // The place of a leaf becomes the new split.
                var places = Enumerable.Range(0, left.Count).SelectMany(place => new[] { (left, place), (right, place) }).Where(each => each.Item1[each.place] < 0).ToList();
                var (side, parent) = places[random.Below(places.Count)];
                left.Add(side[parent]);
                side[parent] = split;
            }
            else
                left.Add(~0);

            right.Add(~(split + 1));
        }

        return new MlNetTree(left, right, [.. left.Select(_ => random.Below(features))], [.. left.Select(_ => (float)random.Below(5))],
            [.. Enumerable.Range(0, splits + 1).Select(_ => (random.Below(200) - 100) / 50.0)], 0.5 + random.Below(2));
    }

    private static TrainingSet Set(Rng random, int rows) => new(["a", "b", "c", "d"],
        [.. Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, rows).Select(_ => random.Below(8) == 0 ? float.NaN : random.Below(6)).ToArray())],
        [.. Enumerable.Range(0, rows).Select(row => (float)(row % 2))]);
}
