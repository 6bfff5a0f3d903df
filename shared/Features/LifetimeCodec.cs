using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ServerlessCLM.Features;

/// <summary>Lifetime figures, quickly and in few bytes: what nearly every customer has as it lies in memory, the rest
/// behind flags and masks of what is in use.</summary>
internal static class LifetimeCodec
{
    private const int CoreSize = 5 * sizeof(double) + 7 * sizeof(uint) + 10 * sizeof(ushort);
    private const byte HasLowest = 1, HasCarried = 2, HasPay = 4, HasObligations = 8, HasBalances = 16;

    public static void Write(ref StateWriter writer, ref Lifetime life)
    {
        writer.Bytes(Core(ref life));
        writer.Byte((byte)((life.HasLowest ? HasLowest : 0) | (life.Carried.Day != 0 ? HasCarried : 0)
            | (life.Pay.NewestMonth != 0 ? HasPay : 0) | (life.Obligations.NewestMonth != 0 ? HasObligations : 0)
            | (life.Lows.Used != 0 ? HasBalances : 0)));
        writer.Unsigned((ulong)life.OutflowEver);
        WriteDoubles(ref writer, life.Spend);
        WriteMerchants(ref writer, ref life.Merchants);
        WriteDays(ref writer, ref Unsafe.As<CountryDays, ushort>(ref life.Countries));
        if (life.HasLowest)
            writer.Signed(life.Lowest);

        if (life.Carried.Day != 0)
        {
            writer.UInt16(life.Carried.Day);
            writer.UInt32((uint)life.Carried.Second);
            writer.Signed(life.Carried.Closing);
            writer.Signed(life.Carried.Limit);
        }

        if (life.Pay.NewestMonth != 0)
            WritePay(ref writer, ref life.Pay);

        if (life.Obligations.NewestMonth != 0)
        {
            writer.UInt16(life.Obligations.NewestMonth);
            writer.Bytes(life.Obligations.FirstDays);
        }

        if (life.Lows.Used != 0)
            WriteBalances(ref writer, ref life);

        SignalMemoryCodec.Write(ref writer, ref life.Signals);
    }

    /// <summary>Reads into figures that are all zero.</summary>
    public static void Read(ref StateReader reader, ref Lifetime life)
    {
        reader.Bytes(CoreSize).CopyTo(Core(ref life));
        life.Landmark = life.NewestDay - life.NewestDay % HalfLife.LandmarkStep;
        var flags = reader.Byte();
        life.OutflowEver = (long)reader.Unsigned();
        ReadDoubles(ref reader, life.Spend);
        ReadMerchants(ref reader, ref life.Merchants);
        ReadDays(ref reader, life.Countries);
        life.HasLowest = (flags & HasLowest) != 0;
        if (life.HasLowest)
            life.Lowest = reader.Signed();

        if ((flags & HasCarried) != 0)
        {
            life.Carried.Day = reader.UInt16();
            life.Carried.Second = (int)reader.UInt32();
            life.Carried.Closing = reader.Signed();
            life.Carried.Limit = reader.Signed();
        }

        if ((flags & HasPay) != 0)
            ReadPay(ref reader, ref life.Pay);

        if ((flags & HasObligations) != 0)
        {
            life.Obligations.NewestMonth = reader.UInt16();
            reader.Bytes(8).CopyTo(life.Obligations.FirstDays);
        }

        if ((flags & HasBalances) != 0)
            ReadBalances(ref reader, ref life);

        SignalMemoryCodec.Read(ref reader, ref life.Signals);
    }

    /// <summary>Sixteen days: a mask of those that are not 0, and these.</summary>
    public static void WriteDays(ref StateWriter writer, ref ushort first)
    {
        var used = Used(ref first);
        writer.UInt16((ushort)used);
        for (; used != 0; used &= used - 1)
            writer.UInt16(Unsafe.Add(ref first, BitOperations.TrailingZeroCount(used)));
    }

    public static void ReadDays(ref StateReader reader, scoped Span<ushort> days)
    {
        for (uint used = reader.UInt16(); used != 0; used &= used - 1)
            days[BitOperations.TrailingZeroCount(used)] = reader.UInt16();
    }

    private static Span<byte> Core(ref Lifetime life) => MemoryMarshal.CreateSpan(ref Unsafe.As<double, byte>(ref life.ActiveFast), CoreSize);

    private static uint Used(ref ushort first) =>
        (ushort)~Vector256.Equals(Vector256.LoadUnsafe(ref first), Vector256<ushort>.Zero).ExtractMostSignificantBits();

    private static void WriteMerchants(ref StateWriter writer, ref MerchantDays merchants)
    {
        ref var first = ref Unsafe.As<MerchantDays, ushort>(ref merchants);
        var used = Used(ref first) | (ulong)Used(ref Unsafe.Add(ref first, 16)) << 16
            | (ulong)Used(ref Unsafe.Add(ref first, 32)) << 32 | (ulong)Used(ref Unsafe.Add(ref first, 48)) << 48;
        writer.UInt64(used);
        if (used == ulong.MaxValue)
        {
            writer.Bytes(MemoryMarshal.AsBytes((ReadOnlySpan<ushort>)merchants));
            return;
        }

        Span<ushort> packed = stackalloc ushort[64];
        var count = 0;
        for (; used != 0; used &= used - 1)
            packed[count++] = Unsafe.Add(ref first, BitOperations.TrailingZeroCount(used));

        writer.Bytes(MemoryMarshal.AsBytes(packed[..count]));
    }

    private static void ReadMerchants(ref StateReader reader, scoped ref MerchantDays merchants)
    {
        Span<ushort> days = merchants;
        var used = reader.UInt64();
        var packed = MemoryMarshal.Cast<byte, ushort>(reader.Bytes(BitOperations.PopCount(used) * sizeof(ushort)));
        if (used == ulong.MaxValue)
        {
            packed.CopyTo(days);
            return;
        }

        foreach (var day in packed)
        {
            days[BitOperations.TrailingZeroCount(used)] = day;
            used &= used - 1;
        }
    }

    private static void WriteBalances(ref StateWriter writer, ref Lifetime life)
    {
        writer.UInt16(life.Lows.NewestMonth);
        writer.Byte(life.Lows.Used);
        for (uint rest = life.Lows.Used; rest != 0; rest &= rest - 1)
            writer.Signed(life.Lows.Lowest[BitOperations.TrailingZeroCount(rest)]);

        var used = 0u;
        for (var band = 0; band < BalanceBands.Bands; band++)
            used |= life.Bands[band] != 0 ? 1u << band : 0;

        writer.UInt32(used);
        for (; used != 0; used &= used - 1)
            writer.Unsigned(life.Bands[BitOperations.TrailingZeroCount(used)]);
    }

    private static void ReadBalances(ref StateReader reader, ref Lifetime life)
    {
        life.Lows.NewestMonth = reader.UInt16();
        life.Lows.Used = reader.Byte();
        for (uint rest = life.Lows.Used; rest != 0; rest &= rest - 1)
            life.Lows.Lowest[BitOperations.TrailingZeroCount(rest)] = reader.Signed();

        for (var used = reader.UInt32(); used != 0; used &= used - 1)
            life.Bands[BitOperations.TrailingZeroCount(used)] = reader.UpTo(uint.MaxValue, "the number of balances in a band");
    }

    private static void WriteDoubles(ref StateWriter writer, scoped ReadOnlySpan<double> values)
    {
        var used = 0u;
        for (var i = 0; i < values.Length; i++)
            used |= values[i] == 0 ? 0 : 1u << i;

        writer.UInt16((ushort)used);
        for (; used != 0; used &= used - 1)
            writer.Double(values[BitOperations.TrailingZeroCount(used)]);
    }

    private static void ReadDoubles(ref StateReader reader, scoped Span<double> values)
    {
        for (uint used = reader.UInt16(); used != 0; used &= used - 1)
            values[BitOperations.TrailingZeroCount(used)] = reader.Double();
    }

    private static void WritePay(ref StateWriter writer, ref PayRhythm pay)
    {
        uint used = 0, stated = 0;
        for (var slot = 0; slot < 8; slot++)
        {
            used |= pay.Entries[slot].Amount != 0 ? 1u << slot : 0;
            stated |= pay.Entries[slot].Stated ? 1u << slot : 0;
        }

        writer.UInt16(pay.NewestMonth);
        writer.UInt16(pay.LastStated);
        writer.Byte((byte)used);
        writer.Byte((byte)stated);
        for (; used != 0; used &= used - 1)
        {
            ref readonly var entry = ref pay.Entries[BitOperations.TrailingZeroCount(used)];
            writer.Unsigned((ulong)entry.Amount);
            writer.UInt16(entry.Day);
        }
    }

    private static void ReadPay(ref StateReader reader, ref PayRhythm pay)
    {
        pay.NewestMonth = reader.UInt16();
        pay.LastStated = reader.UInt16();
        uint used = reader.Byte(), stated = reader.Byte();
        for (; used != 0; used &= used - 1)
        {
            var slot = BitOperations.TrailingZeroCount(used);
            pay.Entries[slot] = new PayEntry
            {
                Amount = (long)reader.Unsigned(), Day = reader.UInt16(), Stated = (stated >> slot & 1) != 0,
            };
        }
    }
}
