namespace ServerlessCLM.Emulator;

/// <summary>The functions that a task hub runs: an app's, or a test's.</summary>
internal interface IDurableCode
{
    bool HasOrchestrator(string name);

    bool HasActivity(string name);

    /// <summary>An orchestrator, ready for one turn.</summary>
    OrchestratorCode Orchestrator(string name);

    /// <summary>Runs an activity.</summary>
    /// <returns>What it returned.</returns>
    Task<object?> RunActivityAsync(string name, string instanceId, string? input, CancellationToken cancellation);
}
