namespace ServerlessCLM.Emulator;

/// <summary>Where an activity runs.</summary>
public abstract class TaskActivityContext
{
    public abstract TaskName Name { get; }

    /// <summary>The orchestration that called it.</summary>
    public abstract string InstanceId { get; }

    public virtual string Version => "";
}

/// <inheritdoc/>
internal sealed class ActivityRunContext(TaskName name, string instanceId) : TaskActivityContext
{
    public override TaskName Name { get; } = name;

    public override string InstanceId { get; } = instanceId;
}
