namespace ServerlessCLM.Emulator;

/// <summary>Marks the <see cref="TaskOrchestrationContext"/> of an orchestrator function: code that is replayed and must be deterministic.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class OrchestrationTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>The orchestrator's name; the function's when null.</summary>
    public string? Orchestration { get; set; }
}

/// <summary>Marks the input of an activity function, or its <see cref="TaskActivityContext"/>. An activity runs at least once.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ActivityTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>The activity's name; the function's when null.</summary>
    public string? Activity { get; set; }
}

/// <summary>Marks a <see cref="DurableTaskClient"/> that the host supplies.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class DurableClientAttribute : InputBindingAttribute
{
    /// <summary>The task hub; here there is one, named in <c>host.json</c>, and another name is refused.</summary>
    public string? TaskHub { get; set; }

    /// <summary>The storage connection; here there is one.</summary>
    public string? ConnectionName { get; set; }
}
