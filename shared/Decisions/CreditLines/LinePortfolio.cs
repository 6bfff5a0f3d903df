namespace ServerlessCLM.Decisions.CreditLines;

/// <summary>A portfolio's lines at one price of capital.</summary>
/// <param name="Price">Cost of a unit of capital beyond the hurdle.</param>
/// <param name="Profit">Profit a year, over all accounts.</param>
/// <param name="Capital">Capital bound.</param>
/// <param name="Choices">The candidate chosen, by account.</param>
public sealed record PortfolioPoint(double Price, double Profit, double Capital, IReadOnlyList<int> Choices);

/// <summary>
/// Lines over a portfolio: most profit for the capital there is. Capital adds up over accounts, so that at a price of capital every account
/// chooses for itself (Lagrangian relaxation); the price falls out of the budget.
/// </summary>
public static class LinePortfolio
{
    /// <summary>Each account's best candidate at a price.</summary>
    /// <param name="accounts">Candidates by account, none of them empty.</param>
    /// <param name="price">Not negative.</param>
    public static PortfolioPoint At(IReadOnlyList<IReadOnlyList<LineOutcome>> accounts, double price)
    {
        var choices = new int[accounts.Count];
        double profit = 0, capital = 0;
        for (var i = 0; i < choices.Length; i++)
        {
            var candidates = accounts[i];
            for (var j = 1; j < candidates.Count; j++)
            {
                var (best, other) = (candidates[choices[i]], candidates[j]);
                var gain = other.Profit - best.Profit - (price * (other.Capital - best.Capital));
                if (gain > 0 || (gain == 0 && other.Capital < best.Capital))
                    choices[i] = j;
            }

            profit += candidates[choices[i]].Profit;
            capital += candidates[choices[i]].Capital;
        }

        return new PortfolioPoint(price, profit, capital, choices);
    }

    /// <summary>The lowest price at which the budget is kept, found by halving, and how far from the best possible it may be.</summary>
    /// <param name="accounts">Candidates by account.</param>
    /// <param name="budget">Capital at the most.</param>
    /// <returns>The point, and the gap: no choice within the budget earns more than the point's profit and the gap. Null where even the least capital
    /// of every account is over the budget.</returns>
    public static (PortfolioPoint Point, double Gap)? Within(IReadOnlyList<IReadOnlyList<LineOutcome>> accounts, double budget)
    {
        var free = At(accounts, 0);
        if (free.Capital <= budget)
            return (free, 0);

        double low = 0, high = 1;
        var kept = At(accounts, high);
        while (kept.Capital > budget)
        {
            (low, high) = (high, high * 2);
            if (high > 1e9)
                return null;

            kept = At(accounts, high);
        }

        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            var point = At(accounts, middle);
            if (point.Capital > budget)
                low = middle;
            else
                (high, kept) = (middle, point);
        }

        // Weak duality: the dual at any price bounds every choice within the budget.
        return (kept, Math.Max(0, kept.Price * (budget - kept.Capital)));
    }

    /// <summary>The efficient frontier: the most profit for each of some amounts of capital, from the free choice down, falling in both.</summary>
    public static IReadOnlyList<PortfolioPoint> Frontier(IReadOnlyList<IReadOnlyList<LineOutcome>> accounts, int points)
    {
        var (most, least) = (At(accounts, 0), At(accounts, 1e6));
        var frontier = new List<PortfolioPoint> { most };
        for (var i = 1; i < points - 1; i++)
        {
            if (Within(accounts, most.Capital - ((most.Capital - least.Capital) * i / (points - 1))) is { } found && found.Point.Capital < frontier[^1].Capital)
                frontier.Add(found.Point);
        }

        if (least.Capital < frontier[^1].Capital)
            frontier.Add(least);
        return frontier;
    }
}
