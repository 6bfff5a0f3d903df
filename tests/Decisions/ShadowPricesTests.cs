using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Decisions;

namespace ServerlessCLM.Tests.Decisions;

public class ShadowPricesTests
{
    private sealed record Option(double Value, double[] Uses);

    private static readonly Gen<(Option[][] Customers, double[] Limits)> Small =
        from budgets in Gen.Choose(1, 3)
        from customers in Gen.Choose(1, 6)
        from options in (
            from value in Gen.Choose(-2, 20)
            from uses in Gen.Choose(0, 4).ArrayOf(budgets)
            select new Option(value, [.. uses.Select(use => (double)use)])).ArrayOf(3).ArrayOf(customers)
        from limits in Gen.Choose(0, 12).ArrayOf(budgets)
        select (options, limits.Select(limit => (double)limit).ToArray());

    [Fact]
    public void The_plan_keeps_every_budget_and_the_best_choice_lies_between_plan_and_bound()
    {
        var (best, gaps, many) = (0, 0.0, 0);
        Prop.ForAll(Small.ToArbitrary(), instance =>
        {
            var (customers, limits) = instance;
            var plan = ShadowPrices.Solve(PortfolioOf(customers, limits));
            var optimum = Best(customers, limits, 0);
            AssertFeasible(customers, limits, plan);
            Assert.InRange(optimum, plan.Value - 1e-9, plan.Bound + 1e-9);
            Assert.All(plan.Prices, price => Assert.True(price >= 0));
            best += plan.Value > optimum - 1e-9 ? 1 : 0;
            gaps += optimum > 0 ? (optimum - plan.Value) / optimum : 0;
            many++;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

        // So few customers are the hard case: rounding one of them is much of the whole.
        Assert.True(best > 0.9 * many, $"only {best} of {many} plans are the best there is");
        Assert.True(gaps / many < 0.01, $"plans lose {gaps / many:P2} on average");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void Of_many_customers_the_plan_loses_no_more_than_one_customer_per_budget(int budgets)
    {
        var rng = new Rng((ulong)budgets);
        var limits = Enumerable.Repeat(3000.0 / budgets, budgets).ToArray();
        var customers = Enumerable.Range(0, 3000).Select(_ => Enumerable.Range(0, 4).Select(_ =>
        {
            var uses = new double[budgets];
            uses[rng.Below(budgets)] = 1 + (rng.Below(300) / 100.0);
            return new Option(rng.Below(10_000) / 100.0, uses);
        }).ToArray()).ToArray();
        var plan = ShadowPrices.Solve(PortfolioOf(customers, limits));
        AssertFeasible(customers, limits, plan);
        // The relaxation splits one customer per budget at the most; their values are below 100.
        Assert.InRange(plan.Bound - plan.Value, 0, 100.0 * budgets);
        Assert.All(plan.Prices, price => Assert.True(price > 0));
    }

    [Fact]
    public void A_budget_that_nobody_fills_costs_nothing_and_the_plan_is_proven_best()
    {
        var plan = ShadowPrices.Solve(PortfolioOf([[new(5, [1, 0]), new(7, [2, 1])], [new(3, [0, 1])]], [10, 10]));
        Assert.Equal([0.0, 0.0], plan.Prices);
        Assert.Equal((10.0, 0.0), (plan.Value, plan.Gap));
        Assert.Equal([1, 2], plan.Chosen);
    }

    [Fact]
    public void The_price_of_one_budget_is_what_the_last_unit_brings()
    {
        var customers = Enumerable.Range(1, 100).Select(value => new[] { new Option(value, [1]) }).ToArray();
        var plan = ShadowPrices.Solve(PortfolioOf(customers, [30]));
        Assert.Equal(Enumerable.Range(71, 30).Sum(), plan.Value);
        Assert.InRange(plan.Prices[0], 70 - 1e-6, 71);
        Assert.InRange(plan.Gap, 0, 1e-9);
    }

    private static Portfolio PortfolioOf(Option[][] customers, double[] limits)
    {
        var portfolio = new Portfolio(limits);
        foreach (var customer in customers)
        {
            foreach (var option in customer)
                portfolio.Add(option.Value, [.. option.Uses.Index().Where(use => use.Item > 0).Select(use => (use.Index, use.Item))]);
            portfolio.EndCustomer();
        }

        return portfolio;
    }

    private static void AssertFeasible(Option[][] customers, double[] limits, PortfolioPlan plan)
    {
        var all = customers.SelectMany(options => options).ToArray();
        var starts = customers.Aggregate(new List<int> { 0 }, (sums, options) => { sums.Add(sums[^1] + options.Length); return sums; });
        var spent = new double[limits.Length];
        var value = 0.0;
        for (var customer = 0; customer < customers.Length; customer++)
        {
            if (plan.Chosen[customer] < 0)
                continue;
            Assert.InRange(plan.Chosen[customer], starts[customer], starts[customer + 1] - 1);
            value += all[plan.Chosen[customer]].Value;
            for (var budget = 0; budget < limits.Length; budget++)
                spent[budget] += all[plan.Chosen[customer]].Uses[budget];
        }

        Assert.Equal(value, plan.Value, 6);
        for (var budget = 0; budget < limits.Length; budget++)
            Assert.True(spent[budget] <= limits[budget] * (1 + 1e-6), $"budget {budget}: {spent[budget]} of {limits[budget]}");
    }

    /// <summary>The best choice, by trying all.</summary>
    private static double Best(Option[][] customers, double[] left, int customer)
    {
        if (customer == customers.Length)
            return 0;

        var best = Best(customers, left, customer + 1);
        foreach (var option in customers[customer])
        {
            var rest = left.Zip(option.Uses, (limit, use) => limit - use).ToArray();
            if (rest.All(limit => limit >= 0))
                best = Math.Max(best, option.Value + Best(customers, rest, customer + 1));
        }

        return best;
    }
}
