using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Emulator;

/// <summary>What the hubs log, event ids 2000 to 2099.</summary>
static partial class EventHubsLog
{
    [LoggerMessage(2000, LogLevel.Warning, "{File}: cut {Bytes} bytes at offset {Offset} that a crash left half written")]
    public static partial void TornTailCut(ILogger logger, string file, long offset, long bytes);

    [LoggerMessage(2001, LogLevel.Warning, "{File}: the checkpoint cannot be read; the partition is delivered again from its first event")]
    public static partial void CheckpointLost(ILogger logger, string file);

    [LoggerMessage(2002, LogLevel.Error, "{Function} failed for events {First} to {Last} of partition {Partition}; the checkpoint moves past them")]
    public static partial void BatchFailed(ILogger logger, Exception failure, string function, string partition, long first, long last);

    [LoggerMessage(2003, LogLevel.Critical, "{Function} gets nothing more of partition {Partition}: it cannot be read")]
    public static partial void PartitionUnreadable(ILogger logger, Exception failure, string function, string partition);

    [LoggerMessage(2004, LogLevel.Warning, "{Function}: the checkpoint of partition {Partition} could not be written")]
    public static partial void CheckpointFailed(ILogger logger, Exception failure, string function, string partition);

    [LoggerMessage(2005, LogLevel.Warning, "A batch did not end in time when the host stopped; it will be delivered again")]
    public static partial void BatchAbandoned(ILogger logger);

    [LoggerMessage(2006, LogLevel.Warning,
        "{Function}: the checkpoint of partition {Partition} says event {Position} is next, but the log ends before event {End}; it goes on from there")]
    public static partial void CheckpointBeyondLog(ILogger logger, string function, string partition, long position, long end);
}
