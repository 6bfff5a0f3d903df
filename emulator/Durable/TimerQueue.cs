namespace ServerlessCLM.Emulator;

/// <summary>Which instances are to be woken when; one timer for all, armed for the earliest.</summary>
internal sealed class TimerQueue : IDisposable
{
    // The system's timers have a longest wait, and a wall clock may be set.
    static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    readonly TimeProvider time;
    readonly Action<IReadOnlyList<long>> wake;
    readonly Lock gate = new();
    readonly PriorityQueue<long, (long Due, long Order)> waiting = new();
    readonly ITimer timer;
    long order;
    long armed = long.MaxValue;
    bool disposed;

    public TimerQueue(TimeProvider time, Action<IReadOnlyList<long>> wake)
    {
        this.time = time;
        this.wake = wake;
        timer = time.CreateTimer(static queue => ((TimerQueue)queue!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(long key, long due)
    {
        lock (gate)
        {
            waiting.Enqueue(key, (due, order++));
            Arm();
        }
    }

    public void Dispose()
    {
        lock (gate)
            disposed = true;
        timer.Dispose();
    }

    void Fire()
    {
        var due = new List<long>();
        lock (gate)
        {
            armed = long.MaxValue;
            var now = time.GetUtcNow().UtcTicks;
            while (waiting.TryPeek(out _, out var first) && first.Due <= now)
                due.Add(waiting.Dequeue());
            Arm();
        }

        if (due.Count > 0)
            wake(due);
    }

    void Arm()
    {
        if (disposed || !waiting.TryPeek(out _, out var first) || first.Due >= armed)
            return;
        armed = first.Due;
        var wait = TimeSpan.FromTicks(first.Due - time.GetUtcNow().UtcTicks);
        // Never zero: a clock may fire such a timer at once, in here.
        timer.Change(wait < TimeSpan.FromTicks(1) ? TimeSpan.FromTicks(1) : wait > Longest ? Longest : wait, Timeout.InfiniteTimeSpan);
    }
}
