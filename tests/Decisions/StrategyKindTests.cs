using System.Text.Json.Nodes;
using ServerlessCLM.Decisions;
using ServerlessCLM.Documents;

namespace ServerlessCLM.Tests.Decisions;

public class StrategyKindTests
{
    private static readonly StrategyKind Kind = new(DecisionVocabulary.Of(DecisionVocabulary.Scores));

    [Fact]
    public void A_sound_strategy_has_no_findings_and_reads_as_it_is_written()
    {
        Assert.Empty(Kind.Check(SampleStrategy.Example()));
        var strategy = Strategy.Read(SampleStrategy.Example());
        Assert.Equal((250000.00m, 1.1, ActionKind.Intervention, 3), (strategy.Budgets[0].Limit, strategy.Actions[0].Lever, strategy.Actions[1].Kind, strategy.Actions.Count));
    }

    [Theory]
    [InlineData("$.actions[0].eligibility", "features.tenure_dys > 1.0", "$.actions[0].eligibility", 0, "the nearest name is features.tenure_days")]
    [InlineData("$.actions[0].eligibility", "profile.contry == 'DE'", "$.actions[0].eligibility", 0, "the nearest name is profile.country")]
    [InlineData("$.actions[0].suitability", "scores.pre_delinquncy < 0.02", "$.actions[0].suitability", 0, "the nearest name is scores.pre_delinquency")]
    [InlineData("$.actions[0].suitability", "scores.activity_level", "$.actions[0].suitability", 0, "is double, but must be true or false")]
    [InlineData("$.actions[0].suitability", "!flags.hardshp", "$.actions[0].suitability", 1, "the nearest name is flags.hardship")]
    [InlineData("$.actions[0].suitability", "consent('marketng', 'email')", "$.actions[0].suitability", 8, "the nearest name is marketing")]
    [InlineData("$.actions[0].suitability", "features.tenure_days < 100", "$.actions[0].suitability", 0, "is never true where what stands before it is")]
    [InlineData("$.actions[0].eligibility", "features.balance > 5 && features.balance < 3", "$.actions[0].eligibility", 24, "is never true where what stands before it is")]
    [InlineData("$.actions[0].value.expectedLoss", "profile.country", "$.actions[0].value.expectedLoss", 0, "must be a number")]
    [InlineData("$.actions[0].value.expectedLoss", "-5.00", "$.actions[0].value.expectedLoss", null, "must not be negative")]
    [InlineData("$.actions[0].valid", "14 days", "$.actions[0].valid", null, "an ISO 8601 duration like P14D")]
    [InlineData("$.actions[0].cost.email", "-0.10", "$.actions[0].cost.email", null, "an amount that is not negative")]
    [InlineData("$.budgets[0].limit", "-1.00", "$.budgets[0].limit", null, "an amount that is not negative")]
    [InlineData("$.budgets[0].id", "call-centre", "$.budgets[1].id", null, "call-centre is there twice")]
    [InlineData("$.actions[0].id", "nothing", "$.actions[2].id", null, "nothing is there twice")]
    [InlineData("$.actions[0].kind", "ofer", "$.actions[0].kind", null, "the nearest name is offer")]
    [InlineData("$.effective", "tomorrow", "$.effective", null, "an instant like")]
    [InlineData("$.version", "three", "$.version", null, "must be a whole number")]
    [InlineData("$.actions[2].journey", "welcome", "$.actions[2]", null, "does nothing")]
    public void A_mistake_is_found_at_its_path(string at, string value, string path, int? position, string reason)
    {
        var strategy = SampleStrategy.Example();
        Put(strategy, at, value);
        var finding = Kind.Check(strategy).First(found => !found.IsWarning);
        Assert.Equal((path, position), (finding.Path, finding.Position));
        Assert.Contains(reason, finding.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_members_budgets_and_actions_are_found_together()
    {
        var strategy = SampleStrategy.Example();
        strategy["actions"]![0]!["uses"] = new JsonObject { ["upgrade-bonos"] = "1.00", ["call-centre"] = "1" };
        strategy["actions"]![0]!["applicability"] = "!accepted('premium-upgrde', duration('1h'))";
        strategy["objectives"]!["risk"] = 0;
        strategy["actions"]![0]!["propensity"]!["model"] = "propensity_credit_cart";
        Assert.Equal(
            [
                "$.actions[0].uses['upgrade-bonos']: is not a budget of the strategy; the nearest name is upgrade-bonus",
                "$.actions[0].propensity.model: warning: is no score, so that the prior holds; the nearest name is scores.propensity_credit_card",
                "$.actions[0].applicability at character 11: warning: premium-upgrde is not an action of the strategy; the nearest name is premium-upgrade",
                "$.budgets[0]: warning: no action uses it",
            ],
            Kind.Check(strategy).Select(finding => finding.ToString()));

        strategy["actions"]![0]!["colour"] = "red";
        Assert.Equal(["$.actions[0].colour: is not a member"], Kind.Check(strategy).Select(finding => finding.ToString()));
    }

    /// <summary>What the schema names, the record reads; a member of one without the other fails here.</summary>
    [Fact]
    public void Schema_and_record_have_the_same_members()
    {
        Same(typeof(Strategy), Kind.Schema.Json["properties"]!);
        Same(typeof(StrategyAction), Kind.Schema.Json["$defs"]!["action"]!["properties"]!);
        Same(typeof(Budget), Kind.Schema.Json["$defs"]!["budget"]!["properties"]!);
        Same(typeof(ActionValue), Kind.Schema.Json["$defs"]!["action"]!["properties"]!["value"]!["properties"]!);

        static void Same(Type type, JsonNode properties) => Assert.Equal(
            properties.AsObject().Select(member => member.Key.TrimStart('$').ToUpperInvariant()).Order(StringComparer.Ordinal),
            type.GetProperties().Select(member => member.Name.ToUpperInvariant()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"actions":[null]}""")]
    [InlineData("""{"id":7,"version":1.5,"objectives":[],"actions":{}}""")]
    [InlineData("""{"id":"a","version":1,"objectives":{"revenue":1,"risk":1,"experience":1},"actions":[{"id":"a","kind":"offer","uses":{"B":"1"},"cost":{"fax":"1.00"}}]}""")]
    public void Any_JSON_gets_findings_instead_of_an_exception(string json) => Assert.Contains(Kind.Check(JsonNode.Parse(json)), finding => !finding.IsWarning);

    private static void Put(JsonObject document, string path, string value)
    {
        var steps = path[2..].Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Split('.');
        JsonNode node = document;
        foreach (var step in steps[..^1])
            node = int.TryParse(step, out var place) ? node[place]! : node[step]!;
        node[steps[^1]] = value;
    }
}
