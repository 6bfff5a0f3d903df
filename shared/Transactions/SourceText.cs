using System.Globalization;

namespace ServerlessCLM.Transactions;

/// <summary>Values as the formats write them, held to the same limits as the event contract.</summary>
internal static class SourceText
{
    private const decimal MaximumAmount = 1_000_000_000_000m;

    /// <summary>A plain decimal number with at most four decimals, at most 10^12 either sign.</summary>
    public static bool TryMoney(string text, out decimal amount) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out amount)
        && Math.Abs(amount) <= MaximumAmount && decimal.Round(amount, 4) == amount;

    /// <summary>A customer id of the event contract.</summary>
    public static bool IsCustomer(string text) =>
        text.Length <= 128 && PaymentText.IsCustomer(System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>ASCII letters A–Z of a fixed number.</summary>
    public static bool IsCode(string text, int letters) => text.Length == letters && text.All(char.IsAsciiLetterUpper);

    /// <summary>The text without white space around it or control characters, cut to 128 characters; null when nothing is left.</summary>
    public static string? Name(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var name = new string([.. text.Trim().Select(letter => char.IsControl(letter) ? ' ' : letter)]);
        return name.Length <= 128 ? name : name[..(char.IsHighSurrogate(name[127]) ? 127 : 128)];
    }
}
