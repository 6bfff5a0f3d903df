using System.Globalization;

namespace ServerlessCLM.Emulator;

/// <summary>What goes wrong.</summary>
public enum FaultKind
{
    /// <summary>The operation fails and nothing was done.</summary>
    Fail,

    /// <summary>The service is busy: 429 or 503 with Retry-After, or a transient <see cref="EventHubsException"/>.</summary>
    Throttle,

    /// <summary>The operation is done, and its caller hears that it failed.</summary>
    LoseAnswer,

    /// <summary>It takes longer, by the app's clock.</summary>
    Delay,

    /// <summary>It is done twice; the caller hears of the second time.</summary>
    Duplicate,

    /// <summary>Others that are due go first.</summary>
    Reorder,

    /// <summary>The process stands still for hours before it, by the app's clock, and goes on as if nothing had been. Under virtual time only.</summary>
    Pause,

    /// <summary>The clock is found ahead of where it was. Under virtual time only.</summary>
    ClockJump,

    /// <summary>Somebody else's operation on the same place comes in between, where there is one (<see cref="FaultInjector.Meanwhile"/>).</summary>
    Interleave,

    /// <summary>The process is killed while it writes: part of what it wrote is on the disk.</summary>
    Tear,

    /// <summary>The machine stops before what was written is flushed: it is lost.</summary>
    LoseUnsynced,

    /// <summary>The process is killed before it does it.</summary>
    KillBefore,

    /// <summary>The process is killed when it has done it, and nobody hears so.</summary>
    KillAfter,
}

/// <summary>Where something goes wrong.</summary>
public enum FaultPoint
{
    TableRead,
    TableWrite,

    /// <summary>Between what a transaction was made of and the transaction.</summary>
    TableRace,

    /// <summary>The write to the tables' file, on its way to the disk.</summary>
    TableCommit,
    BlobRead,
    BlobWrite,
    HubSend,

    /// <summary>The write to a partition's file, on its way to the disk.</summary>
    HubCommit,

    /// <summary>A batch on its way to a function.</summary>
    HubReceive,
    HubCheckpoint,

    /// <summary>The write to the task hub's file, on its way to the disk.</summary>
    DurableCommit,

    /// <summary>A run of a function with an event hub, timer or activity trigger.</summary>
    Invocation,
}

/// <summary>A fault that was injected.</summary>
/// <param name="Number">Counted from 1 over the whole run.</param>
/// <param name="Kind">What went wrong.</param>
/// <param name="Point">Where.</param>
/// <param name="Place">Where exactly: a table and partition, a hub's partition, a function.</param>
/// <param name="Operation">Which operation at that place, counted from 1.</param>
public sealed record InjectedFault(long Number, FaultKind Kind, FaultPoint Point, string Place, long Operation)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"fault {Number}: {Kind} at {Point}, {Place}, operation {Operation}");
}

/// <summary>Which faults a run has. The same plan on the same run has the same faults at the same places.</summary>
/// <param name="Seed">Chooses them.</param>
public sealed record FaultPlan(ulong Seed)
{
    /// <summary>The share of writes, sends, deliveries and checkpoints that something happens to, 0 to 1; kills apart.</summary>
    public double Rate { get; init; } = 0.05;

    /// <summary>The share of them at which the process is killed, 0 to 1.</summary>
    public double KillRate { get; init; } = 0.01;

    /// <summary>How much less often reads and runs meet a fault: most of them are a timer's that finds nothing to do.</summary>
    public double IdleShare { get; init; } = 0.05;

    /// <summary>Which kinds at which points, to close in on what breaks a run; null for all.</summary>
    public Func<FaultPoint, FaultKind, bool>? Only { get; init; }

    /// <summary>The longest delay, and the longest Retry-After.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest pause, and the farthest that the clock jumps.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromHours(2);
}

/// <summary>The process that ran this has been killed, in a simulation; nothing it still does counts.</summary>
public sealed class ProcessKilledException(string message) : Exception(message);
