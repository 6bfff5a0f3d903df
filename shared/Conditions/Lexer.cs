using System.Globalization;

namespace ServerlessCLM.Conditions;

internal enum TokenKind : byte { End, Identifier, Int, Double, String, Symbol }

/// <param name="Kind">What it is.</param>
/// <param name="Position">Where it begins.</param>
/// <param name="Text">An identifier or a symbol as written.</param>
/// <param name="Value">A string's or double's value. A whole number has none yet: whether it fits depends on a minus before it.</param>
internal readonly record struct Token(TokenKind Kind, int Position, string Text, Value Value = default)
{
    public bool Is(string symbol) => Kind == TokenKind.Symbol && Text == symbol;
}

/// <summary>Cuts a text into CEL's tokens.</summary>
internal ref struct Lexer(string text)
{
    private static readonly string[] Symbols =
        ["&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*", "/", "%", "?", ":", "(", ")", "[", "]", "{", "}", ".", ","];

    private int _at;

    /// <exception cref="ConditionException">No token of the language begins here.</exception>
    public Token Next()
    {
        SkipBlanks();
        var start = _at;
        if (_at == text.Length)
            return new Token(TokenKind.End, start, "");

        var first = text[_at];
        if (first is '"' or '\'' || (first is 'r' or 'R' && Peek(1) is '"' or '\''))
            return new Token(TokenKind.String, start, "", Value.Of(StringLiteral.Read(text, ref _at)));

        if (first is 'b' or 'B' && (Peek(1) is '"' or '\'' || (Peek(1) is 'r' or 'R' && Peek(2) is '"' or '\'')))
            throw new ConditionException(start, "bytes are not part of the language; write a text");

        if (char.IsAsciiDigit(first) || (first == '.' && char.IsAsciiDigit(Peek(1))))
            return Number();

        if (IsNameStart(first))
        {
            while (_at < text.Length && (IsNameStart(text[_at]) || char.IsAsciiDigit(text[_at])))
                _at++;
            return new Token(TokenKind.Identifier, start, text[start.._at]);
        }

        foreach (var symbol in Symbols)
        {
            if (string.CompareOrdinal(text, _at, symbol, 0, symbol.Length) == 0)
            {
                _at += symbol.Length;
                return new Token(TokenKind.Symbol, start, symbol);
            }
        }

        throw new ConditionException(start, first switch
        {
            '=' => "'=' is not an operator; write == to compare",
            '&' => "'&' is not an operator; write && for and",
            '|' => "'|' is not an operator; write || for or",
            _ => $"'{(char.IsSurrogate(first) ? "…" : first)}' is not part of the language",
        });
    }

    private readonly char Peek(int ahead) => _at + ahead < text.Length ? text[_at + ahead] : '\0';

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_';

    private void SkipBlanks()
    {
        while (_at < text.Length)
        {
            if (text[_at] is ' ' or '\t' or '\n' or '\f' or '\r')
                _at++;
            else if (text[_at] == '/' && Peek(1) == '/')
                _at = text.IndexOf('\n', _at) is >= 0 and var end ? end : text.Length;
            else
                return;
        }
    }

    private Token Number()
    {
        var start = _at;
        var isHex = text[_at] == '0' && Peek(1) is 'x' or 'X';
        var isDouble = false;
        if (isHex)
        {
            _at += 2;
            Digits(char.IsAsciiHexDigit);
        }
        else
        {
            Digits(char.IsAsciiDigit);
            if (Peek(0) == '.' && char.IsAsciiDigit(Peek(1)))
            {
                isDouble = true;
                _at++;
                Digits(char.IsAsciiDigit);
            }

            if (Peek(0) is 'e' or 'E' && (char.IsAsciiDigit(Peek(1)) || (Peek(1) is '+' or '-' && char.IsAsciiDigit(Peek(2)))))
            {
                isDouble = true;
                _at += 2;
                Digits(char.IsAsciiDigit);
            }
        }

        var number = text[start.._at];
        if (Peek(0) is 'u' or 'U')
            throw new ConditionException(start, "unsigned numbers are not part of the language; leave out the u");
        if (IsNameStart(Peek(0)) || (isHex && number.Length == 2))
            throw new ConditionException(start, $"'{number}{Peek(0)}' is not a number");
        if (!isDouble)
            return new Token(TokenKind.Int, start, number);

        var value = double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(value)
            ? new Token(TokenKind.Double, start, number, Value.Of(value))
            : throw new ConditionException(start, $"{number} is larger than a number can be");
    }

    private void Digits(Func<char, bool> isDigit)
    {
        while (_at < text.Length && isDigit(text[_at]))
            _at++;
    }
}
