using System.Collections.Frozen;
using System.Globalization;

namespace ServerlessCLM.Transactions;

/// <summary>The synthetic card transactions published by IBM (TabFormer), a CSV file.</summary>
/// <remarks>Amounts above zero are spends and become negative; below zero they are refunds. Local times are taken as UTC. The id is
/// the row's number in the file.</remarks>
public sealed class IbmCardReader(string path) : IPaymentSource
{
    private readonly SourceFile file = new(path);

    public long TotalBytes => file.Length;

    public long BytesRead => file.BytesRead;

    public IEnumerable<SourceEntry> Read()
    {
        var name = Path.GetFileName(file.Path).Split('.')[0];
        var ordinal = 0;
        foreach (var row in CsvTable.Read(file, "User", "Card", "Year", "Month", "Day", "Time", "Amount", "Merchant Name",
            "Merchant City", "Merchant State", "MCC", "Errors?"))
            yield return Read(row, $"/ibm-card/{Uri.EscapeDataString(name)}", ++ordinal);
    }

    private static SourceEntry Read(CsvTable.Row row, string source, int ordinal)
    {
        if (!row.IsWhole)
            return SourceEntry.Rejected(row.Line, "$", "must have as many fields as the header");
        var fields = row.Fields;
        if (!IsNumber(fields[0]))
            return SourceEntry.Rejected(row.Line, "User", "must be a whole number");
        if (!IsNumber(fields[1]))
            return SourceEntry.Rejected(row.Line, "Card", "must be a whole number");
        if (!DateTimeOffset.TryParseExact($"{fields[2]}-{fields[3]}-{fields[4]} {fields[5]}", "yyyy-M-d H:mm",
            CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return SourceEntry.Rejected(row.Line, "Time", "Year, Month, Day and Time must make a date and a time h:mm");
        if (!SourceText.TryMoney(fields[6].TrimStart('$'), out var amount))
            return SourceEntry.Rejected(row.Line, "Amount", "must be a number with at most four decimals");
        if (!IsNumber(fields[10]) || fields[10].Length > 4)
            return SourceEntry.Rejected(row.Line, "MCC", "must be a number of at most four digits");
        if (!TryReason(fields[11], out var reason))
            return SourceEntry.Rejected(row.Line, "Errors?", $"{fields[11]} is not known");

        return SourceEntry.Of(row.Line, new PaymentRecord
        {
            Source = source,
            Id = ordinal.ToString(CultureInfo.InvariantCulture),
            Customer = "ibm-" + fields[0],
            Time = time,
            AccountId = $"{fields[0]}-{fields[1]}",
            Amount = -amount,
            Currency = "USD",
            Kind = amount < 0 ? PaymentKind.Refund : PaymentKind.Card,
            Status = reason is null ? PaymentStatus.Booked : PaymentStatus.Declined,
            Reason = reason,
            Mcc = fields[10].PadLeft(4, '0'),
            Merchant = SourceText.Name(fields[7]),
            Country = CountryOf(fields[9]),
        });
    }

    private static bool IsNumber(string text) =>
        text.Length is > 0 and <= 18 && text.All(char.IsAsciiDigit);

    /// <summary>ISO 8583 response code of the errors; want of money counts before what else went wrong.</summary>
    private static bool TryReason(string errors, out string? reason)
    {
        reason = null;
        foreach (var error in errors.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var code = error switch
            {
                "Insufficient Balance" => "51",
                "Bad PIN" => "55",
                "Bad CVV" => "82",
                "Bad Card Number" => "14",
                "Bad Expiration" => "54",
                "Bad Zipcode" => "05",
                "Technical Glitch" => "96",
                _ => null,
            };
            if (code is null)
                return false;
            if (reason is null || string.Equals(code, "51", StringComparison.Ordinal))
                reason = code;
        }

        return true;
    }

    /// <summary>Two letters are a state of the USA; the rest are names of countries, unknown ones left out.</summary>
    private static string? CountryOf(string state) =>
        SourceText.IsCode(state, 2) ? "US" : countries.GetValueOrDefault(state);

    private static readonly FrozenDictionary<string, string> countries = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Argentina"] = "AR", ["Aruba"] = "AW", ["Australia"] = "AU", ["Austria"] = "AT", ["Bahamas"] = "BS",
        ["The Bahamas"] = "BS", ["Barbados"] = "BB", ["Belgium"] = "BE", ["Belize"] = "BZ", ["Brazil"] = "BR",
        ["Cambodia"] = "KH", ["Canada"] = "CA", ["Chile"] = "CL", ["China"] = "CN", ["Colombia"] = "CO",
        ["Costa Rica"] = "CR", ["Croatia"] = "HR", ["Czech Republic"] = "CZ", ["Denmark"] = "DK",
        ["Dominican Republic"] = "DO", ["Ecuador"] = "EC", ["Egypt"] = "EG", ["Estonia"] = "EE", ["Finland"] = "FI",
        ["France"] = "FR", ["Germany"] = "DE", ["Greece"] = "GR", ["Guatemala"] = "GT", ["Haiti"] = "HT",
        ["Honduras"] = "HN", ["Hong Kong"] = "HK", ["Hungary"] = "HU", ["Iceland"] = "IS", ["India"] = "IN",
        ["Indonesia"] = "ID", ["Ireland"] = "IE", ["Israel"] = "IL", ["Italy"] = "IT", ["Jamaica"] = "JM",
        ["Japan"] = "JP", ["Jordan"] = "JO", ["Latvia"] = "LV", ["Lithuania"] = "LT", ["Luxembourg"] = "LU",
        ["Malaysia"] = "MY", ["Malta"] = "MT", ["Mexico"] = "MX", ["Monaco"] = "MC", ["Morocco"] = "MA",
        ["Netherlands"] = "NL", ["New Zealand"] = "NZ", ["Nicaragua"] = "NI", ["Norway"] = "NO", ["Pakistan"] = "PK",
        ["Panama"] = "PA", ["Peru"] = "PE", ["Philippines"] = "PH", ["Poland"] = "PL", ["Portugal"] = "PT",
        ["Romania"] = "RO", ["Russia"] = "RU", ["Saudi Arabia"] = "SA", ["Singapore"] = "SG", ["Slovakia"] = "SK",
        ["Slovenia"] = "SI", ["South Africa"] = "ZA", ["South Korea"] = "KR", ["Spain"] = "ES", ["Sweden"] = "SE",
        ["Switzerland"] = "CH", ["Taiwan"] = "TW", ["Thailand"] = "TH", ["Turkey"] = "TR", ["Ukraine"] = "UA",
        ["United Arab Emirates"] = "AE", ["United Kingdom"] = "GB", ["Uruguay"] = "UY", ["Vietnam"] = "VN",
    }.ToFrozenDictionary();
}
