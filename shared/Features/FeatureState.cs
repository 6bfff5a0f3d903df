using System.Diagnostics.CodeAnalysis;

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

    private DayRecord[] _days = new DayRecord[16];
    private int _head;
    private int _count;
    private Lifetime _life;

    /// <summary>ISO 4217 code of the first payment, first letter in the low byte; 0 for a new customer.</summary>
    public uint Currency => _life.Currency;

    /// <summary>Start of the newest day with a payment, in milliseconds since 1970; 0 for a new customer.</summary>
    public long NewestDayStart => Days.Start(_life.NewestDay);

    /// <summary>Days with a record, at most <see cref="Horizon"/>.</summary>
    public int ActiveDays => _count;

    internal ref Lifetime Life => ref _life;

    /// <summary>The last payment applied gave the newest balance known.</summary>
    internal bool SetNewestBalance { get; private set; }

    /// <summary>Makes it a new customer's again; keeps the memory.</summary>
    public void Clear()
    {
        _life = default;
        _head = _count = 0;
        SetNewestBalance = false;
    }

    /// <summary>Day records by age: 0 is the oldest.</summary>
    private ref DayRecord At(int index) => ref _days[(_head + index) & (_days.Length - 1)];

    private ref DayRecord Place(int day)
    {
        if (_count > 0)
        {
            ref var newest = ref At(_count - 1);
            if (newest.Day == day)
                return ref newest;

            if (newest.Day > day)
                return ref PlaceLate(day);
        }

        return ref InsertAt(_count, day);
    }

    private ref DayRecord PlaceLate(int day)
    {
        var index = _count - 1;
        while (index >= 0 && At(index).Day > day)
            index--;

        if (index >= 0 && At(index).Day == day)
            return ref At(index);

        return ref InsertAt(index + 1, day);
    }

    private ref DayRecord InsertAt(int index, int day)
    {
        if (_count == _days.Length)
            Grow();

        for (var move = _count++; move > index; move--)
            At(move) = At(move - 1);

        ref var record = ref At(index);
        record = new DayRecord { Day = day, ClosingSecond = DayRecord.NoBalance };
        return ref record;
    }

    [SuppressMessage("Performance", "MA0159", Justification = "Doubles at most three times in a state's life.")]
    private void Grow()
    {
        var larger = new DayRecord[_days.Length * 2];
        for (var i = 0; i < _count; i++)
            larger[i] = At(i);

        _days = larger;
        _head = 0;
    }

    /// <summary>Moves the newest day on: days past the horizon leave, their last balance is brought forward.</summary>
    private void AdvanceTo(int day)
    {
        _life.NewestDay = (ushort)day;
        while (_count > 0 && At(0).Day <= day - Horizon)
        {
            ref var expired = ref At(0);
            if (expired.HasBalance)
                Carry(expired.Day, expired.ClosingSecond, expired.Closing, expired.Limit);

            _head = (_head + 1) & (_days.Length - 1);
            _count--;
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
