using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ServerlessCLM.Features;

/// <summary>The memory of signals in few bytes.</summary>
internal static class SignalMemoryCodec
{
    private const int Idle = 1, High = 2, Decline = 4, Balance = 8, Declines = 16, Means = 32;
    private const int CoreSize = 9 * sizeof(ushort);

    public static void Write(ref StateWriter writer, ref SignalMemory memory)
    {
        var declines = memory.Decline1 != 0;
        var means = memory.BalanceDay != 0;
        writer.Byte((byte)((memory.IdleRaised ? Idle : 0) | (memory.HighRaised ? High : 0) | (memory.DeclineRaised ? Decline : 0)
            | (memory.BalanceRaised ? Balance : 0) | (declines ? Declines : 0) | (means ? Means : 0)));
        writer.Bytes(Core(ref memory));
        LifetimeCodec.WriteDays(ref writer, ref Unsafe.As<PerGroup<ushort>, ushort>(ref memory.GroupLast));
        for (var group = 0; group < 16; group++)
        {
            if (memory.GroupLast[group] != 0)
                writer.Byte(memory.GroupCount[group]);
        }

        if (declines)
        {
            writer.Int64(memory.Decline1);
            writer.Unsigned((ulong)(memory.Decline1 - memory.Decline2));
            writer.Unsigned((ulong)(memory.Decline1 - memory.Decline3));
        }

        if (means)
        {
            writer.UInt16(memory.BalanceDay);
            writer.UInt16(memory.BalanceFirstDay);
            writer.Double(memory.BalanceFast);
            writer.Double(memory.BalanceSlow);
            writer.Double(memory.BalanceHeld);
        }
    }

    /// <summary>Reads into a memory that is all zero.</summary>
    public static void Read(ref StateReader reader, ref SignalMemory memory)
    {
        var flags = reader.Byte();
        memory.IdleRaised = (flags & Idle) != 0;
        memory.HighRaised = (flags & High) != 0;
        memory.DeclineRaised = (flags & Decline) != 0;
        memory.BalanceRaised = (flags & Balance) != 0;
        reader.Bytes(CoreSize).CopyTo(Core(ref memory));
        LifetimeCodec.ReadDays(ref reader, memory.GroupLast);
        for (var group = 0; group < 16; group++)
        {
            if (memory.GroupLast[group] != 0)
                memory.GroupCount[group] = reader.Byte();
        }

        if ((flags & Declines) != 0)
        {
            memory.Decline1 = reader.Int64();
            memory.Decline2 = memory.Decline1 - (long)reader.Unsigned();
            memory.Decline3 = memory.Decline1 - (long)reader.Unsigned();
        }

        if ((flags & Means) != 0)
        {
            memory.BalanceDay = reader.UInt16();
            memory.BalanceFirstDay = reader.UInt16();
            memory.BalanceFast = reader.Double();
            memory.BalanceSlow = reader.Double();
            memory.BalanceHeld = reader.Double();
        }
    }

    private static Span<byte> Core(ref SignalMemory memory) =>
        MemoryMarshal.CreateSpan(ref Unsafe.As<ushort, byte>(ref memory.Dormant60For), CoreSize);
}
