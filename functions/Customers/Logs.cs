using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Functions.Customers;

/// <summary>The log lines of this area. Ids are stable and docs/operations.md lists them; no personal data.</summary>
internal static partial class Logs
{
    [LoggerMessage(1002, LogLevel.Debug, "Partition {Partition}: {Events} events, {Counted} counted, {Again} known, {Rejected} set aside")]
    public static partial void Ingested(this ILogger logger, string partition, int events, int counted, int again, int rejected);

    [LoggerMessage(1003, LogLevel.Warning, "{Count} commits had effects that a crash left unsent; they are sent now")]
    public static partial void Relayed(this ILogger logger, int count);

    [LoggerMessage(1004, LogLevel.Information, "Looked in on {Customers} silent customers: {Signals} signals")]
    public static partial void Woken(this ILogger logger, int customers, int signals);

    [LoggerMessage(1005, LogLevel.Information, "Removed {Count} answers past their time")]
    public static partial void Purged(this ILogger logger, int count);

    [LoggerMessage(1006, LogLevel.Warning, "{Count} commits could not be sent after their answer; the relay sends them")]
    public static partial void Unsent(this ILogger logger, int count, Exception failure);
}
