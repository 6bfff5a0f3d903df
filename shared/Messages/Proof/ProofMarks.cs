using ServerlessCLM.Messages.Languages;

namespace ServerlessCLM.Messages.Proof;

/// <summary>Where a text was proven by what, and where it was refused: the places of the checks' own findings.</summary>
internal static class ProofMarks
{
    public static IReadOnlyList<ProofMark> Of(ProofText text, ProofResult result)
    {
        List<Finding> findings =
        [
            .. FactCheck.FindPlaceholders(text), .. text.Words.Select(words => new Finding(words.Start, words.End, FactCheck.Verbatim, words.Member, Said: words.Said)),
            .. SafetyCheck.FindLinks(text), .. FactCheck.FindMentions(text), .. Refused(text, result),
        ];
        // The shortest lies on top, and what is refused above all: a proven amount hides no refused one.
        var painted = new Finding?[text.Raw.Length];
        foreach (var finding in findings.OrderBy(finding => finding.Reason is not null).ThenByDescending(finding => finding.End - finding.Start))
        {
            var (from, to) = text.Place(finding.Start, finding.End);
            painted.AsSpan(from, to - from).Fill(finding);
        }

        var body = text.Raw.Length - text.Draft.Body.Length;
        var marks = new List<ProofMark>();
        for (var start = 0; start < painted.Length;)
        {
            var end = start + 1;
            // A mark lies in one part: the line break between subject and body belongs to neither.
            while (end < painted.Length && end != body && ReferenceEquals(painted[end], painted[start]))
                end++;
            var length = start < body ? Math.Min(end, body - 1) - start : end - start;
            if (painted[start] is { } found && length > 0)
            {
                marks.Add(new ProofMark(start < body ? DraftPart.Subject : DraftPart.Body, start < body ? start : start - body, length,
                    text.Raw.Substring(start, length), found.Check, found.Member, found.Value(text.Brief), found.Reason));
            }

            start = end;
        }

        return marks;
    }

    /// <summary>Where the evidence of every other refusal stands, once; what is missing from a text stands nowhere in it.</summary>
    private static IEnumerable<Finding> Refused(ProofText text, ProofResult result)
    {
        foreach (var verdict in result.Refusals.Where(verdict => verdict.Evidence is not null && verdict.Check is not (FactCheck.Numbers or FactCheck.InPlace or SafetyCheck.Leads)))
        {
            var words = Folding.Of(verdict.Evidence!);
            if (words.Length > 0 && text.Folded.IndexOf(words, StringComparison.Ordinal) is >= 0 and var at)
                yield return Finding.Refused(at, at + words.Length, verdict.Check, verdict.Reason!);
        }
    }
}

/// <summary>What a check found at a place of <see cref="ProofText.Folded"/>.</summary>
/// <param name="Start">Of its first character.</param>
/// <param name="End">After its last.</param>
/// <param name="Check">Which check.</param>
/// <param name="Member">See <see cref="ProofMark.By"/>.</param>
/// <param name="Fact">The fact that proves it, where one does.</param>
/// <param name="Said">See <see cref="ProofMark.Value"/>, where no fact says it.</param>
/// <param name="Reason">Why it is refused; null where it is proven.</param>
internal sealed record Finding(int Start, int End, string Check, string? Member = null, Fact? Fact = null, string? Said = null, string? Reason = null)
{
    public static Finding By(int start, int end, string check, Fact fact) => new(start, end, check, $"facts.{fact.Name}", fact);

    public static Finding Refused(int start, int end, string check, string reason) => new(start, end, check, Reason: reason);

    public string? Value(Brief brief) => Fact is null or PersonalFact ? Said : Filling.Text(Fact, brief.Language);
}
