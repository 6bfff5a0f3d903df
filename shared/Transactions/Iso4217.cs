using System.Collections.Frozen;

namespace ServerlessCLM.Transactions;

/// <summary>Currencies of ISO 4217 by their number, with how many minor units make one.</summary>
internal static class Iso4217
{
    private static readonly FrozenDictionary<string, string> names = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["032"] = "ARS", ["036"] = "AUD", ["044"] = "BSD", ["048"] = "BHD", ["050"] = "BDT", ["052"] = "BBD", ["068"] = "BOB",
        ["096"] = "BND", ["108"] = "BIF", ["116"] = "KHR", ["124"] = "CAD", ["144"] = "LKR", ["152"] = "CLP", ["156"] = "CNY",
        ["170"] = "COP", ["188"] = "CRC", ["203"] = "CZK", ["208"] = "DKK", ["214"] = "DOP", ["230"] = "ETB", ["242"] = "FJD",
        ["262"] = "DJF", ["320"] = "GTQ", ["324"] = "GNF", ["340"] = "HNL", ["344"] = "HKD", ["348"] = "HUF", ["352"] = "ISK",
        ["356"] = "INR", ["360"] = "IDR", ["368"] = "IQD", ["376"] = "ILS", ["388"] = "JMD", ["392"] = "JPY", ["398"] = "KZT",
        ["400"] = "JOD", ["404"] = "KES", ["410"] = "KRW", ["414"] = "KWD", ["422"] = "LBP", ["434"] = "LYD", ["446"] = "MOP",
        ["458"] = "MYR", ["480"] = "MUR", ["484"] = "MXN", ["504"] = "MAD", ["512"] = "OMR", ["524"] = "NPR", ["554"] = "NZD",
        ["566"] = "NGN", ["578"] = "NOK", ["586"] = "PKR", ["590"] = "PAB", ["600"] = "PYG", ["604"] = "PEN", ["608"] = "PHP",
        ["634"] = "QAR", ["643"] = "RUB", ["646"] = "RWF", ["682"] = "SAR", ["702"] = "SGD", ["704"] = "VND", ["710"] = "ZAR",
        ["752"] = "SEK", ["756"] = "CHF", ["764"] = "THB", ["780"] = "TTD", ["784"] = "AED", ["788"] = "TND", ["800"] = "UGX",
        ["807"] = "MKD", ["818"] = "EGP", ["826"] = "GBP", ["834"] = "TZS", ["840"] = "USD", ["858"] = "UYU", ["860"] = "UZS",
        ["901"] = "TWD", ["941"] = "RSD", ["944"] = "AZN", ["946"] = "RON", ["949"] = "TRY", ["950"] = "XAF", ["952"] = "XOF",
        ["953"] = "XPF", ["975"] = "BGN", ["977"] = "BAM", ["978"] = "EUR", ["980"] = "UAH", ["981"] = "GEL", ["985"] = "PLN",
        ["986"] = "BRL",
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> letters = names.Values.ToFrozenSet();

    /// <summary>Finds a currency by its number (leading zeros may be missing) or letters.</summary>
    public static bool TryFind(string? code, out string currency, out decimal minorUnits)
    {
        currency = code is not null && letters.Contains(code) ? code : names.GetValueOrDefault(code?.PadLeft(3, '0') ?? "", "");
        minorUnits = currency switch
        {
            "BIF" or "CLP" or "DJF" or "GNF" or "ISK" or "JPY" or "KRW" or "PYG" or "RWF" or "UGX" or "VND" or "XAF" or "XOF" or "XPF" => 1,
            "BHD" or "IQD" or "JOD" or "KWD" or "LYD" or "OMR" or "TND" => 1000,
            _ => 100,
        };
        return currency.Length > 0;
    }
}
