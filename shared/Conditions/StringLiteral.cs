using System.Globalization;
using System.Text;

namespace ServerlessCLM.Conditions;

/// <summary>Texts as they are written in a condition: in single, double or triple quotes, raw after an r, with CEL's escapes.</summary>
internal static class StringLiteral
{
    /// <param name="text">The whole condition.</param>
    /// <param name="at">At the quote, or the r before it; afterwards behind the closing quote.</param>
    /// <exception cref="ConditionException">The text does not end, or an escape is none.</exception>
    public static string Read(string text, ref int at)
    {
        var start = at;
        var isRaw = text[at] is 'r' or 'R';
        if (isRaw)
            at++;

        var quote = text[at];
        var isTriple = at + 2 < text.Length && text[at + 1] == quote && text[at + 2] == quote;
        var close = new string(quote, isTriple ? 3 : 1);
        at += close.Length;
        var value = new StringBuilder();
        while (at < text.Length)
        {
            var c = text[at];
            if (c == quote && string.CompareOrdinal(text, at, close, 0, close.Length) == 0)
            {
                at += close.Length;
                return value.ToString();
            }

            if (!isTriple && c is '\n' or '\r')
                throw new ConditionException(at, "a line ends within a text; write \\n, or put the text in triple quotes");

            if (c == '\\' && !isRaw)
                Escape(text, ref at, value);
            else if (char.IsSurrogate(c))
            {
                if (!char.IsHighSurrogate(c) || at + 1 == text.Length || !char.IsLowSurrogate(text[at + 1]))
                    throw new ConditionException(at, "half a character stands here");
                value.Append(c).Append(text[at + 1]);
                at += 2;
            }
            else
            {
                value.Append(c);
                at++;
            }
        }

        throw new ConditionException(start, $"the text has no closing {close}");
    }

    /// <summary>The text in single quotes, with escapes for what is not printable ASCII or a letter of any script.</summary>
    public static string Write(string value)
    {
        var text = new StringBuilder(value.Length + 2).Append('\'');
        foreach (var c in value)
        {
            _ = c switch
            {
                '\'' => text.Append("\\'"),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' => text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                _ => text.Append(c),
            };
        }

        return text.Append('\'').ToString();
    }

    private static void Escape(string text, ref int at, StringBuilder value)
    {
        var start = at++;
        if (at == text.Length)
            throw new ConditionException(start, "the text ends with a backslash");

        var c = text[at++];
        switch (c)
        {
            case 'a': value.Append('\a'); break;
            case 'b': value.Append('\b'); break;
            case 'f': value.Append('\f'); break;
            case 'n': value.Append('\n'); break;
            case 'r': value.Append('\r'); break;
            case 't': value.Append('\t'); break;
            case 'v': value.Append('\v'); break;
            case '\\' or '?' or '"' or '\'' or '`': value.Append(c); break;
            case 'x' or 'X': Append(Code(text, start, ref at, 2, 16)); break;
            case 'u': Append(Code(text, start, ref at, 4, 16)); break;
            case 'U': Append(Code(text, start, ref at, 8, 16)); break;
            case >= '0' and <= '3':
                at--;
                Append(Code(text, start, ref at, 3, 8));
                break;
            default: throw new ConditionException(start, "is not an escape; a backslash is written \\\\");
        }

        void Append(long code) => value.Append(Rune.IsValid((int)Math.Min(code, int.MaxValue))
            ? new Rune((int)code).ToString()
            : throw new ConditionException(start, "is not the number of a character"));
    }

    private static long Code(string text, int start, ref int at, int digits, int radix)
    {
        var code = 0L;
        for (var end = at + digits; at < end; at++)
        {
            if (at == text.Length || !char.IsAsciiHexDigit(text[at]) || (radix == 8 && text[at] is < '0' or > '7'))
                throw new ConditionException(start, $"the escape needs {digits} {(radix == 8 ? "octal" : "hexadecimal")} digits");
            code = (code * radix) + Convert.ToInt32(text[at].ToString(), 16);
        }

        return code;
    }
}
