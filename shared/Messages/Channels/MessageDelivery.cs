using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Messages.Channels;

/// <summary>
/// How far a message has come. Pending: to be handed over. Accepted: by its gateway. Then what receipts say. Rejected: the gateway will not
/// have it. Cancelled: by a rule or a journey before it was handed over. Expired: no gateway took it in time.
/// </summary>
public enum DeliveryStatus { Pending, Accepted, Delivered, Opened, Clicked, Replied, Bounced, Rejected, Cancelled, Expired }

/// <summary>What a gateway, or somebody at a desk, tells of a message.</summary>
public enum ReceiptEvent { Delivered, Bounced, Opened, Clicked, Replied, Answered, Unanswered, Complained, Unsubscribed }

/// <summary>Something that came of a message, told once.</summary>
/// <param name="Id">The teller's id of it.</param>
/// <param name="Event">What happened.</param>
/// <param name="At">When.</param>
/// <param name="Text">Of a reply.</param>
/// <param name="Reason">Of a bounce.</param>
public sealed record Receipt(string Id, ReceiptEvent Event, DateTimeOffset At, string? Text = null, string? Reason = null)
{
    /// <summary>Whether another tells the same, under whatever id.</summary>
    public bool Repeats(Receipt other) => Id == other.Id || (Event == other.Event && At == other.At && Text == other.Text);
}

/// <summary>A message to be sent.</summary>
/// <param name="MessageId">Derived from what caused it; sending it again is the same.</param>
/// <param name="Gateway">The way out.</param>
/// <param name="Purpose">marketing, service, arrears or collections.</param>
/// <param name="Body">With its placeholders filled.</param>
/// <param name="Subject">Where the channel has one.</param>
/// <param name="Language">Of the text.</param>
/// <param name="Debt">The debt it is about.</param>
/// <param name="Journey">The journey it belongs to.</param>
public sealed record Dispatched(
    string MessageId, GatewayName Gateway, string Purpose, string Body, string? Subject = null, string? Language = null, string? Debt = null, string? Journey = null)
{
    internal string Digest() => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, ChannelsJson.Default.Dispatched)));
}

/// <summary>A message on its way: one row of the customer's partition.</summary>
public sealed record MessageDelivery
{
    /// <summary>Receipts kept at the most, the first ones.</summary>
    public const int MaxReceipts = 50;

    public required Dispatched Message { get; init; }

    /// <summary>SHA-256 of the message.</summary>
    public required string Digest { get; init; }

    /// <summary>Where it goes: the address in the profile when it was dispatched; null where the gateway knows the customer by id.</summary>
    public string? To { get; init; }

    public required DeliveryStatus Status { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>When it is tried next; null once nothing is to be done.</summary>
    public DateTimeOffset? Due { get; init; }

    public int Attempts { get; init; }

    /// <summary>Why the last attempt failed, or why it is not sent.</summary>
    public string? Reason { get; init; }

    /// <summary>The gateway's own id of it.</summary>
    public string? Reference { get; init; }

    /// <summary>The trace that it was sent in, as a <c>traceparent</c>: later attempts go on with it.</summary>
    public string? Trace { get; init; }

    /// <summary>Whether it stayed in the embedded outbox.</summary>
    public bool Embedded { get; init; }

    public IReadOnlyList<Receipt> Receipts { get; init => field = value ?? []; } = [];

    [JsonIgnore]
    public string Id => Message.MessageId;

    public static string RowOf(string messageId) => CustomerRows.DeliveryPrefix + messageId;

    /// <summary>Idempotency key of a message towards gateways: the same for each attempt, and no customer's id.</summary>
    public static string KeyOf(string tenant, CustomerId customer, string messageId) => string.Create(CultureInfo.InvariantCulture,
        $"msg_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{tenant}\n{customer}\n{messageId}")).AsSpan(0, 16))}");

    /// <summary>The delivery with a receipt; itself where it knows it already.</summary>
    public MessageDelivery With(Receipt receipt)
    {
        if (Receipts.Any(receipt.Repeats))
            return this;

        var status = receipt.Event switch
        {
            ReceiptEvent.Delivered => DeliveryStatus.Delivered,
            ReceiptEvent.Opened => DeliveryStatus.Opened,
            ReceiptEvent.Clicked => DeliveryStatus.Clicked,
            ReceiptEvent.Replied or ReceiptEvent.Answered or ReceiptEvent.Complained or ReceiptEvent.Unsubscribed => DeliveryStatus.Replied,
            ReceiptEvent.Bounced => DeliveryStatus.Bounced,
            _ => Status,
        };
        // Receipts come in any order: what was opened was delivered, and a bounce told late does not undo it.
        var further = status == DeliveryStatus.Bounced ? Status < DeliveryStatus.Opened : Rank(status) > Rank(Status);
        return this with
        {
            Status = further ? status : Status, Due = null,
            Receipts = Receipts.Count < MaxReceipts ? [.. Receipts, receipt] : Receipts,
        };
    }

    private static int Rank(DeliveryStatus status) => status switch
    {
        DeliveryStatus.Bounced => (int)DeliveryStatus.Delivered,
        DeliveryStatus.Rejected or DeliveryStatus.Cancelled or DeliveryStatus.Expired => (int)DeliveryStatus.Pending,
        _ => (int)status,
    };
}

/// <summary>How deliveries are written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true,
    RespectNullableAnnotations = true, Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(Dispatched))]
[JsonSerializable(typeof(MessageDelivery))]
public sealed partial class ChannelsJson : JsonSerializerContext;
