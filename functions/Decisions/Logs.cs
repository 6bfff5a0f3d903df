using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Functions.Decisions;

/// <summary>The log lines of this area. Ids are stable and docs/operations.md lists them; no personal data.</summary>
internal static partial class Logs
{
    [LoggerMessage(1201, LogLevel.Information, "{Count} adverse action notices are due soon or late; reminders were raised")]
    public static partial void NoticesDue(this ILogger logger, int count);

    [LoggerMessage(1202, LogLevel.Error, "{Count} adverse action notices are past their thirty days and not sent; GET customers/{{id}}/credit-line tells which are owed")]
    public static partial void NoticesLate(this ILogger logger, int count);

    [LoggerMessage(1203, LogLevel.Information, "Priced {Budgets} budgets of strategy {Strategy} over {Customers} customers: gap {Gap:P4}")]
    public static partial void BudgetsPriced(this ILogger logger, string strategy, int budgets, int customers, double gap);

    [LoggerMessage(1204, LogLevel.Information, "Forgot the ids of {Count} answers that cannot come again")]
    public static partial void AnswersForgotten(this ILogger logger, int count);

    [LoggerMessage(1205, LogLevel.Information, "Forgot {Count} records of decisions that are kept no longer")]
    public static partial void DecisionsForgotten(this ILogger logger, int count);

    [LoggerMessage(1206, LogLevel.Warning, "Records of decisions of a customer cannot be forgotten: {Reason}")]
    public static partial void DecisionsNotForgotten(this ILogger logger, string reason);
}
