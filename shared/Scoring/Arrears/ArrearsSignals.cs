namespace ServerlessCLM.Scoring;

/// <summary>Something that became true of a debt.</summary>
/// <param name="Name">One of <see cref="ArrearsSignals.All"/>.</param>
/// <param name="At">When.</param>
/// <param name="Cause">Within the debt, such that the same cause is the same signal.</param>
/// <param name="Observed">The figure that crossed.</param>
/// <param name="Reference">The figure it is held against, in the same unit.</param>
/// <param name="Amount">The money it is about, in the debt's currency.</param>
public readonly record struct DebtSignal(string Name, DateTimeOffset At, string Cause, double Observed, double Reference, decimal Amount);

/// <summary>A kind of signal of debts.</summary>
public sealed record ArrearsSignal(string Name, string Definition, string Observed, string Reference, string Amount);

/// <summary>What debts raise. Each signal names its debt; each fires once per cause.</summary>
public static class ArrearsSignals
{
    public const string DueSoon = "due_soon", Entered = "arrears_entered", Cured = "arrears_cured",
        PromiseMade = "promise_made", PromiseKept = "promise_kept", PromisePartial = "promise_partial", PromiseBroken = "promise_broken",
        PlanAgreed = "plan_agreed", PlanMissed = "plan_instalment_missed", PlanCompleted = "plan_completed",
        SettlementOffered = "settlement_offered", Settled = "debt_settled", SettlementLapsed = "settlement_lapsed";

    private const string PastDue = "days past due", Arrears = "what is past due";

    public static IReadOnlyList<ArrearsSignal> All { get; } =
    [
        new(DueSoon, "The oldest unpaid instalment falls due in 7 days.", "days since it fell due: −7", "−7", "what is unpaid of it"),
        new(Entered, "The first day past due.", PastDue, "1", Arrears),
        .. new[] { 6, 30, 60, 90, 120 }.Select(days => new ArrearsSignal($"dpd_{days}", $"The oldest unpaid instalment is {days} days past due.", PastDue, $"{days}", Arrears)),
        new(Cured, "Nothing is past due any more.", "days past due before the payment", "1", "what was past due"),
        new(PromiseMade, "The customer promised to pay.", "days until the day", "0", "what was promised"),
        new(PromiseKept, "What was promised is paid, but for the tolerance.", "what was paid", "what was promised", "what was paid"),
        new(PromisePartial, "The day is over and something was paid, but not what was promised.", "what was paid", "what was promised", "what is missing"),
        new(PromiseBroken, "The day is over and nothing was paid.", "0", "what was promised", "what is missing"),
        new(PlanAgreed, "A payment plan was agreed.", "instalments", "days past due", "the whole of the plan"),
        new(PlanMissed, "An instalment of a plan and its days of grace are over and it is not paid.", "what was paid of the plan", "what was due by then", "what is missing"),
        new(PlanCompleted, "A plan is paid.", "what was paid", "the whole of the plan", "the whole of the plan"),
        new(SettlementOffered, "A settlement holds, approved where it must be.", "share of the balance that is let off", "largest share that the policy allows", "what settles the debt"),
        new(Settled, "A settlement was paid: the rest is let off.", "what was paid", "what settles the debt", "what is let off"),
        new(SettlementLapsed, "A settlement was not paid in time.", "what was paid", "what would have settled the debt", "what was missing"),
    ];

    /// <summary>Days since the oldest unpaid instalment fell due at which a signal is raised.</summary>
    internal static IReadOnlyList<(int Days, string Name)> Marks { get; } =
        [(-7, DueSoon), (1, Entered), (6, "dpd_6"), (30, "dpd_30"), (60, "dpd_60"), (90, "dpd_90"), (120, "dpd_120")];
}
