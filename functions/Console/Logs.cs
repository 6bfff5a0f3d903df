using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Functions.Console;

/// <summary>The log lines of this area. Ids are stable and docs/operations.md lists them; no personal data.</summary>
internal static partial class Logs
{
    [LoggerMessage(1601, LogLevel.Information, "Looked at {Customers} customers for their lifecycle stage")]
    public static partial void StagesCounted(this ILogger logger, int customers);

    [LoggerMessage(1602, LogLevel.Warning, "The console's figures of this instance could not be written; the next minute, if there is one, writes them again")]
    public static partial void ActivityUnwritten(this ILogger logger, Exception failure);
}
