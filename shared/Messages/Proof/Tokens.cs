using ServerlessCLM.Messages.Languages;

namespace ServerlessCLM.Messages.Proof;

internal enum TokenKind { Word, Number, Mixed, Symbol, Placeholder, Trusted, TrustedDigit, Break }

/// <summary>A piece of <see cref="ProofText.Numeric"/>.</summary>
internal readonly record struct Token(TokenKind Kind, int Start, int End);

/// <summary>Cuts a text into words, numerals and signs. Spaces part tokens and are none; a new line is a <see cref="TokenKind.Break"/>.</summary>
internal static class Tokens
{
    public static List<Token> Of(string text, MessageLanguage language)
    {
        var tokens = new List<Token>(text.Length / 5);
        for (var at = 0; at < text.Length;)
        {
            var start = at;
            var letter = text[at];
            if (letter is ProofText.Placeholder or ProofText.Trusted or ProofText.TrustedDigit)
            {
                while (at < text.Length && text[at] is ProofText.Placeholder or ProofText.Trusted or ProofText.TrustedDigit && (text[at] == ProofText.Placeholder) == (letter == ProofText.Placeholder))
                    at++;
                var kind = letter == ProofText.Placeholder ? TokenKind.Placeholder : text[at - 1] == ProofText.TrustedDigit ? TokenKind.TrustedDigit : TokenKind.Trusted;
                tokens.Add(new(kind, start, at));
            }
            else if (char.IsAsciiDigit(letter))
            {
                at = EndOfNumeral(text, at, language);
                var mixed = at < text.Length && char.IsLetter(text[at]);
                while (at < text.Length && char.IsLetterOrDigit(text[at]))
                    at++;
                tokens.Add(new(mixed ? TokenKind.Mixed : TokenKind.Number, start, at));
            }
            else if (char.IsLetter(letter))
            {
                while (at < text.Length && char.IsLetter(text[at]))
                    at++;
                var mixed = at < text.Length && char.IsAsciiDigit(text[at]);
                if (mixed)
                {
                    at = EndOfNumeral(text, at, language);
                    while (at < text.Length && char.IsLetterOrDigit(text[at]))
                        at++;
                }

                tokens.Add(new(mixed ? TokenKind.Mixed : TokenKind.Word, start, at));
            }
            else
            {
                at++;
                if (letter == '\n')
                    tokens.Add(new(TokenKind.Break, start, at));
                else if (!char.IsWhiteSpace(letter))
                    tokens.Add(new(TokenKind.Symbol, start, at));
            }
        }

        return tokens;
    }

    /// <summary>Digits, and separators that stand between digits. A space parts groups only before exactly three digits.</summary>
    private static int EndOfNumeral(string text, int at, MessageLanguage language)
    {
        while (at < text.Length)
        {
            if (char.IsAsciiDigit(text[at]))
                at++;
            else if (text[at] is '.' or ',' or '\'' && Digits(text, at + 1) > 0)
                at++;
            else if (char.IsWhiteSpace(text[at]) && language.GroupSeparators.Contains(text[at]) && Digits(text, at + 1) == 3)
                at++;
            else
                break;
        }

        return at;
    }

    private static int Digits(string text, int from)
    {
        var at = from;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;
        return at - from;
    }
}
