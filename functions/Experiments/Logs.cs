using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Functions.Experiments;

/// <summary>The log lines of this area. Ids are stable and docs/operations.md lists them; no personal data.</summary>
internal static partial class Logs
{
    [LoggerMessage(1301, LogLevel.Warning, "Experiment {Experiment} {Version} is decided: {Status}, {Reason}")]
    public static partial void ExperimentDecided(this ILogger logger, string experiment, int version, string status, string reason);

    [LoggerMessage(1302, LogLevel.Information, "Forgot the ids of {Count} measures that cannot come again")]
    public static partial void MeasuresForgotten(this ILogger logger, int count);
}
