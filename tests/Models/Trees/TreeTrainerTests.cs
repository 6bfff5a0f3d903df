using ServerlessCLM.Models;

namespace ServerlessCLM.Tests.Models.Trees;

public class TreeTrainerTests
{
    [Fact]
    public void Learns_what_made_the_labels()
    {
        var ensemble = TreeTrainer.Train(Tables.Mixed(8000, 1), new TreeOptions { Trees = 100, Depth = 4, LearningRate = .1 });
        var fresh = Tables.Mixed(4000, 2);

        // A model that knew the formula has .86; noise alone would have .5.
        Assert.InRange(Auc(ensemble, fresh), .84, .88);
    }

    [Fact]
    public void Learns_amounts()
    {
        var ensemble = TreeTrainer.Train(
            Tables.Mixed(8000, 1, TreeObjective.SquaredError), new TreeOptions { Trees = 150, Depth = 4, LearningRate = .1, Objective = TreeObjective.SquaredError });
        var fresh = Tables.Mixed(2000, 2, TreeObjective.SquaredError);
        var error = Enumerable.Range(0, fresh.Rows).Average(row => Math.Pow(ensemble.Margin(Tables.Row(fresh, row)) - fresh.Labels[row], 2));

        // The noise has variance 1; the mean alone leaves about 5.5.
        Assert.InRange(error, .9, 1.35);
    }

    [Theory]
    [InlineData(TreeObjective.Logistic, false)]
    [InlineData(TreeObjective.Logistic, true)]
    [InlineData(TreeObjective.SquaredError, true)]
    public void Any_number_of_threads_grows_the_same_trees_bit_for_bit(TreeObjective objective, bool weighted)
    {
        // More rows than one piece of work holds, so that threads do divide them.
        var training = Tables.Mixed(40_000, 5, objective, weighted);
        var options = new TreeOptions
        {
            Trees = 6, Depth = 5, RowSample = .7, ColumnSample = .6, Objective = objective, Seed = 9, Monotone = new Dictionary<string, int> { ["a"] = 1 },
        };
        var expected = TreeEnsembleTests.Write(TreeTrainer.Train(training, options));
        for (var threads = 2; threads <= 4; threads++)
            Assert.Equal(expected, TreeEnsembleTests.Write(TreeTrainer.Train(training, options with { Threads = threads })));
        Assert.NotEqual(expected, TreeEnsembleTests.Write(TreeTrainer.Train(training, options with { Seed = 10 })));
    }

    [Fact]
    public void Any_machine_grows_the_same_trees_bit_for_bit()
    {
        // Labels from sums and products alone, so that the rows are the same everywhere too. The digest was taken with AVX-512 and without any vectors.
        var mixed = Tables.Mixed(3000, 12);
        var rng = new Rng(13);
        float[] labels = [.. Enumerable.Range(0, 3000).Select(row => Tables.Row(mixed, row)[0] + Tables.Normal(rng) > .5f ? 1f : 0)];
        var training = new TrainingSet(mixed.Features, [.. Enumerable.Range(0, 5).Select(feature => mixed.Column(feature).ToArray())], labels);
        var ensemble = TreeTrainer.Train(training, new TreeOptions { Trees = 40, Depth = 5, RowSample = .8, ColumnSample = .8, LearningRate = .1 });
        Assert.Equal(16222108292249140954UL, Digest64.Of(TreeEnsembleTests.Write(ensemble)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Monotone_constraints_hold_for_ten_thousand_random_pairs(int direction)
    {
        // Against the data for b, whose effect turns with c.
        var options = new TreeOptions { Trees = 60, Depth = 6, LearningRate = .3, MinChildWeight = .1, Monotone = new Dictionary<string, int> { ["a"] = 1, ["b"] = direction } };
        var ensemble = TreeTrainer.Train(Tables.Mixed(5000, 6), options);
        var rng = new Rng(8);
        var moved = 0;
        for (var pair = 0; pair < 10_000; pair++)
        {
            float[] row = [.. Enumerable.Range(0, 5).Select(_ => rng.Below(6) == 0 ? float.NaN : 1.5f * Tables.Normal(rng))];
            var feature = rng.Below(2);
            var (low, high) = (2 * Tables.Normal(rng), 2 * Tables.Normal(rng));
            row[feature] = Math.Min(low, high);
            var below = ensemble.Margin(row);
            row[feature] = Math.Max(low, high);
            var above = ensemble.Margin(row);
            Assert.True(feature == 1 && direction < 0 ? above <= below : above >= below, $"{below} {above}");
            moved += above != below ? 1 : 0;
        }

        Assert.InRange(moved, 5000, 10_000);
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(0f)]
    public void Missing_values_go_where_their_labels_are(float labelOfMissing)
    {
        var values = Enumerable.Range(0, 600).Select(row => row % 3 == 0 ? float.NaN : row % 2 == 0 ? 5f : -5).ToArray();
        var labels = Array.ConvertAll(values, value => float.IsNaN(value) ? labelOfMissing : value > 0 ? 1 : 0);
        var ensemble = TreeTrainer.Train(new TrainingSet(["a"], [values], labels), new TreeOptions { Trees = 20, Depth = 1, LearningRate = .5 });
        Assert.Equal(ensemble.Margin([labelOfMissing > 0 ? 9 : -9]), ensemble.Margin([float.NaN]));
        Assert.True(ensemble.Margin([9]) > 2 && ensemble.Margin([-9]) < -2);
    }

    [Fact]
    public void Being_missing_can_itself_be_the_split()
    {
        var values = Enumerable.Range(0, 400).Select(row => row % 4 == 0 ? float.NaN : 7f).ToArray();
        var labels = Array.ConvertAll(values, value => float.IsNaN(value) ? 1f : 0);
        var ensemble = TreeTrainer.Train(new TrainingSet(["a"], [values], labels), new TreeOptions { Trees = 20, Depth = 2, LearningRate = .5 });
        Assert.True(ensemble.Margin([float.NaN]) > 2 && ensemble.Margin([7]) < -2);
    }

    [Theory]
    [InlineData(1u)]
    [InlineData(2u)]
    [InlineData(3u)]
    public void A_stump_is_the_best_split_that_there_is(ulong seed)
    {
        // Few distinct values, so that every cut is a candidate; f is a rare category, which training stores apart.
        var mixed = Tables.Mixed(400, seed, TreeObjective.SquaredError);
        var columns = Enumerable.Range(0, 5).Select(feature => mixed.Column(feature).ToArray().Select(value => MathF.Round(value * 3)).ToArray()).ToList();
        columns.Add([.. Enumerable.Range(0, 400).Select(row => row % 9 == 0 ? 1f : 0)]);
        var labels = mixed.Labels.ToArray();
        for (var row = 0; row < 400 && seed == 3; row += 9)
            labels[row] += 9;
        var options = new TreeOptions { Trees = 1, Depth = 1, LearningRate = 1, L2 = 2, MinChildWeight = 30, Objective = TreeObjective.SquaredError };
        var ensemble = TreeTrainer.Train(new TrainingSet(["a", "b", "c", "d", "e", "f"], columns, labels), options);

        var best = Candidates().Max(candidate => Gain(candidate.Rows));
        var root = ensemble.Tree(0)[0];
        var left = Enumerable.Range(0, 400).Where(row => float.IsFinite(columns[root.Feature][row]) ? columns[root.Feature][row] < root.Threshold : root.MissingLeft).ToHashSet();
        Assert.Equal(best, Gain(left), best * 1e-6);
        Assert.Equal(seed == 3, root.Feature == 5);
        Assert.Equal(Weight(left), ensemble.Tree(0)[root.Left].Value, 1e-5);
        Assert.Equal(left.Count, ensemble.Tree(0)[root.Left].Cover);

        IEnumerable<(int Feature, HashSet<int> Rows)> Candidates() =>
            from feature in Enumerable.Range(0, 6)
            from cut in columns[feature].Where(float.IsFinite).Distinct().Append(float.MaxValue)
            from missingLeft in (bool[])[true, false]
            select (feature, Enumerable.Range(0, 400).Where(row => float.IsFinite(columns[feature][row]) ? columns[feature][row] < cut : missingLeft).ToHashSet());

        double Gain(HashSet<int> rows)
        {
            if (rows.Count < 30 || rows.Count > 370)
                return double.NegativeInfinity;
            var (inside, total) = (rows.Sum(Gradient), Enumerable.Range(0, 400).Sum(Gradient));
            return (inside * inside / (rows.Count + 2)) + ((total - inside) * (total - inside) / (400 - rows.Count + 2)) - (total * total / 402);
        }

        double Weight(HashSet<int> rows) => -rows.Sum(Gradient) / (rows.Count + 2);
        double Gradient(int row) => ensemble.BaseMargin - labels[row];
    }

    [Fact]
    public void A_column_sample_limits_each_tree()
    {
        var ensemble = TreeTrainer.Train(Tables.Mixed(2000, 4), new TreeOptions { Trees = 30, Depth = 5, ColumnSample = .4 });
        var used = Enumerable.Range(0, 30).Select(tree => ensemble.Tree(tree).ToArray().Where(node => !node.IsLeaf).Select(node => node.Feature).ToHashSet()).ToArray();
        Assert.All(used, features => Assert.InRange(features.Count, 1, 2));
        Assert.Equal(5, used.SelectMany(features => features).Distinct().Count());
    }

    [Fact]
    public void A_class_weight_is_the_weight_of_the_rows_of_that_class()
    {
        var training = Tables.Mixed(2000, 4);
        var weights = Array.ConvertAll(training.Labels.ToArray(), label => label > 0 ? 3f : 1);
        var weighted = new TrainingSet(training.Features, [.. Enumerable.Range(0, 5).Select(feature => training.Column(feature).ToArray())], training.Labels.ToArray(), weights);
        var options = new TreeOptions { Trees = 5 };
        Assert.Equal(
            TreeEnsembleTests.Write(TreeTrainer.Train(weighted, options)),
            TreeEnsembleTests.Write(TreeTrainer.Train(training, options with { PositiveWeight = 3 })));
    }

    [Fact]
    public void Early_stopping_keeps_the_trees_up_to_the_lowest_validation_loss()
    {
        var (training, validation) = (Tables.Mixed(600, 1), Tables.Mixed(600, 2));
        var options = new TreeOptions { Trees = 500, Depth = 4, LearningRate = .3, EarlyStoppingRounds = 20 };
        var losses = new Losses();
        var ensemble = TreeTrainer.Train(training, options, validation, losses);
        var lowest = losses.Seen.IndexOf(losses.Seen.Min()) + 1;
        Assert.Equal(lowest, ensemble.TreeCount);
        Assert.Equal(lowest + 20, losses.Seen.Count);
        Assert.InRange(lowest, 2, 479);

        var all = TreeTrainer.Train(training, options with { EarlyStoppingRounds = null, Trees = lowest });
        Assert.Equal(TreeEnsembleTests.Write(all), TreeEnsembleTests.Write(ensemble));
    }

    [Fact]
    public void Training_can_be_cancelled()
    {
        using var source = new CancellationTokenSource();
        var progress = new Losses { OnReport = report => { if (report.Trees == 3) source.Cancel(); } };
        Assert.Throws<OperationCanceledException>(() => TreeTrainer.Train(Tables.Mixed(500, 1), new TreeOptions(), Tables.Mixed(100, 2), progress, source.Token));
        Assert.Equal(3, progress.Seen.Count);
    }

    [Fact]
    public void Columns_from_which_nothing_can_be_learned_are_passed_over()
    {
        var mixed = Tables.Mixed(500, 1);
        var columns = Enumerable.Range(0, 5).Select(feature => mixed.Column(feature).ToArray()).ToArray();
        float[] nothing = [.. Enumerable.Repeat(float.NaN, 500)], same = [.. Enumerable.Repeat(4f, 500)];
        var ensemble = TreeTrainer.Train(
            new TrainingSet(["none", "a", "b", "same", "c", "d", "e"], [nothing, columns[0], columns[1], same, columns[2], columns[3], columns[4]], mixed.Labels.ToArray()),
            new TreeOptions { Trees = 10 });
        var alone = TreeTrainer.Train(mixed, new TreeOptions { Trees = 10 });
        var row = Tables.Row(mixed, 7);
        Assert.Equal(alone.Margin(row), ensemble.Margin([1, row[0], row[1], 8, row[2], row[3], row[4]]));
    }

    [Fact]
    public void Rows_that_cannot_be_learned_from_are_refused_in_one_line()
    {
        float[] values = [1, 2, 3, 4], labels = [0, 1, 0, 1];
        Refused("there are no rows", () => new TrainingSet(["a"], [[]], []));
        Refused("all 4 rows have the label 1; there must be both classes", () => new TrainingSet(["a"], [values], [1, 1, 1, 1]));
        Refused("the label of training row 2 is 3; it must be 0 or 1", () => new TrainingSet(["a"], [values], [0, 3, 0, 1]));
        Refused("row 2 has no label", () => new TrainingSet(["a"], [values], [0, float.NaN, 0, 1]));
        Refused("no column has two different values, so there is nothing to split on", () => new TrainingSet(["a"], [[5, 5, 5, 5]], labels));
        Refused("column b has 2 values for 4 rows", () => new TrainingSet(["a", "b"], [values, [1, 2]], labels));
        Refused("column a appears twice", () => new TrainingSet(["a", "a"], [values, values], labels));
        Refused("the weight of row 3 must be finite and not negative", () => new TrainingSet(["a"], [values], labels, [1, 1, -1, 1]));
        Refused("one of the classes has no weight", () => new TrainingSet(["a"], [values], labels, [1, 0, 1, 0]));

        static void Refused(string reason, Func<TrainingSet> rows) =>
            Assert.Equal(reason, Assert.Throws<TrainingDataException>(() => TreeTrainer.Train(rows(), new TreeOptions())).Message);
    }

    [Fact]
    public void Constant_and_empty_columns_are_named_where_they_are_not_wanted()
    {
        Assert.Equal("column a has no value in any row", Assert.Throws<TrainingDataException>(
            () => new TrainingSet(["a"], [[float.NaN, float.PositiveInfinity]], [0, 1]).RequireVaryingColumns()).Message);
        Assert.Equal("column a has the same value, 3, in every row", Assert.Throws<TrainingDataException>(
            () => new TrainingSet(["a"], [[3, 3]], [0, 1]).RequireVaryingColumns()).Message);
        var varying = new TrainingSet(["a"], [[3, float.NegativeInfinity]], [0, 1]);
        varying.RequireVaryingColumns();
        Assert.Equal(1, varying.MissingValues);
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        var set = Tables.Mixed(50, 1);
        Refused("Depth must be 1 to 12.", new TreeOptions { Depth = 13 });
        Refused("LearningRate must be above 0 to 1.", new TreeOptions { LearningRate = double.NaN });
        Refused("Bins must be 2 to 255.", new TreeOptions { Bins = 256 });
        Refused("Monotone names z, which is no column.", new TreeOptions { Monotone = new Dictionary<string, int> { ["z"] = 1 } });
        Refused("EarlyStoppingRounds needs validation rows.", new TreeOptions { EarlyStoppingRounds = 5 });

        void Refused(string reason, TreeOptions options) =>
            Assert.StartsWith(reason, Assert.ThrowsAny<ArgumentException>(() => TreeTrainer.Train(set, options)).Message, StringComparison.Ordinal);
    }

    private static double Auc(TreeEnsemble ensemble, TrainingSet set)
    {
        var ranked = Enumerable.Range(0, set.Rows)
            .Select(row => (Margin: ensemble.Margin(Tables.Row(set, row)), Label: set.Labels[row])).OrderBy(row => row.Margin).ToArray();
        double negatives = 0, below = 0;
        foreach (var row in ranked)
        {
            if (row.Label > 0)
                below += negatives;
            else
                negatives++;
        }

        return below / (negatives * (set.Rows - negatives));
    }

    private sealed class Losses : IProgress<TrainingProgress>
    {
        public List<double> Seen { get; } = [];

        public Action<TrainingProgress>? OnReport { get; init; }

        public void Report(TrainingProgress value)
        {
            Seen.Add(value.ValidationLoss!.Value);
            OnReport?.Invoke(value);
        }
    }
}
