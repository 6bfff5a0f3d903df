using ServerlessCLM.Messages.Languages;

namespace ServerlessCLM.Messages.Proof;

/// <summary>
/// Proves a text against its brief. Every check is a pure function of both, so that a stored message gets the same verdicts whenever it is
/// looked at again. A text that fails one does not go out.
/// </summary>
public static class MessageProof
{
    private static readonly Func<ProofText, Verdict>[] Checks =
    [
        FormCheck.Signs,
        FormCheck.Length,
        FactCheck.Placeholders,
        FactCheck.Run,
        WordingCheck.Claims,
        WordingCheck.Topics,
        WordingCheck.Tone,
        WordingCheck.Disclosures,
        SafetyCheck.Links,
        SafetyCheck.Privacy,
        SafetyCheck.Obedience,
        SafetyCheck.Language,
        FormCheck.Readability,
    ];

    /// <summary>Runs all checks, also after one has failed: the writer gets every verdict at once.</summary>
    /// <exception cref="ArgumentException">The brief cannot be judged against; the message names the member.</exception>
    public static ProofResult Prove(Brief brief, Draft draft) => Prove(TextOf(brief, draft));

    /// <summary>The places of a draft that the checks looked at: those that are proven, with what proves them, and those that are refused, with the reason.</summary>
    /// <exception cref="ArgumentException">The brief cannot be judged against; the message names the member.</exception>
    public static IReadOnlyList<ProofMark> Mark(Brief brief, Draft draft)
    {
        var text = TextOf(brief, draft);
        return ProofMarks.Of(text, Prove(text));
    }

    private static ProofResult Prove(ProofText text) => new([.. Checks.Select(check => check(text))]);

    private static ProofText TextOf(Brief brief, Draft draft) => BriefRules.Fault(brief) is { } fault
        ? throw new ArgumentException($"{fault.Field}: {fault.Reason}", nameof(brief))
        : new ProofText(brief, draft);
}
