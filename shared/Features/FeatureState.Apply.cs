using ServerlessCLM.Transactions;

namespace ServerlessCLM.Features;

public sealed partial class FeatureState
{
    private const int MillisecondsPerMinute = 60_000, MillisecondsPerSecond = 1000, MorningMinute = 6 * 60;

    /// <summary>Folds a payment in. A pending payment moves only the first and newest day.</summary>
    /// <returns>Whether it stands in its own day.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is before 1970-01-02 or after 2149-06-06.</exception>
    public Placement Apply(in Payment payment)
    {
        var day = Days.Of(payment.Time);
        SetNewestBalance = false;
        if (_life.FirstDay == 0)
            _life.Currency = payment.Currency;

        if (_life.FirstDay == 0 || day < _life.FirstDay)
            _life.FirstDay = (ushort)day;

        if (day > _life.NewestDay)
            AdvanceTo(day);

        var counted = day > _life.NewestDay - Horizon;
        switch (payment.Status)
        {
            case PaymentStatus.Booked:
                ApplyBooked(payment, day, counted);
                break;
            case PaymentStatus.Declined:
                _life.Declines++;
                Latest(ref _life.LastDecline, day);
                if (counted)
                    _days.Place(day).Add(Count.Declined);
                break;
            case PaymentStatus.Returned:
                _life.Returns++;
                Latest(ref _life.LastReturn, day);
                if (counted)
                    _days.Place(day).Add(Count.Returned);
                ApplyBalance(payment, day, counted);
                break;
            default:
                break;
        }

        return counted ? Placement.Counted : Placement.TooLate;
    }

    /// <summary>A payment that the customer makes by hand: card, transfer out or cash withdrawal.</summary>
    internal static bool IsActive(in Payment payment) =>
        payment.Amount < 0 && payment.Kind is PaymentKind.Card or PaymentKind.Transfer or PaymentKind.Cash;

    private static void Latest(ref ushort last, int day) => last = (ushort)Math.Max(last, day);

    private void ApplyBooked(in Payment payment, int day, bool counted)
    {
        _life.Payments++;
        Latest(ref _life.LastPayment, day);
        if (payment.Amount >= 0)
            ApplyInflow(payment, day);
        else
            ApplyOutflow(payment, day);

        ApplySlots(payment, day);
        if (counted)
            AddToDay(ref _days.Place(day), payment, day);

        ApplyBalance(payment, day, counted);
    }

    private void ApplyInflow(in Payment payment, int day)
    {
        if (payment.Amount == 0)
            return;

        _life.Inflows++;
        Latest(ref _life.LastInflow, day);
        _life.Inflow += Units(payment.Amount) * HalfLife.TwoMonths.Weight(day - _life.Landmark);
        if (payment.Kind is PaymentKind.Salary or PaymentKind.Transfer)
            _life.Pay.Add(day, payment.Amount, payment.Kind == PaymentKind.Salary);
    }

    private void ApplyOutflow(in Payment payment, int day)
    {
        var amount = Units(-payment.Amount);
        var age = day - _life.Landmark;
        var slow = HalfLife.TwoMonths.Weight(age);
        _life.Outflow += amount * slow;
        _life.OutflowEver -= payment.Amount;
        switch (payment.Kind)
        {
            case PaymentKind.Card:
                _life.Purchases++;
                Latest(ref _life.LastPurchase, day);
                break;
            case PaymentKind.Cash:
                Latest(ref _life.LastCash, day);
                break;
            case PaymentKind.Interest:
                _life.Penalties++;
                Latest(ref _life.LastPenalty, day);
                break;
            case PaymentKind.LoanPayment or PaymentKind.StandingOrder when payment.DueDay == 0:
                _life.Obligations.Add(day);
                break;
            default:
                break;
        }

        if (IsActive(payment))
        {
            Latest(ref _life.LastActive, day);
            _life.ActiveFast += HalfLife.Fortnight.Weight(age);
            _life.ActiveSlow += slow;
        }

        if (IsSpend(payment.Kind))
        {
            var weight = HalfLife.Month.Weight(age);
            _life.SpendCount += weight;
            _life.Spend[(int)payment.Group & 15] += amount * weight;
        }
    }

    /// <summary>Outflows that say what the money goes on: not cash, charges, interest and instalments.</summary>
    private static bool IsSpend(PaymentKind kind) =>
        kind is not (PaymentKind.Cash or PaymentKind.Fee or PaymentKind.Interest or PaymentKind.LoanPayment);

    private void ApplySlots(in Payment payment, int day)
    {
        if (payment.Merchant != 0)
            Earliest(ref _life.Merchants[(int)(payment.Merchant & 63)], day);

        if (payment.Country != 0)
            Earliest(ref _life.Countries[(int)((payment.Country * 0x9E3779B1u) >> 28)], day);
    }

    private static void Earliest(ref ushort first, int day)
    {
        if (first == 0 || day < first)
            first = (ushort)day;
    }

    private static void AddToDay(ref DayRecord record, in Payment payment, int day)
    {
        record.Add(Count.Payments);
        if (payment.Amount >= 0)
            AddInflow(ref record, payment);
        else
            AddOutflow(ref record, payment);

        if (payment.DueDay == 0)
            return;

        record.Add(Count.Due);
        if (day > payment.DueDay)
        {
            record.Add(Count.Late);
            record.Add(Count.LateDays, day - payment.DueDay);
        }
    }

    private static void AddInflow(ref DayRecord record, in Payment payment)
    {
        if (payment.Amount == 0)
            return;

        record.Add(Count.Inflows);
        record.Add(Sum.In, payment.Amount);
        record.LargestIn = Math.Max(record.LargestIn, payment.Amount);
        if (payment.Kind == PaymentKind.Cash)
            record.Add(Sum.CashIn, payment.Amount);
        else if (payment.Kind == PaymentKind.Refund)
            record.Add(Count.Refunds);
    }

    private static void AddOutflow(ref DayRecord record, in Payment payment)
    {
        var amount = -payment.Amount;
        record.Add(Sum.Out, amount);
        record.LargestOut = Math.Max(record.LargestOut, amount);
        switch (payment.Kind)
        {
            case PaymentKind.Card:
                record.Add(Count.Purchases);
                record.Add(Sum.Purchases, amount);
                AddHabits(ref record, payment);
                break;
            case PaymentKind.Cash:
                record.Add(Count.CashOut);
                record.Add(Sum.CashOut, amount);
                AddHabits(ref record, payment);
                break;
            case PaymentKind.Fee:
                record.Add(Count.Fees);
                record.Add(Sum.Fees, amount);
                break;
            case PaymentKind.Interest:
                record.Add(Count.Penalties);
                record.Add(Sum.Penalties, amount);
                break;
            case PaymentKind.DirectDebit or PaymentKind.StandingOrder or PaymentKind.LoanPayment:
                record.Add(Count.Obligations);
                record.Add(Sum.Obligations, amount);
                break;
            default:
                break;
        }
    }

    private static void AddHabits(ref DayRecord record, in Payment payment)
    {
        var local = payment.Time + payment.OffsetMinutes * (long)MillisecondsPerMinute;
        var day = (int)(local / Days.Milliseconds);
        var inDay = local - day * Days.Milliseconds;
        if (Days.Weekday(day) >= 5)
            record.Add(Count.Weekend);

        // Sources that know only the date put midnight.
        if (inDay == 0)
            return;

        record.Add(Count.Timed);
        if (inDay < MorningMinute * (long)MillisecondsPerMinute)
            record.Add(Count.Night);
    }

    private void ApplyBalance(in Payment payment, int day, bool counted)
    {
        if (payment.BalanceAfter == Payment.NoMoney)
            return;

        var limit = payment.CreditLimit == Payment.NoMoney ? 0 : payment.CreditLimit;
        var second = (int)((payment.Time - Days.Start(day)) / MillisecondsPerSecond);
        if (!_life.HasLowest || payment.BalanceAfter < _life.Lowest)
        {
            _life.Lowest = payment.BalanceAfter;
            _life.HasLowest = true;
        }

        _life.Lows.Add(day, payment.BalanceAfter);
        _life.Bands[BalanceBands.BandOf(payment.BalanceAfter)]++;
        if (!counted)
        {
            Carry(day, second, payment.BalanceAfter, limit);
            return;
        }

        ref var record = ref _days.Place(day);
        record.Lowest = record.HasBalance ? Math.Min(record.Lowest, payment.BalanceAfter) : payment.BalanceAfter;
        if (!record.HasBalance || second >= record.ClosingSecond)
        {
            record.Closing = payment.BalanceAfter;
            record.Limit = limit;
            record.ClosingSecond = second;
            SetNewestBalance = day == _life.NewestDay;
        }
    }

    internal static double Units(long amount) => amount / (double)Payment.MoneyScale;
}
