using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Emulator;

/// <summary>What the hubs log, event ids 2000 to 2099.</summary>
static partial class EventHubsLog
{
    [LoggerMessage(2000, LogLevel.Warning, "{File}: cut {Bytes} bytes at offset {Offset} that a crash left half written")]
    public static partial void TornTailCut(ILogger logger, string file, long offset, long bytes);

    [LoggerMessage(2001, LogLevel.Warning, "{File}: the checkpoint cannot be read; the partition is delivered again from its first event")]
    public static partial void CheckpointLost(ILogger logger, string file);
}
