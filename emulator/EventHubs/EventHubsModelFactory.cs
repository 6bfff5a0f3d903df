namespace ServerlessCLM.Emulator;

/// <summary>Makes received events for tests of the code that receives them.</summary>
public static class EventHubsModelFactory
{
    /// <summary>An event as a trigger would hand it over.</summary>
    public static EventData EventData(
        BinaryData eventBody,
        IDictionary<string, object?>? properties = null,
        IReadOnlyDictionary<string, object?>? systemProperties = null,
        string? partitionKey = null,
        long sequenceNumber = long.MinValue,
        string? offsetString = null,
        DateTimeOffset enqueuedTime = default)
    {
        var made = new EventData(eventBody)
        {
            SequenceNumber = sequenceNumber,
            OffsetString = offsetString,
            EnqueuedTime = enqueuedTime,
            PartitionKey = partitionKey,
            SystemProperties = systemProperties!,
        };
        foreach (var (name, value) in properties ?? new Dictionary<string, object?>(StringComparer.Ordinal))
            made.Properties[name] = value;
        return made;
    }
}
