using ServerlessCLM.Messages.Languages;

namespace ServerlessCLM.Messages.Proof;

/// <summary>
/// Finds everything that says a number, in digits or in words, with what it counts. What could say one and cannot be read is a mention
/// too, an <see cref="MentionKind.Unreadable"/> one: what nobody can read is not proven.
/// </summary>
internal sealed class NumberScanner(MessageLanguage language, string text)
{
    private readonly List<Token> _tokens = Tokens.Of(text, language);
    private readonly List<Mention> _found = [];

    public List<Mention> Scan()
    {
        for (var place = 0; place < _tokens.Count;)
            place = At(place);
        Inherit();
        return _found;
    }

    /// <summary>Reads what begins at a token.</summary>
    /// <returns>The place of the next token to read.</returns>
    private int At(int place)
    {
        var token = _tokens[place];
        switch (token.Kind)
        {
            case TokenKind.Number:
                var (value, problem) = Numeral.Read(Span(token), language);
                if (problem is not null)
                    return Problem(token, problem, place + 1);
                if (Touches(place))
                    return Problem(token, "touches a placeholder, whose value nobody has read with it", place + 1);
                return Counted(place, place + 1, value, inWords: false);
            case TokenKind.Mixed:
                return Mixed(place, token);
            case TokenKind.Word:
                return Word(place, token);
            case TokenKind.Symbol when Signs.Of(text[token.Start]) is not null && !Signed(place):
                return Problem(token, "is a sign of money or a share without a number that can be read", place + 1);
            case TokenKind.Placeholder or TokenKind.TrustedDigit when Measure(place + 1) is { Length: > 0 }:
                return Problem(_tokens[place + 1], "follows a fact that says its own unit", place + 1);
            default:
                return place + 1;
        }
    }

    private int Word(int place, Token token)
    {
        var word = Text(token);
        if (language.VagueQuantities.Contains(word))
            return Problem(token, "is a quantity without a number", place + 1);

        var (words, value) = ReadWords(place, language);
        if (words > 0)
        {
            // "One" is an article in most languages; beside a unit it counts.
            var article = value == 1 && words == 1;
            return article && Measure(place + 1) is null && !IsScale(place + 1) ? place + 1 : Counted(place, place + words, value, inWords: true);
        }

        if (language.Currencies.ContainsKey(word) && place > 0 && _tokens[place - 1].Kind == TokenKind.Word && ReadElsewhere(place - 1))
            return Problem(_tokens[place - 1], "is a number of another language", place + 1);

        return language.NumberWords.Suggests(word) ? Problem(token, "is about a number that cannot be read", place + 1) : place + 1;
    }

    /// <summary>The longest run of words from a place on that is one number.</summary>
    private (int Words, long Value) ReadWords(int place, MessageLanguage spoken)
    {
        if (!spoken.NumberWords.MayBegin(Text(_tokens[place])))
            return default;

        var best = default((int, long));
        var joined = "";
        var end = place;
        for (var words = 1; words <= NumberWords.MaxWords && end < _tokens.Count; words++)
        {
            if (_tokens[end].Kind != TokenKind.Word)
                break;

            joined += Text(_tokens[end]);
            end++;
            if (spoken.NumberWords.Read(joined) is { } value)
                best = (end - place, value);
            if (end < _tokens.Count && _tokens[end] is { Kind: TokenKind.Symbol } hyphen && text[hyphen.Start] == '-')
                end++;
        }

        return best;
    }

    private bool ReadElsewhere(int place) =>
        MessageLanguage.All.Values.Any(other => other != language && ReadWords(place, other) is { Words: > 0, Value: > 1 });

    /// <summary>50EUR, EUR50, 5k, 24h, 1st; all else of letters and digits has no meaning that can be checked.</summary>
    private int Mixed(int place, Token token)
    {
        var span = Span(token);
        if (char.IsAsciiDigit(span[0]))
        {
            var split = span.IndexOfAnyExcept("0123456789.,' \u00A0\u202F");
            var (value, problem) = Numeral.Read(span[..split].TrimEnd("., "), language);
            var suffix = span[split..].ToString();
            if (problem is null && !Touches(place))
            {
                if (Money(suffix) is { } money)
                    return Add(new Mention(token.Start, token.End, MentionKind.Money, value * money.Factor) { Currency = money.Currency }, place + 1);
                if (suffix is "h" or "d")
                    return Add(new Mention(token.Start, token.End, MentionKind.Count, value) { Unit = suffix == "h" ? CountUnit.Hour : CountUnit.Day }, place + 1);
                if (language.Scales.TryGetValue(suffix, out var scale))
                    return Counted(place, place + 1, value * scale, inWords: false);
                if (suffix is "st" or "nd" or "rd" or "th" or "er" or "e" or "eme" or "º" or "ª")
                    return Add(new Mention(token.Start, token.End, MentionKind.Bare, value), place + 1);
            }
        }
        else
        {
            var split = span.IndexOfAnyInRange('0', '9');
            var (value, problem) = Numeral.Read(span[split..], language);
            if (problem is null && !Touches(place) && Money(span[..split].ToString()) is { } money)
                return Add(new Mention(token.Start, token.End, MentionKind.Money, value * money.Factor) { Currency = money.Currency }, place + 1);
        }

        return Problem(token, "mixes letters and digits and is no fact", place + 1);
    }

    /// <summary>A number with what stands around it: scale, unit, currency or percent.</summary>
    private int Counted(int place, int next, decimal value, bool inWords)
    {
        var start = _tokens[place].Start;
        if (next < _tokens.Count && language.Scales.TryGetValue(Text(_tokens[next]), out var scale) && !inWords)
        {
            value *= scale;
            next++;
            if (next < _tokens.Count && text[_tokens[next].Start] == '.' && Text(_tokens[next - 1]) is "tsd" or "mio" or "mrd" or "tis" or "mil")
                next++;
        }

        if (Measure(next) is { } after)
        {
            var end = next + after.Length;
            return Add(after.Of(start, _tokens[end - 1].End, value), end);
        }

        if (place > 0 && Before(place - 1) is { } currency)
            return Add(new Mention(_tokens[place - 1].Start, _tokens[next - 1].End, MentionKind.Money, value) { Currency = currency }, next);
        return Add(new Mention(start, _tokens[next - 1].End, MentionKind.Bare, value), next);
    }

    /// <summary>What is counted by the number before a place: a currency, a share or a unit of time; null for none.</summary>
    private Measured? Measure(int place)
    {
        if (place < _tokens.Count && text[_tokens[place].Start] is '-' && _tokens[place].Kind == TokenKind.Symbol)
            return Measure(place + 1) is { } behind && behind.Unit is not CountUnit.None ? behind with { Length = behind.Length + 1 } : null;
        if (place >= _tokens.Count)
            return null;

        var token = _tokens[place];
        if (token.Kind == TokenKind.Symbol && Signs.Of(text[token.Start]) is { } sign)
            return sign == "%" ? new(1, text[token.Start] == '‰' ? .1m : 1m, null, CountUnit.None) : new(1, 1m, sign, CountUnit.None);
        if (token.Kind != TokenKind.Word)
            return null;

        var word = Text(token);
        if (Money(word) is { } money)
            return new(1, money.Factor, money.Currency, CountUnit.None);
        if (language.Percent.Contains(word))
            return new(1, 1m, null, CountUnit.None);
        if (place + 1 < _tokens.Count && _tokens[place + 1].Kind == TokenKind.Word && language.Percent.Contains($"{word} {Text(_tokens[place + 1])}"))
            return new(2, 1m, null, CountUnit.None);
        if (language.Units.TryGetValue(word, out var unit))
            return new(1, unit.Factor, null, unit.Unit);
        return Qualifiers.Contains(word) && place + 1 < _tokens.Count && language.Units.TryGetValue(Text(_tokens[place + 1]), out unit)
            ? new(2, unit.Factor, null, unit.Unit)
            : null;
    }

    private static readonly string[] Qualifiers = ["calendar", "full", "whole", "volle", "vollen", "ganze", "ganzen", "weitere", "weiteren", "more", "further", "cely", "cele", "celych", "dalsi", "dalsich", "autres"];

    private string? Before(int place) => _tokens[place].Kind switch
    {
        TokenKind.Symbol when Signs.Of(text[_tokens[place].Start]) is { } sign && sign != "%" => sign,
        TokenKind.Word when Money(Text(_tokens[place])) is { Factor: 1m } money => money.Currency,
        _ => null,
    };

    /// <summary>Whether a sign stands beside a number: before it, behind it, or behind the unit of one.</summary>
    private bool Signed(int place) =>
        (place + 1 < _tokens.Count && _tokens[place + 1].Kind is TokenKind.Number or TokenKind.Mixed) || (place > 0 && _tokens[place - 1].Kind is TokenKind.Number);

    private bool IsScale(int place) => place < _tokens.Count && language.Scales.ContainsKey(Text(_tokens[place]));

    private bool Touches(int place) =>
        (place > 0 && _tokens[place - 1].Kind == TokenKind.Placeholder && _tokens[place - 1].End == _tokens[place].Start)
        || (place + 1 < _tokens.Count && _tokens[place + 1].Kind == TokenKind.Placeholder && _tokens[place + 1].Start == _tokens[place].End);

    private (string Currency, decimal Factor)? Money(string word) =>
        language.Currencies.TryGetValue(word, out var money) ? money : Signs.Codes.Contains(word) ? (word.ToUpperInvariant(), 1m) : null;

    /// <summary>In "10 to 20 euros" the ten are euros too.</summary>
    private void Inherit()
    {
        for (var i = _found.Count - 2; i >= 0; i--)
        {
            var (mention, next) = (_found[i], _found[i + 1]);
            if (mention.Kind != MentionKind.Bare || next.Kind is not (MentionKind.Money or MentionKind.Rate or MentionKind.Count) || !Joined(mention.End, next.Start))
                continue;

            var factor = next.Kind == MentionKind.Count && next.Unit is CountUnit.Day or CountUnit.Month ? FactorOf(next) : 1;
            _found[i] = next with { Start = mention.Start, End = mention.End, Value = mention.Value * factor };
        }
    }

    private int FactorOf(Mention counted)
    {
        var last = Tokens.Of(text[counted.Start..counted.End], language)[^1];
        return language.Units.TryGetValue(text[(counted.Start + last.Start)..(counted.Start + last.End)], out var unit) ? unit.Factor : 1;
    }

    private bool Joined(int from, int to)
    {
        var connected = false;
        foreach (var token in Tokens.Of(text[from..to], language))
        {
            var word = text[(from + token.Start)..(from + token.End)];
            if (!language.Connectors.Contains(word) && word is not ("," or "-" or "–" or "/"))
                return false;
            connected = true;
        }

        return connected;
    }

    private int Add(Mention mention, int next)
    {
        _found.Add(mention);
        return next;
    }

    private int Problem(Token token, string problem, int next) => Add(Mention.Unreadable(token.Start, token.End, problem), next);

    private ReadOnlySpan<char> Span(Token token) => text.AsSpan(token.Start, token.End - token.Start);

    private string Text(Token token) => text[token.Start..token.End];

    /// <summary>A unit behind a number.</summary>
    private sealed record Measured(int Length, decimal Factor, string? Currency, CountUnit Unit)
    {
        public Mention Of(int start, int end, decimal value) => this switch
        {
            { Currency: { } currency } => new Mention(start, end, MentionKind.Money, value * Factor) { Currency = currency },
            { Unit: CountUnit.None } => new Mention(start, end, MentionKind.Rate, value * Factor),
            _ => new Mention(start, end, MentionKind.Count, value * Factor) { Unit = Unit },
        };
    }
}
