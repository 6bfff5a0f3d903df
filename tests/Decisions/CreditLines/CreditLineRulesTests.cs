using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Decisions.CreditLines;
using ServerlessCLM.Features;

namespace ServerlessCLM.Tests.Decisions.CreditLines;

public sealed class CreditLineRulesTests
{
    private static readonly CreditLinePolicy Policy = CreditLinePolicy.Default;

    private static readonly FeatureDefinition[] Reasons =
        [.. new[] { "utilisation", "returns_90d", "salary_change", "balance", "fees_90d" }.Select(name => FeatureCatalogue.All[FeatureCatalogue.IndexOf(name)])];

    private static readonly CreditLineInput Good = new(
        Line: 3000, Balance: 1500, Pd: 0.01, Lgd: 0.7, YearlySpend: 12_000, MonthlyIncome: 3500, MonthlyObligations: 900, Age: 40, DaysSinceChange: 400,
        PersistentDebt: 0, Flags: [], Difficulty: [], RiskReasons: Reasons);

    [Fact]
    public void A_good_customer_who_can_bear_it_gets_more()
    {
        var decided = CreditLineRules.Decide(Policy, Good);
        Assert.Equal(LineChange.Increase, decided.Change);
        Assert.True(decided.Line > Good.Line && decided.Then.Profit >= decided.Now.Profit + Policy.LeastGain);
        Assert.Empty(decided.Limits);
        Assert.Empty(decided.Reasons);
    }

    [Fact]
    public void A_risky_customer_gets_less_with_at_most_four_reasons_of_different_families()
    {
        var decided = CreditLineRules.Decide(Policy, Good with { Pd = 0.25, Balance = 300 });
        Assert.Equal(LineChange.Decrease, decided.Change);
        Assert.InRange(decided.Line, 300, 2999);
        Assert.InRange(decided.Reasons.Count, 1, CreditLineRules.MaxReasons);
        Assert.Equal(decided.Reasons.Count, decided.Reasons.Select(reason => reason.Family).Distinct().Count());
        Assert.Equal("use of the credit limit", decided.Reasons[0].Words);
        Assert.Contains(decided.Otherwise, words => words.Contains("the line would stay", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_said_to_alter_the_outcome_alters_it()
    {
        var risky = Good with { Pd = 0.25, Balance = 300 };
        var words = CreditLineRules.Decide(Policy, risky).Otherwise.Single(each => each.Contains("would stay", StringComparison.Ordinal));
        var pd = double.Parse(words.Split(' ').First(word => word.EndsWith('%') || char.IsDigit(word[0])).TrimEnd('%'), System.Globalization.CultureInfo.InvariantCulture) / 100;
        Assert.NotEqual(LineChange.Decrease, CreditLineRules.Decide(Policy, risky with { Pd = pd - 0.0002 }).Change);
        Assert.Equal(LineChange.Decrease, CreditLineRules.Decide(Policy, risky with { Pd = pd + 0.0002 }).Change);

        var poor = CreditLineRules.Decide(Policy, Good with { MonthlyIncome = 1450 });
        var limit = Assert.Single(poor.Limits);
        Assert.Equal("ability_to_pay", limit.Rule);
        var income = decimal.Parse(limit.Otherwise.Split(' ')[3], System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(CreditLineRules.Decide(Policy, Good with { MonthlyIncome = income }).Line > poor.Line);
    }

    [Fact]
    public void Without_reasons_that_can_be_given_nothing_is_cut() =>
        Assert.Equal(LineChange.Keep, CreditLineRules.Decide(Policy, Good with { Pd = 0.25, Balance = 300, RiskReasons = [] }).Change);

    [Theory]
    [InlineData("frozen")]
    [InlineData("too_soon")]
    [InlineData("difficulty")]
    [InlineData("persistent_debt")]
    [InlineData("age")]
    [InlineData("income_unknown")]
    public void A_hard_limit_holds_whatever_the_models_say(string rule)
    {
        var input = rule switch
        {
            "frozen" => Good with { Flags = ["breathingSpace"] },
            "too_soon" => Good with { DaysSinceChange = 30 },
            "difficulty" => Good with { Difficulty = [Reasons[1]] },
            "persistent_debt" => Good with { PersistentDebt = 18 },
            "age" => Good with { Age = 20 },
            _ => Good with { MonthlyIncome = null },
        };
        var decided = CreditLineRules.Decide(Policy, input with { Pd = 0.0001 });
        Assert.Equal(LineChange.Keep, decided.Change);
        Assert.Equal(rule, Assert.Single(decided.Limits).Rule);
        Assert.Contains(decided.Limits[0].Otherwise, decided.Otherwise);
        if (rule is "frozen" or "too_soon")
            Assert.Equal(LineChange.Keep, CreditLineRules.Decide(Policy, input with { Pd = 0.4, Balance = 300 }).Change);
    }

    /// <summary>Whatever the figures: no increase against a limit or beyond what the income bears, no cut below what is drawn or without reasons.</summary>
    [Fact]
    public void No_line_breaks_a_hard_limit()
    {
        var inputs =
            from line in Gen.Choose(2, 200)
            from drawn in Gen.Choose(0, 100)
            from pd in Gen.Choose(1, 400)
            from lgd in Gen.Choose(10, 100)
            from income in Gen.OneOf(Gen.Constant(-1), Gen.Choose(0, 8000))
            from obligations in Gen.Choose(0, 4000)
            from debt in Gen.Elements(0, 0, 0, 18, 36)
            from difficult in Gen.Elements(false, false, true)
            from reasons in Gen.Choose(0, 5)
            select Good with
            {
                Line = line * 100, Balance = line * drawn, Pd = pd / 1000.0, Lgd = lgd / 100.0, MonthlyIncome = income < 0 ? null : income,
                MonthlyObligations = obligations, PersistentDebt = debt, Difficulty = difficult ? [Reasons[1]] : [], RiskReasons = Reasons[..reasons],
            };
        Prop.ForAll(Arb.From(inputs), input =>
        {
            var decided = CreditLineRules.Decide(Policy, input);
            if (decided.Change == LineChange.Increase)
            {
                Assert.DoesNotContain(decided.Limits, limit => limit.Rule != "ability_to_pay");
                Assert.True(CreditLineRules.MinimumPayment(Policy, decided.Line) + input.MonthlyObligations
                    <= input.MonthlyIncome!.Value * (decimal)(1 - Policy.AbilityToPay.Reserve) + 0.01m);
                Assert.True(input is { PersistentDebt: 0, Difficulty.Count: 0 });
            }
            else if (decided.Change == LineChange.Decrease)
            {
                Assert.True(decided.Line >= input.Balance && decided.Line >= Policy.Least && decided.Line < input.Line);
                Assert.InRange(decided.Reasons.Count, 1, 4);
            }
            else
                Assert.Equal(input.Line, decided.Line);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Capital_is_that_of_the_Basel_formula()
    {
        // CRE31.15 with R = 4%: worked by hand with Φ⁻¹(0.02) = −2.053749, Φ⁻¹(0.999) = 3.090232.
        Assert.Equal(0.7 * (0.0713 - 0.02), LineEconomics.CapitalRatio(0.02, 0.7), 0.0005);
        Assert.Equal(0, LineEconomics.CapitalRatio(0, 0.7));
    }

    [Theory]
    [InlineData(18, 18, 18)]
    [InlineData(27, 27, 27)]
    [InlineData(36, 36, 36)]
    [InlineData(40, 40, 36)]
    [InlineData(40, 10, 0)]
    [InlineData(12, 12, 0)]
    public void Persistent_debt_goes_by_eighteen_months_of_statements(int months, int costly, int stage)
    {
        var statements = Enumerable.Range(0, months).Select(month =>
            new CardStatement(Product.Now.AddMonths(-month).AddDays(-2), 30, month < costly ? 20 : 200));
        Assert.Equal(stage, PersistentDebt.Stage(statements, Product.Now));
    }
}
