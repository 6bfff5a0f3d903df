using ServerlessCLM.Customers;

namespace ServerlessCLM.Scoring;

/// <summary>All debts of a customer in short, as conditions see them.</summary>
/// <param name="DaysPastDue">Of the debt that is longest past due.</param>
/// <param name="PastDue">What is past due of all, in their currencies' units; debts of one customer are in one currency as a rule.</param>
/// <param name="Balance">All that is owed.</param>
/// <param name="Stage">Of the debt that is longest past due; <c>current</c> without any.</param>
/// <param name="Promise">Whether a promise is open.</param>
/// <param name="Plan">Whether a plan is being kept.</param>
/// <param name="LeftAlone">Whether the customer is left alone to cure by themselves.</param>
public sealed record ArrearsStanding(int DaysPastDue, decimal PastDue, decimal Balance, string Stage, bool Promise, bool Plan, bool LeftAlone)
{
    /// <summary>Names of stages in documents, in the order of <see cref="DebtStage"/>.</summary>
    public static IReadOnlyList<string> Stages { get; } = ["current", "1-5", "6-29", "30-59", "60-89", "90+", "cured", "chargedOff", "closed"];

    public static readonly ArrearsStanding None = new(0, 0, 0, Stages[0], Promise: false, Plan: false, LeftAlone: false);

    public static string NameOf(DebtStage stage) => Stages[(int)stage];

    public static ArrearsStanding Of(IReadOnlyCollection<Debt> debts, DebtCalendar calendar, DateTimeOffset now)
    {
        var today = calendar.Today(now);
        var open = debts.Where(debt => debt.ClosedAt is null).ToList();
        if (open.Count == 0)
            return None;

        var worst = open.OrderByDescending(debt => debt.DaysPastDue(calendar, today)).ThenByDescending(debt => debt.Stage(calendar, today)).First();
        return new(worst.DaysPastDue(calendar, today), open.Sum(debt => debt.PastDue(calendar, today)), open.Sum(debt => debt.Balance), NameOf(worst.Stage(calendar, today)),
            open.Exists(debt => debt.HasOpenPromise), open.Exists(debt => debt.HasActivePlan), open.Exists(debt => debt.IsLeftAlone(today)));
    }
}
