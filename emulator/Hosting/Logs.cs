using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Emulator;

/// <summary>The log lines of the host.</summary>
internal static partial class Logs
{
    [LoggerMessage(1, LogLevel.Warning, "{function} failed, retry {retry} in {delay}")]
    public static partial void Retrying(this ILogger logger, Exception failure, string function, int retry, TimeSpan delay);
}
