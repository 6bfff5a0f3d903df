using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessCLM.Journeys.Collections;

/// <summary>What the payment provider tells: a webhook's body.</summary>
/// <param name="IsReturn">Whether the payment was taken back.</param>
/// <param name="Payment">The provider's id of the payment.</param>
/// <param name="Reference">The reference that the payment was started with.</param>
/// <param name="Amount">What was paid.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record PaymentNotice(bool IsReturn, string Payment, string Reference, decimal Amount, string Currency)
{
    public const string Succeeded = "payment.succeeded", Returned = "payment.returned";

    /// <summary>Reads <c>{"type": "payment.succeeded", "data": {"id", "reference", "amount", "currency"}}</c>.</summary>
    public static (PaymentNotice? Notice, Rejection? Wrong) Read(ReadOnlySpan<byte> utf8)
    {
        JsonObject? root;
        try
        {
            root = StrictJson.Parse(utf8) as JsonObject;
        }
        catch (JsonException unusable)
        {
            return (null, new Rejection("$", unusable.Message));
        }

        if (root is null)
            return (null, new Rejection("$", "must be a JSON object"));

        var type = Text(root["type"]);
        if (type is not (Succeeded or Returned))
            return (null, new Rejection("type", $"must be {Succeeded} or {Returned}"));

        if (root["data"] is not JsonObject data)
            return (null, new Rejection("data", "must be an object"));

        if (Text(data["id"]) is not { Length: > 0 and <= 90 } id)
            return (null, new Rejection("data.id", "must be a text of 1 to 90 characters"));

        if (Text(data["reference"]) is not { Length: > 0 and <= 512 } reference)
            return (null, new Rejection("data.reference", "must be the reference that the payment was started with"));

        if (!decimal.TryParse(Text(data["amount"]), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            || amount is <= 0 or > 1_000_000_000m || decimal.Round(amount, 2) != amount)
            return (null, new Rejection("data.amount", "must be an amount in a text above 0 with at most two decimals, like \"25.00\""));

        return Text(data["currency"]) is { Length: 3 } currency && currency.All(char.IsAsciiLetterUpper)
            ? (new PaymentNotice(type == Returned, id, reference, amount, currency), null)
            : (null, new Rejection("data.currency", "must be three capital letters (ISO 4217)"));
    }

    private static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;
}
