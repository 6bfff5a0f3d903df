namespace ServerlessCLM.Features;

/// <summary>What became of a payment.</summary>
public enum Placement
{
    /// <summary>It stands in its own day.</summary>
    Counted,

    /// <summary>Its day is 90 days or more before the customer's newest: it moved lifetime figures (counters, first
    /// and last days, decayed sums, the balance brought forward) and no day's.</summary>
    TooLate,
}

/// <summary>
/// One customer's payments, folded into day records and lifetime figures; the in-memory form of a stored block.
/// Not safe for several threads; made to be reused (<see cref="Read"/>, <see cref="Clear"/>) without allocating.
/// </summary>
/// <remarks>
/// Everything is in event time. A window of W days is the UTC day of the question and the W − 1 before it. A payment
/// that comes late stands in its own day. Apart from the closing balance of a day when several payments share its
/// last second (then the one applied last holds) and rounding in decayed sums, the order of arrival leaves no trace.
/// Repeated payments are the caller's to leave out.
/// One currency per customer: the first payment's; the caller converts. Balances are taken as those of one account.
/// </remarks>
public sealed partial class FeatureState
{
    /// <summary>The days that a state keeps: the newest and the 89 before it.</summary>
    public const int Horizon = 90;

    private DayLog _days = new();
    private Lifetime _life;

    /// <summary>ISO 4217 code of the first payment, first letter in the low byte; 0 for a new customer.</summary>
    public uint Currency => _life.Currency;

    /// <summary>Start of the newest day with a payment, in milliseconds since 1970; 0 for a new customer.</summary>
    public long NewestDayStart => Days.Start(_life.NewestDay);

    /// <summary>Days with a record, at most <see cref="Horizon"/>.</summary>
    public int ActiveDays => _days.Count;

    internal ref Lifetime Life => ref _life;

    /// <summary>The last payment applied gave the newest balance known.</summary>
    internal bool SetNewestBalance { get; private set; }

    /// <summary>Makes it a new customer's again; keeps the memory.</summary>
    public void Clear()
    {
        _life = default;
        _days.Clear();
        SetNewestBalance = false;
    }

    /// <summary>Moves the newest day on: days past the horizon leave, their last balance is brought forward.</summary>
    private void AdvanceTo(int day)
    {
        _life.NewestDay = (ushort)day;
        while (_days.TryExpire(day - Horizon, out var expired))
        {
            if (expired.HasBalance)
                Carry(expired.Day, expired.ClosingSecond, expired.Closing, expired.Limit);
        }

        var landmark = day - day % HalfLife.LandmarkStep;
        if (landmark != _life.Landmark)
            MoveLandmark(landmark);
    }

    private void Carry(int day, int second, long closing, long limit)
    {
        ref var carried = ref _life.Carried;
        if (day > carried.Day || (day == carried.Day && second >= carried.Second))
            carried = new CarriedBalance { Closing = closing, Limit = limit, Second = second, Day = (ushort)day };
    }

    private void MoveLandmark(int landmark)
    {
        var back = _life.Landmark - landmark;
        _life.Landmark = landmark;
        _life.ActiveFast *= HalfLife.Fortnight.Weight(back);
        _life.ActiveSlow *= HalfLife.TwoMonths.Weight(back);
        _life.Inflow *= HalfLife.TwoMonths.Weight(back);
        _life.Outflow *= HalfLife.TwoMonths.Weight(back);
        var month = HalfLife.Month.Weight(back);
        _life.SpendCount *= month;
        for (var group = 0; group < 16; group++)
            _life.Spend[group] *= month;
    }
}
