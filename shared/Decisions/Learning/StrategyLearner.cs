namespace ServerlessCLM.Decisions.Learning;

/// <summary>What a strategy has learned so far, from the sums of its answers and the latest prices.</summary>
public sealed class StrategyLearner(StrategyTotals totals, PublishedPrices prices)
{
    public async Task<StrategyLearning> LearnAsync(Strategy strategy, DateTimeOffset now, CancellationToken cancellation)
    {
        var since = strategy.Budgets.Select(budget => StartOf(budget, now)).DefaultIfEmpty(now).Min();
        var sums = await totals.ReadAsync(strategy.Id, since, cancellation);
        var solution = strategy.Budgets.Count == 0 ? null : await prices.FindAsync(strategy.Id, cancellation);
        return Of(strategy, sums, solution, now);
    }

    /// <summary>
    /// Answers by action, over all channels: as many as decisions of equal weight would say as much, shared by the weighted share that accepted. What is
    /// left of budgets is the limit less what the period has used; a budget that was not priced yet costs nothing but ends all the same.
    /// </summary>
    public static StrategyLearning Of(Strategy strategy, StrategySums sums, PriceSolution? solution, DateTimeOffset now)
    {
        var answers = new Dictionary<string, AnswerCounts>(StringComparer.Ordinal);
        foreach (var action in sums.Answers.GroupBy(each => each.Key.Action, each => each.Value))
        {
            var all = action.Aggregate((one, other) => one + other);
            if (all.EffectiveAsked > 0)
                answers[action.Key] = new AnswerCounts(all.EffectiveAsked * all.AcceptedShare, all.EffectiveAsked * (1 - all.AcceptedShare));
        }

        return new StrategyLearning(answers, [.. strategy.Budgets.Select(budget => new BudgetState(
            solution?.Prices.GetValueOrDefault(budget.Id) ?? 0, Math.Max(0, (double)budget.Limit - BudgetUse.Of(strategy, budget, sums.Used, now))))]);
    }

    private static DateTimeOffset StartOf(Budget budget, DateTimeOffset now) => BudgetPeriod.TryRead(budget.Per, out var period) ? period.At(now).Start : now;
}
