namespace ServerlessCLM.Tests.Emulator;

/// <summary>A clock that moves only when told, and tells when somebody has begun to wait on it.</summary>
sealed class StillClock : TimeProvider
{
    readonly Lock _gate = new();
    readonly List<Alarm> _alarms = [];
    readonly List<(int Count, TaskCompletionSource Reached)> _watchers = [];
    DateTimeOffset _now;

    public DateTimeOffset Now
    {
        get { lock (_gate) return _now; }
        set { lock (_gate) _now = value; }
    }

    public override DateTimeOffset GetUtcNow() => Now;

    /// <summary>Returns once so many timers are running.</summary>
    public Task UntilTimersAsync(int count)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_alarms.Count >= count) return Task.CompletedTask;
            _watchers.Add((count, reached));
        }
        return reached.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    /// <summary>Moves the clock and rings what is due.</summary>
    public void Advance(TimeSpan by)
    {
        List<Alarm> due;
        lock (_gate)
        {
            _now += by;
            due = _alarms.FindAll(alarm => alarm.Due <= _now);
            _alarms.RemoveAll(due.Contains);
        }
        due.ForEach(alarm => alarm.Ring());
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, () => callback(state));
        alarm.Change(dueTime, period);
        return alarm;
    }

    void Set(Alarm alarm, TimeSpan dueTime)
    {
        lock (_gate)
        {
            _alarms.Remove(alarm);
            if (dueTime == Timeout.InfiniteTimeSpan) return;
            alarm.Due = _now + dueTime;
            _alarms.Add(alarm);
            foreach (var (count, reached) in _watchers)
            {
                if (_alarms.Count >= count) reached.TrySetResult();
            }
        }
    }

    sealed class Alarm(StillClock clock, Action ring) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public void Ring() => ring();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.Set(this, dueTime);
            return true;
        }

        public void Dispose() => clock.Set(this, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
