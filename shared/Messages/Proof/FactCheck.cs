using System.Globalization;

namespace ServerlessCLM.Messages.Proof;

/// <summary>Every number, amount, rate, quantity and day in a text is a fact of the brief.</summary>
internal static class FactCheck
{
    public const string Numbers = "numbers";

    /// <summary>Name of the check of placeholders.</summary>
    public const string InPlace = "placeholders";

    /// <summary>Under this name stand words that are trusted as a whole: they need no check of their own.</summary>
    public const string Verbatim = "verbatim";

    public static Verdict Run(ProofText text) => FindMentions(text).FirstOrDefault(finding => finding.Reason is not null) is { } refused
        ? Verdict.Refuse(Numbers, refused.Reason!, text.Evidence(refused.Start, refused.End))
        : Verdict.Pass(Numbers);

    /// <summary>Every number, amount, rate, quantity and day in the order of the text, with the fact that it is.</summary>
    public static IEnumerable<Finding> FindMentions(ProofText text)
    {
        var mentions = new List<Mention>();
        var left = DateScanner.Of(text.Language).Scan(text, mentions);
        mentions.AddRange(new NumberScanner(text.Language, left).Scan());
        mentions.Sort((one, other) => one.Start.CompareTo(other.Start));
        return mentions.Select(mention => text.Brief.Facts.FirstOrDefault(fact => Says(fact, mention, text.Brief)) is { } fact
            ? Finding.By(mention.Start, mention.End, Numbers, fact)
            : Finding.Refused(mention.Start, mention.End, Numbers, mention.Problem ?? Reason(mention)));
    }

    /// <summary>Placeholders stand for facts of the brief and nothing else.</summary>
    public static Verdict Placeholders(ProofText text)
    {
        foreach (var (match, finding) in text.Placeholders.Zip(FindPlaceholders(text)))
        {
            if (finding.Reason is { } reason)
                return Verdict.Refuse(InPlace, reason, match.Value);
        }

        var rest = ProofText.PlaceholderPattern().Replace(text.Raw, "");
        return rest.IndexOfAny(['{', '}']) is >= 0 and var at
            ? Verdict.Refuse(InPlace, "is a brace outside a placeholder", rest.Substring(at, Math.Min(20, rest.Length - at)))
            : Verdict.Pass(InPlace);
    }

    public static IEnumerable<Finding> FindPlaceholders(ProofText text) => text.Placeholders.Select(match =>
    {
        var (start, end) = (text.FoldedFrom(match.Index), text.FoldedFrom(match.Index + match.Length - 1) + 1);
        return text.Brief.Facts.FirstOrDefault(fact => fact.Name == match.Value[2..^2]) is { } fact
            ? Finding.By(start, end, InPlace, fact)
            : Finding.Refused(start, end, InPlace, "stands for no fact of the brief");
    });

    private static bool Says(Fact fact, in Mention mention, Brief brief) => (mention.Kind, fact) switch
    {
        (MentionKind.Money, MoneyFact money) => money.Currency == mention.Currency && Math.Abs(money.Amount) == mention.Value,
        (MentionKind.Rate, RateFact rate) => rate.Percent == mention.Value,
        (MentionKind.Count, CountFact count) => count.Unit == mention.Unit && count.Count == mention.Value,
        (MentionKind.Day, DateFact date) => date.Date == mention.Date,
        (MentionKind.DayOfMonth, DateFact date) => date.Date.Day == mention.Date.Day && date.Date.Month == mention.Date.Month,
        (MentionKind.Month, DateFact date) => date.Date.Month == mention.Value,
        (MentionKind.Weekday, DateFact date) => IsNear(date.Date, brief) && (((int)date.Date.DayOfWeek + 6) % 7) + 1 == mention.Value,
        (MentionKind.Period, DateFact date) => date.Date >= mention.Date && date.Date <= mention.Until,
        (MentionKind.Bare, CountFact count) => count.Unit == CountUnit.None && count.Count == mention.Value,
        (MentionKind.Bare, DateFact date) => date.Date.Year == mention.Value,
        _ => false,
    };

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
