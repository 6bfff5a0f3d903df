namespace ServerlessCLM.Emulator;

/// <summary>What can happen to an instance; the numbers are stored.</summary>
internal enum HistoryKind : byte
{
    TurnStarted = 1,
    ExecutionStarted = 2,
    ActivityScheduled = 3,
    ActivityCompleted = 4,
    ActivityFailed = 5,
    TimerCreated = 6,
    TimerFired = 7,
    SubOrchestrationScheduled = 8,
    SubOrchestrationCompleted = 9,
    SubOrchestrationFailed = 10,
    EventSent = 11,
    EventRaised = 12,
    Suspended = 13,
    Resumed = 14,
    Terminated = 15,
}

/// <summary>
/// One thing that happened to an instance. Most kinds use few of the members. Messages to an instance are events that have not
/// been taken into its history yet, and keep their place in the queue, so that they can go back to it.
/// </summary>
/// <param name="Kind">What.</param>
/// <param name="Id">The number of the call that it belongs to; 1 for a recursive termination.</param>
/// <param name="Name">Of the activity, sub-orchestration or event.</param>
/// <param name="Target">The instance that a sub-orchestration is or an event goes to.</param>
/// <param name="Payload">A result, a failure or an event's payload, as JSON.</param>
/// <param name="Ticks">Of a turn: its time. Of a timer: when it fires. Of a call: a digest of its input.</param>
/// <param name="Due">When the message was, or is, due, in UTC ticks.</param>
/// <param name="Sequence">The message's number.</param>
internal sealed record HistoryEvent(
    HistoryKind Kind,
    int Id = 0,
    string? Name = null,
    string? Target = null,
    string? Payload = null,
    long Ticks = 0,
    long Due = 0,
    long Sequence = 0)
{
    /// <summary>Whether the orchestrator's code makes it, rather than the world.</summary>
    public bool IsCommand => Kind is HistoryKind.ActivityScheduled or HistoryKind.TimerCreated
        or HistoryKind.SubOrchestrationScheduled or HistoryKind.EventSent;

    /// <summary>Whether it concerns the instance whatever execution it is in, so that continuing as new keeps it.</summary>
    public bool IsForAnyExecution => Kind is HistoryKind.EventRaised or HistoryKind.Suspended or HistoryKind.Resumed or HistoryKind.Terminated;

    /// <summary>FNV-1a of a call's input, to tell a changed one.</summary>
    public static long Digest(string? input)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in input ?? "")
            hash = (hash ^ letter) * 1099511628211UL;
        return (long)hash;
    }

    /// <summary>For messages to people: <c>activity 'Charge' (#3)</c>.</summary>
    public string Describe() => Kind switch
    {
        HistoryKind.ActivityScheduled => $"activity '{Name}' (#{Id})",
        HistoryKind.TimerCreated => $"a timer (#{Id})",
        HistoryKind.SubOrchestrationScheduled => $"sub-orchestration '{Name}' as '{Target}' (#{Id})",
        HistoryKind.EventSent => $"event '{Name}' to '{Target}' (#{Id})",
        _ => $"{Kind} (#{Id})",
    };
}
