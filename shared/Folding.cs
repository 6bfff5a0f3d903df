using System.Text;

namespace ServerlessCLM;

/// <summary>Folds letters so that words compare whatever their case and accents: <c>Fünf</c> is <c>funf</c>, <c>Straße</c> is <c>strasse</c>.</summary>
internal static class Folding
{
    // Written out: with invariant globalization the runtime takes no letters apart.
    private static readonly string[] Accented =
    [
        "aàáâãäåāăą", "cçćĉċč", "dďđ", "eèéêëēĕėęě", "gĝğġģ", "hĥħ", "iìíîïĩīĭįı", "jĵ", "kķ", "lĺļľŀł", "nñńņňŉ", "oòóôõöøōŏő", "rŕŗř",
        "sśŝşšș", "tţťŧț", "uùúûüũūŭůűų", "wŵ", "yýÿŷ", "zźżž",
    ];

    // The letters of the five languages are few; a table keeps normalisation off the path of every message.
    private static readonly string[] Folded = Table();

    /// <summary>One character folded; empty for what is dropped.</summary>
    public static ReadOnlySpan<char> Of(in char letter) =>
        letter < Folded.Length ? Folded[letter] : letter is '\u2019' or '\u02BC' ? "'" : new ReadOnlySpan<char>(in letter);

    public static string Of(ReadOnlySpan<char> text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (ref readonly var letter in text)
            folded.Append(Of(in letter));
        return folded.ToString();
    }

    /// <summary>A folded text with one space for all that is no letter, digit or percent sign, and one at each end.</summary>
    public static string Spaced(string folded)
    {
        var text = new StringBuilder(folded.Length + 2).Append(' ');
        foreach (var letter in folded)
        {
            if (letter == '%' && text[^1] != ' ')
                text.Append(' ');
            if (char.IsLetterOrDigit(letter) || letter == '%')
                text.Append(letter);
            else if (text[^1] != ' ')
                text.Append(' ');
        }

        return text[^1] == ' ' ? text.ToString() : text.Append(' ').ToString();
    }

    private static string[] Table()
    {
        var table = Enumerable.Range(0, 0x250).Select(code => char.ToLowerInvariant((char)code).ToString()).ToArray();
        foreach (var letters in Accented)
        {
            foreach (var letter in letters)
                table[letter] = table[char.ToUpperInvariant(letter)] = letters[..1];
        }

        (table['ß'], table['œ'], table['Œ'], table['æ'], table['Æ']) = ("ss", "oe", "oe", "ae", "ae");
        return table;
    }
}
