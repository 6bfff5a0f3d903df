using System.Text.Json.Nodes;

namespace ServerlessCLM.Tests.Documents;

public sealed class ExpressionRoutesTests
{
    private const string Check = "api/expressions/check", Names = "api/expressions/names";

    [Fact]
    public async Task An_expression_has_its_type_its_names_and_a_sample_customers_values()
    {
        await using var product = await Product.StartAsync();
        await product.SendAsync(HttpMethod.Put, "api/customers/C-1/profile", """{"country":"DE","flags":{"hardship":true}}""");
        var answer = await CheckAsync(product, "flags.hardship && features.tenure_days >= 0", "condition", "C-1");
        Assert.Empty(answer["findings"]!.AsArray());
        Assert.Equal("bool", (string?)answer["type"]);
        Assert.Equal(["features.tenure_days double days", "flags.hardship bool "], answer["names"]!.AsArray().Select(name => $"{name!["name"]} {name["type"]} {name["unit"]}"));
        Assert.Equal(("known", "true"), StateOf(answer["names"]![1]!["value"]));

        var amount = await CheckAsync(product, "flags.hardship ? 2.5 : 1.0", "amount", "C-1");
        Assert.Equal(("known", "2.5"), StateOf(amount["value"]));
        Assert.Equal(("unknown", "profile.segment"), StateOf((await CheckAsync(product, "profile.segment == 'premium'", "condition", "C-1"))["value"]));
        Assert.Equal("error", StateOf((await CheckAsync(product, "size(profile.country) / (size(profile.country) - 2) > 0", "condition", "C-1"))["value"]).State);
        Assert.Null((await CheckAsync(product, "true", "condition", customer: null))["value"]);
    }

    [Fact]
    public async Task A_function_that_is_called_is_no_name_with_a_value()
    {
        await using var product = await Product.StartAsync();
        await product.SendAsync(HttpMethod.Put, "api/customers/C-1/profile", """{"country":"DE","flags":{"hardship":true}}""");
        var answer = await CheckAsync(product, "flags.hardship && !accepted('credit-card', duration('24h')) && contacts('call', duration('24h')) < 2", "condition", "C-1");
        Assert.Equal(["flags.hardship"], answer["names"]!.AsArray().Select(name => (string?)name!["name"]));
        Assert.Equal(("known", "true"), StateOf(answer["value"]));
    }

    [Fact]
    public async Task What_is_wrong_stands_at_its_place_in_the_text()
    {
        await using var product = await Product.StartAsync();
        var unknown = await CheckAsync(product, "features.tenure_dais >= 60", "condition", customer: null);
        Assert.Contains("features.tenure_days", Finding(unknown, position: 0, isWarning: false), StringComparison.Ordinal);
        Assert.Null(unknown["type"]);
        Assert.Contains("a number", Finding(await CheckAsync(product, "profile.country", "amount", customer: null), position: 0, isWarning: false), StringComparison.Ordinal);
        Finding(await CheckAsync(product, "flags.staff && !flags.staff", "condition", customer: null), position: 15, isWarning: false);
        Finding(await CheckAsync(product, "flags.staff &&", "condition", customer: null), position: 14, isWarning: false);
    }

    [Fact]
    public async Task Journeys_have_what_happened_besides_the_names_of_strategies()
    {
        await using var product = await Product.StartAsync();
        var (strategy, journey) = (await NamesAsync(product, "strategy"), await NamesAsync(product, "journey"));
        Assert.Equal(["event", "signal"], journey.Except(strategy, StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.Empty(strategy.Except(journey, StringComparer.Ordinal));
        Assert.Contains("features.tenure_days", strategy);
        var (_, listed) = await product.SendAsync(HttpMethod.Get, $"{Names}?place=strategy");
        Assert.Contains("consent(purpose: string, channel: string): bool", listed!["functions"]!.AsArray().Select(function => (string)function!["signature"]!));
    }

    [Theory]
    [InlineData("""{"place":"poem","expression":"true"}""", 400, "place")]
    [InlineData("""{"place":"strategy"}""", 400, "expression")]
    [InlineData("""{"place":"strategy","expression":7}""", 400, "expression")]
    [InlineData("""{"place":"strategy","expression":"true","use":"rule"}""", 400, "use")]
    [InlineData("""{"place":"strategy","expression":"true","customerId":""}""", 400, "customerId")]
    [InlineData("""{"place":"strategy","expression":"true","customerId":"C-none"}""", 404, null)]
    [InlineData("""{"place":"strategy","expression":"true","costumerId":"C-1"}""", 400, "costumerId")]
    public async Task A_question_that_cannot_be_taken_names_the_field(string body, int status, string? field)
    {
        await using var product = await Product.StartAsync();
        var (answered, problem) = await product.SendAsync(HttpMethod.Post, Check, body);
        Assert.Equal((status, field), (answered, (string?)problem!["field"]));
    }

    private static async Task<JsonNode> CheckAsync(Product product, string expression, string use, string? customer)
    {
        var (status, answer) = await product.SendAsync(
            HttpMethod.Post, Check, new JsonObject { ["place"] = "strategy", ["expression"] = expression, ["use"] = use, ["customerId"] = customer }.ToJsonString());
        Assert.Equal(200, status);
        return answer!;
    }

    private static async Task<string[]> NamesAsync(Product product, string place)
    {
        var (status, answer) = await product.SendAsync(HttpMethod.Get, $"{Names}?place={place}");
        Assert.Equal(200, status);
        return [.. answer!["names"]!.AsArray().Select(name => (string)name!["name"]!)];
    }

    private static (string State, string? Says) StateOf(JsonNode? value) => ((string)value!["state"]!, (string?)(value["text"] ?? value["reason"]));

    private static string Finding(JsonNode answer, int position, bool isWarning)
    {
        var finding = Assert.Single(answer["findings"]!.AsArray())!;
        Assert.Equal((position, isWarning), ((int)finding["position"]!, (bool)finding["isWarning"]!));
        return (string)finding["message"]!;
    }
}
