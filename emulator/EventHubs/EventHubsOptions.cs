namespace ServerlessCLM.Emulator;

/// <summary>How hubs are laid out.</summary>
public sealed record EventHubsOptions
{
    /// <summary>Partitions of a hub that is created, 1 to 32; a hub that exists keeps those it has.</summary>
    public int PartitionCount { get; init; } = 4;

    /// <summary>A partition's file is closed and the next one begun at this many bytes.</summary>
    public long SegmentBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>How long events are kept; null for ever. Files go as a whole, so some events stay longer.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>Whether a send is on the disk when it is answered; otherwise it is with the system.</summary>
    internal bool Syncs { get; init; } = true;

    /// <summary>What happens to sends, files and batches; null for nothing.</summary>
    internal HubFaults? Faults { get; init; }

    /// <summary>Makes a folder's names durable; tests watch it.</summary>
    internal Action<string> FlushFolder { get; init; } = FolderFlush.Flush;
}
