using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Decisions.Learning;
using ServerlessCLM.Documents;
using ServerlessCLM.Emulator;
using ServerlessCLM.Tests.Emulator;

namespace ServerlessCLM.Tests.Decisions.Learning;

public sealed class PricingTests
{
    private const int Customers = 24;

    [Fact]
    public async Task Budgets_that_are_too_small_for_all_get_a_price_and_end_when_they_are_used_up()
    {
        var strategy = StrategyInForce.Cards();
        strategy["budgets"] = new JsonArray(new JsonObject { ["id"] = "bonus", ["unit"] = "EUR", ["limit"] = "100.00", ["per"] = "P1M" });
        strategy["actions"]![0]!["value"] = new JsonObject { ["margin"] = "profile.monthlyIncome / 50.0" };
        strategy["actions"]![0]!["uses"] = new JsonObject { ["bonus"] = "50.00" };
        await using var product = await LearningTests.WithCustomersAsync(Customers, strategy);
        var (_, before) = await product.SendAsync(HttpMethod.Get, "api/strategies/cards/learning");
        Assert.Equal((100.0, 0.0), ((double)before!["budgets"]![0]!["left"]!, (double)before["budgets"]![0]!["price"]!));

        // The strategy of the shipped journeys is in force beside it.
        var (name, solution) = (await product.Get<BudgetPricing>().PriceAsync(CancellationToken.None)).Single(priced => priced.Strategy != "journey-offers@1");
        Assert.Equal(("cards@1", Customers), (name, solution.Customers));
        // Gold is worth 0.4 for each thousand of income, the next best 0.5, and the bonus is enough for two: those with 23 and 24 thousand, not 22.
        Assert.InRange(solution.Prices["bonus"], ((0.4 * 22) - 0.5) / 50 - 1e-9, ((0.4 * 23) - 0.5) / 50);
        Assert.InRange(solution.Gap, 0, 1e-6);
        Assert.Empty(await product.Get<BudgetPricing>().PriceAsync(CancellationToken.None));
        var source = (await product.Get<LiveStrategies>().GetAsync(CancellationToken.None))[0].Strategy.Source;
        Assert.True(solution.Holds(source, new Dictionary<string, double> { ["bonus"] = 98 }, solution.At.AddHours(23)));
        Assert.False(solution.Holds(source, new Dictionary<string, double> { ["bonus"] = 97.9 }, solution.At.AddHours(23)));
        Assert.False(solution.Holds(source, new Dictionary<string, double> { ["bonus"] = 99 }, solution.At.AddDays(1)));
        Assert.True(solution.Holds(source, new Dictionary<string, double> { ["bonus"] = 100 }, solution.At.AddDays(6)));
        Assert.False(solution.Holds(source, new Dictionary<string, double> { ["bonus"] = 100 }, solution.At.AddDays(7)));
        var older = JsonNode.Parse(JsonSerializer.Serialize(solution, PricesJson.Default.PriceSolution))!.AsObject();
        older.Remove("left");
        Assert.False(older.Deserialize(PricesJson.Default.PriceSolution)!.Holds(source, new Dictionary<string, double> { ["bonus"] = 100 }, solution.At));
        Assert.False(solution.Holds(source with { Version = 2 }, new Dictionary<string, double> { ["bonus"] = 100 }, solution.At));
        product.Clock.Advance(LiveStrategies.Patience);
        var (_, priced) = await product.SendAsync(HttpMethod.Get, "api/strategies/cards/learning");
        Assert.Equal(solution.Prices["bonus"], (double)priced!["budgets"]![0]!["price"]!);

        Assert.Equal("gold,gold,statement", $"{await ChosenAsync(product, 24)},{await ChosenAsync(product, 23)},{await ChosenAsync(product, 22)}");
        await LearningTests.LearnAsync(product);
        product.Clock.Advance(LiveStrategies.Patience);
        Assert.Equal("statement", await ChosenAsync(product, 24));
        var (_, used) = await product.SendAsync(HttpMethod.Get, "api/strategies/cards/learning");
        Assert.Equal(0.0, (double)used!["budgets"]![0]!["left"]!);
        Assert.Equal(["cards@1"], (await product.Get<BudgetPricing>().PriceAsync(CancellationToken.None)).Select(again => again.Strategy));

        // The offers end without an answer, and the money is there again.
        product.Clock.Advance(TimeSpan.FromDays(16));
        product.Clock.Advance(LiveStrategies.Patience);
        var (_, later) = await product.SendAsync(HttpMethod.Get, "api/strategies/cards/learning");
        Assert.Equal(100.0, (double)later!["budgets"]![0]!["left"]!);
    }

    [Fact]
    public async Task A_draft_is_held_against_the_version_in_force_without_any_effect()
    {
        await using var product = await LearningTests.WithCustomersAsync(Customers);
        product.Clock.Advance(TimeSpan.FromMinutes(1));
        var draft = StrategyInForce.Cards(2);
        draft["actions"]![0]!["eligibility"] = "flags.staff";
        var kind = new StrategyKind(DecisionVocabulary.Standard);
        await product.Get<DocumentWorkflow>().SaveAsync(kind, "cards", draft, null, "ann", null, CancellationToken.None);
        var sent = product.Get<EventHubsNamespace>().ReadAll(EventStreams.SignalsHub).Count();

        var (status, result) = await product.SendAsync(HttpMethod.Post, "api/documents/strategies/cards/simulation", "{}");
        Assert.True(status == 200, result!.ToJsonString());
        Assert.Equal((Customers, Customers), ((int)result["sampled"]!, (int)result["changed"]!));
        Assert.Equal((1, Customers, 57.6), ((int)result["before"]!["version"]!, (int)result["before"]!["actions"]!["gold"]!, Math.Round((double)result["before"]!["revenue"]!, 6)));
        Assert.Equal((2, Customers), ((int)result["after"]!["version"]!, (int)result["after"]!["actions"]!["statement"]!));
        Assert.Equal("""{"customerId":"C-1","before":"gold","after":"statement"}""", result["examples"]![0]!.ToJsonString());
        Assert.Equal(result.ToJsonString(), (await product.SendAsync(HttpMethod.Post, "api/documents/strategies/cards/simulation", "{}")).Body!.ToJsonString());
        Assert.Equal(sent, product.Get<EventHubsNamespace>().ReadAll(EventStreams.SignalsHub).Count());
        var (_, view) = await product.SendAsync(HttpMethod.Get, "api/customers/C-1");
        Assert.Empty(view!["decisions"]!.AsArray());

        foreach (var (body, expected, field) in new[]
        {
            ("""{"version":0}""", 400, "version"), ("""{"customers":2001}""", 400, "customers"), ("""{"customers":"all"}""", 400, "customers"), ("""{"n":1}""", 400, "n"), ("[]", 400, "$"),
        })
        {
            var (refused, problem) = await product.SendAsync(HttpMethod.Post, "api/documents/strategies/cards/simulation", body);
            Assert.Equal((expected, field), (refused, (string)problem!["field"]!));
        }

        Assert.Equal(404, (await product.SendAsync(HttpMethod.Post, "api/documents/strategies/cards/simulation", """{"version":9}""")).Status);
        Assert.Equal(404, (await product.SendAsync(HttpMethod.Post, "api/documents/strategies/none/simulation", "{}")).Status);
    }

    private static async Task<string?> ChosenAsync(Product product, int customer)
    {
        var (status, decision) = await product.SendAsync(HttpMethod.Post, $"api/customers/C-{customer}/decisions", """{"channel":"app"}""");
        Assert.True(status == 200, decision!.ToJsonString());
        return (string?)decision["chosen"];
    }
}
