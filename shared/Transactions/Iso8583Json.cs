using System.Globalization;
using System.Text.Json;

namespace ServerlessCLM.Transactions;

/// <summary>ISO 8583 messages as JSON objects of fields, one per line, an array, or a single one.</summary>
/// <remarks>
/// <para>Fields are named by number, plain or after DE or F (<c>"4"</c>, <c>"DE4"</c>, <c>"F004"</c>), beside <c>mti</c>; values are texts
/// or numbers. The card number becomes a token at once, which is the account, and the customer too unless <c>subject</c>
/// or <c>customer</c> names one. Billing amount and currency (6, 51) are preferred to those of the transaction (4, 49).</para>
/// <para>A financial message (02xx) is booked, an authorisation (01xx) pending, a reversal (04xx) gives the money back as a refund; a
/// response code (39) that is no approval makes it declined.</para>
/// </remarks>
public sealed class Iso8583Json(string path, TimeProvider clock, CardNumbers cards) : IPaymentSource
{
    private readonly SourceFile file = new(path);

    public long TotalBytes => file.Length;

    public long BytesRead => file.BytesRead;

    public IEnumerable<SourceEntry> Read() => file.Read(stream => Read(stream, clock, cards));

    /// <summary>Reads the messages of a stream.</summary>
    public static IEnumerable<SourceEntry> Read(Stream stream, TimeProvider clock, CardNumbers cards)
    {
        foreach (var document in JsonDocuments.Read(stream))
        {
            yield return TryRead(document.Utf8, clock.GetUtcNow(), cards, out var payment, out var rejection)
                ? SourceEntry.Of(document.Line, payment)
                : new SourceEntry(document.Line, null, rejection);
        }
    }

    /// <summary>Reads one message.</summary>
    /// <param name="now">Tells the year of field 7: the one that puts the message nearest to it, at most a day after it.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> utf8, DateTimeOffset now, CardNumbers cards, out PaymentRecord payment, out Rejection rejection)
    {
        payment = null!;
        if (!TryFields(utf8, out var fields, out rejection))
            return false;
        if (Check(fields, now) is { } found)
        {
            rejection = found;
            return false;
        }

        var mti = fields["mti"];
        var pan = CardNumber(fields);
        var account = pan is null ? fields["102"] : cards.TokenOf(pan);
        var customer = fields.GetValueOrDefault("subject") ?? fields.GetValueOrDefault("customer") ?? account;
        if (!SourceText.IsCustomer(customer))
        {
            rejection = new Rejection("subject", "must be a customer id: 1 to 128 characters of A–Z a–z 0–9 . _ ~ : @ -");
            return false;
        }

        TryAmount(fields, out var amount, out var currency, out _);
        TryTime(fields, now, out var time);
        var reversal = mti[1] == '4';
        var (kind, outgoing) = KindOf(fields);
        var response = fields.GetValueOrDefault("39");
        var declined = response is not null && !IsApproval(response);
        var place = fields.GetValueOrDefault("43") ?? "";
        var country = place.Length == 40 ? place[38..] : "";
        payment = new PaymentRecord
        {
            Source = "/iso8583" + (Acquirer(fields) is { } acquirer ? "/" + Uri.EscapeDataString(acquirer) : ""),
            Id = $"{mti[..2]}-{fields.GetValueOrDefault("37")?.Trim()}-{fields.GetValueOrDefault("11")?.Trim()}-{time:yyyyMMddHHmmss}",
            Customer = customer,
            Time = time,
            AccountId = account,
            Amount = outgoing == reversal ? amount : -amount,
            Currency = currency,
            Kind = reversal ? PaymentKind.Refund : kind,
            Status = declined ? PaymentStatus.Declined : mti[1] == '1' ? PaymentStatus.Pending : PaymentStatus.Booked,
            Reason = declined ? response : null,
            Mcc = fields.GetValueOrDefault("18"),
            Merchant = SourceText.Name(place.Length == 40 ? place[..25] : place) ?? SourceText.Name(fields.GetValueOrDefault("42")),
            Country = SourceText.IsCode(country, 2) ? country : null,
        };
        return true;
    }

    private static bool TryFields(ReadOnlyMemory<byte> utf8, out Dictionary<string, string> fields, out Rejection rejection)
    {
        fields = new Dictionary<string, string>(StringComparer.Ordinal);
        rejection = default;
        try
        {
            using var json = JsonDocument.Parse(utf8);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                rejection = new Rejection("$", "must be an object of ISO 8583 fields");
                return false;
            }

            foreach (var member in json.RootElement.EnumerateObject())
            {
                var value = member.Value.ValueKind switch
                {
                    JsonValueKind.String => member.Value.GetString()!,
                    JsonValueKind.Number => member.Value.GetRawText(),
                    _ => null,
                };
                if (value is not null && !fields.TryAdd(FieldName(member.Name), value))
                {
                    rejection = new Rejection(member.Name, "must appear once");
                    return false;
                }
            }

            return true;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            rejection = new Rejection("$", "must be one JSON object in UTF-8");
            return false;
        }
    }

    private static string FieldName(string name)
    {
        var number = name.StartsWith("DE", StringComparison.OrdinalIgnoreCase) ? name[2..]
            : name.StartsWith('F') || name.StartsWith('f') ? name[1..]
            : name;
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var field)
            ? field.ToString(CultureInfo.InvariantCulture)
            : name.ToLowerInvariant();
    }

    private static Rejection? Check(Dictionary<string, string> fields, DateTimeOffset now)
    {
        if (!fields.TryGetValue("mti", out var mti) || mti.Length != 4 || !mti.All(char.IsAsciiDigit) || mti[1] is not ('1' or '2' or '4'))
            return new Rejection("mti", "must be 01xx (authorisation), 02xx (financial) or 04xx (reversal)");
        if (CardNumber(fields) is { } pan ? pan.Length is < 12 or > 19 || !pan.All(char.IsAsciiDigit) : !fields.ContainsKey("102"))
            return new Rejection("2", "a card number of 12 to 19 digits is required, in field 2 or 35, or an account in field 102");
        if (!TryAmount(fields, out _, out _, out var rejection))
            return rejection;
        if (!TryTime(fields, now, out _))
            return new Rejection("7", "must be a date and time MMDDhhmmss in UTC, not more than a day ahead");
        if (fields.TryGetValue("3", out var code) && (code.Length != 6 || !code.All(char.IsAsciiDigit) || code[0] == '3'))
            return new Rejection("3", "must be a processing code of six digits that moves money, not an enquiry (3xxxxx)");
        if (fields.TryGetValue("18", out var mcc) && (mcc.Length != 4 || !mcc.All(char.IsAsciiDigit)))
            return new Rejection("18", "must be a merchant category of four digits");
        if (fields.TryGetValue("39", out var response))
            return response.Length is 2 or 3 && response.All(char.IsAsciiLetterOrDigit) ? null
                : new Rejection("39", "must be a response code of two or three letters or digits");
        return mti[1] == '4' || mti[2] == '2' ? null
            : new Rejection("39", "is required: without a response nobody knows whether it was approved");
    }

    private static string? CardNumber(Dictionary<string, string> fields) =>
        fields.GetValueOrDefault("2")?.Trim() ?? fields.GetValueOrDefault("35")?.Split('=', 'D')[0];

    private static string? Acquirer(Dictionary<string, string> fields) =>
        fields.GetValueOrDefault("32")?.Trim() ?? fields.GetValueOrDefault("41")?.Trim();

    private static bool IsApproval(string response) => response is "00" or "000" or "08" or "10" or "11" or "85";

    private static bool TryAmount(Dictionary<string, string> fields, out decimal amount, out string currency, out Rejection rejection)
    {
        var (value, code) = fields.ContainsKey("6") && fields.ContainsKey("51") ? ("6", "51") : ("4", "49");
        amount = 0;
        rejection = default;
        if (!Iso4217.TryFind(fields.GetValueOrDefault(code)?.Trim(), out currency, out var exponent))
            rejection = new Rejection(code, "must be a known ISO 4217 code, in digits or letters");
        else if (!fields.TryGetValue(value, out var digits) || digits.Length is 0 or > 12 || !digits.All(char.IsAsciiDigit))
            rejection = new Rejection(value, "must be an amount of at most twelve digits in minor units");
        else
        {
            amount = new decimal(long.Parse(digits, CultureInfo.InvariantCulture)) / exponent;
            return true;
        }

        return false;
    }

    private static bool TryTime(Dictionary<string, string> fields, DateTimeOffset now, out DateTimeOffset time)
    {
        time = default;
        var digits = fields.GetValueOrDefault("7") ?? fields.GetValueOrDefault("13") + fields.GetValueOrDefault("12");
        if (digits?.Length != 10)
            return false;

        // A year back suffices but for 29 February, which may be up to eight years away.
        for (var year = now.AddDays(1).Year; year >= Math.Max(1970, now.Year - 8); year--)
        {
            if (DateTimeOffset.TryParseExact($"{year:0000}{digits}", "yyyyMMddHHmmss", CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal, out time) && time <= now.AddDays(1))
                return true;
        }

        return false;
    }

    /// <summary>Kind and direction by the first two digits of the processing code (field 3); a purchase without one.</summary>
    private static (PaymentKind Kind, bool Outgoing) KindOf(Dictionary<string, string> fields) =>
        fields.GetValueOrDefault("3")?[..2] switch
        {
            "01" or "17" => (PaymentKind.Cash, true),
            "02" or "19" => (PaymentKind.Fee, true),
            "20" => (PaymentKind.Refund, false),
            "21" or "24" => (PaymentKind.Cash, false),
            ['2', _] => (PaymentKind.Transfer, false),
            ['4', _] => (PaymentKind.Transfer, true),
            ['5', _] => (PaymentKind.Transfer, true),
            _ => (PaymentKind.Card, true),
        };
}
