using System.Collections.Immutable;

namespace ServerlessCLM.Emulator;

/// <summary>What an instance was started with.</summary>
/// <param name="InstanceId">Its id.</param>
/// <param name="Name">Its orchestrator.</param>
/// <param name="Input">JSON.</param>
/// <param name="Version">Empty for none.</param>
/// <param name="Tags">Labels.</param>
/// <param name="Caller">The orchestration that waits for it; null when none does.</param>
internal sealed record OrchestrationStart(
    string InstanceId,
    string Name,
    string? Input,
    string Version = "",
    IReadOnlyDictionary<string, string>? Tags = null,
    OrchestrationCaller? Caller = null)
{
    public IReadOnlyDictionary<string, string> Tags { get; } = Tags ?? ImmutableDictionary<string, string>.Empty;
}

/// <summary>The call that made a sub-orchestration.</summary>
/// <param name="Name">The calling orchestrator.</param>
/// <param name="InstanceId">Its instance.</param>
/// <param name="Key">Its instance's key in storage.</param>
/// <param name="Execution">Which run of it.</param>
/// <param name="CallId">The number of the call.</param>
internal sealed record OrchestrationCaller(string Name, string InstanceId, long Key, long Execution, int CallId);

/// <summary>A decision of the orchestrator's code.</summary>
/// <param name="Event">As it goes into the history.</param>
/// <param name="Input">What it is called with, as JSON.</param>
/// <param name="Version">Of a sub-orchestration.</param>
/// <param name="Tags">Of a sub-orchestration.</param>
internal sealed record Command(HistoryEvent Event, string? Input = null, string Version = "", IReadOnlyDictionary<string, string>? Tags = null);

/// <summary>What a turn came to.</summary>
internal sealed record TurnOutcome(OrchestrationRuntimeStatus Status)
{
    /// <summary>New decisions, in the order they were made.</summary>
    public IReadOnlyList<Command> Commands { get; init; } = [];

    /// <summary>JSON; of a run that continues as new, its next input.</summary>
    public string? Output { get; init; }

    public TaskFailureDetails? Failure { get; init; }

    public string? CustomStatus { get; init; }

    /// <summary>When the run continues as new: messages that its next run gets.</summary>
    public IReadOnlyList<HistoryEvent> Carried { get; init; } = [];

    /// <summary>When the run continues as new: its next version; null for the same.</summary>
    public string? NextVersion { get; init; }

    /// <summary>Whether a termination goes on to sub-orchestrations.</summary>
    public bool TerminatesChildren { get; init; }

    /// <summary>Calls made with another input, or timers with another time, than the history has: Azure does not notice them.</summary>
    public IReadOnlyList<string> Deviations { get; init; } = [];
}

/// <summary>The code of an orchestrator, ready for one turn.</summary>
internal sealed class OrchestratorCode(Func<TaskOrchestrationContext, Task<object?>> start, IDisposable? scope = null) : IDisposable
{
    public Task<object?> Start(TaskOrchestrationContext context) => start(context);

    public void Dispose() => scope?.Dispose();
}

/// <summary>Thrown where an orchestrator's code takes another way than its history.</summary>
public sealed class NonDeterministicOrchestrationException(string message) : Exception(message);
