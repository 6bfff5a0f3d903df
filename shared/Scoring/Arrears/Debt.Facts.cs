namespace ServerlessCLM.Scoring;

public sealed partial record Debt
{
    /// <summary>An amount falls due, or did: a day told again is corrected.</summary>
    /// <param name="due">The day.</param>
    /// <param name="amount">All that is due then.</param>
    /// <param name="balance">All that is owed; where it is not told, the amount is added to what was.</param>
    /// <param name="at">When it was told.</param>
    /// <param name="calendar">The customer's days.</param>
    /// <param name="raised">Takes what became true.</param>
    public Debt WithInstalment(DateOnly due, decimal amount, decimal? balance, DateTimeOffset at, DebtCalendar calendar, ICollection<DebtSignal> raised) =>
        Changed(at, calendar, raised, debt =>
        {
            var known = debt.Instalments.FirstOrDefault(instalment => instalment.Due == due);
            var told = new Instalment(due, amount, Math.Min(amount, known?.Paid ?? 0));
            return debt with
            {
                Balance = balance ?? debt.Balance + amount - (known?.Amount ?? 0),
                Instalments = Kept([.. debt.Instalments.Where(instalment => instalment.Due != due).Append(told).OrderBy(instalment => instalment.Due)]),
            };
        });

    /// <summary>
    /// Money came in: it pays the oldest instalments first, and what is over the balance alone. A payment told again changes nothing.
    /// </summary>
    public Debt WithPayment(string id, decimal amount, DateTimeOffset at, DebtCalendar calendar, ICollection<DebtSignal> raised) =>
        Payments.Any(payment => payment.Id == id) ? this : Changed(at, calendar, raised, debt =>
        {
            var allocated = Math.Min(amount, debt.Instalments.Sum(instalment => instalment.Unpaid));
            return (debt with
            {
                Balance = Math.Max(0, debt.Balance - amount),
                Instalments = Kept(Allocated(debt.Instalments, allocated)),
                Payments = [new DebtPayment(id, debt.AsOf, amount, allocated), .. debt.Payments.Take(PaymentsKept - 1)],
            }).Counted(amount, debt.AsOf, raised);
        });

    /// <summary>A payment was taken back: what it paid is unpaid again. One that is not known, or was taken back before, changes nothing.</summary>
    public Debt WithoutPayment(string id, DateTimeOffset at, DebtCalendar calendar, ICollection<DebtSignal> raised)
    {
        if (Payments.FirstOrDefault(payment => payment.Id == id) is not { IsReturned: false } payment)
            return this;

        var changed = Changed(at, calendar, raised, debt => (debt with
        {
            Balance = debt.Balance + payment.Amount,
            Instalments = Unallocated(debt.Instalments, payment.Allocated),
            Payments = [.. debt.Payments.Select(each => each.Id == id ? each with { IsReturned = true } : each)],
        }).Uncounted(payment, debt.AsOf));
        // What was kept by it and is open again may be over already.
        return changed.Advance(changed.AsOf, calendar, raised);
    }

    /// <summary>The bank has written the debt off its books; it is still owed.</summary>
    public Debt WithChargeOff(DateTimeOffset at, DebtCalendar calendar, ICollection<DebtSignal> raised) =>
        ChargedOffAt is not null ? this : Changed(at, calendar, raised, debt => debt with { ChargedOffAt = debt.AsOf });

    private Debt Changed(DateTimeOffset at, DebtCalendar calendar, ICollection<DebtSignal> raised, Func<Debt, Debt> change)
    {
        var before = Advance(at, calendar, raised);
        return change(before).Placed(before, before.AsOf, calendar, raised);
    }

    /// <summary>What a payment does to what was agreed.</summary>
    private Debt Counted(decimal amount, DateTimeOffset at, ICollection<DebtSignal> raised)
    {
        var debt = this;
        if (HasOpenPromise)
        {
            var promise = Promise! with { Paid = Promise.Paid + amount };
            if (promise.IsKept)
            {
                promise = promise with { Status = PromiseStatus.Kept, EndedAt = at };
                raised.Add(new DebtSignal(ArrearsSignals.PromiseKept, at, promise.Id, (double)promise.Paid, (double)promise.Amount, promise.Paid));
            }

            debt = debt with { Promise = promise };
        }

        if (HasActivePlan)
        {
            var plan = Plan! with { Paid = Plan.Paid + amount };
            if (plan.NextUnpaid < 0)
            {
                plan = plan with { Status = PlanStatus.Completed, EndedAt = at };
                raised.Add(new DebtSignal(ArrearsSignals.PlanCompleted, at, plan.Id, (double)plan.Paid, (double)plan.Total, plan.Total));
            }

            debt = debt with { Plan = plan };
        }

        if (Settlement is not { IsOpen: true } open)
            return debt;

        var settlement = open with { Paid = open.Paid + amount };
        if (settlement.Status != SettlementStatus.Offered || settlement.Paid < settlement.Amount)
            return debt with { Settlement = settlement };

        raised.Add(new DebtSignal(ArrearsSignals.Settled, at, settlement.Id, (double)settlement.Paid, (double)settlement.Amount, debt.Balance));
        return debt with { Settlement = settlement with { Status = SettlementStatus.Settled, EndedAt = at }, Balance = 0, ClosedAt = at };
    }

    /// <summary>What was kept by a payment that was taken back is open again, and judged anew.</summary>
    private Debt Uncounted(DebtPayment payment, DateTimeOffset at)
    {
        var debt = this;
        if (Promise is { Status: PromiseStatus.Open or PromiseStatus.Kept } promise && promise.MadeAt <= payment.At && (promise.EndedAt is null || payment.At <= promise.EndedAt))
        {
            promise = promise with { Paid = promise.Paid - payment.Amount };
            debt = debt with { Promise = promise.IsKept ? promise : promise with { Status = PromiseStatus.Open, EndedAt = null } };
        }

        if (Plan is { Status: PlanStatus.Active or PlanStatus.Completed } plan && plan.AgreedAt <= payment.At && (plan.EndedAt is null || payment.At <= plan.EndedAt))
        {
            plan = plan with { Paid = plan.Paid - payment.Amount };
            debt = debt with { Plan = plan.NextUnpaid < 0 ? plan : plan with { Status = PlanStatus.Active, EndedAt = null } };
        }

        if (Settlement is not ({ IsOpen: true } or { Status: SettlementStatus.Settled }) || Settlement.ProposedAt > payment.At || Settlement.EndedAt < payment.At)
            return debt;

        var settlement = Settlement with { Paid = Settlement.Paid - payment.Amount };
        return settlement.IsOpen ? debt with { Settlement = settlement }
            : debt with
            {
                Settlement = settlement with { Status = SettlementStatus.Lapsed, EndedAt = at }, ClosedAt = null, Balance = settlement.Balance - settlement.Paid,
            };
    }

    private static List<Instalment> Allocated(IReadOnlyList<Instalment> instalments, decimal amount)
    {
        var paid = new List<Instalment>(instalments.Count);
        foreach (var instalment in instalments)
        {
            var part = Math.Min(amount, instalment.Unpaid);
            amount -= part;
            paid.Add(part == 0 ? instalment : instalment with { Paid = instalment.Paid + part });
        }

        return paid;
    }

    private static List<Instalment> Unallocated(IReadOnlyList<Instalment> instalments, decimal amount)
    {
        var unpaid = instalments.ToList();
        for (var i = unpaid.Count - 1; i >= 0 && amount > 0; i--)
        {
            var part = Math.Min(amount, unpaid[i].Paid);
            amount -= part;
            unpaid[i] = unpaid[i] with { Paid = unpaid[i].Paid - part };
        }

        return unpaid;
    }

    /// <summary>All that is unpaid and the latest of what is paid.</summary>
    private static List<Instalment> Kept(List<Instalment> instalments)
    {
        var surplus = instalments.Count(instalment => instalment.Unpaid == 0) - PaidKept;
        return surplus <= 0 ? instalments : [.. instalments.Where(instalment => instalment.Unpaid > 0 || surplus-- <= 0)];
    }
}
