using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using ServerlessCLM.Messages.Languages;

namespace ServerlessCLM.Messages.Proof;

/// <summary>Finds days: 12.03.2027, 3/12/27, 2027-03-12, 12 March 2027, tomorrow, by Friday, in May.</summary>
internal sealed partial class DateScanner
{
    private static readonly ConcurrentDictionary<string, DateScanner> Scanners = new(StringComparer.Ordinal);

    private readonly MessageLanguage _language;
    private readonly Regex _dayMonth, _monthDay, _monthYear;
    private readonly Dictionary<string, int> _months = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _namedAlone = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _weekdays = new(StringComparer.Ordinal);
    private readonly (string Phrase, RelativeDay Day)[] _relative;

    private DateScanner(MessageLanguage language)
    {
        _language = language;
        for (var month = 0; month < 12; month++)
        {
            foreach (var name in language.Months[month])
                _months[name] = month + 1;
            // An abbreviation stands beside a number only: "sept" alone is seven to the French.
            foreach (var name in language.Code == "cs" ? language.Months[month] : language.Months[month][..1])
                _namedAlone[name] = month + 1;
        }

        for (var weekday = 0; weekday < 7; weekday++)
        {
            foreach (var name in language.Weekdays[weekday])
                _weekdays[name] = weekday + 1;
        }

        var names = string.Join('|', _months.Keys.OrderByDescending(name => name.Length));
        _dayMonth = Pattern($@"\b(?<d>[0-9]{{1,2}})(?:\.|er|st|nd|rd|th|º)?[ \u00A0\u202F]*(?:de |of |d')?(?<m>{names})\b\.?(?:,? ?(?:de |del |of )?(?<y>[0-9]{{4}})\b)?");
        _monthDay = Pattern($@"\b(?<m>{names})\b\.?[ \u00A0]+(?<d>[0-9]{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?<y>[0-9]{{4}})\b)?");
        _monthYear = Pattern($@"\b(?<m>{names})\b\.? (?:de |of )?(?<y>(?:19|20|21)[0-9]{{2}})\b");
        _relative = [.. language.RelativeDays.Select(day => (Folding.Of(day.Phrase), day)).OrderByDescending(pair => pair.Item1.Length)];
    }

    public static DateScanner Of(MessageLanguage language) => Scanners.GetOrAdd(language.Code, _ => new DateScanner(language));

    /// <summary>All days, and the text with them blanked, so that their numbers are not read again.</summary>
    public string Scan(ProofText text, List<Mention> found)
    {
        var left = text.Numeric.ToCharArray();
        Take(Iso(), left, found, match => Whole(match, Number(match, "y"), Number(match, "m"), Number(match, "d")));
        Take(_language.Code is "de" or "cs" ? DottedMaybeShort() : Dotted(), left, found, match => DayFirst(match, text.Brief));
        Take(Slashed(), left, found, match => _language.DayBeforeMonth ? DayFirst(match, text.Brief) : EitherFirst(match));
        Take(_language.DayBeforeMonth ? _dayMonth : _monthDay, left, found, match => Named(match));
        Take(_language.DayBeforeMonth ? _monthDay : _dayMonth, left, found, match => Named(match));
        Take(_monthYear, left, found, MonthOfYear);
        foreach (var (phrase, day) in _relative)
            TakePhrase(phrase, left, found, text.Brief.SendDate, day);
        TakeNames(left, found);
        Take(TimeOfDay(), left, found, match => Mention.Unreadable(match.Index, match.Index + match.Length, "a time of day is no fact unless it stands in the bank's opening hours"));
        return new string(left);
    }

    private static void Take(Regex pattern, char[] left, List<Mention> found, Func<Match, Mention?> read)
    {
        var text = new string(left);
        for (var match = pattern.Match(text); match.Success; match = match.NextMatch())
        {
            if (read(match) is not { } mention)
                continue;

            found.Add(mention);
            left.AsSpan(match.Index, match.Length).Fill(' ');
        }
    }

    private static void TakePhrase(string phrase, char[] left, List<Mention> found, DateOnly sent, RelativeDay day)
    {
        for (var at = left.AsSpan().IndexOf(phrase, StringComparison.Ordinal); at >= 0;)
        {
            var end = at + phrase.Length;
            if ((at == 0 || !char.IsLetterOrDigit(left[at - 1])) && (end == left.Length || !char.IsLetterOrDigit(left[end])))
            {
                found.Add(new Mention(at, end, MentionKind.Period) { Date = sent.AddDays(day.FirstDay), Until = sent.AddDays(day.LastDay) });
                left.AsSpan(at, phrase.Length).Fill(' ');
            }

            var next = left.AsSpan(at + 1).IndexOf(phrase, StringComparison.Ordinal);
            at = next < 0 ? -1 : at + 1 + next;
        }
    }

    /// <summary>Months and weekdays that stand alone. "May" and "march" are verbs too, and mean a month only after a preposition.</summary>
    private void TakeNames(char[] left, List<Mention> found)
    {
        var before = "";
        foreach (var token in Tokens.Of(new string(left), _language))
        {
            if (token.Kind != TokenKind.Word)
            {
                before = "";
                continue;
            }

            var word = new string(left, token.Start, token.End - token.Start);
            if (_weekdays.TryGetValue(word, out var weekday))
                found.Add(new Mention(token.Start, token.End, MentionKind.Weekday, weekday));
            else if (_namedAlone.TryGetValue(word, out var month) && (word is not ("march" or "may") || IsPreposition(before)))
                found.Add(new Mention(token.Start, token.End, MentionKind.Month, month));
            before = word;
        }
    }

    private static bool IsPreposition(string word) => word is "in" or "by" or "of" or "until" or "before" or "after" or "from" or "since" or "during";

    private Mention? Named(Match match)
    {
        var month = _months[match.Groups["m"].Value];
        return match.Groups["y"].Success ? Whole(match, Number(match, "y"), month, Number(match, "d")) : WithoutYear(match, month, Number(match, "d"));
    }

    private Mention? MonthOfYear(Match match)
    {
        var first = new DateOnly(Number(match, "y"), _months[match.Groups["m"].Value], 1);
        return new Mention(match.Index, match.Index + match.Length, MentionKind.Period) { Date = first, Until = first.AddMonths(1).AddDays(-1) };
    }

    private static Mention? DayFirst(Match match, Brief brief)
    {
        var (day, month) = (Number(match, "d"), Number(match, "m"));
        return match.Groups["y"] is { Success: true } year
            ? Whole(match, year.Length == 2 ? (brief.SendDate.Year / 100 * 100) + Number(match, "y") : Number(match, "y"), month, day)
            : WithoutYear(match, month, day);
    }

    /// <summary>Where both orders are in use, a day that both read alike is one, and one that only one order can read.</summary>
    private static Mention? EitherFirst(Match match)
    {
        var (one, other) = (Number(match, "d"), Number(match, "m"));
        if (one <= 12 && other <= 12 && one != other)
            return Mention.Unreadable(match.Index, match.Index + match.Length, "may be read with the day or the month first; name the month");

        var (day, month) = one > 12 ? (one, other) : (other, one);
        return match.Groups["y"].Success
            ? Whole(match, match.Groups["y"].Length == 2 ? 2000 + Number(match, "y") : Number(match, "y"), month, day)
            : WithoutYear(match, month, day);
    }

    private static Mention Whole(Match match, int year, int month, int day) =>
        year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            ? new Mention(match.Index, match.Index + match.Length, MentionKind.Day) { Date = new DateOnly(year, month, day) }
            : Mention.Unreadable(match.Index, match.Index + match.Length, "is no day of the calendar");

    private static Mention WithoutYear(Match match, int month, int day) =>
        month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(2024, month)
            ? new Mention(match.Index, match.Index + match.Length, MentionKind.DayOfMonth) { Date = new DateOnly(2024, month, day) }
            : Mention.Unreadable(match.Index, match.Index + match.Length, "is no day of the calendar");

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    // Without backtracking there is no time-out to choose: a verdict must not depend on how busy the machine is.
    private static Regex Pattern(string pattern) => new(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    [GeneratedRegex(@"\b(?<y>[0-9]{4})-(?<m>[0-9]{1,2})-(?<d>[0-9]{1,2})\b", RegexOptions.NonBacktracking)]
    private static partial Regex Iso();

    [GeneratedRegex(@"\b(?<d>[0-9]{1,2})\.[ \u00A0]?(?<m>[0-9]{1,2})\.[ \u00A0]?(?<y>[0-9]{4}|[0-9]{2})\b", RegexOptions.NonBacktracking)]
    private static partial Regex Dotted();

    [GeneratedRegex(@"\b(?<d>[0-9]{1,2})\.[ \u00A0]?(?<m>[0-9]{1,2})\.(?:[ \u00A0]?(?<y>[0-9]{4}|[0-9]{2})\b)?", RegexOptions.NonBacktracking)]
    private static partial Regex DottedMaybeShort();

    [GeneratedRegex(@"\b(?<d>[0-9]{1,2})[/-](?<m>[0-9]{1,2})(?:[/-](?<y>[0-9]{4}|[0-9]{2}))\b|\b(?<d>[0-9]{1,2})/(?<m>[0-9]{1,2})\b", RegexOptions.NonBacktracking)]
    private static partial Regex Slashed();

    [GeneratedRegex(@"\b(?:[01]?[0-9]|2[0-4])(?::[0-5][0-9](?:\s?(?:am|pm|uhr|h|hod))?|\s?(?:am|pm|uhr|hod)\b|\s?h(?:\s?[0-5][0-9])?\b)", RegexOptions.NonBacktracking)]
    private static partial Regex TimeOfDay();
}
