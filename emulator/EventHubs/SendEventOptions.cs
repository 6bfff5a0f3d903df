namespace ServerlessCLM.Emulator;

/// <summary>Where events go. At most one of the two may be set; with neither the hub takes partitions in turn.</summary>
public class SendEventOptions
{
    /// <summary>The partition itself, such as "0".</summary>
    public string? PartitionId { get; set; }

    /// <summary>A key whose hash chooses the partition: events with equal keys stay in order.</summary>
    public string? PartitionKey { get; set; }

    internal void Check()
    {
        if (!string.IsNullOrEmpty(PartitionId) && !string.IsNullOrEmpty(PartitionKey))
            throw new InvalidOperationException($"An event goes to a partition or by a key, not both: PartitionId is '{PartitionId}' and PartitionKey is '{PartitionKey}'.");
        if (PartitionKey is { Length: > 128 })
            throw new InvalidOperationException($"PartitionKey has {PartitionKey.Length} characters; at most 128 are allowed.");
    }
}

/// <summary>Where a batch goes and how large it may become.</summary>
public class CreateBatchOptions : SendEventOptions
{
    /// <summary>The batch's limit in bytes, overhead included; null for the hub's own limit (1 MiB), which it must not exceed.</summary>
    public long? MaximumSizeInBytes { get; set; }
}
