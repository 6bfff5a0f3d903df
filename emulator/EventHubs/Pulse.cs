namespace ServerlessCLM.Emulator;

/// <summary>
/// Wakes everyone who waits for a change. Take <see cref="Next"/> first, then look, then wait: a change in between is not missed.
/// Costs nothing while nobody waits.
/// </summary>
sealed class Pulse
{
    TaskCompletionSource? _waiting;

    /// <summary>Completes at the next change.</summary>
    public Task Next()
    {
        var waiting = Volatile.Read(ref _waiting);
        if (waiting is not null) return waiting.Task;
        var fresh = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (Interlocked.CompareExchange(ref _waiting, fresh, comparand: null) ?? fresh).Task;
    }

    /// <summary>Something changed.</summary>
    public void Fire() => Interlocked.Exchange(ref _waiting, value: null)?.TrySetResult();
}
