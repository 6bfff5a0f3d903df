using System.Text;
using System.Text.RegularExpressions;
using ServerlessCLM.Messages.Languages;

namespace ServerlessCLM.Messages.Proof;

/// <summary>A draft made ready for the checks: folded letter by letter, what is trusted word for word taken out.</summary>
internal sealed partial class ProofText
{
    /// <summary>Stands where a placeholder was.</summary>
    public const char Placeholder = '\u0001';

    /// <summary>Stands where words were that are trusted as a whole: a product's name, a disclosure, a telephone number, a link.</summary>
    public const char Trusted = '\u0002';

    /// <summary>As <see cref="Trusted"/>, for the last character of words that end in a digit.</summary>
    public const char TrustedDigit = '\u0003';

    private readonly int[] _raw;
    private readonly List<TrustedWords> _words = [];

    public ProofText(Brief brief, Draft draft)
    {
        Brief = brief;
        Draft = draft;
        Language = MessageLanguage.All[brief.Language];
        Raw = draft.Subject is { Length: > 0 } subject ? subject + "\n" + draft.Body : draft.Body;
        var folded = new StringBuilder(Raw.Length + 8);
        var raw = new List<int>(Raw.Length + 8);
        for (var i = 0; i < Raw.Length; i++)
        {
            foreach (var letter in Folding.Of(Raw[i]))
            {
                folded.Append(letter);
                raw.Add(i);
            }
        }

        raw.Add(Raw.Length);
        _raw = [.. raw];
        var masked = folded.ToString().ToCharArray();
        Folded = folded.ToString();
        Placeholders = [.. PlaceholderPattern().Matches(Raw).Cast<Match>()];
        Links = [.. LinkPattern().Matches(Folded).Cast<Match>()];
        foreach (Match placeholder in PlaceholderPattern().Matches(Folded))
            masked.AsSpan(placeholder.Index, placeholder.Length).Fill(Placeholder);
        foreach (var link in Links)
            Mask(masked, link.Index, link.Length);
        foreach (var (words, said, member) in Verbatim(brief).Select(pair => (Folding.Of(pair.Words), pair.Words, pair.Member)).OrderByDescending(words => words.Item1.Length))
            MaskAll(masked, words, (start, end) => _words.Add(new TrustedWords(start, end, member, said)));
        Numeric = new string(masked);
        Phrases = Folding.Spaced(Folded);
    }

    public Brief Brief { get; }

    public Draft Draft { get; }

    public MessageLanguage Language { get; }

    /// <summary>Subject and body as they came.</summary>
    public string Raw { get; }

    /// <summary><see cref="Raw"/> in lower case without accents.</summary>
    public string Folded { get; }

    /// <summary><see cref="Folded"/> with placeholders and trusted words replaced, place by place.</summary>
    public string Numeric { get; }

    /// <summary><see cref="Folded"/> with one space for all that is no letter, digit or percent sign, and one at each end.</summary>
    public string Phrases { get; }

    public IReadOnlyList<Match> Links { get; }

    /// <summary>Of <see cref="Raw"/>.</summary>
    public IReadOnlyList<Match> Placeholders { get; }

    /// <summary>Where words stand that are trusted as a whole.</summary>
    public IReadOnlyList<TrustedWords> Words => _words;

    /// <summary>Where what stands at a place of <see cref="Raw"/> begins in <see cref="Folded"/>.</summary>
    public int FoldedFrom(int raw) => Array.IndexOf(_raw, raw);

    /// <summary>The span of <see cref="Raw"/> that a span of <see cref="Folded"/> was folded from, whole letters of it.</summary>
    public (int From, int To) Place(int start, int end) => (_raw[start], Math.Max(_raw[end], _raw[end - 1] + 1));

    /// <summary>The text as it came, for a span of <see cref="Folded"/>.</summary>
    public string Evidence(int start, int end)
    {
        var (from, to) = (_raw[Math.Max(0, start)], _raw[Math.Min(end, _raw.Length - 1)]);
        return Raw[from..Math.Max(from, to)].Trim();
    }

    /// <summary>The first of some phrases (<see cref="Lexicon.Phrases"/>) that occurs from a place on.</summary>
    /// <param name="phrases">As the lexicon made them.</param>
    /// <param name="evidence">The phrase as it stands in the lexicon.</param>
    public bool Says(IEnumerable<string> phrases, out string evidence)
    {
        foreach (var phrase in phrases)
        {
            if (Phrases.Contains(phrase, StringComparison.Ordinal))
            {
                evidence = phrase.Trim();
                return true;
            }
        }

        evidence = "";
        return false;
    }

    /// <summary>Texts that the bank itself has approved, and names whose digits say nothing, each with the member of the brief that has it.</summary>
    private static IEnumerable<(string Words, string Member)> Verbatim(Brief brief)
    {
        foreach (var disclosure in brief.Disclosures)
            yield return (disclosure, "disclosures");
        if (brief.OptOut is { } optOut)
            yield return (optOut, "optOut");
        if (brief.AutomationLabel is { } label)
            yield return (label, "automationLabel");
        foreach (var fact in brief.Facts)
        {
            if (fact is ProductFact product)
                yield return (product.Product, $"facts.{fact.Name}");
            else if (fact is ContactFact contact)
                yield return (contact.Text, $"facts.{fact.Name}");
            else if (fact is QuotedFact { Text.Length: <= 60 } quoted && !Instructions.In(quoted.Text))
                yield return (quoted.Text, $"facts.{fact.Name}");
        }
    }

    /// <summary>Only whole words, so that the product "Gold 3" hides nothing of "Gold 3000" or "Gold 3.5".</summary>
    private static void MaskAll(char[] masked, string words, Action<int, int> found)
    {
        if (words.Trim().Length < 2)
            return;

        for (var at = IndexOf(masked, words, 0); at >= 0; at = IndexOf(masked, words, at + 1))
        {
            var end = at + words.Length;
            var bounded = (at == 0 || !char.IsLetterOrDigit(masked[at - 1]))
                && (end == masked.Length || !char.IsLetterOrDigit(masked[end]))
                && !(end + 1 < masked.Length && masked[end] is '.' or ',' or '\'' && char.IsDigit(masked[end + 1]));
            if (!bounded)
                continue;

            Mask(masked, at, words.Length);
            found(at, end);
        }
    }

    private static int IndexOf(char[] text, string words, int from)
    {
        var found = from > text.Length - words.Length ? -1 : text.AsSpan(from).IndexOf(words, StringComparison.Ordinal);
        return found < 0 ? -1 : from + found;
    }

    private static void Mask(char[] masked, int at, int length)
    {
        var digit = char.IsDigit(masked[at + length - 1]);
        masked.AsSpan(at, length).Fill(Trusted);
        if (digit)
            masked[at + length - 1] = TrustedDigit;
    }

    [GeneratedRegex(@"\{\{[^{}\n]{0,80}\}\}", RegexOptions.NonBacktracking)]
    internal static partial Regex PlaceholderPattern();

    /// <summary>What a reader's device would make a link of: a scheme, www, or a name that ends like a host's.</summary>
    [GeneratedRegex(@"(?:(?:[a-z][a-z0-9+.-]{1,20}://|mailto:|tel:|sms:|javascript:|data:)[^\s<>""]+|www\.[^\s<>""]+|[a-z0-9@-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|info|biz|io|me|ly|co|app|bank|de|at|ch|eu|uk|fr|es|cz|sk|us|ru|cn|xyz|top|link|click|site|online|shop|gl|to|tk|gg)\b(?:[/?#][^\s<>""]*)?)", RegexOptions.NonBacktracking)]
    private static partial Regex LinkPattern();
}

/// <summary>Words that are trusted as a whole, at a place of <see cref="ProofText.Folded"/>.</summary>
/// <param name="Start">Of their first character.</param>
/// <param name="End">After their last.</param>
/// <param name="Member">The member of the brief that has them.</param>
/// <param name="Said">As they stand there.</param>
internal readonly record struct TrustedWords(int Start, int End, string Member, string Said);
