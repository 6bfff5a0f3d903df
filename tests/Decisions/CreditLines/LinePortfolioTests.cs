using ServerlessCLM.Decisions.CreditLines;

namespace ServerlessCLM.Tests.Decisions.CreditLines;

public sealed class LinePortfolioTests
{
    /// <summary>Small portfolios against all their choices: within the budget, and no choice earns more than profit and gap together.</summary>
    [Fact]
    public void No_choice_within_the_budget_beats_the_point_by_more_than_its_gap()
    {
        for (var seed = 1UL; seed <= 200; seed++)
        {
            var accounts = Accounts(seed, 5);
            var most = LinePortfolio.At(accounts, 0).Capital;
            var budget = most * (0.3 + (seed % 7 * 0.1));
            var best = Best(accounts, budget);
            var found = LinePortfolio.Within(accounts, budget);
            Assert.Equal(best is null, found is null);
            if (found is not var (point, gap) || best is null)
                continue;

            Assert.True(point.Capital <= budget + 1e-9);
            Assert.InRange(best.Value, point.Profit - 1e-9, point.Profit + gap + 1e-9);
        }
    }

    [Fact]
    public void The_frontier_falls_in_profit_as_it_falls_in_capital_and_ever_steeper()
    {
        var frontier = LinePortfolio.Frontier(Accounts(7, 500), 20);
        Assert.InRange(frontier.Count, 10, 20);
        for (var i = 1; i < frontier.Count; i++)
        {
            Assert.True(frontier[i].Capital < frontier[i - 1].Capital);
            Assert.True(frontier[i].Profit <= frontier[i - 1].Profit);
            Assert.True(frontier[i].Price >= frontier[i - 1].Price);
        }
    }

    private static List<IReadOnlyList<LineOutcome>> Accounts(ulong seed, int count)
    {
        var rng = new Rng(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (IReadOnlyList<LineOutcome>)[.. Enumerable.Range(1, 4).Select(step =>
            new LineOutcome(step * 1000, 0, 0, 0, 0, 0, Capital: step * (50 + rng.Below(100)), Profit: (Math.Sqrt(step) * (20 + rng.Below(100))) - 40))])];
    }

    private static double? Best(List<IReadOnlyList<LineOutcome>> accounts, double budget)
    {
        double? best = null;
        for (var code = 0; code < Math.Pow(4, accounts.Count); code++)
        {
            double profit = 0, capital = 0;
            for (var (i, rest) = (0, code); i < accounts.Count; i++, rest /= 4)
            {
                profit += accounts[i][rest % 4].Profit;
                capital += accounts[i][rest % 4].Capital;
            }

            if (capital <= budget && !(profit <= best))
                best = profit;
        }

        return best;
    }
}
