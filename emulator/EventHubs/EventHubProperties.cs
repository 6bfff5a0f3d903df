namespace ServerlessCLM.Emulator;

/// <summary>What a hub tells about itself.</summary>
public class EventHubProperties
{
    /// <summary>Describes a hub.</summary>
    protected internal EventHubProperties(string name, DateTimeOffset createdOn, string[] partitionIds)
    {
        Name = name;
        CreatedOn = createdOn;
        PartitionIds = partitionIds;
    }

    /// <summary>The hub's name.</summary>
    public string Name { get; }

    /// <summary>When the hub was created, UTC.</summary>
    public DateTimeOffset CreatedOn { get; }

    /// <summary>The partitions: "0", "1", …</summary>
    public string[] PartitionIds { get; }
}
