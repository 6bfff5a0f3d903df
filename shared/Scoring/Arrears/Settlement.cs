namespace ServerlessCLM.Scoring;

public enum SettlementStatus { Proposed, Offered, Settled, Lapsed, Refused }

/// <summary>Less than the balance, paid by a day, ends the debt.</summary>
/// <param name="Id">Derived from what made it.</param>
/// <param name="Balance">What was owed then.</param>
/// <param name="Amount">What settles it.</param>
/// <param name="By">The last day.</param>
/// <param name="ProposedAt">When.</param>
/// <param name="ProposedBy">The principal.</param>
/// <param name="LargestDiscount">Share that the policy allowed.</param>
/// <param name="Status">Proposed while it waits for a second pair of eyes.</param>
/// <param name="ApprovedBy">Another principal, where the policy wants one.</param>
/// <param name="Paid">Paid since it was proposed.</param>
/// <param name="EndedAt">When it was no longer open.</param>
public sealed record Settlement(
    string Id, decimal Balance, decimal Amount, DateOnly By, DateTimeOffset ProposedAt, string ProposedBy, double LargestDiscount,
    SettlementStatus Status = SettlementStatus.Proposed, string? ApprovedBy = null, decimal Paid = 0, DateTimeOffset? EndedAt = null)
{
    /// <summary>Share of the balance that is let off.</summary>
    public double Discount => Balance == 0 ? 0 : (double)((Balance - Amount) / Balance);

    public bool IsOpen => Status is SettlementStatus.Proposed or SettlementStatus.Offered;

    internal DateTimeOffset? LapsesAt(DebtCalendar calendar) =>
        calendar.Deadline(calendar.Today(ProposedAt), By) is { } last ? calendar.StartOf(last.AddDays(1)) : null;
}
