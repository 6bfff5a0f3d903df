using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Features;
using ServerlessCLM.Journeys.Collections;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Tests.Journeys.Collections;

public sealed class AffordabilityTests
{
    private static readonly PlanRules Rules = CollectionsPolicy.Default.Plan;

    [Fact]
    public void A_month_is_income_less_obligations_less_essentials_and_cash()
    {
        var budget = Affordability.Of(Month(salary: 2500, obligations: 3000, purchases: 1800, cash: 600, essentials: 0.75f), null, 50, null, Rules)!;
        // 3000/3 + 50; (1800 × 0.75 + 600)/3 = 650, below the cost of living.
        Assert.Equal((2500m, 1050m, 900m, 550m, true), (budget.Income, budget.Obligations, budget.Living, budget.Disposable, budget.IsSeen));
        Assert.Equal(1200m, Affordability.Of(Month(2500, 3000, 3600, 900, 0.75f), null, 0, null, Rules)!.Living);
    }

    [Fact]
    public void What_the_customer_says_counts_only_where_it_leaves_them_more()
    {
        var vector = Month(2500, 3000, 1800, 600, 0.75f);
        Assert.Equal(2000m, Affordability.Of(vector, new JsonObject { ["monthlyIncome"] = 2000m }, 0, null, Rules)!.Income);
        Assert.Equal(2500m, Affordability.Of(vector, new JsonObject { ["monthlyIncome"] = 9000m }, 0, new StatedBudget(4000, 100), Rules)!.Income);
        Assert.Equal(1500m, Affordability.Of(vector, null, 0, new StatedBudget(null, 2500), Rules)!.Living);
        Assert.False(Affordability.Of(Month(float.NaN, 0, 0, 0, 0), null, 0, new StatedBudget(1500, null), Rules)!.IsSeen);
    }

    [Fact]
    public void A_month_that_nothing_tells_is_not_guessed()
    {
        Assert.Null(Affordability.Of(Month(float.NaN, 300, 300, 0, 0.5f), null, 0, null, Rules));
        Assert.Null(Affordability.Of(Month(2500, 300, 300, 0, 0.5f, tenure: 89), null, 0, null, Rules));
        Assert.Equal(0, Affordability.Of(Month(1000, 3000, 300, 0, 0.5f), null, 0, null, Rules)!.Disposable);
    }

    [Fact]
    public void No_instalment_is_more_than_the_disposable_income_and_all_add_up_to_the_debt() => Prop.ForAll(
        Gen.Choose(1, 2_000_000).ToArbitrary(), Gen.Choose(0, 400_000).Two().ToArbitrary(), Gen.Choose(0, 500).ToArbitrary(), (cents, money, day) =>
        {
            var amount = cents / 100m;
            var budget = new MonthlyBudget(money.Item1 / 100m, 0, money.Item2 / 300m, true);
            var most = decimal.Floor(budget.Disposable * (decimal)Rules.SurplusShare * 100) / 100;
            if (PlanSchedule.Fewest(amount, most, Rules) is not { } count)
            {
                // None fits: even the longest would be too much, or each not worth its transfer.
                Assert.True(most * Rules.LongestMonths < amount || amount / Math.Max(1, decimal.Ceiling(amount / Math.Max(most, 0.01m))) < Rules.Least + 0.01m);
                return;
            }

            var first = PlanSchedule.First(new DateOnly(2026, 1, 1).AddDays(day), (day % 31) + 1);
            var plan = PlanSchedule.Of(amount, count, first);
            Assert.All(plan, instalment => Assert.InRange(instalment.Amount, 0.01m, budget.Disposable));
            Assert.Equal(amount, plan.Sum(instalment => instalment.Amount));
            Assert.InRange(plan.Max(instalment => instalment.Amount) - plan.Min(instalment => instalment.Amount), 0, 0.01m);
            Assert.InRange(plan.Count, 1, Rules.LongestMonths);
            Assert.True(count == 1 || decimal.Ceiling(amount * 100 / (count - 1)) / 100 > most);
            Assert.Equal(plan.Select(instalment => instalment.Due), Enumerable.Range(0, count).Select(first.AddMonths));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("2026-11-20", 25, "2026-12-26")] // The 26th is six days away.
    [InlineData("2026-11-20", 28, "2026-11-28")]
    [InlineData("2027-01-30", 31, "2027-02-28")]
    [InlineData("2026-11-20", null, "2026-12-04")]
    [InlineData("2027-01-16", null, "2027-02-01")] // Not the 30th, which February does not have.
    public void The_first_instalment_follows_the_pay_day(string today, int? payDay, string first) =>
        Assert.Equal(Date(first), PlanSchedule.First(Date(today), payDay));

    [Fact]
    public void What_is_let_off_never_leaves_less_than_what_would_be_expected() => Prop.ForAll(
        Gen.Choose(0, 400).ToArbitrary(), Gen.Choose(0, 1000).ToArbitrary(), Gen.Choose(1, 1_000_000).ToArbitrary(), (days, chance, cents) =>
        {
            var (rules, p, balance) = (CollectionsPolicy.Default.Settlement, chance / 1000.0, cents / 100m);
            var largest = SettlementOffers.Largest(rules, days, p);
            var least = SettlementOffers.Least(balance, largest);
            Assert.True(least >= balance * (decimal)p - 0.000001m);
            Assert.InRange(largest, 0, rules.Bands.Where(band => band.FromDaysPastDue <= days).Max(band => band.Largest));
            Assert.InRange(least, 0, balance);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1000, 850, 0.5, false)]
    [InlineData(1000, 849.99, 0.5, true)] // More than 15%.
    [InlineData(10_000, 9_499.99, 0.5, true)] // More than 500.
    [InlineData(1000, 999, null, true)] // Nobody knows what would be expected.
    public void A_second_person_approves_what_one_may_not_let_off_alone(double balance, double amount, double? chance, bool needed) => Assert.Equal(needed,
        SettlementOffers.NeedsApproval(CollectionsPolicy.Default.Settlement, new Settlement("s", (decimal)balance, (decimal)amount, default, default, "a", 1), chance));

    private static float[] Month(float salary, float obligations, float purchases, float cash, float essentials, int tenure = 400)
    {
        var vector = new float[FeatureCatalogue.Count];
        Array.Fill(vector, float.NaN);
        (vector[(int)Feature.TenureDays], vector[(int)Feature.SalaryMean], vector[(int)Feature.ObligationAmount90d]) = (tenure, salary, obligations);
        (vector[(int)Feature.PurchaseAmount90d], vector[(int)Feature.CashAmount90d], vector[(int)Feature.ShareGroceries]) = (purchases, cash, essentials);
        return vector;
    }

    private static DateOnly Date(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
