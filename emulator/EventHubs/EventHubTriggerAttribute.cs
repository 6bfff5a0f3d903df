namespace ServerlessCLM.Emulator;

/// <summary>
/// Runs the function for the events of a hub. The parameter is <c>EventData[]</c> when <see cref="IsBatched"/>, else
/// <see cref="EventData"/>. The partition is in the binding data as <c>PartitionContext</c> (JSON).
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class EventHubTriggerAttribute(string eventHubName) : TriggerBindingAttribute
{
    /// <summary>The hub's name, or a setting's name between percent signs.</summary>
    public string EventHubName { get; } = eventHubName;

    /// <summary>The consumer group; <c>$Default</c> when null.</summary>
    public string? ConsumerGroup { get; set; }

    /// <summary>The name of the setting that holds the connection; the emulator has one namespace and does not look at it.</summary>
    public string? Connection { get; set; }

    /// <summary>Whether the function takes many events at a time.</summary>
    public bool IsBatched { get; set; } = true;
}
