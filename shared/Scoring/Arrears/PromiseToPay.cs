namespace ServerlessCLM.Scoring;

public enum PromiseStatus { Open, Kept, Partial, Broken, Withdrawn }

/// <summary>A customer's word to pay an amount by a day. A debt has one open promise at the most.</summary>
/// <param name="Id">Derived from what made it.</param>
/// <param name="Amount">In the debt's currency.</param>
/// <param name="By">The last day.</param>
/// <param name="MadeAt">When.</param>
/// <param name="Origin">self-service, or the principal who took it down.</param>
/// <param name="Tolerance">What may be missing of a promise that is kept.</param>
/// <param name="GraceDays">Days after <see cref="By"/> for money that is on its way.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Paid">Paid since it was made.</param>
/// <param name="EndedAt">When it was no longer open.</param>
public sealed record PromiseToPay(
    string Id, decimal Amount, DateOnly By, DateTimeOffset MadeAt, string Origin, decimal Tolerance, int GraceDays,
    PromiseStatus Status = PromiseStatus.Open, decimal Paid = 0, DateTimeOffset? EndedAt = null)
{
    public bool IsKept => Paid >= Amount - Tolerance;

    /// <summary>When the promise is judged; null while its clock stands still without an end.</summary>
    internal DateTimeOffset? JudgedAt(DebtCalendar calendar) =>
        calendar.Deadline(calendar.Today(MadeAt), By.AddDays(GraceDays)) is { } last ? calendar.StartOf(last.AddDays(1)) : null;

    /// <summary>What comes of an open promise once its time is over.</summary>
    internal PromiseToPay Judged(DateTimeOffset at) => this with { Status = Paid > 0 ? PromiseStatus.Partial : PromiseStatus.Broken, EndedAt = at };
}
