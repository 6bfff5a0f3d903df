using System.Collections.Frozen;

namespace ServerlessCLM.Messages.Languages;

/// <summary>
/// Reads numbers in words. Every form of 0 to 1999 stands in one dictionary, without the spaces and hyphens between its words; thousands
/// and millions are put together from it. So one reader serves languages that write numbers apart and those that write them as one word.
/// </summary>
internal sealed class NumberWords
{
    /// <summary>Words of the longest number that is read as one.</summary>
    public const int MaxWords = 12;

    private readonly FrozenDictionary<string, int> _small;
    private readonly string[] _thousands, _millions, _stems;
    private readonly FrozenSet<string> _beginnings;
    private readonly int _longest;

    /// <param name="small">All forms of each number, by number from 0 on (<see cref="WithHundreds"/>); folded, without spaces.</param>
    /// <param name="thousands">Forms of "thousand", longest first.</param>
    /// <param name="millions">Forms of "million", longest first.</param>
    /// <param name="stems">What no word has that is not about a number.</param>
    public NumberWords(IReadOnlyList<IEnumerable<string>> small, string[] thousands, string[] millions, string[] stems)
    {
        var forms = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var number = 0; number < small.Count; number++)
        {
            foreach (var form in small[number])
                forms.TryAdd(form, number);
        }

        _small = forms.ToFrozenDictionary(StringComparer.Ordinal);
        _thousands = thousands;
        _stems = stems;
        _millions = millions;
        _longest = (forms.Keys.Max(form => form.Length) + 12) * 3;
        _beginnings = forms.Keys.Concat(thousands).Concat(millions).Select(form => form[..2]).ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>Whether a number may begin with this word; most words are told apart here.</summary>
    public bool MayBegin(string word) => word.Length >= 2 && _beginnings.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word.AsSpan(0, 2));

    /// <summary>Whether a word is about a number, even one that cannot be read.</summary>
    public bool Suggests(string word) => Array.Exists(_stems, stem => word.Contains(stem, StringComparison.Ordinal));

    /// <summary>Reads words that stand together, already joined.</summary>
    /// <returns>Null where they are not one number.</returns>
    public long? Read(string joined)
    {
        if (joined.Length == 0 || joined.Length > _longest)
            return null;

        return Scaled(joined, _millions, 1_000_000, text => Scaled(text, _thousands, 1000, Small));
    }

    private long? Small(string text) => _small.TryGetValue(text, out var value) ? value : null;

    private static long? Scaled(string text, string[] words, long scale, Func<string, long?> part)
    {
        foreach (var word in words)
        {
            var at = text.IndexOf(word, StringComparison.Ordinal);
            if (at < 0)
                continue;

            var (before, after) = (text[..at], text[(at + word.Length)..]);
            var count = before.Length == 0 ? 1 : part(before);
            var rest = after.Length == 0 ? 0 : part(after) ?? (after.StartsWith("and", StringComparison.Ordinal) ? part(after[3..]) : null);
            if (count is > 0 && rest is { } small && small < scale)
                return (count * scale) + small;
        }

        return part(text);
    }

    /// <summary>All ways to put a form of one list before a form of another, with one of some links between.</summary>
    internal static IEnumerable<string> Joined(IEnumerable<string> first, string[] links, IEnumerable<string> second) =>
        from one in first from link in links from other in second select one + link + other;

    /// <summary>0 to 999 from forms below a hundred and of the hundreds.</summary>
    /// <param name="below">Forms of 0 to 99.</param>
    /// <param name="hundreds">Forms of 100, 200, … 900 when something follows.</param>
    /// <param name="whole">Forms of 100, 200, … 900 when nothing does.</param>
    /// <param name="links">What may stand between hundreds and the rest.</param>
    /// <param name="teens">Words for "hundred" behind eleven to nineteen, in languages that say "twelve hundred".</param>
    internal static List<IEnumerable<string>> WithHundreds(
        IReadOnlyList<IEnumerable<string>> below, IReadOnlyList<string[]> hundreds, IReadOnlyList<string[]> whole, string[] links, string[] teens)
    {
        List<IEnumerable<string>> all = [.. below];
        for (var number = 100; number < 1000; number++)
        {
            var (hundred, rest) = ((number / 100) - 1, number % 100);
            all.Add(rest == 0 ? whole[hundred] : Joined(hundreds[hundred], links, below[rest]));
        }

        for (var number = 1000; number < 2000; number++)
        {
            var hundred = number < 1100 ? [] : Joined(below[number / 100], [""], teens);
            all.Add(number % 100 == 0 ? hundred : Joined(hundred, links, below[number % 100]));
        }

        return all;
    }
}
