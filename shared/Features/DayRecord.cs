using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ServerlessCLM.Features;

/// <summary>Amounts of a day, in ten-thousandths, all counted positive and all of booked payments.</summary>
internal enum Sum { In, Out, Purchases, CashOut, Fees, Penalties, Obligations, CashIn }

/// <summary>Counts of a day; of booked payments, apart from returns and declines. What an ordinary day has comes first
/// (<see cref="DayCodec"/>).</summary>
internal enum Count
{
    Payments, Inflows, Purchases, CashOut, Timed, Obligations, Weekend, Night,
    Fees, Penalties, Returned, Declined, Due, Late, LateDays, Refunds,
}

[InlineArray(8)]
internal struct DaySums
{
    private long _first;
}

[InlineArray(16)]
internal struct DayCounts
{
    private ushort _first;
}

/// <summary>What one UTC day of a customer adds up to. Sums are exact, so the order of arrival leaves no trace;
/// counts stop at 65,535 a day.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct DayRecord
{
    /// <summary>No balance was given on this day.</summary>
    public const int NoBalance = 0x1FFFF;

    public DaySums Sums;
    public DayCounts Counts;
    public long LargestIn;
    public long LargestOut;

    /// <summary>Balance after the latest payment of the day that gave one.</summary>
    public long Closing;

    /// <summary>Lowest balance after any payment of the day.</summary>
    public long Lowest;

    /// <summary>Credit limit that came with the closing balance; 0 without one.</summary>
    public long Limit;

    public int Day;

    /// <summary>Second of the day of the closing balance, or <see cref="NoBalance"/>.</summary>
    public int ClosingSecond;

    public readonly bool HasBalance => ClosingSecond != NoBalance;

    public void Add(Sum sum, long amount) => Sums[(int)sum] += amount;

    public void Add(Count count, int by = 1)
    {
        ref var value = ref Counts[(int)count];
        value = (ushort)Math.Min(value + by, ushort.MaxValue);
    }
}
