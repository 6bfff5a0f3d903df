namespace ServerlessCLM.Scoring;

public sealed partial record Debt
{
    /// <summary>The customer promises; nothing may be promised while a promise is open.</summary>
    /// <exception cref="InvalidOperationException">A promise is open.</exception>
    public Debt WithPromise(PromiseToPay promise, DebtCalendar calendar, ICollection<DebtSignal> raised)
    {
        if (HasOpenPromise)
            throw new InvalidOperationException($"debt {Id} has the open promise {Promise!.Id}");

        return Changed(promise.MadeAt, calendar, raised, debt =>
        {
            raised.Add(new DebtSignal(ArrearsSignals.PromiseMade, debt.AsOf, promise.Id,
                promise.By.DayNumber - calendar.Today(debt.AsOf).DayNumber, 0, promise.Amount));
            return debt with { Promise = promise, PastPromises = Past(debt.Promise, debt.PastPromises) };
        });
    }

    /// <summary>An open promise gives way to something else that was agreed.</summary>
    public Debt WithoutPromise(DateTimeOffset at) => HasOpenPromise
        ? this with { Promise = Promise! with { Status = PromiseStatus.Withdrawn, EndedAt = at } }
        : this;

    /// <summary>A plan takes the place of what was agreed before: an active plan is replaced, an open promise withdrawn.</summary>
    public Debt WithPlan(RepaymentPlan plan, DebtCalendar calendar, ICollection<DebtSignal> raised) => Changed(plan.AgreedAt, calendar, raised, debt =>
    {
        raised.Add(new DebtSignal(ArrearsSignals.PlanAgreed, debt.AsOf, plan.Id, plan.Instalments.Count,
            debt.DaysPastDue(calendar, calendar.Today(debt.AsOf)), plan.Total));
        var before = debt.HasActivePlan ? debt.Plan! with { Status = PlanStatus.Replaced, EndedAt = debt.AsOf } : debt.Plan;
        return debt.WithoutPromise(debt.AsOf) with { Plan = plan, PastPlans = Past(before, debt.PastPlans) };
    });

    /// <summary>A settlement that waits for approval, or holds at once where the policy wants none.</summary>
    /// <exception cref="InvalidOperationException">Another is open.</exception>
    public Debt WithSettlement(Settlement settlement, DebtCalendar calendar, ICollection<DebtSignal> raised)
    {
        if (Settlement is { IsOpen: true } open && open.Id != settlement.Id)
            throw new InvalidOperationException($"debt {Id} has the open settlement {open.Id}");

        return Changed(settlement.ProposedAt, calendar, raised, debt =>
        {
            if (settlement.Status == SettlementStatus.Offered)
                raised.Add(Offered(settlement, debt.AsOf));
            return debt with { Settlement = settlement, PastSettlements = Past(debt.Settlement, debt.PastSettlements) };
        });
    }

    /// <summary>Another principal approves or refuses a proposed settlement.</summary>
    /// <exception cref="InvalidOperationException">None waits.</exception>
    public Debt WithSettlementDecision(string principal, bool approved, DateTimeOffset at, DebtCalendar calendar, ICollection<DebtSignal> raised)
    {
        if (Settlement is not { Status: SettlementStatus.Proposed })
            throw new InvalidOperationException($"debt {Id} has no settlement that waits for approval");

        return Changed(at, calendar, raised, debt =>
        {
            if (debt.Settlement is not { Status: SettlementStatus.Proposed } proposed)
                return debt;

            var decided = proposed with
            {
                ApprovedBy = principal, Status = approved ? SettlementStatus.Offered : SettlementStatus.Refused, EndedAt = approved ? null : debt.AsOf,
            };
            if (approved)
                raised.Add(Offered(decided, debt.AsOf));
            return debt with { Settlement = decided };
        });
    }

    private static DebtSignal Offered(Settlement settlement, DateTimeOffset at) =>
        new(ArrearsSignals.SettlementOffered, at, settlement.Id, settlement.Discount, settlement.LargestDiscount, settlement.Amount);

    private static IReadOnlyList<T> Past<T>(T? ended, IReadOnlyList<T> before) where T : class => ended is null ? before : [ended, .. before.Take(PastKept - 1)];
}
