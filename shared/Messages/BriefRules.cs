using ServerlessCLM.Messages.Languages;

namespace ServerlessCLM.Messages;

/// <summary>What a brief must be before anything is written from it.</summary>
public static class BriefRules
{
    private const int MaxFacts = 100, MaxText = 200;

    /// <summary>Characters of a quoted text that are kept; nobody needs more of a memo to be told of it.</summary>
    public const int MaxQuoted = 500;

    private static readonly string[] Purposes = ["marketing", "service", "arrears", "collections"];

    /// <summary>Two letters each.</summary>
    public static IReadOnlyList<string> Languages { get; } = [.. MessageLanguage.All.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The first fault, by member and reason; null where there is none.</summary>
    public static Rejection? Fault(Brief brief)
    {
        if (IdFault(brief.MessageId) is { } unfit)
            return new("messageId", unfit);
        if (!Purposes.Contains(brief.Purpose))
            return new("purpose", $"must be one of {string.Join(", ", Purposes)}");
        if (!MessageLanguage.All.ContainsKey(brief.Language))
            return new("language", $"must be one of {MessageLanguage.Codes}");
        if (brief.Facts.Count > MaxFacts)
            return new("facts", $"must be at most {MaxFacts}");

        if (brief.Facts.Any(fact => fact is null) || brief.Disclosures.Concat(brief.ForbiddenTopics).Concat(brief.AllowedHosts).Any(string.IsNullOrWhiteSpace))
            return new("$", "has an empty member in a list");

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < brief.Facts.Count; i++)
        {
            if (Fault(brief.Facts[i], names) is { } reason)
                return new($"facts[{i}]", reason);
        }

        return null;
    }

    /// <summary>What is wrong with the id of a message, which is part of a row's key; null where nothing is.</summary>
    public static string? IdFault(string id) => id.Length is 0 or > MaxText || id.AsSpan().ContainsAny("/\\#?") || id.Any(char.IsControl)
        ? $"must have 1 to {MaxText} characters other than / \\ # ? and control characters"
        : null;

    /// <summary>The brief as it is kept: quoted texts cut to <see cref="MaxQuoted"/> characters.</summary>
    public static Brief Shortened(Brief brief) => brief with
    {
        Facts = [.. brief.Facts.Select(fact => fact is QuotedFact { Text.Length: > MaxQuoted } quoted ? quoted with { Text = quoted.Text[..MaxQuoted] } : fact)],
    };

    private static string? Fault(Fact fact, HashSet<string> names)
    {
        if (fact.Name.Length is 0 or > 64 || fact.Name.Any(letter => !(char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '_')))
            return "needs a name of 1 to 64 characters a–z 0–9 _";
        if (!names.Add(fact.Name))
            return $"has the name {fact.Name} of an earlier one";

        return fact switch
        {
            MoneyFact money when money.Currency.Length != 3 || money.Currency.Any(letter => !char.IsAsciiLetterUpper(letter)) => "needs a currency like EUR",
            MoneyFact money when decimal.Round(money.Amount, 2) != money.Amount => "has more than two decimals",
            CountFact { Count: < 0 } => "counts less than nothing",
            ProductFact product when product.Product.Length is 0 or > MaxText => $"needs a text of 1 to {MaxText} characters",
            ContactFact contact when contact.Text.Length is 0 or > MaxText => $"needs a text of 1 to {MaxText} characters",
            PersonalFact personal when personal.Value.Length > MaxText => $"has more than {MaxText} characters",
            _ => null,
        };
    }
}
