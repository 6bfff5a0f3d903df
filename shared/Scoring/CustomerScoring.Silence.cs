using ServerlessCLM.Features;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Scoring;

public static partial class CustomerScoring
{
    /// <summary>
    /// Adds what the silence up to now means. Each signal carries the instant at which its silence was long enough,
    /// so it is the same whether a timer wakes the customer at that instant, later, or the next payment does.
    /// </summary>
    public static void Wake(FeatureState state, long now, SignalBuffer signals) =>
        Wake(state, now, signals, SignalThresholds.Default);

    /// <inheritdoc cref="Wake(FeatureState, long, SignalBuffer)"/>
    public static void Wake(FeatureState state, long now, SignalBuffer signals, SignalThresholds thresholds)
    {
        ref var life = ref state.Life;
        var start = signals.Count;
        var watch = new Watch(ref life, thresholds);
        ref var memory = ref life.Signals;
        RaiseSilence(signals, now, SignalKind.Dormant60, watch.Dormant60, life.LastActive, ref memory.Dormant60For);
        RaiseSilence(signals, now, SignalKind.Dormant180, watch.Dormant180, life.LastActive, ref memory.Dormant180For);
        RaiseSilence(signals, now, SignalKind.SalaryMissing, watch.Salary, watch.LastPay, ref memory.MissingAfter);
        RaiseEpisode(signals, now, SignalKind.IdleBalance, watch.Idle, memory.IdleSince, ref memory.IdleRaised);
        RaiseEpisode(signals, now, SignalKind.UtilisationCreep, watch.High, memory.HighSince, ref memory.HighRaised);
        for (var group = 0; group < 16; group++)
        {
            if (watch.Lapse(group) is var due && Days.Start(due) <= now && due != Never)
            {
                var last = memory.GroupLast[group];
                memory.Leading &= (ushort)~(1 << group);
                signals.Add(new Signal(
                    SignalKind.CategoryLapsed, Days.Start(due), ((ulong)last << 8) | (uint)group, due - last, due - last, (ContentGroup)group));
            }
        }

        if (signals.Count > start + 1)
            signals.SortFrom(start);
    }

    /// <summary>The earliest instant at which silence could raise a signal, if nothing happens before: wake the customer then.</summary>
    /// <param name="state">The customer.</param>
    /// <param name="after">The answer is not before this; a silence that is already long enough answers this.</param>
    /// <returns>Milliseconds since 1970-01-01 UTC; <see cref="long.MaxValue"/> for none.</returns>
    public static long NextWake(FeatureState state, long after) => NextWake(state, after, SignalThresholds.Default);

    /// <inheritdoc cref="NextWake(FeatureState, long)"/>
    public static long NextWake(FeatureState state, long after, SignalThresholds thresholds)
    {
        var watch = new Watch(ref state.Life, thresholds);
        var earliest = Math.Min(Math.Min(watch.Dormant60, watch.Dormant180), Math.Min(watch.Salary, Math.Min(watch.Idle, watch.High)));
        for (var group = 0; group < 16; group++)
            earliest = Math.Min(earliest, watch.Lapse(group));

        return earliest == Never ? long.MaxValue : Math.Max(after, Days.Start(earliest));
    }

    private const int Never = int.MaxValue;

    /// <summary>The days from which each silence counts; <see cref="Never"/> where it is not awaited.</summary>
    private readonly ref struct Watch
    {
        private readonly ref readonly Lifetime _life;
        private readonly SignalThresholds _thresholds;

        public Watch(ref readonly Lifetime life, SignalThresholds thresholds)
        {
            _life = ref life;
            _thresholds = thresholds;
            ref readonly var memory = ref life.Signals;
            Dormant60 = Due(life.LastActive, thresholds.DormantDays, memory.Dormant60For == life.LastActive);
            Dormant180 = Due(life.LastActive, thresholds.LongDormantDays, memory.Dormant180For == life.LastActive);
            var pay = life.Pay.Read();
            LastPay = pay.LastDay;
            Salary = pay.Months < thresholds.SalaryMonths ? Never
                : Due(pay.LastDay, PayRhythm.Cycle + thresholds.SalaryGraceDays, memory.MissingAfter == pay.LastDay);
            Idle = Due(memory.IdleSince, thresholds.IdleDays, memory.IdleRaised);
            High = Due(memory.HighSince, thresholds.UtilisationDays, memory.HighRaised);
        }

        public int LastPay { get; }

        public int Dormant60 { get; }

        public int Dormant180 { get; }

        public int Salary { get; }

        public int Idle { get; }

        public int High { get; }

        public int Lapse(int group) => (_life.Signals.Leading & (1 << group)) == 0
            || _life.Signals.GroupCount[group] < _thresholds.CategoryPurchases ? Never
            : Due(_life.Signals.GroupLast[group], _thresholds.CategoryLapsedDays, raised: false);

        private static int Due(int since, int days, bool raised) => since == 0 || raised ? Never : since + days;
    }

    private static void RaiseSilence(SignalBuffer signals, long now, SignalKind kind, int due, int since, ref ushort raisedFor)
    {
        if (due == Never || Days.Start(due) > now)
            return;

        raisedFor = (ushort)since;
        signals.Add(new Signal(
            kind, Days.Start(due), (ulong)since, due - since, kind == SignalKind.SalaryMissing ? PayRhythm.Cycle : due - since));
    }

    private static void RaiseEpisode(SignalBuffer signals, long now, SignalKind kind, int due, int since, ref bool raised)
    {
        if (due == Never || Days.Start(due) > now)
            return;

        raised = true;
        signals.Add(new Signal(kind, Days.Start(due), (ulong)since, due - since, due - since));
    }
}
