using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Features;
using ServerlessCLM.Models;

namespace ServerlessCLM.Tests.Models;

public class LifetimeValueModelTests
{
    private static readonly FeatureModel Shipped = ModelSet.Shipped.Find(PredictionTasks.LifetimeValue)!.Scorer!;

    private static readonly Gen<float[]> Rows =
        from purchases in Gen.Choose(0, 400) from since in Gen.Choose(0, 120) from tenure in Gen.Choose(0, 4_000) from cents in Gen.Choose(1, 900_000)
        select RowOf(purchases, purchases > 0 ? Math.Min(since, Math.Min(tenure, 89)) : since, tenure, purchases > 0 ? cents / 100f : float.NaN);

    [Fact]
    public void The_score_is_the_closed_form_of_the_customers_own_purchases()
    {
        // 61 purchases of 34.20 in 90 days, the last 4 days ago.
        var terms = Shipped.Document.Model;
        var buying = terms.GetProperty("buying");
        var model = new BgNbd(Number(buying, "r"), Number(buying, "alpha"), Number(buying, "a"), Number(buying, "b"));
        var spending = terms.GetProperty("spending");
        var amounts = new GammaGamma(Number(spending, "p"), Number(spending, "q"), Number(spending, "v"));
        var month = 365 / 12.0;
        var expected = 0.002 * LifetimeValue.Of(model, amounts, new PurchaseHistory(61, 86 / month, 90 / month), new Spending(61, 34.2f), 12, Math.Pow(1.1, 1 / 12.0) - 1);
        Assert.Equal(expected, Shipped.Score(RowOf(61, 4, 800, 34.2f)), 1e-9);

        // Without one, the customer is worth what nobody knows better.
        expected = 0.002 * LifetimeValue.Of(model, amounts, new PurchaseHistory(0, 0, 31 / month), default, 12, Math.Pow(1.1, 1 / 12.0) - 1);
        Assert.Equal(expected, Shipped.Score(RowOf(0, float.NaN, 30, float.NaN)), 1e-9);
    }

    [Fact]
    public void Value_is_never_negative_and_reasons_add_up_to_it() => Prop.ForAll(Rows.ToArbitrary(), row =>
    {
        var contributions = new double[FeatureModel.RowWidth];
        var start = Shipped.Explain(row, contributions);
        var score = Shipped.Score(row);
        return score >= 0 && double.IsFinite(score) && Math.Abs(start + contributions.Sum() - score) < 1e-9 * Math.Max(1, score)
            && contributions.Count(part => part != 0) <= LifetimeValueModel.Inputs.Count;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_customer_of_busy_years_does_not_run_over()
    {
        var model = new BgNbd(1.3, 0.04, 0.03, 54);
        var history = new PurchaseHistory(9_000, 3, 3);
        var (expected, rate) = (model.ExpectedPurchases(history, 12), 12 * (1.3 + 9_000) / (0.04 + 3));
        Assert.InRange(expected, 0.9 * rate, rate);
    }

    [Theory]
    [InlineData("margin", "1.5", "$.model.margin: must be a share above 0")]
    [InlineData("months", "0", "$.model.months: must be 1 to 120")]
    [InlineData("usual", "[1]", "$.model.usual: must have 4 values")]
    [InlineData("spending", """{"p":1,"q":0.5,"v":2}""", "$.model.spending.q: must be above 1, or amounts have no mean")]
    [InlineData("buying", """{"r":0,"alpha":1,"a":1,"b":1}""", "$.model: r must be above 0")]
    public void A_document_that_cannot_be_is_refused_with_its_place(string member, string value, string message)
    {
        var model = System.Text.Json.Nodes.JsonNode.Parse(Shipped.Document.Model.GetRawText())!;
        model[member] = System.Text.Json.Nodes.JsonNode.Parse(value);
        Assert.Equal(message, Assert.Throws<ModelFormatException>(() => FeatureModel.Of(Shipped.Document with { Model = JsonSerializer.SerializeToElement(model) })).Message);
    }

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();

    private static float[] RowOf(float purchases, float since, float tenure, float mean)
    {
        var row = new float[FeatureModel.RowWidth];
        (row[(int)Feature.Purchases90d], row[(int)Feature.DaysSincePurchase], row[(int)Feature.TenureDays], row[(int)Feature.PurchaseMean90d]) = (purchases, since, tenure, mean);
        return row;
    }
}
