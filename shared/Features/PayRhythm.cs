namespace ServerlessCLM.Features;

/// <summary>The pay of one calendar month. <see cref="Amount"/> 0 for none.</summary>
internal struct PayEntry
{
    public long Amount;
    public ushort Day;

    /// <summary>The payment's kind says salary; otherwise it is a transfer that may be one.</summary>
    public bool Stated;
}

/// <summary>What a customer's pay looks like, read from the rhythm.</summary>
/// <param name="Months">Months with pay among the last eight.</param>
/// <param name="LastDay">Day of the latest pay; 0 where none was found, and then the rest means nothing.</param>
/// <param name="Last">Amounts of the latest pay and the two before it, in ten-thousandths; 0 where there is none.</param>
/// <param name="PreviousDay">Day of the pay before the latest.</param>
/// <param name="Mean">Mean amount, in ten-thousandths.</param>
/// <param name="Variation">Standard deviation over mean of the amounts; 0 for steady pay.</param>
internal readonly record struct Pay(
    int Months, int LastDay, long Last, int PreviousDay, long Previous, long BeforePrevious, double Mean, double Variation);

/// <summary>
/// The largest income of each of eight calendar months. A stated salary outranks a transfer, a larger amount a
/// smaller, a later day an earlier, so that the order of arrival leaves no trace.
/// </summary>
internal struct PayRhythm
{
    /// <summary>A cycle of pay in days: a month at its longest.</summary>
    public const int Cycle = 31;

    /// <summary>Transfers count as pay when at least this many months have one of like size.</summary>
    public const int LeastTransfers = 3;

    /// <summary>Newest month with an entry, since January 1970; 0 for none.</summary>
    public ushort NewestMonth;

    /// <summary>The latest day of a stated salary.</summary>
    public ushort LastStated;

    /// <summary>By month modulo eight.</summary>
    public PerMonth<PayEntry> Entries;

    public void Add(int day, long amount, bool stated)
    {
        var month = Days.Civil(day).Month;
        if (stated)
            LastStated = (ushort)Math.Max(LastStated, day);

        if (month <= NewestMonth - 8)
            return;

        if (month > NewestMonth)
        {
            for (var passed = Math.Max(NewestMonth + 1, month - 7); passed <= month; passed++)
                Entries[passed & 7] = default;

            NewestMonth = (ushort)month;
        }

        ref var entry = ref Entries[month & 7];
        if ((stated, amount, day).CompareTo((entry.Stated, entry.Amount, entry.Day)) > 0)
            entry = new PayEntry { Amount = amount, Day = (ushort)day, Stated = stated };
    }

    /// <summary>
    /// The pay among the entries: the stated salaries if there is one; otherwise the transfers between half and
    /// twice their lower median, if there are three and the latest three lie 20 to 41 days apart.
    /// </summary>
    public readonly Pay Read()
    {
        if (NewestMonth == 0)
            return default;

        Span<PayEntry> kept = stackalloc PayEntry[8];
        Span<long> amounts = stackalloc long[8];
        var count = 0;
        for (var back = 0; back < 8; back++)
        {
            ref readonly var entry = ref Entries[(NewestMonth - back) & 7];
            if (entry.Amount > 0 && (entry.Stated || LastStated == 0))
            {
                amounts[count] = entry.Amount;
                kept[count++] = entry;
            }
        }

        if (LastStated == 0)
            count = Alike(kept[..count], amounts[..count]);

        return count == 0 ? default : Describe(kept[..count], LastStated == 0 ? kept[0].Day : LastStated);
    }

    private static int Alike(Span<PayEntry> entries, Span<long> amounts)
    {
        if (entries.Length < LeastTransfers)
            return 0;

        amounts.Sort();
        var median = amounts[(amounts.Length - 1) / 2];
        var count = 0;
        foreach (var entry in entries)
        {
            if (entry.Amount >= median / 2 && entry.Amount / 2 <= median)
                entries[count++] = entry;
        }

        return count >= LeastTransfers
            && entries[0].Day - entries[1].Day is >= 20 and <= 41
            && entries[1].Day - entries[2].Day is >= 20 and <= 41 ? count : 0;
    }

    private static Pay Describe(ReadOnlySpan<PayEntry> kept, int lastDay)
    {
        double sum = 0;
        foreach (var entry in kept)
            sum += entry.Amount;

        var mean = sum / kept.Length;
        double squares = 0;
        foreach (var entry in kept)
            squares += (entry.Amount - mean) * (entry.Amount - mean);

        return new Pay(
            kept.Length, lastDay, kept[0].Amount,
            kept.Length > 1 ? kept[1].Day : 0, kept.Length > 1 ? kept[1].Amount : 0, kept.Length > 2 ? kept[2].Amount : 0,
            mean, Math.Sqrt(squares / kept.Length) / mean);
    }
}

/// <summary>
/// On which day of the month a customer first pays loan instalments and standing orders, for eight months: their own
/// due date where the payments give none.
/// </summary>
internal struct ObligationRhythm
{
    /// <summary>Newest month with an entry, since January 1970; 0 for none.</summary>
    public ushort NewestMonth;

    /// <summary>Earliest day of the month, by month modulo eight; 0 for none.</summary>
    public PerMonth<byte> FirstDays;

    public void Add(int day)
    {
        var (month, dayOfMonth) = Days.Civil(day);
        if (month <= NewestMonth - 8)
            return;

        if (month > NewestMonth)
        {
            for (var passed = Math.Max(NewestMonth + 1, month - 7); passed <= month; passed++)
                FirstDays[passed & 7] = 0;

            NewestMonth = (ushort)month;
        }

        ref var first = ref FirstDays[month & 7];
        if (first == 0 || dayOfMonth < first)
            first = (byte)dayOfMonth;
    }

    /// <summary>
    /// Days behind the customer's rhythm, negative for ahead of it; NaN where it is not known (fewer than two months
    /// before). The rhythm is the lower median day of the months before the month that is judged: this month once
    /// it has a payment, or its rhythm day has passed without one (then the days since that day); else the latest month paid.
    /// </summary>
    public readonly double DaysLate(int asOf)
    {
        var (month, today) = Days.Civil(asOf);
        if (NewestMonth == 0 || month - NewestMonth > 1)
            return double.NaN;

        if (month > NewestMonth)
        {
            var usual = Usual(NewestMonth);
            if (usual == 0)
                return double.NaN;

            if (today > usual)
                return today - usual;
        }

        var before = Usual(NewestMonth - 1);
        return before == 0 ? double.NaN : FirstDays[NewestMonth & 7] - before;
    }

    /// <summary>Lower median day of the months up to <paramref name="until"/>; 0 where fewer than two have one.</summary>
    private readonly int Usual(int until)
    {
        Span<byte> days = stackalloc byte[8];
        var count = 0;
        for (var month = NewestMonth - 7; month <= until; month++)
        {
            if (month > 0 && FirstDays[month & 7] is var day and > 0)
                days[count++] = day;
        }

        if (count < 2)
            return 0;

        days[..count].Sort();
        return days[(count - 1) / 2];
    }
}
