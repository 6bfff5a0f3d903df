using ServerlessCLM.Conditions;

namespace ServerlessCLM.Tests.Conditions;

public class RuleAnalysisTests
{
    [Theory]
    [InlineData("features.balance > 5.0 && features.balance < 3.0", 27, RuleFault.NeverTrue)]
    [InlineData("features.balance > 5 && 5 >= features.balance", 25, RuleFault.NeverTrue)]
    [InlineData("visits > 2 && visits < 3", 15, RuleFault.NeverTrue)]
    [InlineData("profile.country == 'DE' && profile.country == 'AT'", 28, RuleFault.NeverTrue)]
    [InlineData("profile.country in ['DE', 'AT'] && profile.country != 'DE' && profile.country != 'AT'", 63, RuleFault.NeverTrue)]
    [InlineData("flags.hardship && !flags.hardship", 19, RuleFault.NeverTrue)]
    [InlineData("!has(features.balance) && features.balance > 1.0", 27, RuleFault.NeverTrue)]
    [InlineData("contacts('app', duration('24h')) > 3 && contacts('app', duration('24h')) <= 3", 41, RuleFault.NeverTrue)]
    [InlineData("features.balance < features.inflow_30d && features.balance >= features.inflow_30d", 43, RuleFault.NeverTrue)]
    [InlineData("1 > 2", 1, RuleFault.NeverTrue)]
    [InlineData("false", 1, RuleFault.NeverTrue)]
    [InlineData("flags.hardship ? features.balance > 3.0 && features.balance < 1.0 : visits > 1 && visits < 2", 1, RuleFault.NeverTrue)]
    [InlineData("(features.balance > 5.0 || features.balance < 3.0) && features.balance == 4.0", 55, RuleFault.NeverTrue)]
    [InlineData("visits > 1 || visits < 5", 1, RuleFault.NeverFalse)]
    [InlineData("visits > 5 && visits > 3", 15, RuleFault.NeverFalse)]
    [InlineData("visits > 5 || visits > 7", 15, RuleFault.Unreachable)]
    [InlineData("visits > 5 && (visits < 3 || flags.hardship)", 16, RuleFault.Unreachable)]
    [InlineData("features.balance > 5.0 || features.balance > 7.0", 27, RuleFault.Unreachable)]
    public void A_rule_that_cannot_matter_is_found_with_its_place(string text, int character, RuleFault fault)
    {
        var finding = Assert.Single(RuleAnalysis.Of(Applicant.Vocabulary.Condition(text)));
        Assert.Equal((fault, character), (finding.Fault, finding.Finding.Position + 1));
    }

    [Theory]
    [InlineData("true")]
    [InlineData("features.balance > 3 && features.balance < 4")]
    [InlineData("profile.country == 'DE' || profile.country == 'AT'")]
    [InlineData("features.balance != 3.0 && features.balance >= 3.0")]
    [InlineData("flags.hardship ? visits > 3 : visits < 1")]
    [InlineData("contacts('app', duration('24h')) > 3 && contacts('email', duration('24h')) <= 3")]
    [InlineData("has(features.balance) && features.balance > 1.0")]
    [InlineData("features.balance < 2.0 || !has(features.balance)")]
    [InlineData("(flags.hardship && features.balance < 2.0) || !has(features.balance)")]
    [InlineData("now > timestamp('2026-01-01T00:00:00Z') && now < timestamp('2027-01-01T00:00:00Z')")]
    public void A_sound_rule_has_no_findings(string text) => Assert.Empty(RuleAnalysis.Of(Applicant.Vocabulary.Condition(text)));

    [Fact]
    public void Rules_that_must_all_hold_are_looked_at_together()
    {
        var rules = new[] { "profile.country == 'DE'", "features.balance > 100.0", "visits > 0 && profile.country in ['US', 'GB']" };
        var finding = Assert.Single(RuleAnalysis.Of(rules.Select(Applicant.Vocabulary.Condition).ToArray()));
        Assert.Equal((2, RuleFault.NeverTrue, 14), (finding.Rule, finding.Fault, finding.Finding.Position));
    }

    [Fact]
    public void A_value_that_is_never_taken_is_found_in_an_amount()
    {
        var finding = Assert.Single(RuleAnalysis.Of(Applicant.Vocabulary.Amount("1.0 + (visits > 3 && visits < 4 ? 2.0 : features.balance)")));
        Assert.Equal((RuleFault.Unreachable, 34), (finding.Fault, finding.Finding.Position));
    }
}
