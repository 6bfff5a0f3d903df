namespace ServerlessCLM.Features;

/// <summary>The memory of signals in few bytes.</summary>
internal static class SignalMemoryCodec
{
    private const int Idle = 1, High = 2, Decline = 4, Balance = 8, Declines = 16, Means = 32;

    public static void Write(ref StateWriter writer, ref SignalMemory memory, int newest)
    {
        var declines = memory.Decline1 != 0;
        var means = memory.BalanceDay != 0;
        writer.Byte((byte)((memory.IdleRaised ? Idle : 0) | (memory.HighRaised ? High : 0) | (memory.DeclineRaised ? Decline : 0)
            | (memory.BalanceRaised ? Balance : 0) | (declines ? Declines : 0) | (means ? Means : 0)));
        LifetimeCodec.WriteDays(
            ref writer,
            [
                memory.Dormant60For, memory.Dormant180For, memory.LandedPay, memory.RaisedPay, memory.MissingAfter,
                memory.IdleSince, memory.HighSince, memory.LastHome,
            ],
            newest);
        writer.UInt16(memory.Leading);
        LifetimeCodec.WriteDays(ref writer, memory.GroupLast, newest);
        for (var group = 0; group < 16; group++)
        {
            if (memory.GroupLast[group] != 0)
                writer.Byte(memory.GroupCount[group]);
        }

        if (declines)
        {
            writer.Unsigned((ulong)memory.Decline1);
            writer.Unsigned((ulong)(memory.Decline1 - memory.Decline2));
            writer.Unsigned((ulong)(memory.Decline1 - memory.Decline3));
        }

        if (means)
        {
            writer.Day(memory.BalanceDay, newest);
            writer.Day(memory.BalanceFirstDay, newest);
            writer.Double(memory.BalanceFast);
            writer.Double(memory.BalanceSlow);
            writer.Double(memory.BalanceHeld);
        }
    }

    public static void Read(ref StateReader reader, ref SignalMemory memory, int newest)
    {
        var flags = reader.Byte();
        memory.IdleRaised = (flags & Idle) != 0;
        memory.HighRaised = (flags & High) != 0;
        memory.DeclineRaised = (flags & Decline) != 0;
        memory.BalanceRaised = (flags & Balance) != 0;
        Span<ushort> days = stackalloc ushort[8];
        LifetimeCodec.ReadDays(ref reader, days, newest);
        (memory.Dormant60For, memory.Dormant180For, memory.LandedPay, memory.RaisedPay) = (days[0], days[1], days[2], days[3]);
        (memory.MissingAfter, memory.IdleSince, memory.HighSince, memory.LastHome) = (days[4], days[5], days[6], days[7]);
        memory.Leading = reader.UInt16();
        LifetimeCodec.ReadDays(ref reader, memory.GroupLast, newest);
        for (var group = 0; group < 16; group++)
        {
            if (memory.GroupLast[group] != 0)
                memory.GroupCount[group] = reader.Byte();
        }

        if ((flags & Declines) != 0)
        {
            memory.Decline1 = (long)reader.Unsigned();
            memory.Decline2 = memory.Decline1 - (long)reader.Unsigned();
            memory.Decline3 = memory.Decline1 - (long)reader.Unsigned();
        }

        if ((flags & Means) != 0)
        {
            memory.BalanceDay = reader.Day(newest);
            memory.BalanceFirstDay = reader.Day(newest);
            memory.BalanceFast = reader.Double();
            memory.BalanceSlow = reader.Double();
            memory.BalanceHeld = reader.Double();
        }
    }
}
