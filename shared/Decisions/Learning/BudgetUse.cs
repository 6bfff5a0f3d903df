using NodaTime;
using NodaTime.Text;
using ServerlessCLM.Customers;
using ServerlessCLM.Features;

namespace ServerlessCLM.Decisions.Learning;

/// <summary>How much of a budget its period has used so far. Pure.</summary>
/// <remarks>
/// A choice takes what it uses. A budget of money gets it back when the customer rejects, or when the action's <c>valid</c> has passed without an
/// accept; a capacity such as calls does not: the call was made.
/// </remarks>
public static class BudgetUse
{
    /// <param name="strategy">The version in force.</param>
    /// <param name="budget">One of its budgets.</param>
    /// <param name="used">Sums of its actions by day of the decision; of a day before the period nothing counts.</param>
    /// <param name="now">The clock.</param>
    /// <returns>In units of the budget.</returns>
    public static double Of(Strategy strategy, Budget budget, IReadOnlyDictionary<(int Day, string Action), AnswerSums> used, DateTimeOffset now)
    {
        if (!BudgetPeriod.TryRead(budget.Per, out var period))
            throw new InvalidDataException($"budget {budget.Id} of strategy {strategy.Id}: '{budget.Per}' is no period");

        var (first, total) = (Days.Of(period.At(now).Start.ToUnixTimeMilliseconds()), 0.0);
        var actions = strategy.Actions.Where(action => action.Uses.ContainsKey(budget.Id)).ToDictionary(action => action.Id, StringComparer.Ordinal);
        foreach (var ((day, id), sums) in used)
        {
            if (day >= first && actions.TryGetValue(id, out var action))
                total += (double)action.Uses[budget.Id] * (IsMoney(budget) ? Held(action, day, sums, now) : sums.Chosen);
        }

        return total;
    }

    /// <summary>Whether the unit is a currency (ISO 4217).</summary>
    public static bool IsMoney(Budget budget) => budget.Unit.Length == 3 && budget.Unit.All(char.IsAsciiLetterUpper);

    /// <summary>Choices of a day that may still be, or have been, accepted.</summary>
    private static long Held(StrategyAction action, int day, AnswerSums sums, DateTimeOffset now) =>
        Ends(action.Valid, day) <= now ? sums.Taken : sums.Chosen - sums.Returned;

    /// <summary>When the last of a day's choices is no longer valid.</summary>
    private static DateTimeOffset Ends(string? valid, int day) =>
        valid is not null && PeriodPattern.NormalizingIso.Parse(valid).TryGetValue(Period.Zero, out var length)
            ? (LocalDateTime.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(Days.Start(day + 1)).UtcDateTime) + length).InUtc().ToDateTimeOffset()
            : DateTimeOffset.MaxValue;
}
