using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Models;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Tests.Models;

public class UpliftScoresTests
{
    private static readonly FeatureModel Shipped = ModelSet.Shipped.Find(PredictionTasks.UpliftOfContact)!.Scorer!;

    private static readonly Arbitrary<float[]> Rows =
        Gen.OneOf(Gen.Constant(float.NaN), Gen.Choose(-200, 5_000).Select(value => value / 50f)).ArrayOf(FeatureModel.RowWidth).ToArbitrary();

    [Fact]
    public void Reasons_add_up_to_the_difference_of_the_probabilities() => Prop.ForAll(Rows, row =>
    {
        var contributions = new double[FeatureModel.RowWidth];
        var start = Shipped.Explain(row, contributions);
        return Math.Abs(start + contributions.Sum() - Shipped.Score(row)) < 1e-12;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_bound_lies_below_the_estimate() => Prop.ForAll(Rows, row => Shipped.LowerBound(row) <= Shipped.Score(row)).QuickCheckThrowOnFailure();

    [Fact]
    public void The_shipped_model_ranks_customers_it_has_never_seen_better_than_chance()
    {
        var qini = Shipped.Document.Metrics["qini"];
        Assert.True(qini is { Low: > 0 }, $"{qini}");
        // And those worth contacting gain, beyond doubt, more than nothing.
        Assert.True(Shipped.Document.Metrics["gain_worth_contact"] is { Low: > 0 });
    }

    [Fact]
    public void Both_the_estimate_and_its_bound_have_a_name_in_conditions()
    {
        string[] names = [.. ModelSet.Shipped.All.SelectMany(model => model.ScoreNames)];
        Assert.Contains("uplift_contact_lower", names);
        Assert.Contains("response_email_lower", names);
        Assert.DoesNotContain("lifetime_value_lower", names);
        var snapshot = new CustomerSnapshot
        {
            Now = Product.Now, Profile = [], Consents = [], Contacts = ContactLedger.Empty, Answers = [], Features = [], Scores = new float[ScoreCatalogue.Count],
            Models = [new ModelScore("uplift_contact", 1, 0.02f, -0.01f), new ModelScore("lifetime_value", 1, 80)],
        };
        var inputs = snapshot.Inputs(DecisionVocabulary.Scores);
        float Of(string name) => inputs.Scores[DecisionVocabulary.Scores.ToList().IndexOf(name)];
        Assert.Equal((0.02f, -0.01f, 80f), (Of("uplift_contact"), Of("uplift_contact_lower"), Of("lifetime_value")));
        Assert.True(float.IsNaN(Of("response_email_lower")));
    }

    [Theory]
    [InlineData("untreated", null, "$.model.untreated: is missing")]
    [InlineData("treated", """{"intercept":0,"terms":[]}""", "$.model.treated.terms: must be of the document's features, in their order")]
    public void A_document_that_cannot_be_is_refused_with_its_place(string arm, string? value, string message)
    {
        var model = JsonNode.Parse(Shipped.Document.Model.GetRawText())!.AsObject();
        model.Remove(arm);
        if (value is not null)
            model[arm] = JsonNode.Parse(value);
        Assert.Equal(message, Assert.Throws<ModelFormatException>(() => FeatureModel.Of(Shipped.Document with { Model = JsonSerializer.SerializeToElement(model) })).Message);
    }
}
