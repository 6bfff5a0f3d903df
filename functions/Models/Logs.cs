using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Functions.Models;

/// <summary>The log lines of this area. Ids are stable and docs/operations.md lists them; no personal data.</summary>
internal static partial class Logs
{
    [LoggerMessage(1401, LogLevel.Information, "Trained challengers of {Count} models: {Models}")]
    public static partial void Retrained(this ILogger logger, int count, string models);

    [LoggerMessage(1402, LogLevel.Warning, "The watch has {Count} new alerts about models")]
    public static partial void ModelAlerts(this ILogger logger, int count);
}
