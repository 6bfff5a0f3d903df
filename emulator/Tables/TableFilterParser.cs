using System.Globalization;
using System.Text;
using Azure;

namespace ServerlessCLM.Emulator;

/// <summary>
/// Reads the filter language: <c>or</c> over <c>and</c> over <c>not</c> over comparisons and parentheses, where a comparison is
/// property, operator, literal, or a Boolean property alone. Literals are 'text' (a quote doubled), 12, 12L, 1.5, true, false,
/// datetime'…', guid'…', X'…' and binary'…' (hexadecimal).
/// </summary>
ref struct TableFilterParser(string text)
{
    const int MaxDepth = 200;

    int _position;
    int _depth;

    internal TableFilter Parse()
    {
        var filter = ParseOr();
        SkipSpace();
        return _position == text.Length ? filter : throw Fault("expected 'and', 'or' or the end");
    }

    TableFilter ParseOr()
    {
        if (++_depth > MaxDepth) throw Fault($"nests deeper than {MaxDepth}");
        var left = ParseAnd();
        while (TryWord("or")) left = new TableFilter.Or(left, ParseAnd());
        _depth--;
        return left;
    }

    TableFilter ParseAnd()
    {
        var left = ParseTerm();
        while (TryWord("and")) left = new TableFilter.And(left, ParseTerm());
        return left;
    }

    TableFilter ParseTerm()
    {
        if (TryWord("not"))
        {
            if (++_depth > MaxDepth) throw Fault($"nests deeper than {MaxDepth}");
            var inner = ParseTerm();
            _depth--;
            return new TableFilter.Not(inner);
        }
        SkipSpace();
        if (_position < text.Length && text[_position] == '(')
        {
            _position++;
            var inner = ParseOr();
            SkipSpace();
            if (_position == text.Length || text[_position] != ')') throw Fault("expected ')'");
            _position++;
            return inner;
        }
        var name = ReadWord();
        if (name.Length == 0 || char.IsAsciiDigit(name[0])) throw Fault("expected a property name, 'not' or '('");
        return TryComparator() is { } comparator
            ? new TableFilter.Comparison(name, comparator, ReadLiteral())
            : new TableFilter.Comparison(name, Comparator.Equal, Literal: true);
    }

    Comparator? TryComparator()
    {
        var start = _position;
        Comparator? comparator = ReadWord() switch
        {
            "eq" => Comparator.Equal,
            "ne" => Comparator.NotEqual,
            "gt" => Comparator.Greater,
            "ge" => Comparator.GreaterOrEqual,
            "lt" => Comparator.Less,
            "le" => Comparator.LessOrEqual,
            "and" or "or" or "" => null,
            var other => throw FaultAt(_position - other.Length, $"'{other}' is not one of eq, ne, gt, ge, lt, le"),
        };
        if (comparator is null) _position = start;
        return comparator;
    }

    object ReadLiteral()
    {
        SkipSpace();
        var start = _position;
        if (start == text.Length) throw Fault("expected a literal");
        if (text[start] == '\'') return ReadQuoted();
        if (char.IsAsciiDigit(text[start]) || text[start] is '-' or '+' or '.') return ReadNumber();
        var word = ReadWord();
        if (word is "true" or "false") return word == "true";
        if (_position == text.Length || text[_position] != '\'') throw FaultAt(start, "expected a literal");
        var quoted = ReadQuoted();
        return word switch
        {
            "datetime" when DateTimeOffset.TryParse(quoted, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant) => instant,
            "guid" when Guid.TryParse(quoted, out var guid) => guid,
            "X" or "binary" when quoted.Length % 2 == 0 && quoted.All(char.IsAsciiHexDigit) => Convert.FromHexString(quoted),
            _ => throw FaultAt(start, $"{word}'{quoted}' is no literal"),
        };
    }

    object ReadNumber()
    {
        var start = _position;
        while (_position < text.Length
            && (char.IsAsciiLetterOrDigit(text[_position]) || text[_position] is '.' or '-' or '+')) _position++;
        var digits = text.AsSpan(start, _position - start);
        if (digits[^1] is 'L' or 'l')
        {
            if (long.TryParse(digits[..^1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var suffixed)) return suffixed;
        }
        else if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
        {
            return integer is >= int.MinValue and <= int.MaxValue ? (object)(int)integer : integer;
        }
        else if (double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }
        throw FaultAt(start, $"'{digits}' is no number");
    }

    string ReadQuoted()
    {
        var start = _position++;
        var value = new StringBuilder();
        while (true)
        {
            var end = text.IndexOf('\'', _position);
            if (end < 0) throw FaultAt(start, "the string has no closing quote");
            value.Append(text, _position, end - _position);
            _position = end + 1;
            if (_position == text.Length || text[_position] != '\'') return value.ToString();
            value.Append('\'');
            _position++;
        }
    }

    bool TryWord(string word)
    {
        var start = _position;
        if (string.Equals(ReadWord(), word, StringComparison.Ordinal)) return true;
        _position = start;
        return false;
    }

    string ReadWord()
    {
        SkipSpace();
        var start = _position;
        while (_position < text.Length && (char.IsLetterOrDigit(text[_position]) || text[_position] == '_')) _position++;
        return text[start.._position];
    }

    void SkipSpace()
    {
        while (_position < text.Length && char.IsWhiteSpace(text[_position])) _position++;
    }

    readonly RequestFailedException Fault(string reason) => FaultAt(_position, reason);

    readonly RequestFailedException FaultAt(int position, string reason) =>
        TableErrors.InvalidInput($"Filter \"{text}\" at position {position}: {reason}.");
}
