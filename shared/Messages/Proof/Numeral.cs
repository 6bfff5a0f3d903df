using System.Globalization;
using ServerlessCLM.Messages.Languages;

namespace ServerlessCLM.Messages.Proof;

/// <summary>Reads digits with their separators as a language writes them.</summary>
internal static class Numeral
{
    /// <summary>Reads a numeral.</summary>
    /// <returns>Its value, or why it has none. What reads differently elsewhere has none: to a reader used to other separators, 1.234 is 1234.</returns>
    public static (decimal Value, string? Problem) Read(ReadOnlySpan<char> text, MessageLanguage language)
    {
        if (Whole(text) is { } plain)
            return (plain, null);

        var own = Grouped(text, language.GroupSeparators, language.DecimalSeparator);
        var other = language.DecimalSeparator == '.' ? Grouped(text, ".", ',') : Grouped(text, ",'", '.');
        return (own, other) switch
        {
            ({ } value, null) => (value, null),
            ({ } value, { } elsewhere) when value >= elsewhere || !EndsInThreeDigits(text) => (value, null),
            ({ } value, { } elsewhere) => (0, string.Create(CultureInfo.InvariantCulture, $"may be read as {value} and as {elsewhere}")),
            (null, { } value) => (value, null),
            _ => (0, "is no number that can be read"),
        };
    }

    private static decimal? Whole(ReadOnlySpan<char> text) =>
        text.Length <= 15 && text.IndexOfAnyExceptInRange('0', '9') < 0 ? decimal.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : null;

    private static bool EndsInThreeDigits(ReadOnlySpan<char> text) => text.LastIndexOfAnyExceptInRange('0', '9') == text.Length - 4;

    /// <summary>Groups of three apart by the same separator, then perhaps decimals.</summary>
    private static decimal? Grouped(ReadOnlySpan<char> text, string groups, char point)
    {
        Span<char> plain = stackalloc char[24];
        var length = 0;
        var (separator, inGroup, decimals) = ('\0', 0, false);
        if (text[0] == '0' && groups.Contains(text[1]))
            return null;

        foreach (var letter in text)
        {
            if (length == plain.Length)
                return null;

            if (char.IsAsciiDigit(letter))
            {
                plain[length++] = letter;
                inGroup++;
            }
            else if (letter == point && !decimals && (separator == '\0' || inGroup == 3))
            {
                plain[length++] = '.';
                (decimals, inGroup) = (true, 0);
            }
            else if (!decimals && groups.Contains(letter) && (separator == '\0' ? inGroup is >= 1 and <= 3 : letter == separator && inGroup == 3))
            {
                (separator, inGroup) = (letter, 0);
            }
            else
            {
                return null;
            }
        }

        var ended = decimals ? inGroup > 0 : separator == '\0' || inGroup == 3;
        return ended && decimal.TryParse(plain[..length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) ? value : null;
    }
}
