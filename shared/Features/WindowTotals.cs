using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ServerlessCLM.Features;

/// <summary>What the days of a window add up to. Built by adding days from the newest back, so that one pass over
/// the days gives every window: the total is copied as each window ends.</summary>
internal struct WindowTotals
{
    private Vector512<long> _sums;
    private Vector512<int> _counts;

    public int ActiveDays;
    public int InflowDays;
    public long LargestIn;
    public long LargestOut;

    public readonly long this[Sum sum] => _sums.GetElement((int)sum);

    public readonly int this[Count count] => _counts.GetElement((int)count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ref readonly DayRecord day)
    {
        _sums += Vector512.LoadUnsafe(in day.Sums[0]);
        var counts = Vector256.LoadUnsafe(in day.Counts[0]);
        _counts += Vector512.Create(Vector256.WidenLower(counts).AsInt32(), Vector256.WidenUpper(counts).AsInt32());
        ActiveDays += day.Counts[(int)Count.Payments] > 0 ? 1 : 0;
        InflowDays += day.Counts[(int)Count.Inflows] > 0 ? 1 : 0;
        LargestIn = Math.Max(LargestIn, day.LargestIn);
        LargestOut = Math.Max(LargestOut, day.LargestOut);
    }
}
