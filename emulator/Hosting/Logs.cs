using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Emulator;

/// <summary>The log lines of the host.</summary>
internal static partial class Logs
{
    [LoggerMessage(1, LogLevel.Information, "Running {count} functions on {address}, data in {folder}")]
    public static partial void Started(this ILogger logger, int count, Uri address, string folder);

    [LoggerMessage(2, LogLevel.Information, "Generated the function key {key}, kept in {path}")]
    public static partial void GeneratedKey(this ILogger logger, string key, string path);

    [LoggerMessage(3, LogLevel.Warning, "{function} failed, retry {retry} in {delay}")]
    public static partial void Retrying(this ILogger logger, Exception failure, string function, int retry, TimeSpan delay);

    [LoggerMessage(4, LogLevel.Error, "{function} failed, invocation {invocationId}")]
    public static partial void HttpFailed(this ILogger logger, Exception failure, string function, string invocationId);

    [LoggerMessage(5, LogLevel.Debug, "{function}: the caller left, invocation {invocationId}")]
    public static partial void CallerLeft(this ILogger logger, string function, string invocationId);

    [LoggerMessage(6, LogLevel.Error, "{function} failed, fired by hand")]
    public static partial void HandFiredFailed(this ILogger logger, Exception failure, string function);

    [LoggerMessage(8, LogLevel.Warning, "{functions}: fired by hand and did not end in time when the host stopped")]
    public static partial void HandFiredLeft(this ILogger logger, string functions);

    [LoggerMessage(9, LogLevel.Error, "{function}: where its schedule stands could not be written; it goes on, and after a restart may run again")]
    public static partial void ScheduleNotKept(this ILogger logger, Exception failure, string function);

    [LoggerMessage(10, LogLevel.Information, "{path} was read again: {count} function keys hold now")]
    public static partial void KeysRead(this ILogger logger, string path, int count);

    [LoggerMessage(11, LogLevel.Error, "{path} was changed and cannot be read; the keys before hold on")]
    public static partial void KeysUnreadable(this ILogger logger, Exception failure, string path);

    [LoggerMessage(7, LogLevel.Error, "{function} failed, fired by its timer")]
    public static partial void TimerFailed(this ILogger logger, Exception failure, string function);
}
