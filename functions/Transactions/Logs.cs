using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Functions.Transactions;

/// <summary>The log lines of this area. Ids are stable and docs/operations.md lists them; no personal data.</summary>
internal static partial class Logs
{
    [LoggerMessage(1001, LogLevel.Debug, "Partition {Partition}: {Events} payments, {Counted} counted, {Again} known, {Rejected} set aside, {Signals} signals")]
    public static partial void Scored(this ILogger logger, string partition, int events, int counted, int again, int rejected, int signals);
}
