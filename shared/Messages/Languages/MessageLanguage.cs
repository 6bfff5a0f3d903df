using System.Collections.Frozen;

namespace ServerlessCLM.Messages.Languages;

/// <summary>A day told by its distance from the day of sending.</summary>
internal readonly record struct RelativeDay(string Phrase, int FirstDay, int LastDay);

/// <summary>
/// A language as the checks need it: how it writes numbers, days and money, its small words, and the wordings that claim something.
/// All words are folded (<see cref="Folding"/>): lower case, no accents.
/// </summary>
internal sealed class MessageLanguage
{
    /// <summary>ISO 639-1.</summary>
    public required string Code { get; init; }

    /// <summary>Stands between whole and part.</summary>
    public required char DecimalSeparator { get; init; }

    /// <summary>Stand between groups of three digits.</summary>
    public required string GroupSeparators { get; init; }

    public required NumberWords NumberWords { get; init; }

    /// <summary>Twelve names and their abbreviations each, as they stand in dates.</summary>
    public required string[][] Months { get; init; }

    /// <summary>From Monday on, with their inflected forms.</summary>
    public required string[][] Weekdays { get; init; }

    public required RelativeDay[] RelativeDays { get; init; }

    /// <summary>Words for a unit of time, and how many of the base unit it has.</summary>
    public required FrozenDictionary<string, (CountUnit Unit, int Factor)> Units { get; init; }

    /// <summary>Words for currencies: ISO code, and the fraction of the unit (0.01 for cents).</summary>
    public required FrozenDictionary<string, (string Currency, decimal Factor)> Currencies { get; init; }

    /// <summary>Words for a hundredth, of one or two tokens.</summary>
    public required string[] Percent { get; init; }

    /// <summary>Words that stand between the numbers of a range or list.</summary>
    public required FrozenSet<string> Connectors { get; init; }

    /// <summary>Words behind a numeral that multiply it.</summary>
    public required FrozenDictionary<string, decimal> Scales { get; init; }

    /// <summary>Quantities without a numeral: half, double, a dozen.</summary>
    public required FrozenSet<string> VagueQuantities { get; init; }

    /// <summary>The commonest words that few other languages have.</summary>
    public required FrozenSet<string> FunctionWords { get; init; }

    public required string[] Negations { get; init; }

    /// <summary>Phrases by what they claim (<see cref="Lexicon.Phrases"/>).</summary>
    public required FrozenDictionary<ClaimKind, string[]> Claims { get; init; }

    /// <summary>Phrases that blame or press, which nobody in arrears or in a vulnerable state is told.</summary>
    public required string[] HarshPhrases { get; init; }

    /// <summary>Phrases that sell, which a message about service, arrears or collections must not carry.</summary>
    public required string[] SellingPhrases { get; init; }

    /// <summary>LIX at which a text is too hard for <see cref="ReadingLevel.Plain"/>, Standard and Detailed.</summary>
    public required int[] HardestLix { get; init; }

    /// <summary>Whether 3/4 is the third of April: false where both orders are in use.</summary>
    public bool DayBeforeMonth { get; init; } = true;

    public static readonly FrozenDictionary<string, MessageLanguage> All =
        new[] { English.Language, German.Language, French.Language, Spanish.Language, Czech.Language }
            .ToFrozenDictionary(language => language.Code, StringComparer.Ordinal);

    /// <summary>Codes of the languages, for messages to people.</summary>
    public static string Codes => string.Join(", ", All.Keys.Order(StringComparer.Ordinal));
}
