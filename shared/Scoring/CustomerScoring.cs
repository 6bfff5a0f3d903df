using ServerlessCLM.Features;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Scoring;

/// <summary>From payments, and from silence, to signals. Pure: the state is all that is remembered.</summary>
public static partial class CustomerScoring
{
    private const int DaysInMonth = 30;
    private const ulong InsufficientFunds = 'A' | ('M' << 8) | ('0' << 16) | ((ulong)'4' << 24);

    /// <summary>Folds a payment in and adds the signals that it raises, after those of the silence before it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is before 1970-01-02 or after 2149-06-06.</exception>
    public static Placement Apply(FeatureState state, in Payment payment, SignalBuffer signals) =>
        Apply(state, payment, signals, SignalThresholds.Default);

    /// <inheritdoc cref="Apply(FeatureState, in Payment, SignalBuffer)"/>
    public static Placement Apply(FeatureState state, in Payment payment, SignalBuffer signals, SignalThresholds thresholds)
    {
        ref var life = ref state.Life;
        var day = Days.Of(payment.Time);
        if (day > life.NewestDay && life.NewestDay != 0)
            Wake(state, payment.Time, signals, thresholds);

        var monthlyInflow = MonthlyInflow(life, day);
        var history = new History(life.Purchases, life.Inflows, day - life.FirstDay, life.FirstDay != 0);
        var placement = state.Apply(payment);
        var raise = new Raise(signals, payment);
        switch (payment.Status)
        {
            case PaymentStatus.Returned:
                OnReturned(raise, payment);
                break;
            case PaymentStatus.Declined when placement == Placement.Counted:
                OnDeclined(raise, ref life.Signals, payment, thresholds);
                break;
            case PaymentStatus.Booked when placement == Placement.Counted && payment.Amount < 0:
                OnOutflow(raise, ref life, payment, day, history, thresholds);
                break;
            case PaymentStatus.Booked when placement == Placement.Counted && payment.Amount > 0:
                OnInflow(raise, ref life, payment, history, monthlyInflow, thresholds);
                break;
            default:
                break;
        }

        if (state.SetNewestBalance)
            OnBalance(raise, ref life, payment, day, thresholds);

        return placement;
    }

    private readonly record struct History(uint Purchases, uint Inflows, int Days, bool Known);

    /// <summary>Raises signals that a payment causes.</summary>
    private readonly struct Raise(SignalBuffer signals, in Payment payment)
    {
        private readonly long _at = payment.Time;
        private readonly ulong _cause = payment.EventDigest;

        public void Signal(SignalKind kind, double observed, double reference, ContentGroup? group = null) =>
            signals.Add(new Signal(kind, _at, _cause, observed, reference, group));

        public void Signal(SignalKind kind, int causeDay, double observed, double reference) =>
            signals.Add(new Signal(kind, _at, (ulong)causeDay, observed, reference));
    }

    private static void OnReturned(Raise raise, in Payment payment)
    {
        if (payment.Kind == PaymentKind.DirectDebit || payment.Reason == InsufficientFunds)
        {
            raise.Signal(
                SignalKind.DirectDebitReturned, Math.Abs(FeatureState.Units(payment.Amount)),
                payment.BalanceAfter == Payment.NoMoney ? 0 : FeatureState.Units(payment.BalanceAfter));
        }
    }

    private static void OnDeclined(Raise raise, ref SignalMemory memory, in Payment payment, SignalThresholds thresholds)
    {
        var window = thresholds.DeclineHours * 3_600_000L;
        var time = payment.Time;
        if (time - memory.Decline1 > window)
            memory.DeclineRaised = false;

        if (time >= memory.Decline1)
            (memory.Decline1, memory.Decline2, memory.Decline3) = (time, memory.Decline1, memory.Decline2);
        else if (time >= memory.Decline2)
            (memory.Decline2, memory.Decline3) = (time, memory.Decline2);
        else if (time > memory.Decline3)
            memory.Decline3 = time;

        if (!memory.DeclineRaised && memory.Decline3 != 0 && memory.Decline1 - memory.Decline3 <= window)
        {
            memory.DeclineRaised = true;
            raise.Signal(SignalKind.DeclineBurst, SignalThresholds.Declines, (memory.Decline1 - memory.Decline3) / 3_600_000.0);
        }
    }

    private static void OnOutflow(
        Raise raise, ref Lifetime life, in Payment payment, int day, History history, SignalThresholds thresholds)
    {
        ref var memory = ref life.Signals;
        var amount = FeatureState.Units(-payment.Amount);
        if (payment.Kind == PaymentKind.Card)
        {
            if (history.Purchases == 0)
                raise.Signal(SignalKind.FirstUse, amount, 0);

            if (payment.Group == ContentGroup.Travel)
                raise.Signal(SignalKind.TravelBooked, amount, 0, ContentGroup.Travel);

            RememberGroup(ref life, payment.Group, day);
        }

        // What is paid by order or debit is rent, not a purchase.
        if (payment.MerchantCategory is EstateAgents or LegalServices && payment.Kind is PaymentKind.Card or PaymentKind.Transfer)
        {
            if (memory.LastHome == 0 || day - memory.LastHome > thresholds.HomeQuietDays)
                raise.Signal(SignalKind.HomeBuying, amount, 0, payment.Group);

            memory.LastHome = (ushort)Math.Max(memory.LastHome, day);
        }
    }

    private const ushort EstateAgents = 6513, LegalServices = 8111;

    private static void RememberGroup(ref Lifetime life, ContentGroup group, int day)
    {
        ref var memory = ref life.Signals;
        var place = (int)group & 15;
        ref var count = ref memory.GroupCount[place];
        if (count < byte.MaxValue)
            count++;

        if (day < memory.GroupLast[place])
            return;

        memory.GroupLast[place] = (ushort)day;
        var leads = group is not (ContentGroup.Other or ContentGroup.Financial);
        var spend = life.Spend[place];
        foreach (var other in life.Spend)
            leads &= other <= spend;

        memory.Leading = (ushort)(leads ? memory.Leading | (1 << place) : memory.Leading & ~(1 << place));
    }

    private static void OnInflow(
        Raise raise, ref Lifetime life, in Payment payment, History history, double monthlyInflow, SignalThresholds thresholds)
    {
        var amount = FeatureState.Units(payment.Amount);
        if (payment.Kind != PaymentKind.Salary && history.Known && history.Days >= thresholds.HistoryDays
            && history.Inflows >= thresholds.DepositInflows && amount >= thresholds.DepositMonths * monthlyInflow)
            raise.Signal(SignalKind.LargeDeposit, amount, monthlyInflow);

        if (payment.Kind is PaymentKind.Salary or PaymentKind.Transfer)
            OnPay(raise, ref life, payment, thresholds);
    }

    private static void OnPay(Raise raise, ref Lifetime life, in Payment payment, SignalThresholds thresholds)
    {
        ref var memory = ref life.Signals;
        var pay = life.Pay.Read();
        if (pay.LastDay <= memory.LandedPay || pay.LastDay != Days.Of(payment.Time))
            return;

        memory.LandedPay = (ushort)pay.LastDay;
        raise.Signal(SignalKind.SalaryLanded, FeatureState.Units(payment.Amount), FeatureState.Units(pay.Previous));

        var least = pay.BeforePrevious * (1 + thresholds.SalaryRise);
        if (pay.BeforePrevious > 0 && pay.Last >= least && pay.Previous >= least && pay.PreviousDay > memory.RaisedPay)
        {
            memory.RaisedPay = (ushort)pay.PreviousDay;
            raise.Signal(SignalKind.SalaryRaised, pay.PreviousDay, FeatureState.Units(pay.Last), FeatureState.Units(pay.BeforePrevious));
        }
    }

    private static double MonthlyInflow(in Lifetime life, int day) => life.FirstDay == 0 || day < life.FirstDay ? 0
        : DaysInMonth * HalfLife.TwoMonths.Rate(life.Inflow * HalfLife.TwoMonths.Weight(life.Landmark - day), day - life.FirstDay + 1);
}
