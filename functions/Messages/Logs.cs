using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Functions.Messages;

/// <summary>The log lines of this area. Ids are stable and docs/operations.md lists them; no personal data.</summary>
internal static partial class Logs
{
    [LoggerMessage(1501, LogLevel.Information, "Messages that were waiting: {HandedOver} dealt with, {Waiting} wait on")]
    public static partial void Delivered(this ILogger logger, int handedOver, int waiting);
}
