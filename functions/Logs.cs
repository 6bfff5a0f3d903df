using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Functions;

/// <summary>What the functions log. Ids are stable; no personal data.</summary>
internal static partial class Logs
{
    [LoggerMessage(1001, LogLevel.Debug, "Partition {Partition}: {Events} payments, {Counted} counted, {Again} known, {Rejected} set aside, {Signals} signals")]
    public static partial void Scored(this ILogger logger, string partition, int events, int counted, int again, int rejected, int signals);

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

    [LoggerMessage(1101, LogLevel.Information, "Anchored the audit chains of {Chains} customers")]
    public static partial void Anchored(this ILogger logger, int chains);

    [LoggerMessage(1102, LogLevel.Critical, "The audit chain does not verify: {Findings} findings; the answer of audit/verification names them")]
    public static partial void ChainsBroken(this ILogger logger, int findings);

    [LoggerMessage(1501, LogLevel.Information, "Messages that were waiting: {HandedOver} dealt with, {Waiting} wait on")]
    public static partial void Delivered(this ILogger logger, int handedOver, int waiting);

    [LoggerMessage(1401, LogLevel.Information, "Trained challengers of {Count} models: {Models}")]
    public static partial void Retrained(this ILogger logger, int count, string models);

    [LoggerMessage(1402, LogLevel.Warning, "The watch has {Count} new alerts about models")]
    public static partial void ModelAlerts(this ILogger logger, int count);

    [LoggerMessage(1201, LogLevel.Information, "{Count} adverse action notices are due soon or late; reminders were raised")]
    public static partial void NoticesDue(this ILogger logger, int count);

    [LoggerMessage(1202, LogLevel.Error, "{Count} adverse action notices are past their thirty days and not sent; GET customers/{{id}}/credit-line tells which are owed")]
    public static partial void NoticesLate(this ILogger logger, int count);

    [LoggerMessage(1203, LogLevel.Information, "Priced {Budgets} budgets of strategy {Strategy} over {Customers} customers: gap {Gap:P4}")]
    public static partial void BudgetsPriced(this ILogger logger, string strategy, int budgets, int customers, double gap);

    [LoggerMessage(1301, LogLevel.Warning, "Experiment {Experiment} {Version} is decided: {Status}, {Reason}")]
    public static partial void ExperimentDecided(this ILogger logger, string experiment, int version, string status, string reason);

    [LoggerMessage(1601, LogLevel.Information, "Looked at {Customers} customers for their lifecycle stage")]
    public static partial void StagesCounted(this ILogger logger, int customers);

    [LoggerMessage(1602, LogLevel.Warning, "The console's figures of this instance could not be written; the next minute writes them again")]
    public static partial void ActivityUnwritten(this ILogger logger, Exception failure);
}
