namespace ServerlessCLM.Scoring;

/// <summary>What a customer's payments, or their absence, say. The order is part of the stored state: append, never reorder.</summary>
public enum SignalKind : byte
{
    FirstUse, SalaryLanded, SalaryRaised, SalaryMissing, TravelBooked, HomeBuying, LargeDeposit, IdleBalance,
    CategoryLapsed, Dormant60, Dormant180, DirectDebitReturned, DeclineBurst, UtilisationCreep, BalanceDecline,
}

/// <summary>A signal with its evidence. It fires once per cause: the kind and the cause together identify it for a customer.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="At">When it became true: milliseconds since 1970-01-01 UTC, in event time.</param>
/// <param name="Cause">What caused it, such that the same cause never fires twice: an event digest, or a day number.</param>
/// <param name="Observed">The figure that crossed (an amount in currency units, a count, a ratio or days: see <see cref="SignalCatalogue"/>).</param>
/// <param name="Reference">The figure it is held against, in the same unit.</param>
/// <param name="Group">The content group concerned, where there is one.</param>
public readonly record struct Signal(
    SignalKind Kind, long At, ulong Cause, double Observed, double Reference, Transactions.ContentGroup? Group = null);
