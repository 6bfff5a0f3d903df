using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Messages.Channels;

/// <summary>Takes what gateways and desks tell of messages: each thing once, in the customer's commit, with what follows from it.</summary>
public sealed class Receipts(CustomerStore store, Outbox outbox, TimeProvider time)
{
    /// <summary>Type of the event that tells journeys what came of a message and is no outcome.</summary>
    public const string EventType = "clm.receipt.v1";

    /// <summary>How far a teller's clock may be ahead.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    /// <summary>How long a message can be answered.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromDays(ContactLedger.Days);

    /// <summary>What is wrong with a receipt; null where nothing is.</summary>
    public Rejection? Fault(Receipt receipt)
    {
        var now = time.GetUtcNow();
        if (receipt.Id.Length is 0 or > 256)
            return new("id", "must have 1 to 256 characters");
        if (receipt.At > now + Ahead || receipt.At < now - Memory)
            return new("at", $"must lie within the last {ContactLedger.Days} days");
        if ((receipt.Event == ReceiptEvent.Replied) != (receipt.Text is not null) || receipt.Text is { Length: 0 or > OptOutWording.MaxLength })
            return new("text", $"must be a text of 1 to {OptOutWording.MaxLength} characters, of a reply and nothing else");
        return receipt.Reason is { Length: > 200 } ? new("reason", "must have at most 200 characters") : null;
    }

    /// <returns>The delivery, and whether the receipt was new; null where no message was sent under the id.</returns>
    /// <remarks>Opens, clicks, answers, complaints and replies are outcomes as any other; a bounce makes the channel unreachable until the profile says otherwise.</remarks>
    public async Task<(MessageDelivery Delivery, bool IsNew)?> TakeAsync(CustomerId customer, string messageId, Receipt receipt, CancellationToken cancellation)
    {
        if (await FindAsync(customer, messageId, cancellation) is not { } found)
            return null;

        var row = MessageDelivery.RowOf(messageId);
        var told = OutcomeOf(customer, found, receipt);
        string[] rows = [row, CustomerRows.Profile, .. told?.Event.Rows ?? []];
        var commit = await store.UpdateAsync<(MessageDelivery, bool)?>(customer, session =>
        {
            if (session.Erased is not null || session.Get(row, ChannelsJson.Default.MessageDelivery) is not { } known)
                return null;

            var changed = known.With(receipt);
            if (ReferenceEquals(changed, known))
                return (known, false);

            session.Put(row, changed, ChannelsJson.Default.MessageDelivery);
            if (told is var (happened, body))
            {
                // Applied here, so that an opt-out holds at the very next dispatch; told to the stream for whoever else counts outcomes.
                happened.Apply(session);
                session.Emit(new Effect($"receipt|{happened.Id}", EventStreams.EventsHub, body));
            }

            else
                Tell(session, known, receipt);
            if (receipt.Event == ReceiptEvent.Bounced)
                MarkUnreachable(session, known, receipt);
            return (changed, true);
        }, cancellation, rows);
        if (commit.Outbox is { } effects)
            await outbox.DispatchAsync([effects], cancellation);
        return commit.Result;
    }

    /// <summary>A delivery, a bounce and a call that nobody takes count for nothing but the journeys that wait for them.</summary>
    private static void Tell(CustomerSession session, MessageDelivery delivery, Receipt receipt)
    {
        var id = IdOf(delivery, receipt);
        session.Emit(new Effect($"receipt|{id}", EventStreams.SignalsHub, new JsonObject
        {
            ["specversion"] = "1.0", ["type"] = EventType, ["source"] = "/clm/receipts", ["subject"] = session.Customer.Value, ["time"] = Instant.Text(receipt.At), ["id"] = id,
            ["data"] = new JsonObject
            {
                ["name"] = JsonNamingPolicy.CamelCase.ConvertName(receipt.Event.ToString()), ["at"] = Instant.Text(receipt.At),
                ["channel"] = Gateways.ChannelOf(delivery.Message.Gateway).Text(), ["purpose"] = delivery.Message.Purpose, ["message"] = delivery.Id, ["reason"] = receipt.Reason,
            },
        }.ToJsonString()));
    }

    private static string IdOf(MessageDelivery delivery, Receipt receipt) =>
        string.Create(CultureInfo.InvariantCulture, $"{Digest64.Of($"{delivery.Id}\n{receipt.Event}\n{receipt.At.UtcTicks}\n{receipt.Text}"):x16}");

    private static void MarkUnreachable(CustomerSession session, MessageDelivery delivery, Receipt receipt)
    {
        var known = session.Get(CustomerRows.Profile, CustomersJson.Default.Profile) ?? Profile.Empty;
        var channel = Gateways.ChannelOf(delivery.Message.Gateway).Text();
        var patch = new JsonObject { ["unreachable"] = new JsonObject { [channel] = receipt.Reason is { Length: > 0 } reason ? $"bounced: {Rejection.Shorten(reason, 150)}" : "bounced" } };
        known.Merge(patch).PutInto(session, known, receipt.At);
    }

    private (CustomerEvent Event, string Body)? OutcomeOf(CustomerId customer, MessageDelivery delivery, Receipt receipt)
    {
        var outcome = receipt.Event switch
        {
            ReceiptEvent.Opened => "impression",
            ReceiptEvent.Clicked => "click",
            ReceiptEvent.Replied => "reply",
            ReceiptEvent.Answered => "conversation",
            ReceiptEvent.Complained => "complaint",
            ReceiptEvent.Unsubscribed => "optOut",
            _ => null,
        };
        if (outcome is null)
            return null;

        var body = new JsonObject
        {
            ["specversion"] = "1.0", ["type"] = "clm.outcome.v1", ["source"] = "/clm/receipts", ["subject"] = customer.Value, ["time"] = Instant.Text(receipt.At),
            ["id"] = IdOf(delivery, receipt),
            ["data"] = new JsonObject
            {
                ["outcome"] = outcome, ["channel"] = Gateways.ChannelOf(delivery.Message.Gateway).Text(), ["purpose"] = delivery.Message.Purpose, ["decisionId"] = delivery.Id,
            },
        };
        if (receipt.Text is { } text)
            body["data"]!["text"] = text;
        var json = body.ToJsonString();
        return CustomerEvent.TryParse(Encoding.UTF8.GetBytes(json), time.GetUtcNow().ToUnixTimeMilliseconds(), out var read, out var rejection)
            ? (read!, json)
            : throw new InvalidOperationException($"a receipt makes no outcome: {rejection}");
    }

    private async Task<MessageDelivery?> FindAsync(CustomerId customer, string messageId, CancellationToken cancellation)
    {
        var row = MessageDelivery.RowOf(messageId);
        return (await store.UpdateAsync(customer, session => session.Get(row, ChannelsJson.Default.MessageDelivery), cancellation, row)).Result;
    }
}
