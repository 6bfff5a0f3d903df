namespace ServerlessCLM.Emulator;

/// <summary>
/// The one thread that an orchestrator's code runs on during a turn: what it posts runs in order, on this thread, before the
/// turn goes on. Another thread that posts belongs to something that is not durable, and is turned away.
/// </summary>
internal sealed class OrchestratorLoop : SynchronizationContext
{
    readonly Queue<(SendOrPostCallback Callback, object? State)> posted = new();
    volatile int thread;
    volatile bool intruded;

    /// <summary>Whether a thread of something else has come with the code's continuation.</summary>
    public bool Intruded => intruded;

    /// <summary>Whether the caller is the orchestrator's code.</summary>
    public bool IsHere => thread == Environment.CurrentManagedThreadId && Current == this;

    public void MarkIntruded() => intruded = true;

    /// <summary>Runs something as the orchestrator's code, and all that follows from it.</summary>
    public void Run(Action action)
    {
        var outer = Current;
        SetSynchronizationContext(this);
        thread = Environment.CurrentManagedThreadId;
        try
        {
            action();
            while (posted.TryDequeue(out var next))
                next.Callback(next.State);
        }
        finally
        {
            thread = 0;
            SetSynchronizationContext(outer);
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (thread == Environment.CurrentManagedThreadId)
            posted.Enqueue((d, state));
        else
            intruded = true;
    }

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("An orchestrator runs on one thread and waits for no other.");

    public override SynchronizationContext CreateCopy() => this;
}
