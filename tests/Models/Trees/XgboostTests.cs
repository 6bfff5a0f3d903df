using System.Text;
using System.Text.Json;
using ServerlessCLM.Models;

namespace ServerlessCLM.Tests.Models.Trees;

/// <summary>Models that XGBoost trained and saved, with the margins and contributions that it gave itself (fixtures/generate.py).</summary>
public class XgboostTests
{
    public static TheoryData<string> Models => ["logistic", "squared", "deep", "wide"];

    [Theory, MemberData(nameof(Models))]
    public void An_imported_model_gives_XGBoosts_margins(string name)
    {
        var ensemble = Import(name);
        foreach (var (row, margin, _) in Rows(name))
            Assert.Equal(margin, ensemble.Margin(row), 1e-6 * Math.Max(1, Math.Abs(margin)));
    }

    [Theory, MemberData(nameof(Models))]
    public void Explanations_equal_XGBoosts_contributions(string name)
    {
        var ensemble = Import(name);
        var explainer = new TreeExplainer(ensemble);
        var contributions = new double[ensemble.Features.Count];
        foreach (var (row, margin, expected) in Rows(name))
        {
            // XGBoost computes in single precision: what it can be held to grows with the margin.
            var tolerance = 1e-5 * Math.Max(1, Math.Abs(margin));
            Assert.Equal(expected[^1], explainer.Explain(row, contributions), tolerance);
            for (var feature = 0; feature < contributions.Length; feature++)
                Assert.Equal(expected[feature], contributions[feature], tolerance);
        }
    }

    [Theory]
    [InlineData("\"gbtree\"", "\"dart\"", "$.learner.gradient_booster.name: is \"dart\"; only gbtree can be imported")]
    [InlineData("\"num_class\":\"0\"", "\"num_class\":\"3\"", "$.learner.learner_model_param.num_class: must be 0 or 1: there is one margin")]
    [InlineData("\"binary:logistic\"", "\"rank:pairwise\"", "$.learner.objective.name: is \"rank:pairwise\"")]
    [InlineData("\"base_score\":\"3E-1\"", "\"base_score\":\"1\"", "$.learner.learner_model_param.base_score: must lie between 0 and 1")]
    [InlineData("\"left_children\":[1,", "\"left_children\":[0,", "$.learner.gradient_booster.model.trees[0] node 0: is reached twice")]
    [InlineData("\"split_type\":[0,", "\"split_type\":[1,", "$.learner.gradient_booster.model.trees[0].split_type[0]: is a categorical split")]
    [InlineData("\"sum_hessian\":[", "\"sum_hessian\":[1,", "$.learner.gradient_booster.model.trees[0].sum_hessian: has ")]
    [InlineData("\"feature_7\"", "\"feature_6\"", "$.learner.feature_names[7]: names \"feature_6\" again, after place 6")]
    [InlineData("{\"learner\"", "\"learner\"", "$: is not JSON: ")]
    public void What_cannot_be_imported_is_refused_with_its_place(string text, string instead, string message)
    {
        var model = File.ReadAllText(TestData.Sample("Models", "Trees", "fixtures", "logistic.model.json"));
        var at = model.IndexOf(text, StringComparison.Ordinal);
        var changed = model[..at] + instead + model[(at + text.Length)..];
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(changed));
        var refusal = Assert.Throws<ModelFormatException>(() => TreeEnsemble.FromXgboost(stream));
        Assert.StartsWith(message, refusal.Message, StringComparison.Ordinal);
    }

    internal static TreeEnsemble Import(string name)
    {
        using var stream = File.OpenRead(TestData.Sample("Models", "Trees", "fixtures", $"{name}.model.json"));
        return TreeEnsemble.FromXgboost(stream);
    }

    internal static IEnumerable<(float[] Row, double Margin, double[] Contributions)> Rows(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(TestData.Sample("Models", "Trees", "fixtures", $"{name}.rows.json")));
        foreach (var row in document.RootElement.EnumerateArray())
        {
            yield return (
                [.. row.GetProperty("row").EnumerateArray().Select(value => value.ValueKind == JsonValueKind.Null ? float.NaN : value.GetSingle())],
                row.GetProperty("margin").GetDouble(),
                [.. row.GetProperty("contributions").EnumerateArray().Select(value => value.GetDouble())]);
        }
    }
}
