namespace ServerlessCLM.Scoring;

public enum PlanStatus { Active, Completed, Broken, Replaced }

/// <summary>What is to be paid by a day.</summary>
public sealed record PlanInstalment(DateOnly Due, decimal Amount);

/// <summary>A debt, or its arrears, in instalments that the customer can bear.</summary>
/// <param name="Id">Derived from what made it.</param>
/// <param name="AgreedAt">When.</param>
/// <param name="Instalments">In the order of their days; they add up to what the plan covers.</param>
/// <param name="Disposable">What the customer had to dispose of in a month, by which the plan was measured.</param>
/// <param name="GraceDays">Days after an instalment's day before it is missed.</param>
/// <param name="Origin">self-service, or the principal who agreed it.</param>
/// <param name="Revision">0 for a debt's first plan, one more for each in place of one that was broken.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Paid">Paid since it was agreed.</param>
/// <param name="EndedAt">When it was no longer active.</param>
public sealed record RepaymentPlan(
    string Id, DateTimeOffset AgreedAt, IReadOnlyList<PlanInstalment> Instalments, decimal Disposable, int GraceDays, string Origin, int Revision = 0,
    PlanStatus Status = PlanStatus.Active, decimal Paid = 0, DateTimeOffset? EndedAt = null)
{
    public decimal Total => Instalments.Sum(instalment => instalment.Amount);

    /// <summary>The first instalment that what was paid does not cover; -1 for none.</summary>
    public int NextUnpaid
    {
        get
        {
            decimal reached = 0;
            for (var i = 0; i < Instalments.Count; i++)
            {
                reached += Instalments[i].Amount;
                if (reached > Paid)
                    return i;
            }

            return -1;
        }
    }

    /// <summary>What is due up to an instalment, that one counted.</summary>
    public decimal DueUpTo(int instalment) => Instalments.Take(instalment + 1).Sum(each => each.Amount);

    /// <summary>When the first unpaid instalment is missed; null where none is, or the clock stands still without an end.</summary>
    internal DateTimeOffset? MissedAt(DebtCalendar calendar) =>
        NextUnpaid is >= 0 and var next && calendar.Deadline(calendar.Today(AgreedAt), Instalments[next].Due.AddDays(GraceDays)) is { } last
            ? calendar.StartOf(last.AddDays(1))
            : null;
}
