using System.Text.Json;
using ServerlessCLM.Models;

namespace ServerlessCLM.Tests.Models;

public class LogisticRegressionTests
{
    [Fact]
    public void The_gradient_of_the_penalised_loss_vanishes_at_the_fit()
    {
        var set = Sample(2000, out var values);
        var model = LogisticRegression.Train(set, 2);
        for (var feature = 0; feature < 3; feature++)
        {
            double sum = 0;
            var term = model.Terms[feature];
            for (var row = 0; row < set.Rows; row++)
                sum += (Probability(model, values[row]) - set.Labels[row]) * (values[row][feature] - term.Mean) / term.Scale;
            Assert.Equal(-2 * term.Weight, sum, 1e-4);
        }

        Assert.Equal(set.Labels.ToArray().Sum(), values.Sum(row => Probability(model, row)), 1e-4);
    }

    [Fact]
    public void The_coefficients_that_made_the_outcomes_are_found()
    {
        var model = LogisticRegression.Train(Sample(60_000, out _), 1e-6);
        var slopes = model.Terms.Select(term => term.Weight / term.Scale).ToArray();
        Assert.InRange(slopes[0], 0.9, 1.1);
        Assert.InRange(slopes[1], -2.1, -1.9);
        Assert.InRange(slopes[2], -0.1, 0.1);
    }

    [Fact]
    public void A_missing_value_has_log_odds_of_its_own()
    {
        var random = new Rng(4);
        var column = new float[20_000];
        var labels = new float[column.Length];
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = i % 4 == 0 ? float.NaN : i % 4 == 1 ? float.PositiveInfinity : random.Below(10);
            labels[i] = random.Below(100) < (i % 4 < 2 ? 80 : 20) ? 1 : 0;
        }

        var model = LogisticRegression.Train(new TrainingSet(["x"], [column], labels));
        Assert.InRange(Probability(model, [float.NaN]), 0.78, 0.82);
        Assert.InRange(Probability(model, [float.NegativeInfinity]), 0.78, 0.82);
        Assert.InRange(Probability(model, [5]), 0.18, 0.22);
    }

    [Fact]
    public void Weights_count_as_repeated_rows()
    {
        float[] x = [1, 2, 3, 4, 5, 6], y = [0, 1, 0, 1, 0, 1];
        var weighted = LogisticRegression.Train(new TrainingSet(["x"], [x], y, [1, 2, 1, 1, 3, 1]));
        var repeated = LogisticRegression.Train(new TrainingSet(["x"], [[1, 2, 2, 3, 4, 5, 5, 5, 6]], [0, 1, 1, 0, 1, 0, 0, 0, 1]));

        // The scale that the ridge is laid on differs slightly; the fit must not by more.
        Assert.Equal(Probability(repeated, [4]), Probability(weighted, [4]), 0.02);
    }

    [Fact]
    public void Separated_outcomes_constant_columns_and_huge_values_stay_finite()
    {
        var model = LogisticRegression.Train(new TrainingSet(["x", "c", "m"], [[-1e30f, -1, 1, 1e30f], [3, 3, 3, 3], [float.NaN, float.NaN, float.NaN, float.NaN]], [0, 0, 1, 1]));
        Assert.All(model.Terms, term => Assert.True(double.IsFinite(term.Weight) && term.Scale > 0));
        Assert.Equal(0, model.Terms[1].Weight, 12);
        Assert.True(Probability(model, [1e30f, 3, float.NaN]) > 0.5);
    }

    [Theory]
    [InlineData(new float[] { 1, 1 }, "one class only")]
    [InlineData(new float[] { 0, 2 }, "0 or 1")]
    public void Labels_that_cannot_be_learned_are_refused(float[] labels, string told) =>
        Assert.Contains(told, Assert.Throws<TrainingDataException>(() => LogisticRegression.Train(new TrainingSet(["x"], [[1, 2]], labels))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_model_comes_back_from_its_document_and_a_wrong_one_is_refused()
    {
        var model = LogisticRegression.Train(Sample(200, out var values));
        var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            model.WriteTo(writer);
        var read = LogisticModel.Read(JsonDocument.Parse(stream.ToArray()).RootElement);
        Assert.Equal(model.Margin(values[0]), read.Margin(values[0]));

        Assert.Contains("scale", Refused("""{"intercept":0,"terms":[{"feature":"x","mean":0,"scale":0,"weight":1,"missing":0}]}"""), StringComparison.Ordinal);
        Assert.Contains("cannot be read", Refused("""{"intercept":0,"terms":[],"more":1}"""), StringComparison.Ordinal);
        Assert.Contains("cannot be read", Refused("""{"intercept":"0","terms":[]}"""), StringComparison.Ordinal);

        static string Refused(string json) => Assert.Throws<ModelFormatException>(() => LogisticModel.Read(JsonDocument.Parse(json).RootElement)).Message;
    }

    [Theory]
    [InlineData("heloc", 0.78165)]
    [InlineData("mlc_churn", 0.82516)]
    [InlineData("taiwan_default", 0.72268)]
    public void Mean_auc_is_that_of_the_reference(string name, double reference)
    {
        var table = DataTable.Read(TestData.Shared($"{name}.csv.gz"), new DataTableOptions());
        var target = BinaryTarget.Of(table, "target");
        var folds = Folds.Read(TestData.Shared("folds", $"{name}.fold.csv.gz"), target.Events);
        var result = CrossValidation.Run(ModelInputs.Of(table, "target").Columns, target.Events, folds, Learners.Logistic(), 1, TimeProvider.System);
        Assert.InRange(result.MeanAuc, reference - 0.003, reference + 0.005);
        Assert.Equal(result.MeanAuc, result.Pooled.Auc.Value, 0.01);
    }

    [Fact]
    public void The_standard_error_of_a_group_is_that_of_its_log_odds()
    {
        // Three groups, one of them without a value: each has a parameter of its own, so its log odds have the variance 1 / (n·p·q).
        (float Value, int Rows, int Came)[] groups = [(0, 400, 100), (1, 600, 450), (float.NaN, 200, 30)];
        var rows = groups.SelectMany(group => Enumerable.Range(0, group.Rows).Select(row => (group.Value, Label: row < group.Came ? 1f : 0f))).ToArray();
        var set = new TrainingSet(["x"], [[.. rows.Select(row => row.Value)]], [.. rows.Select(row => row.Label)]);
        var model = LogisticRegression.Train(set, 1e-6);
        model = model with { Covariance = LogisticRegression.Covariance(model, set, 1e-6) };
        foreach (var (value, count, came) in groups)
        {
            var rate = came / (double)count;
            Assert.Equal(rate, Probability(model, [value]), 1e-6);
            Assert.Equal(Math.Sqrt(1 / (count * rate * (1 - rate))), model.StandardError([value]), 1e-6);
        }

        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            model.WriteTo(writer);
        Assert.Equal(model.Covariance, LogisticModel.Read(JsonDocument.Parse(stream.ToArray()).RootElement).Covariance);
    }

    private static double Probability(LogisticModel model, float[] row) => 1 / (1 + Math.Exp(-model.Margin(row)));

    /// <summary>Log odds x₀ − 2 x₁ + 0.5 of three uniform features.</summary>
    private static TrainingSet Sample(int rows, out float[][] values)
    {
        var random = new Rng(9);
        values = new float[rows][];
        var labels = new float[rows];
        for (var row = 0; row < rows; row++)
        {
            values[row] = [random.Below(4000) / 1000f, random.Below(2000) / 1000f, random.Below(1000)];
            labels[row] = random.Below(1_000_000) < 1e6 / (1 + Math.Exp(-(values[row][0] - (2 * values[row][1]) + 0.5))) ? 1 : 0;
        }

        var all = values;
        return new TrainingSet(["a", "b", "c"], [.. Enumerable.Range(0, 3).Select(feature => all.Select(row => row[feature]).ToArray())], labels);
    }
}
