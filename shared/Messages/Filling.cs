using System.Globalization;
using System.Text.RegularExpressions;
using ServerlessCLM.Messages.Languages;
using ServerlessCLM.Messages.Proof;

namespace ServerlessCLM.Messages;

/// <summary>Puts facts where their placeholders stand, written as the language writes them.</summary>
public static class Filling
{
    /// <summary>Fills a text. A placeholder without a fact stays, which the checks refuse.</summary>
    public static string Fill(string text, Brief brief)
    {
        if (!text.Contains("{{", StringComparison.Ordinal))
            return text;

        return ProofText.PlaceholderPattern().Replace(text, match => Find(brief, match) is { } fact ? Text(fact, brief) : match.Value);
    }

    /// <summary>A no-break space is outside the alphabet of text messages: a single one would more than halve what a segment holds.</summary>
    private static string Text(Fact fact, Brief brief) =>
        brief.Channel == MessageChannel.Sms ? Text(fact, brief.Language).Replace('\u00A0', ' ') : Text(fact, brief.Language);

    /// <summary>A fact in words of a language.</summary>
    public static string Text(Fact fact, string language)
    {
        var spoken = MessageLanguage.All[language];
        return fact switch
        {
            MoneyFact money => language == "en"
                ? Invariant($"{money.Currency} {Number(money.Amount, "#,0.00", spoken)}")
                : Invariant($"{Number(money.Amount, "#,0.00", spoken)}\u00A0{money.Currency}"),
            RateFact rate => Invariant($"{Number(rate.Percent, "0.##", spoken)}{(language == "en" ? "" : "\u00A0")}%"),
            DateFact date => Date(date.Date, language),
            CountFact count => Number(count.Count, "#,0.##", spoken),
            ProductFact product => product.Product,
            ContactFact contact => contact.Text,
            PersonalFact personal => personal.Value,
            QuotedFact quoted => quoted.Text,
            _ => throw new InvalidOperationException($"the fact {fact.Name} is of no known kind"),
        };
    }

    private static Fact? Find(Brief brief, Match match) => brief.Facts.FirstOrDefault(fact => fact.Name == match.Value[2..^2]);

    private static string Number(decimal value, string format, MessageLanguage language)
    {
        var text = value.ToString(format, CultureInfo.InvariantCulture);
        var group = language.Code switch { "en" => ',', "de" or "es" => '.', _ => '\u00A0' };
        return string.Concat(text.Select(letter => letter switch { ',' => group, '.' => language.DecimalSeparator, _ => letter }));
    }

    private static string Date(DateOnly date, string language) => language switch
    {
        "en" => Invariant($"{date.Day} {English[date.Month - 1]} {date.Year}"),
        "fr" => Invariant($"{(date.Day == 1 ? "1er" : date.Day)} {French[date.Month - 1]} {date.Year}"),
        "es" => Invariant($"{date.Day} de {Spanish[date.Month - 1]} de {date.Year}"),
        _ => Invariant($"{date.Day}.\u00A0{date.Month}.\u00A0{date.Year}"),
    };

    private static readonly string[] English =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

    private static readonly string[] French =
        ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];

    private static readonly string[] Spanish =
        ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"];

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
