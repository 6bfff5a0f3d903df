using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Functions.Transactions;

/// <summary>The log lines of this area. Ids are stable and docs/operations.md lists them; no personal data.</summary>
internal static partial class Logs
{
    [LoggerMessage(1001, LogLevel.Debug, "Partition {Partition}: {Events} payments, {Counted} counted, {Again} known, {Rejected} set aside, {Signals} signals")]
    public static partial void Scored(this ILogger logger, string partition, int events, int counted, int again, int rejected, int signals);

    [LoggerMessage(1007, LogLevel.Error, "{Count} events of the hub {Hub} are another institution's and were left alone; give each institution hubs of its own, or what is theirs is read by nobody")]
    public static partial void NotOurs(this ILogger logger, string hub, int count);

    [LoggerMessage(1008, LogLevel.Warning, "{Count} events of hub {Hub} were set aside; dead-letters/{Hub} tells why")]
    public static partial void SetAside(this ILogger logger, int count, string hub);
}
