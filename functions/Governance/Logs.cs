using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Functions.Governance;

/// <summary>The log lines of this area. Ids are stable and docs/operations.md lists them; no personal data.</summary>
internal static partial class Logs
{
    [LoggerMessage(1101, LogLevel.Information, "Anchored the audit chains of {Chains} customers")]
    public static partial void Anchored(this ILogger logger, int chains);

    [LoggerMessage(1102, LogLevel.Critical, "The audit chain does not verify: {Findings} findings; the answer of audit/verification names them")]
    public static partial void ChainsBroken(this ILogger logger, int findings);
}
