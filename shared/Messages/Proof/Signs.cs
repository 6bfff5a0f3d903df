using System.Collections.Frozen;

namespace ServerlessCLM.Messages.Proof;

/// <summary>Signs of money and shares, in any language.</summary>
internal static class Signs
{
    /// <summary>ISO 4217 codes as they stand in folded text.</summary>
    public static readonly FrozenSet<string> Codes = new[]
    {
        "eur", "usd", "gbp", "czk", "chf", "pln", "huf", "sek", "nok", "dkk", "ron", "bgn", "jpy", "cny", "aud", "cad", "inr", "try", "rub", "uah", "isk",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The currency of a sign, <c>%</c> for a share, null for neither. A dollar sign is taken for US dollars.</summary>
    public static string? Of(char sign) => sign switch
    {
        '€' => "EUR",
        '$' => "USD",
        '£' => "GBP",
        '¥' => "JPY",
        '%' or '‰' => "%",
        _ when char.GetUnicodeCategory(sign) == System.Globalization.UnicodeCategory.CurrencySymbol => "XXX",
        _ => null,
    };
}
