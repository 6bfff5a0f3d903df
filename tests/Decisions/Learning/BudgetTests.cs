using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Decisions.Learning;
using ServerlessCLM.Features;

namespace ServerlessCLM.Tests.Decisions.Learning;

public class BudgetTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private static readonly Strategy Cards = Strategy.Read(System.Text.Json.Nodes.JsonNode.Parse("""
        {
          "id": "cards", "version": 1, "objectives": { "revenue": 1, "risk": 1, "experience": 1 },
          "budgets": [ { "id": "bonus", "unit": "EUR", "limit": "1000.00", "per": "P1M" }, { "id": "calls", "unit": "calls", "limit": "50", "per": "P1D" } ],
          "actions": [
            { "id": "gold", "kind": "offer", "channels": ["call"], "propensity": { "prior": { "alpha": 1, "beta": 9 } }, "uses": { "bonus": "50.00", "calls": "1" }, "valid": "P3D" },
            { "id": "cash", "kind": "offer", "channels": ["app"], "propensity": { "prior": { "alpha": 1, "beta": 9 } }, "uses": { "bonus": "10.00" } },
            { "id": "nothing", "kind": "none" }
          ]
        }
        """)!.AsObject());

    [Theory]
    [InlineData("P1D", "2026-11-20", "2026-11-21")]
    [InlineData("P1W", "2026-11-16", "2026-11-23")]
    [InlineData("P1M", "2026-11-01", "2026-12-01")]
    [InlineData("P3M", "2026-10-01", "2027-01-01")]
    [InlineData("P1Y", "2026-01-01", "2027-01-01")]
    public void Periods_are_those_of_the_calendar(string per, string start, string end)
    {
        Assert.True(BudgetPeriod.TryRead(per, out var period));
        var (from, to) = period.At(Now);
        Assert.Equal((start, end), (from.ToString("yyyy-MM-dd"), to.ToString("yyyy-MM-dd")));
    }

    [Theory]
    [InlineData("PT1H")]
    [InlineData("P1M1D")]
    [InlineData("P0D")]
    [InlineData("-P1D")]
    [InlineData("1 day")]
    public void What_is_no_period_is_not_read(string per) => Assert.False(BudgetPeriod.TryRead(per, out _));

    [Fact]
    public void Every_instant_is_in_one_period_and_the_next_begins_where_it_ends()
    {
        var cases = from months in Gen.Choose(0, 30)
                    from days in Gen.Choose(1, 400)
                    from minutes in Gen.Choose(-2_000_000, 2_000_000)
                    select (new BudgetPeriod(months, months > 0 ? 0 : days), Now.AddMinutes(minutes));
        Prop.ForAll(cases.ToArbitrary(), one =>
        {
            var (period, at) = one;
            var (start, end) = period.At(at);
            Assert.True(start <= at && at < end);
            Assert.Equal(end, period.At(end).Start);
            Assert.Equal((start, end), period.At(end.AddTicks(-1)));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Money_comes_back_on_a_reject_and_when_the_offer_has_ended_and_a_call_that_was_made_does_not()
    {
        var used = new Dictionary<(int Day, string Action), AnswerSums>
        {
            [(Day(-1), "gold")] = new(Chosen: 4, Taken: 1, Returned: 1, 0, 0, 0, 0, 0),
            [(Day(-5), "gold")] = new(Chosen: 6, Taken: 2, Returned: 1, 0, 0, 0, 0, 0),
            [(Day(-5), "cash")] = new(Chosen: 3, Taken: 0, Returned: 1, 0, 0, 0, 0, 0),
            [(Day(0), "gold")] = new(Chosen: 2, Taken: 0, Returned: 1, 0, 0, 0, 0, 0),
            [(Day(-25), "cash")] = new(Chosen: 99, Taken: 9, Returned: 0, 0, 0, 0, 0, 0),
        };
        // Still open: 3 and 1 at 50. Ended: the 2 that were accepted. Without an end: 2 at 10. Before the month: nothing.
        Assert.Equal((50.0 * (3 + 1 + 2)) + (10 * 2), BudgetUse.Of(Cards, Cards.Budgets[0], used, Now));
        Assert.Equal(2.0, BudgetUse.Of(Cards, Cards.Budgets[1], used, Now));
        var learning = StrategyLearner.Of(Cards, new StrategySums(new Dictionary<(string, string), AnswerSums>(), used), null, Now);
        Assert.Equal([680.0, 48.0], learning.Budgets.Select(budget => budget.Left));
    }

    private static int Day(int ago) => Days.Of(Now.AddDays(ago).ToUnixTimeMilliseconds());
}
