using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Functions.Http;

/// <summary>The log lines of this area. Ids are stable and docs/operations.md lists them; no personal data.</summary>
internal static partial class Logs
{
    [LoggerMessage(1901, LogLevel.Warning, "{Function} answered 503, because a service is away or busy: {Code}")]
    public static partial void ServiceAway(this ILogger logger, string function, string code);
}
