using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Emulator;

/// <summary>The log lines of Durable Functions.</summary>
internal static partial class DurableLogs
{
    [LoggerMessage(200, LogLevel.Error, "Orchestrator {name}, instance {instance}: failed: {failure}")]
    public static partial void OrchestrationFailed(this ILogger logger, string name, string instance, string failure);

    [LoggerMessage(201, LogLevel.Error, "Activity {name} for instance {instance}: failed")]
    public static partial void ActivityFailed(this ILogger logger, Exception failure, string name, string instance);

    [LoggerMessage(202, LogLevel.Warning, "Orchestrator {name}, instance {instance}: {deviation}; Azure does not notice this, the code is not deterministic all the same")]
    public static partial void Deviates(this ILogger logger, string name, string instance, string deviation);

    [LoggerMessage(203, LogLevel.Warning, "Task hub: {what} of {instance} could not be dealt with, again in {delay}")]
    public static partial void Retrying(this ILogger logger, Exception failure, string instance, string what, TimeSpan delay);

    [LoggerMessage(204, LogLevel.Error, "Task hub: {instance} is set aside until the next start, with all that is kept of it: {reason}")]
    public static partial void PutAside(this ILogger logger, string instance, string reason);
}
