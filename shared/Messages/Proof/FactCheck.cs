using System.Globalization;

namespace ServerlessCLM.Messages.Proof;

/// <summary>Every number, amount, rate, quantity and day in a text is a fact of the brief.</summary>
internal static class FactCheck
{
    public const string Numbers = "numbers";

    public static Verdict Run(ProofText text)
    {
        var mentions = new List<Mention>();
        var left = DateScanner.Of(text.Language).Scan(text, mentions);
        mentions.AddRange(new NumberScanner(text.Language, left).Scan());
        mentions.Sort((one, other) => one.Start.CompareTo(other.Start));
        foreach (var mention in mentions)
        {
            if (!IsProven(mention, text.Brief))
                return Verdict.Refuse(Numbers, mention.Problem ?? Reason(mention), text.Evidence(mention.Start, mention.End));
        }

        return Verdict.Pass(Numbers);
    }

    /// <summary>Placeholders stand for facts of the brief and nothing else.</summary>
    public static Verdict Placeholders(ProofText text)
    {
        const string check = "placeholders";
        foreach (System.Text.RegularExpressions.Match match in ProofText.PlaceholderPattern().Matches(text.Raw))
        {
            var name = match.Value[2..^2];
            if (!text.Brief.Facts.Any(fact => fact.Name == name))
                return Verdict.Refuse(check, "stands for no fact of the brief", match.Value);
        }

        var rest = ProofText.PlaceholderPattern().Replace(text.Raw, "");
        return rest.IndexOfAny(['{', '}']) is >= 0 and var at
            ? Verdict.Refuse(check, "is a brace outside a placeholder", rest.Substring(at, Math.Min(20, rest.Length - at)))
            : Verdict.Pass(check);
    }

    private static bool IsProven(in Mention mention, Brief brief)
    {
        var (value, day, until) = (mention.Value, mention.Date, mention.Until);
        var (currency, unit) = (mention.Currency, mention.Unit);
        return mention.Kind switch
        {
            MentionKind.Money => brief.Facts.Any(fact => fact is MoneyFact money && money.Currency == currency && Math.Abs(money.Amount) == value),
            MentionKind.Rate => brief.Facts.Any(fact => fact is RateFact rate && rate.Percent == value),
            MentionKind.Count => brief.Facts.Any(fact => fact is CountFact count && count.Unit == unit && count.Count == value),
            MentionKind.Day => brief.Facts.Any(fact => fact is DateFact date && date.Date == day),
            MentionKind.DayOfMonth => brief.Facts.Any(fact => fact is DateFact date && date.Date.Day == day.Day && date.Date.Month == day.Month),
            MentionKind.Month => brief.Facts.Any(fact => fact is DateFact date && date.Date.Month == value),
            MentionKind.Weekday => brief.Facts.Any(fact => fact is DateFact date && IsNear(date.Date, brief) && (((int)date.Date.DayOfWeek + 6) % 7) + 1 == value),
            MentionKind.Period => brief.Facts.Any(fact => fact is DateFact date && date.Date >= day && date.Date <= until),
            MentionKind.Bare => brief.Facts.Any(fact => fact switch
            {
                CountFact count => count.Unit == CountUnit.None && count.Count == value,
                DateFact date => date.Date.Year == value,
                _ => false,
            }),
            _ => false,
        };
    }

    /// <summary>A weekday without a date is the last or the next one.</summary>
    private static bool IsNear(DateOnly date, Brief brief) => Math.Abs(date.DayNumber - brief.SendDate.DayNumber) <= 7;

    private static string Reason(in Mention mention) => mention.Kind switch
    {
        MentionKind.Money => Invariant($"{mention.Value} {mention.Currency} is no amount of the brief"),
        MentionKind.Rate => Invariant($"{mention.Value} % is no rate of the brief"),
        MentionKind.Count => Invariant($"{mention.Value} {mention.Unit} is no count of the brief"),
        MentionKind.Bare => Invariant($"the number {mention.Value} is no count of the brief"),
        MentionKind.Day => Invariant($"{mention.Date:yyyy-MM-dd} is no date of the brief"),
        MentionKind.DayOfMonth => Invariant($"the day {mention.Date:d MMMM} is no date of the brief"),
        MentionKind.Period => Invariant($"no date of the brief lies from {mention.Date:yyyy-MM-dd} to {mention.Until:yyyy-MM-dd}"),
        MentionKind.Month => "no date of the brief lies in that month",
        _ => "no date of the brief falls on that day of the week",
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
