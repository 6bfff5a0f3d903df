using System.Text.RegularExpressions;
using ServerlessCLM.Messages.Languages;

namespace ServerlessCLM.Messages.Proof;

/// <summary>Whether a text leads anywhere, gives anything away, obeys a stranger, or speaks another language.</summary>
internal static partial class SafetyCheck
{
    /// <summary>Words of a sentence from which its language can be told.</summary>
    private const int TellingWords = 5;

    /// <summary>Name of the check of links.</summary>
    public const string Leads = "links";

    public static Verdict Links(ProofText text)
    {
        foreach (var (link, finding) in text.Links.Zip(FindLinks(text)))
        {
            if (finding.Reason is { } reason)
                return Verdict.Refuse(Leads, reason, text.Evidence(link.Index, link.Index + link.Length));
        }

        return Verdict.Pass(Leads);
    }

    /// <summary>Every link without the signs that end its sentence, with the fact or the rule that allows it.</summary>
    public static IEnumerable<Finding> FindLinks(ProofText text) => text.Links.Select(link =>
    {
        var address = link.Value.TrimEnd('.', ',', ';', ':', '!', '?', ')', '"', '\'');
        var end = link.Index + address.Length;
        return Contact(text.Brief, link.Value) is { } contact ? Finding.By(link.Index, end, Leads, contact)
            : Refusal(address, text.Brief.AllowedHosts) is { } reason ? Finding.Refused(link.Index, end, Leads, reason)
            : new Finding(link.Index, end, Leads, "allowedHosts", Said: string.Join(", ", text.Brief.AllowedHosts));
    });

    private static string? Refusal(string address, IReadOnlyList<string> hosts)
    {
        if (address.Contains("mailto:", StringComparison.Ordinal) || (address.Contains('@') && !address.Contains("://", StringComparison.Ordinal)))
            return "is an address that is no fact of the brief";

        var whole = address.Contains("://", StringComparison.Ordinal) ? address : "https://" + address;
        if (!Uri.TryCreate(whole, UriKind.Absolute, out var uri))
            return "is no address that can be read";
        if (uri.Scheme != Uri.UriSchemeHttps)
            return "does not lead over https";
        if (uri.UserInfo.Length > 0)
            return "has a name before the host, as forged addresses do";
        if (!uri.IsDefaultPort)
            return "names a port";

        var host = uri.IdnHost;
        return hosts.Any(allowed => host == allowed || host.EndsWith("." + allowed, StringComparison.Ordinal))
            ? null
            : "leads to a host that is not allowed";
    }

    private static Fact? Contact(Brief brief, string link) =>
        brief.Facts.FirstOrDefault(fact => fact is ContactFact contact && Folding.Of(contact.Text).Contains(link.TrimEnd('.', ','), StringComparison.Ordinal));

    /// <summary>No identifier of a person: not those of the brief, which have placeholders, and none that looks like one.</summary>
    public static Verdict Privacy(ProofText text)
    {
        const string check = "privacy";
        foreach (var fact in text.Brief.Facts)
        {
            if (fact is PersonalFact { Value.Length: > 1 } personal && text.Phrases.Contains(Folding.Spaced(Folding.Of(personal.Value)), StringComparison.Ordinal))
                return Verdict.Refuse(check, $"is the value of {personal.Name}, which only its placeholder may bring", personal.Value);
        }

        var iban = Iban().Match(text.Numeric);
        if (iban.Success)
            return Verdict.Refuse(check, "looks like an account number", text.Evidence(iban.Index, iban.Index + iban.Length));
        var digits = LongDigits().Match(text.Numeric);
        return digits.Success
            ? Verdict.Refuse(check, "looks like the number of a card, an account or a telephone", text.Evidence(digits.Index, digits.Index + digits.Length))
            : Verdict.Pass(check);
    }

    /// <summary>Nothing that is meant for a language model, and nothing of a stranger's text that is.</summary>
    public static Verdict Obedience(ProofText text)
    {
        const string check = "instructions";
        if (Instructions.First(text.Phrases) is { } phrase)
            return Verdict.Refuse(check, "is meant for a language model, not for a customer", phrase);

        foreach (var fact in text.Brief.Facts)
        {
            if (fact is QuotedFact quoted && Instructions.In(quoted.Text) && Shared(quoted.Text, text.Phrases) is { } words)
                return Verdict.Refuse(check, $"repeats {quoted.Name}, which gives instructions", words);
        }

        return Verdict.Pass(check);
    }

    /// <summary>Each sentence is in the brief's language, as far as its small words tell.</summary>
    public static Verdict Language(ProofText text)
    {
        const string check = "language";
        foreach (var sentence in text.Numeric.Split(['.', '!', '?', '\n', ';'], StringSplitOptions.RemoveEmptyEntries))
        {
            var words = sentence.Split([' ', ',', '\'', '-', '"', '(', ')', '\u00A0'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Count(word => char.IsLetter(word[0])) < TellingWords)
                continue;

            var own = words.Count(text.Language.FunctionWords.Contains);
            foreach (var other in MessageLanguage.All.Values)
            {
                var theirs = other == text.Language ? 0 : words.Count(other.FunctionWords.Contains);
                if (theirs > own && theirs >= 2)
                    return Verdict.Refuse(check, $"reads as {other.Code}, not {text.Language.Code}", sentence.Trim());
            }
        }

        return Verdict.Pass(check);
    }

    /// <summary>Three words in a row that both texts have.</summary>
    private static string? Shared(string quoted, string phrases)
    {
        var words = Folding.Spaced(Folding.Of(quoted)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i + 3 <= words.Length; i++)
        {
            var run = string.Join(' ', words[i..(i + 3)]);
            if (phrases.Contains($" {run} ", StringComparison.Ordinal))
                return run;
        }

        return null;
    }

    [GeneratedRegex(@"\b[a-z]{2}[0-9]{2}(?:[ \u00A0]?[a-z0-9]{4}){2,7}(?:[ \u00A0]?[a-z0-9]{1,3})?\b", RegexOptions.NonBacktracking)]
    private static partial Regex Iban();

    [GeneratedRegex(@"\+?[0-9](?:[ \u00A0/().-]{0,2}[0-9]){8,}", RegexOptions.NonBacktracking)]
    private static partial Regex LongDigits();
}
