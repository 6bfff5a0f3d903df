namespace ServerlessCLM.Features;

/// <summary>Lifetime figures in few bytes: days by their age, tables behind a mask of what is in use.</summary>
internal static class LifetimeCodec
{
    public static void Write(ref StateWriter writer, ref Lifetime life)
    {
        var newest = life.NewestDay;
        writer.UInt32(life.Currency);
        writer.UInt16(newest);
        writer.Day(life.FirstDay, newest);
        writer.Day(life.LastPayment, newest);
        writer.Day(life.LastPurchase, newest);
        writer.Day(life.LastInflow, newest);
        writer.Day(life.LastCash, newest);
        writer.Day(life.LastReturn, newest);
        writer.Day(life.LastDecline, newest);
        writer.Day(life.LastPenalty, newest);
        writer.Day(life.LastActive, newest);
        writer.Unsigned(life.Payments);
        writer.Unsigned(life.Purchases);
        writer.Unsigned(life.Returns);
        writer.Unsigned(life.Declines);
        writer.Unsigned(life.Penalties);
        writer.Unsigned(life.Inflows);
        WriteDoubles(ref writer, [life.ActiveFast, life.ActiveSlow, life.Inflow, life.Outflow, life.SpendCount]);
        WriteDoubles(ref writer, life.Spend);
        writer.Byte(life.HasLowest ? (byte)1 : (byte)0);
        if (life.HasLowest)
            writer.Signed(life.Lowest);

        writer.Day(life.Carried.Day, newest);
        if (life.Carried.Day != 0)
        {
            writer.Unsigned((uint)life.Carried.Second);
            writer.Signed(life.Carried.Closing);
            writer.Signed(life.Carried.Limit);
        }

        WriteDays(ref writer, life.Merchants, newest);
        WriteDays(ref writer, life.Countries, newest);
        WriteRhythms(ref writer, ref life);
        SignalMemoryCodec.Write(ref writer, ref life.Signals, newest);
    }

    public static void Read(ref StateReader reader, ref Lifetime life)
    {
        life.Currency = reader.UInt32();
        var newest = life.NewestDay = reader.UInt16();
        life.Landmark = newest - newest % HalfLife.LandmarkStep;
        life.FirstDay = reader.Day(newest);
        life.LastPayment = reader.Day(newest);
        life.LastPurchase = reader.Day(newest);
        life.LastInflow = reader.Day(newest);
        life.LastCash = reader.Day(newest);
        life.LastReturn = reader.Day(newest);
        life.LastDecline = reader.Day(newest);
        life.LastPenalty = reader.Day(newest);
        life.LastActive = reader.Day(newest);
        life.Payments = reader.UpTo(uint.MaxValue, "the number of payments");
        life.Purchases = reader.UpTo(uint.MaxValue, "the number of purchases");
        life.Returns = reader.UpTo(uint.MaxValue, "the number of returns");
        life.Declines = reader.UpTo(uint.MaxValue, "the number of declines");
        life.Penalties = reader.UpTo(uint.MaxValue, "the number of penalties");
        life.Inflows = reader.UpTo(uint.MaxValue, "the number of inflows");
        Span<double> decayed = stackalloc double[5];
        ReadDoubles(ref reader, decayed);
        (life.ActiveFast, life.ActiveSlow, life.Inflow, life.Outflow, life.SpendCount) =
            (decayed[0], decayed[1], decayed[2], decayed[3], decayed[4]);
        ReadDoubles(ref reader, life.Spend);
        life.HasLowest = reader.Byte() != 0;
        if (life.HasLowest)
            life.Lowest = reader.Signed();

        life.Carried.Day = reader.Day(newest);
        if (life.Carried.Day != 0)
        {
            life.Carried.Second = (int)reader.UpTo(86_399, "the second of a balance");
            life.Carried.Closing = reader.Signed();
            life.Carried.Limit = reader.Signed();
        }

        ReadDays(ref reader, life.Merchants, newest);
        ReadDays(ref reader, life.Countries, newest);
        ReadRhythms(ref reader, ref life);
        SignalMemoryCodec.Read(ref reader, ref life.Signals, newest);
    }

    public static void WriteDays(ref StateWriter writer, scoped ReadOnlySpan<ushort> days, int newest)
    {
        var used = 0UL;
        for (var slot = 0; slot < days.Length; slot++)
            used |= days[slot] == 0 ? 0 : 1UL << slot;

        writer.Unsigned(used);
        foreach (var day in days)
        {
            if (day != 0)
                writer.Unsigned((uint)(newest - day));
        }
    }

    public static void ReadDays(ref StateReader reader, scoped Span<ushort> days, int newest)
    {
        var used = reader.Unsigned();
        for (var slot = 0; slot < days.Length; slot++)
        {
            if ((used & (1UL << slot)) != 0)
                days[slot] = (ushort)(newest - reader.UpTo((uint)newest, "the age of a slot"));
        }
    }

    public static void WriteDoubles(ref StateWriter writer, scoped ReadOnlySpan<double> values)
    {
        var used = 0u;
        for (var i = 0; i < values.Length; i++)
            used |= values[i] == 0 ? 0 : 1u << i;

        writer.UInt16((ushort)used);
        foreach (var value in values)
        {
            if (value != 0)
                writer.Double(value);
        }
    }

    public static void ReadDoubles(ref StateReader reader, scoped Span<double> values)
    {
        var used = reader.UInt16();
        for (var i = 0; i < values.Length; i++)
            values[i] = (used & (1u << i)) != 0 ? reader.Double() : 0;
    }

    private static void WriteRhythms(ref StateWriter writer, ref Lifetime life)
    {
        writer.Unsigned(life.Pay.NewestMonth);
        if (life.Pay.NewestMonth != 0)
        {
            writer.Day(life.Pay.LastStated, life.NewestDay);
            var stated = 0;
            for (var slot = 0; slot < 8; slot++)
                stated |= life.Pay.Entries[slot].Stated ? 1 << slot : 0;

            writer.Byte((byte)stated);
            foreach (ref readonly var entry in (ReadOnlySpan<PayEntry>)life.Pay.Entries)
            {
                writer.Unsigned((ulong)entry.Amount);
                if (entry.Amount != 0)
                    writer.Day(entry.Day, life.NewestDay);
            }
        }

        writer.Unsigned(life.Obligations.NewestMonth);
        if (life.Obligations.NewestMonth != 0)
        {
            foreach (var day in life.Obligations.FirstDays)
                writer.Byte(day);
        }
    }

    private static void ReadRhythms(ref StateReader reader, ref Lifetime life)
    {
        life.Pay.NewestMonth = (ushort)reader.UpTo(ushort.MaxValue, "the month of pay");
        if (life.Pay.NewestMonth != 0)
        {
            life.Pay.LastStated = reader.Day(life.NewestDay);
            var stated = reader.Byte();
            for (var slot = 0; slot < 8; slot++)
            {
                ref var entry = ref life.Pay.Entries[slot];
                entry.Amount = (long)reader.Unsigned();
                entry.Stated = (stated & (1 << slot)) != 0;
                if (entry.Amount != 0)
                    entry.Day = reader.Day(life.NewestDay);
            }
        }

        life.Obligations.NewestMonth = (ushort)reader.UpTo(ushort.MaxValue, "the month of obligations");
        if (life.Obligations.NewestMonth != 0)
        {
            for (var slot = 0; slot < 8; slot++)
                life.Obligations.FirstDays[slot] = reader.Byte();
        }
    }
}
