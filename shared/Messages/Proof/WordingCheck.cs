using ServerlessCLM.Messages.Languages;

namespace ServerlessCLM.Messages.Proof;

/// <summary>What a text claims, how it speaks, and what it must say.</summary>
internal static class WordingCheck
{
    /// <summary>Words before a claim within which a negation turns it round: "this is <i>not</i> financial advice".</summary>
    private const int NegationReach = 24;

    /// <summary>Claims that a negation takes back. "We will not sue you" is still a threat, and "don't wait" still urges.</summary>
    private static readonly ClaimKind[] Negatable = [ClaimKind.Promise, ClaimKind.Guarantee, ClaimKind.Advice, ClaimKind.FreeOfCharge];

    public static Verdict Claims(ProofText text)
    {
        const string check = "claims";
        foreach (var (kind, phrases) in text.Language.Claims)
        {
            if (text.Brief.AllowedClaims.Contains(kind))
                continue;

            foreach (var phrase in phrases)
            {
                if (IsClaimed(text, phrase, Negatable.Contains(kind)))
                    return Verdict.Refuse(check, $"is {Name(kind)}, which the policy does not allow this message", phrase.Trim());
            }
        }

        return Verdict.Pass(check);
    }

    public static Verdict Topics(ProofText text)
    {
        const string check = "topics";
        return text.Says(text.Brief.ForbiddenTopics.Select(Lexicon.Phrase), out var evidence)
            ? Verdict.Refuse(check, "is a forbidden topic of the brief", evidence)
            : Verdict.Pass(check);
    }

    /// <summary>People in arrears or in a vulnerable state are neither blamed nor pressed, and no message but marketing sells.</summary>
    public static Verdict Tone(ProofText text)
    {
        const string check = "tone";
        var brief = text.Brief;
        if (brief.Circumstances != Circumstances.None || brief.Purpose is "arrears" or "collections")
        {
            if (text.Says(text.Language.HarshPhrases, out var harsh))
                return Verdict.Refuse(check, "blames or presses the customer", harsh);
            if (text.Raw.Contains('!'))
                return Verdict.Refuse(check, "an exclamation mark presses the customer", "!");
        }

        if (brief.Purpose != "marketing" && text.Says(text.Language.SellingPhrases, out var selling))
            return Verdict.Refuse(check, $"sells, in a message about {brief.Purpose}", selling);

        var shouted = Shouted(text.Raw);
        return shouted is null ? Verdict.Pass(check) : Verdict.Refuse(check, "shouts in capitals", shouted);
    }

    public static Verdict Disclosures(ProofText text)
    {
        const string check = "disclosures";
        foreach (var (required, what) in Required(text.Brief))
        {
            if (!text.Phrases.Contains(Folding.Spaced(Folding.Of(required)), StringComparison.Ordinal))
                return Verdict.Refuse(check, $"{what} is missing", required);
        }

        return Verdict.Pass(check);
    }

    private static IEnumerable<(string Text, string What)> Required(Brief brief)
    {
        foreach (var disclosure in brief.Disclosures)
            yield return (disclosure, "a required disclosure");
        if (brief.OptOut is { } optOut)
            yield return (optOut, "the way to opt out");
        if (brief.AutomationLabel is { } label)
            yield return (label, "the label of an automated text");
    }

    private static bool IsClaimed(ProofText text, string phrase, bool negatable)
    {
        for (var at = text.Phrases.IndexOf(phrase, StringComparison.Ordinal); at >= 0; at = text.Phrases.IndexOf(phrase, at + 1, StringComparison.Ordinal))
        {
            var before = text.Phrases[Math.Max(0, at - NegationReach)..(at + 1)];
            if (!InDisclosure(text, at, phrase) && !(negatable && text.Language.Negations.Any(negation => before.Contains(negation, StringComparison.Ordinal))))
                return true;
        }

        return false;
    }

    /// <summary>A disclosure is the bank's own approved wording, and may say what a writer may not.</summary>
    private static bool InDisclosure(ProofText text, int at, string phrase)
    {
        foreach (var (required, _) in Required(text.Brief))
        {
            var words = Folding.Spaced(Folding.Of(required));
            var start = text.Phrases.IndexOf(words, StringComparison.Ordinal);
            if (start >= 0 && at >= start && at + phrase.Length <= start + words.Length)
                return true;
        }

        return false;
    }

    private static string Name(ClaimKind kind) => kind switch
    {
        ClaimKind.Advice => "advice",
        ClaimKind.Urgency => "pressure of time",
        ClaimKind.FreeOfCharge => "a claim to cost nothing",
        _ => $"a {kind.ToString().ToLowerInvariant()}",
    };

    /// <summary>The first run of two words in capitals of four letters and more.</summary>
    private static string? Shouted(string raw)
    {
        var shouted = 0;
        foreach (var word in raw.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var letters = word.Count(char.IsLetter);
            shouted = letters >= 4 && !word.Any(char.IsLower) && !word.Contains("{{", StringComparison.Ordinal) ? shouted + 1 : 0;
            if (shouted == 2)
                return word;
        }

        return null;
    }
}
