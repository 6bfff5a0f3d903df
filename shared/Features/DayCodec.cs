using System.Numerics;
using System.Runtime.Intrinsics;

namespace ServerlessCLM.Features;

/// <summary>
/// Day records in few bytes: a word of flags, and only what cannot be told from the rest. An ordinary day of card
/// payments takes about ten bytes.
/// </summary>
internal static class DayCodec
{
    /// <summary>A word, a mask, day, fourteen amounts of ten bytes, sixteen counts of three.</summary>
    public const int MaxSize = 7 + 3 + 14 * 10 + 16 * 3;

    // The low 17 bits are the second of the closing balance.
    private const uint Cents = 1 << 17, NextDay = 1 << 18, ClosingFollows = 1 << 19, LowestIsClosing = 1 << 20,
        LimitHolds = 1 << 21, OneOut = 1 << 22, OneIn = 1 << 23;

    private const int SumBits = 24, CentsInScale = 100;

    // The first byte of the counts: nothing but purchases and how many, or which of the first six there are, and whether
    // a mask of the other ten follows.
    private const uint PurchasesAlone = 0x80, MostAlone = 0x7F, MoreCounts = 0x40;
    private const int UsualCounts = 6;

    public static void Write(ref StateWriter writer, in DayRecord day, in DayMark previous)
    {
        Span<long> sums = stackalloc long[8];
        Rests(day, sums);
        var scale = InCents(day, sums) ? CentsInScale : 1;
        var expected = previous.Closing + day.Sums[(int)Sum.In] - day.Sums[(int)Sum.Out];
        var flags = (uint)day.ClosingSecond
            | (scale == CentsInScale ? Cents : 0)
            | (day.Day == previous.Day + 1 ? NextDay : 0)
            | (day.Closing == expected ? ClosingFollows : 0)
            | (day.Lowest == day.Closing ? LowestIsClosing : 0)
            | (day.Limit == previous.Limit ? LimitHolds : 0)
            | (day.LargestOut == day.Sums[(int)Sum.Out] ? OneOut : 0)
            | (day.LargestIn == day.Sums[(int)Sum.In] ? OneIn : 0);
        for (var i = 0; i < sums.Length; i++)
            flags |= sums[i] != 0 ? 1u << (SumBits + i) : 0;

        writer.UInt32(flags);
        if ((flags & NextDay) == 0)
            writer.Unsigned((uint)(day.Day - previous.Day));

        foreach (var sum in sums)
        {
            if (sum != 0)
                writer.Unsigned((ulong)(sum / scale));
        }

        if ((flags & OneOut) == 0)
            writer.Unsigned((ulong)(day.LargestOut / scale));
        if ((flags & OneIn) == 0)
            writer.Unsigned((ulong)(day.LargestIn / scale));
        if (day.HasBalance)
            WriteBalance(ref writer, day, expected, flags, scale);

        WriteCounts(ref writer, day);
    }

    /// <summary>The day of the record that comes next; the reader stays where it is.</summary>
    public static int DayOf(StateReader reader, in DayMark previous)
    {
        var flags = reader.UInt32();
        return previous.Day + ((flags & NextDay) != 0 ? 1 : (int)reader.UpTo(Days.Last, "a gap between days"));
    }

    public static void Read(ref StateReader reader, out DayRecord day, in DayMark previous)
    {
        day = default;
        var flags = reader.UInt32();
        var scale = (flags & Cents) != 0 ? CentsInScale : 1;
        day.ClosingSecond = (int)(flags & DayRecord.NoBalance);
        day.Day = previous.Day + ((flags & NextDay) != 0 ? 1 : (int)reader.UpTo(Days.Last, "a gap between days"));
        if (day.Day <= previous.Day)
            throw new InvalidDataException("Stored feature state: its days are not in order.");

        for (var i = 0; i < 8; i++)
        {
            if ((flags & (1u << (SumBits + i))) != 0)
                day.Sums[i] = (long)reader.Unsigned() * scale;
        }

        day.Sums[(int)Sum.Out] += Parts(day.Sums);
        day.Sums[(int)Sum.In] += day.Sums[(int)Sum.CashIn];
        day.LargestOut = (flags & OneOut) != 0 ? day.Sums[(int)Sum.Out] : (long)reader.Unsigned() * scale;
        day.LargestIn = (flags & OneIn) != 0 ? day.Sums[(int)Sum.In] : (long)reader.Unsigned() * scale;
        if (day.HasBalance)
        {
            var expected = previous.Closing + day.Sums[(int)Sum.In] - day.Sums[(int)Sum.Out];
            day.Closing = (flags & ClosingFollows) != 0 ? expected : reader.Signed() * scale;
            day.Lowest = (flags & LowestIsClosing) != 0 ? day.Closing : day.Closing - (long)reader.Unsigned() * scale;
            day.Limit = (flags & LimitHolds) != 0 ? previous.Limit : reader.Signed() * scale;
        }

        ReadCounts(ref reader, ref day);
    }

    private static void WriteBalance(ref StateWriter writer, in DayRecord day, long expected, uint flags, int scale)
    {
        if ((flags & ClosingFollows) == 0)
            writer.Signed(day.Closing / scale);
        if ((flags & LowestIsClosing) == 0)
            writer.Unsigned((ulong)((day.Closing - day.Lowest) / scale));
        if ((flags & LimitHolds) == 0)
            writer.Signed(day.Limit / scale);
    }

    /// <summary>Sums with the parts of in and out taken from them, so that what is usual is 0.</summary>
    private static void Rests(in DayRecord day, Span<long> sums)
    {
        ((ReadOnlySpan<long>)day.Sums).CopyTo(sums);
        sums[(int)Sum.Out] -= Parts(day.Sums);
        sums[(int)Sum.In] -= day.Sums[(int)Sum.CashIn];
    }

    private static long Parts(in DaySums sums) => sums[(int)Sum.Purchases] + sums[(int)Sum.CashOut] + sums[(int)Sum.Fees]
        + sums[(int)Sum.Penalties] + sums[(int)Sum.Obligations];

    private static bool InCents(in DayRecord day, ReadOnlySpan<long> sums)
    {
        foreach (var sum in sums)
        {
            if (!InCents(sum))
                return false;
        }

        return InCents(day.LargestIn) && InCents(day.LargestOut) && InCents(day.Closing) && InCents(day.Lowest) && InCents(day.Limit);
    }

    private static bool InCents(long amount) => amount % CentsInScale == 0;

    private static void WriteCounts(ref StateWriter writer, in DayRecord day)
    {
        var counts = day.Counts;
        FoldCounts(ref counts, day.Day);
        ref readonly var first = ref counts[0];
        var empty = Vector256.Equals(Vector256.LoadUnsafe(in first), Vector256<ushort>.Zero).ExtractMostSignificantBits();
        var present = (ushort)~empty;
        if (present == 1 << (int)Count.Purchases && counts[(int)Count.Purchases] <= MostAlone)
        {
            writer.Byte((byte)(PurchasesAlone | (uint)counts[(int)Count.Purchases]));
            return;
        }

        var more = present >> UsualCounts;
        writer.Byte((byte)(present & (MoreCounts - 1) | (more != 0 ? MoreCounts : 0)));
        if (more != 0)
            writer.UInt16((ushort)more);

        for (uint rest = present; rest != 0; rest &= rest - 1)
            writer.Unsigned(counts[BitOperations.TrailingZeroCount(rest)]);
    }

    private static void ReadCounts(ref StateReader reader, ref DayRecord day)
    {
        uint present = reader.Byte();
        if ((present & PurchasesAlone) != 0)
            day.Counts[(int)Count.Purchases] = (ushort)(present & MostAlone);
        else
        {
            if ((present & MoreCounts) != 0)
                present = present & (MoreCounts - 1) | (uint)reader.UInt16() << UsualCounts;

            for (var rest = present & ushort.MaxValue; rest != 0; rest &= rest - 1)
                day.Counts[BitOperations.TrailingZeroCount(rest)] = (ushort)reader.UpTo(ushort.MaxValue, "a day's count");
        }

        UnfoldCounts(ref day.Counts, day.Day);
    }

    // Differences wrap around on both sides, so that counts that have stopped at their largest survive too.
    private static void FoldCounts(ref DayCounts counts, int day)
    {
        counts[(int)Count.Payments] -= Kinds(counts);
        counts[(int)Count.Timed] = (ushort)(ByHand(counts) - counts[(int)Count.Timed]);
        counts[(int)Count.Weekend] = (ushort)(AtWeekend(counts, day) - counts[(int)Count.Weekend]);
    }

    private static void UnfoldCounts(ref DayCounts counts, int day)
    {
        counts[(int)Count.Payments] += Kinds(counts);
        counts[(int)Count.Timed] = (ushort)(ByHand(counts) - counts[(int)Count.Timed]);
        counts[(int)Count.Weekend] = (ushort)(AtWeekend(counts, day) - counts[(int)Count.Weekend]);
    }

    private static ushort AtWeekend(in DayCounts counts, int day) => Days.Weekday(day) >= 5 ? ByHand(counts) : (ushort)0;

    private static ushort ByHand(in DayCounts counts) => (ushort)(counts[(int)Count.Purchases] + counts[(int)Count.CashOut]);

    private static ushort Kinds(in DayCounts counts) => (ushort)(ByHand(counts) + counts[(int)Count.Inflows]
        + counts[(int)Count.Obligations] + counts[(int)Count.Fees] + counts[(int)Count.Penalties]);
}
