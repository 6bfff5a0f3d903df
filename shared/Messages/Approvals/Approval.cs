using System.Text.Json.Nodes;
using ServerlessCLM.Messages.Templates;

namespace ServerlessCLM.Messages.Approvals;

public enum ApprovalStatus { Waiting, Approved, Rejected, Expired }

/// <summary>Why a person must look at a message before it goes out.</summary>
public enum ApprovalReason
{
    /// <summary>It goes to somebody in a vulnerable state.</summary>
    Vulnerable,

    /// <summary>It is one of the share that is looked at.</summary>
    Sample,

    /// <summary>A language model wrote words that no person has approved yet.</summary>
    NewWords,
}

/// <summary>A message's wait for a person, and what they said.</summary>
/// <param name="Status">Waiting, or how it ended.</param>
/// <param name="Reasons">Why it waits.</param>
/// <param name="Until">When it ends by itself: the approved template goes out then.</param>
/// <param name="AskedBy">Who had the message written, where a person did; somebody else must decide.</param>
/// <param name="By">Who decided.</param>
/// <param name="At">When.</param>
/// <param name="Why">In their words.</param>
public sealed record Approval(
    ApprovalStatus Status, IReadOnlyList<ApprovalReason> Reasons, DateTimeOffset Until, string? AskedBy = null, string? By = null, DateTimeOffset? At = null, string? Why = null)
{
    /// <summary>How long a message waits.</summary>
    public static readonly TimeSpan Validity = TimeSpan.FromHours(24);

    /// <summary>Whether, and why, a message waits.</summary>
    /// <param name="rule">Of its template.</param>
    /// <param name="brief">What it was written from.</param>
    /// <param name="newWords">Whether a model wrote them and nobody has approved them.</param>
    public static IReadOnlyList<ApprovalReason> ReasonsFor(ApprovalRule rule, Brief brief, bool newWords)
    {
        var reasons = new List<ApprovalReason>();
        if (rule.Vulnerable && brief.Circumstances.HasFlag(Circumstances.Vulnerable))
            reasons.Add(ApprovalReason.Vulnerable);
        // By the id, so that doing it again asks for the same.
        if (Digest64.Of(brief.MessageId, seed: 7) / (double)ulong.MaxValue < rule.Sample)
            reasons.Add(ApprovalReason.Sample);
        if (rule.NewWords && newWords)
            reasons.Add(ApprovalReason.NewWords);
        return reasons;
    }

    internal JsonObject Describe(string messageId) => new()
    {
        ["message"] = messageId, ["status"] = Status.ToString(), ["reasons"] = new JsonArray([.. Reasons.Select(reason => (JsonNode)reason.ToString())]),
        ["by"] = By, ["why"] = Why,
    };
}
