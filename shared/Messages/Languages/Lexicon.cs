using System.Collections.Frozen;

namespace ServerlessCLM.Messages.Languages;

/// <summary>Reads the tables of a language as they are written: words apart by spaces, phrases by bars.</summary>
internal static class Lexicon
{
    internal static FrozenSet<string> Words(string words) => words.Split(' ').Select(word => Folding.Of(word)).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Phrases as they are sought in <see cref="Folding.Spaced"/> text: whole words, or beginnings of words where a * ends them.</summary>
    internal static string[] Phrases(string phrases) => [.. phrases.Split('|').Select(Phrase)];

    internal static string Phrase(string phrase)
    {
        var spaced = Folding.Spaced(Folding.Of(phrase.TrimEnd('*')));
        return phrase.EndsWith('*') ? spaced[..^1] : spaced;
    }

    internal static FrozenDictionary<string, decimal> Scale(params (string Word, decimal Factor)[] scales) =>
        scales.ToFrozenDictionary(scale => Folding.Of(scale.Word), scale => scale.Factor, StringComparer.Ordinal);

    internal static FrozenDictionary<string, (CountUnit, int)> Table(params (CountUnit Unit, int Factor, string Words)[] rows) =>
        rows.SelectMany(row => row.Words.Split(' ').Select(word => (word, row))).ToFrozenDictionary(
            pair => Folding.Of(pair.word), pair => (pair.row.Unit, pair.row.Factor), StringComparer.Ordinal);

    internal static FrozenDictionary<string, (string, decimal)> Money(params (string Currency, decimal Factor, string Words)[] rows) =>
        rows.SelectMany(row => row.Words.Split(' ').Select(word => (word, row))).ToFrozenDictionary(
            pair => Folding.Of(pair.word), pair => (pair.row.Currency, pair.row.Factor), StringComparer.Ordinal);

    internal static FrozenDictionary<ClaimKind, string[]> Claims(params (ClaimKind Kind, string Phrases)[] rows) =>
        rows.ToFrozenDictionary(row => row.Kind, row => Phrases(row.Phrases));
}
