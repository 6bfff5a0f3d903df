namespace ServerlessCLM.Emulator;

/// <summary>
/// A clock that stands still until it is advanced. Timers fire in the order of their due times, and of their creation
/// when these are equal, on the thread that advances, with the clock standing exactly at the due time; a timer armed
/// meanwhile fires in the same advance when it comes due within it. Thread-safe, but only one may advance at a time.
/// </summary>
public sealed class VirtualClock(DateTimeOffset start) : TimeProvider
{
    readonly Lock gate = new();
    readonly SortedSet<VirtualTimer> armed = new(VirtualTimer.Order);
    readonly List<(DateTimeOffset Due, TaskCompletionSource Found)> watchers = [];
    DateTimeOffset now = start.ToUniversalTime();
    long created;
    bool advancing;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Ticks of 100 ns, as <see cref="TimeSpan"/>.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
            return now;
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    /// <summary>When the next armed timer is due; null when none is armed.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (gate)
                return armed.Min?.Due;
        }
    }

    /// <summary>Completes once a timer is armed for exactly that time, which says that whoever waits for it has come to wait.</summary>
    public Task WhenArmedAsync(DateTimeOffset due)
    {
        lock (gate)
        {
            if (armed.Any(timer => timer.Due == due))
                return Task.CompletedTask;
            var found = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            watchers.Add((due, found));
            return found.Task;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new VirtualTimer(this, callback, state, Interlocked.Increment(ref created));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock on, firing what comes due. What a timer's callback throws comes out, with the clock where it stood.</summary>
    /// <exception cref="InvalidOperationException">It is being advanced already, perhaps by a timer's callback.</exception>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        DateTimeOffset target;
        lock (gate)
        {
            if (advancing)
                throw new InvalidOperationException("The clock is being advanced already.");
            advancing = true;
            target = now + by;
        }

        try
        {
            while (NextToFire(target) is { } timer)
                timer.Fire();
        }
        finally
        {
            lock (gate)
                advancing = false;
        }
    }

    /// <summary>Sets the clock to the next due timer's time and takes it out, or to the target when there is none.</summary>
    VirtualTimer? NextToFire(DateTimeOffset target)
    {
        lock (gate)
        {
            if (armed.Min is not { } timer || timer.Due > target)
            {
                now = target;
                return null;
            }

            now = timer.Due > now ? timer.Due : now;
            armed.Remove(timer);
            if (timer.Period > TimeSpan.Zero)
                Arm(timer, now + timer.Period);
            return timer;
        }
    }

    /// <summary>Only under the gate: a timer's due time is its place in the set.</summary>
    void Arm(VirtualTimer timer, DateTimeOffset due)
    {
        timer.Due = due;
        armed.Add(timer);
        foreach (var watcher in watchers.FindAll(watcher => watcher.Due == due))
        {
            watchers.Remove(watcher);
            watcher.Found.SetResult();
        }
    }

    sealed class VirtualTimer(VirtualClock clock, TimerCallback callback, object? state, long number) : ITimer
    {
        bool disposed;

        public static IComparer<VirtualTimer> Order { get; } =
            Comparer<VirtualTimer>.Create((one, other) => one.Due == other.Due ? one.number.CompareTo(other.number) : one.Due.CompareTo(other.Due));

        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; private set; }

        long number { get; } = number;

        public void Fire() => callback(state);

        /// <summary>As the system's: an infinite due time disarms, and one of zero fires at once, here on the caller's thread.</summary>
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                if (disposed)
                    return false;
                clock.armed.Remove(this);
                Period = period;
                if (dueTime > TimeSpan.Zero)
                    clock.Arm(this, clock.now + dueTime);
                else if (dueTime == TimeSpan.Zero && period > TimeSpan.Zero)
                    clock.Arm(this, clock.now + period);
            }

            if (dueTime == TimeSpan.Zero)
                Fire();
            return true;
        }

        public void Dispose()
        {
            lock (clock.gate)
            {
                disposed = true;
                clock.armed.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
