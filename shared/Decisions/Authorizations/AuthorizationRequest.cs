using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Decisions.Authorizations;

/// <summary>How the card was presented.</summary>
public enum AuthorizationChannel { Chip, Contactless, Swipe, Online, Manual, Atm }

/// <summary>A card payment that asks to be let through, checked by the rules of the payment event that it becomes.</summary>
/// <param name="Customer">Who pays.</param>
/// <param name="Id">The acquirer's reference: the same one again is the same payment.</param>
/// <param name="Payment">The payment as it will be told to the stream, outgoing and pending.</param>
/// <param name="Channel">How the card was presented.</param>
/// <param name="Authenticated">Whether the cardholder has proven who they are: PIN, or two factors online.</param>
/// <param name="Available">What the account has left, credit included, where the sender knows; in the payment's currency.</param>
public sealed record AuthorizationRequest(
    CustomerId Customer, string Id, PaymentRecord Payment, AuthorizationChannel Channel, bool Authenticated, decimal? Available)
{
    /// <summary>Source of the payment events.</summary>
    public const string Source = "/clm/authorizations";

    private static readonly string[] Members =
        ["customerId", "id", "accountId", "amount", "currency", "mcc", "merchant", "country", "channel", "authenticated", "available"];

    /// <summary>Reads a request.</summary>
    /// <param name="utf8">The body, card numbers made tokens.</param>
    /// <param name="key">The Idempotency-Key; stands for the id where there is none.</param>
    /// <param name="now">When it came.</param>
    public static (AuthorizationRequest? Request, Rejection? Wrong) Read(ReadOnlySpan<byte> utf8, string? key, DateTimeOffset now)
    {
        JsonObject? body;
        try
        {
            body = StrictJson.Parse(utf8) as JsonObject;
        }
        catch (JsonException unusable)
        {
            return (null, new Rejection("$", unusable.Message));
        }

        if (body is null)
            return Wrong("$", "must be a JSON object");
        foreach (var (name, _) in body)
        {
            if (!Members.Contains(name))
                return Wrong(Rejection.Shorten(name, 64), $"is not a member; there are {string.Join(", ", Members)}");
        }

        foreach (var name in (string[])["customerId", "id", "accountId", "currency", "mcc", "merchant", "country", "channel"])
        {
            if (body[name] is { } text && text.GetValueKind() != JsonValueKind.String)
                return Wrong(name, "must be a text");
        }

        if (!CustomerId.TryParse((string?)body["customerId"], out var customer))
            return Wrong("customerId", CustomerId.Rule);

        if (((string?)body["id"] ?? key) is not { Length: > 0 and <= 200 } id)
            return Wrong("id", "must be a text of 1 to 200 characters, or an Idempotency-Key must be given");

        if (Money(body["amount"]) is not { } amount || amount <= 0)
            return Wrong("amount", "must be a number above 0");

        if (body["available"] is { } given && Money(given) is null)
            return Wrong("available", "must be a number");

        if (body["authenticated"] is { } proven && proven.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False))
            return Wrong("authenticated", "must be true or false");

        if (!TryChannel((string?)body["channel"], out var channel))
            return Wrong("channel", "must be one of chip, contactless, swipe, online, manual, atm");

        var payment = new PaymentRecord
        {
            Source = Source, Id = $"{customer}/{id}", Customer = customer.Value, Time = now, AccountId = (string?)body["accountId"] ?? "", Amount = -amount,
            Currency = (string?)body["currency"] ?? "", Kind = channel == AuthorizationChannel.Atm ? PaymentKind.Cash : PaymentKind.Card,
            Status = PaymentStatus.Pending, Mcc = (string?)body["mcc"], Merchant = (string?)body["merchant"], Country = (string?)body["country"],
        };
        var request = new AuthorizationRequest(customer, id, payment, channel, (bool?)body["authenticated"] ?? false, Money(body["available"]));
        return request.TryParse(out _) is { } wrong ? (null, wrong) : (request, null);
    }

    /// <summary>The payment as the stream will read it.</summary>
    internal Rejection? TryParse(out Payment parsed)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        CloudEventWriter.Write(Payment, buffer);
        return PaymentParser.TryParse(buffer.WrittenSpan, Payment.Time.ToUnixTimeMilliseconds(), out parsed, out var rejection)
            ? null
            : rejection with { Field = rejection.Field.Replace("data.", "", StringComparison.Ordinal) };
    }

    private static bool TryChannel(string? text, out AuthorizationChannel channel)
    {
        channel = default;
        return text is { Length: > 0 } && char.IsAsciiLetterLower(text[0]) && Enum.TryParse(text, ignoreCase: true, out channel) && Enum.IsDefined(channel);
    }

    private static decimal? Money(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.Number && node.AsValue().TryGetValue(out decimal value) && Math.Abs(value) <= 1_000_000_000_000m ? value : null;

    private static (AuthorizationRequest?, Rejection?) Wrong(string field, string reason) => (null, new Rejection(field, reason));
}
