using ServerlessCLM.Features;
using ServerlessCLM.Models;
using ServerlessCLM.Tests.Models.Trees;

namespace ServerlessCLM.Tests.Models.Reasons;

public class CounterfactualTests
{
    // Days overdrawn, use of the limit, balance, and one that nobody can change.
    private static readonly Feature[] features = [Feature.BelowZeroDays30d, Feature.Utilisation, Feature.Balance, Feature.TenureDays];

    [Fact]
    public void The_change_brings_the_score_below_the_cut_and_none_smaller_of_one_or_two_features_does()
    {
        var model = Model(out _);
        var rng = new Rng(3);
        int found = 0, refused = 0;
        for (var i = 0; i < 60; i++)
        {
            var row = Row(rng);
            var score = model.Score(row.ToArray());
            var cut = score * Math.Pow(.5, 1 + rng.Below(7));
            var changes = Counterfactual.Find(model, row, cut);
            var smallest = Smallest(model, row, cut);
            if (changes is null)
            {
                refused++;
                Assert.Equal(double.PositiveInfinity, smallest);
                continue;
            }

            found++;
            Assert.True(model.Score(After(row, changes)) < cut);
            Assert.All(changes, change => Assert.Equal(change.Lever.Raises, change.To > change.From));
            if (changes.Count <= 2)
                Assert.Equal(smallest, changes.Sum(change => Size(model, change.Lever.Feature.Feature, change.From, change.To)), 1e-9);
            else
                Assert.Equal(double.PositiveInfinity, smallest);
        }

        Assert.True(found > 10 && refused > 3, $"{found} found, {refused} refused");
    }

    [Fact]
    public void What_is_below_the_cut_needs_no_change_and_a_missing_value_is_none()
    {
        var model = Model(out _);
        var row = Row(new Rng(1));
        Assert.Empty(Counterfactual.Find(model, row, 1)!);
        foreach (var feature in features)
            row[(int)feature] = float.NaN;
        Assert.Null(Counterfactual.Find(model, row, model.Score(row.ToArray()) / 2));
    }

    [Fact]
    public void A_model_that_is_not_held_to_the_direction_of_risk_gives_no_advice()
    {
        var model = Model(out _, held: false);
        var row = Row(new Rng(1));
        Assert.Null(Counterfactual.Find(model, row, model.Score(row.ToArray()) / 2));
    }

    [Fact]
    public void Reach_holds_no_feature_twice_and_every_one_can_be_spoken_of()
    {
        Assert.Distinct(CustomerReach.All.Select(lever => lever.Feature.Feature));
        Assert.All(CustomerReach.All, lever => Assert.NotEmpty(lever.Advice));
    }

    private static float[] After(float[] row, IReadOnlyList<Change> changes)
    {
        var after = row.ToArray();
        foreach (var change in changes)
        {
            Assert.Equal(after[(int)change.Lever.Feature.Feature], change.From);
            after[(int)change.Lever.Feature.Feature] = change.To;
        }

        return after;
    }

    /// <summary>By trying every pair of values on both sides of every threshold.</summary>
    private static double Smallest(FeatureModel model, float[] row, double cut)
    {
        var smallest = double.PositiveInfinity;
        Feature[] reach = [Feature.BelowZeroDays30d, Feature.Utilisation, Feature.Balance];
        foreach (var one in reach)
        {
            foreach (var other in reach.Where(other => other > one))
            {
                foreach (var a in Values(one))
                {
                    foreach (var b in Values(other))
                    {
                        var after = row.ToArray();
                        (after[(int)one], after[(int)other]) = (a, b);
                        if (model.Score(after) < cut)
                            smallest = Math.Min(smallest, Size(model, one, row[(int)one], a) + Size(model, other, row[(int)other], b));
                    }
                }
            }
        }

        return smallest;

        IEnumerable<float> Values(Feature feature)
        {
            var from = row[(int)feature];
            var raises = feature == Feature.Balance;
            return model.Thresholds(feature)
                .Select(threshold => raises ? threshold : feature == Feature.BelowZeroDays30d ? MathF.Ceiling(threshold) - 1 : MathF.BitDecrement(threshold))
                .Where(value => raises ? value > from : value < from && value >= 0).Append(from);
        }
    }

    private static double Size(FeatureModel model, Feature feature, float from, float to) =>
        model.Thresholds(feature).Count(threshold => from < threshold != to < threshold) / (double)model.Thresholds(feature).Count;

    private static float[] Row(Rng rng)
    {
        var row = new float[FeatureModel.RowWidth];
        Array.Fill(row, float.NaN);
        row[(int)Feature.BelowZeroDays30d] = rng.Below(25);
        row[(int)Feature.Utilisation] = rng.Below(1000) / 1000f;
        row[(int)Feature.Balance] = rng.Below(4000) - 1500;
        row[(int)Feature.TenureDays] = rng.Below(900);
        return row;
    }

    private static FeatureModel Model(out TreeEnsemble trees, bool held = true)
    {
        var rng = new Rng(5);
        var columns = features.Select(_ => new float[3000]).ToArray();
        var labels = new float[3000];
        for (var row = 0; row < labels.Length; row++)
        {
            var values = Row(rng);
            for (var i = 0; i < features.Length; i++)
                columns[i][row] = values[(int)features[i]];
            var margin = (columns[0][row] / 8) + (3 * columns[1][row]) - (columns[2][row] / 800) - (columns[3][row] / 300) - 1;
            labels[row] = rng.Below(1 << 20) < (1 << 20) / (1 + Math.Exp(-margin)) ? 1 : 0;
        }

        Direction[] directions = held ? [Direction.Rises, Direction.Rises, Direction.Falls, Direction.Falls] : [Direction.Open, Direction.Open, Direction.Open, Direction.Open];
        string[] names = [.. features.Select(feature => FeatureCatalogue.All[(int)feature].Name)];
        trees = TreeTrainer.Train(new TrainingSet(names, columns, labels), new TreeOptions
        {
            Trees = 20, Depth = 3, LearningRate = .2, Bins = 16,
            Monotone = new Dictionary<string, int> { [names[0]] = 1, [names[1]] = 1, [names[2]] = -1, [names[3]] = -1 },
        });
        var written = TreeEnsembleTests.Write(trees);
        return FeatureModel.Of(new ModelDocument("late", 1, ModelKinds.Trees, "A test.", "Pays late.", 30,
            [.. names.Zip(directions, (name, direction) => new ModelFeature(name, direction))],
            new ModelTraining("a test", 3000, 1000), new Dictionary<string, Figure>(), [], System.Text.Json.JsonElement.Parse(written))
        {
            Calibration = ModelCalibration.Logistic,
        });
    }
}
