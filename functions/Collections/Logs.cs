using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Functions.Collections;

/// <summary>The log lines of this area. Ids are stable and docs/operations.md lists them; no personal data.</summary>
internal static partial class Logs
{
    [LoggerMessage(1801, LogLevel.Information, "Forgot {Count} rows of agreements: signals that cannot come again, and days that are too old")]
    public static partial void AgreementsForgotten(this ILogger logger, int count);
}
