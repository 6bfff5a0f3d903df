using System.Collections.Concurrent;
using ServerlessCLM.Customers;
using ServerlessCLM.Governance;
using ServerlessCLM.Messages.Drafting;
using ServerlessCLM.Telemetry;

namespace ServerlessCLM.Messages.Channels;

/// <summary>What came of sending a message.</summary>
/// <param name="Gate">Refused or postponed: why, and until when. Allowed: it is on its way.</param>
/// <param name="Delivery">How far it has come; null where the gate did not allow it.</param>
public sealed record DispatchResult(GateResult Gate, MessageDelivery? Delivery);

/// <summary>
/// Sends messages. One commit on the customer's partition judges the contact, counts it in the ledger and keeps the message; then its gateway gets
/// it, at least once and always under the same key. What a crash or a failing gateway leaves behind is found by the timer and judged again.
/// </summary>
public sealed class Dispatch(
    CustomerStore store, Policies policies, MessageIndex index, WebhookGateways gateways, DispatchOptions options, ProductOptions product, TimeProvider time)
{
    /// <summary>Minutes between attempts: doubled each time, up to an hour.</summary>
    private const int FirstPause = 1, LongestPause = 60;

    /// <summary>Messages that are taken up at the same time.</summary>
    private const int MaxCalls = 16;

    /// <param name="customer">To whom.</param>
    /// <param name="message">What; its id makes it idempotent.</param>
    /// <param name="cancellation">Stops it; what is committed is taken up by the timer.</param>
    /// <exception cref="MessageMismatchException">The id stands for another message.</exception>
    /// <exception cref="CustomerErasedException">Nothing is sent to an erased customer.</exception>
    public async Task<DispatchResult> SendAsync(CustomerId customer, Dispatched message, CancellationToken cancellation)
    {
        using var span = ProductTraces.Start(ProductTraces.Dispatch)?.SetTag(TraceTags.MessageId, message.MessageId).SetTag(TraceTags.Gateway, message.Gateway.Text());
        var digest = message.Digest();
        if (await FindAsync(customer, message.MessageId, cancellation) is { } known)
            return Allowed(Same(known, digest));

        var set = await policies.GetAsync(cancellation);
        var now = time.GetUtcNow();
        var embedded = options.Of(message.Gateway).Endpoint is null;
        var due = now + options.Patience;
        await (embedded ? index.ListAsync(customer, message.MessageId, now, cancellation) : index.ScheduleAsync(customer, message.MessageId, due, cancellation));

        var contact = ContactOf(message);
        var row = MessageDelivery.RowOf(message.MessageId);
        var (result, _) = await store.UpdateAsync(customer, session =>
        {
            if (session.Erased is { } erased)
                throw new CustomerErasedException(customer, erased);
            if (session.Get(row, ChannelsJson.Default.MessageDelivery) is { } first)
                return Allowed(Same(first, digest));

            var gate = ContactReservations.Dispatch(session, contact, set, now).Result;
            if (gate.Kind != VerdictKind.Allow)
                return new DispatchResult(gate, null);

            var delivery = new MessageDelivery
            {
                Message = message, Digest = digest, At = now, To = AddressOf(session, message.Gateway), Embedded = embedded,
                Status = embedded ? DeliveryStatus.Delivered : DeliveryStatus.Pending, Due = embedded ? null : due, Trace = session.Trace,
            };
            session.Put(row, delivery, ChannelsJson.Default.MessageDelivery);
            return new DispatchResult(gate, delivery);
        }, cancellation, [row, .. ContactReservations.Rows(contact)]);

        ProductMetrics.Judged("send", contact.Channel, result.Gate);
        span?.SetTag(TraceTags.Verdict, result.Gate.Kind.ToString()).SetTag(TraceTags.Code, result.Gate.Code);
        if (result.Delivery is { Embedded: true, Status: var status })
            ProductMetrics.HandedOver(message.Gateway, status);
        if (result.Delivery is { Status: DeliveryStatus.Pending } pending && pending.Due == due)
            return result with { Delivery = await HandOverAsync(customer, pending, cancellation) };

        if (!embedded)
            await index.ClearAsync(customer, message.MessageId, due, cancellation);
        return result;
    }

    /// <summary>How far a message has come; null where none was sent under the id.</summary>
    public async Task<MessageDelivery?> FindAsync(CustomerId customer, string messageId, CancellationToken cancellation)
    {
        var row = MessageDelivery.RowOf(messageId);
        return (await store.UpdateAsync(customer, session => session.Get(row, ChannelsJson.Default.MessageDelivery), cancellation, row)).Result;
    }

    /// <summary>Takes a message back that no gateway has accepted yet.</summary>
    /// <returns>The delivery as it stands now; null where there is none.</returns>
    public Task<MessageDelivery?> CancelAsync(CustomerId customer, string messageId, string reason, CancellationToken cancellation) =>
        ChangeAsync(customer, messageId, known => known with { Status = DeliveryStatus.Cancelled, Reason = reason, Due = null }, cancellation);

    /// <summary>Takes up what is due: after a failure of a gateway, or a crash.</summary>
    /// <returns>How many are dealt with, and how many wait on.</returns>
    /// <exception cref="AggregateException">Some could not be looked at; all others have been, and these are tried again.</exception>
    public async Task<(int DealtWith, int Waiting)> ResumeAsync(CancellationToken cancellation)
    {
        var (done, waiting) = (0, 0);
        var failures = new ConcurrentQueue<Exception>();
        await Parallel.ForEachAsync(index.DueAsync(time.GetUtcNow(), cancellation),
            new ParallelOptions { MaxDegreeOfParallelism = Math.Min(MaxCalls, product.CommitConcurrency), CancellationToken = cancellation }, async (found, token) =>
            {
                try
                {
                    if (await ResumeAsync(found, token) is { } waits)
                        _ = waits ? Interlocked.Increment(ref waiting) : Interlocked.Increment(ref done);
                }
                catch (Exception failure) when (!token.IsCancellationRequested)
                {
                    // One customer whose row is damaged must not hold back everybody else's messages.
                    failures.Enqueue(new InvalidOperationException($"message {found.MessageId}: {failure.Message}", failure));
                }
            });
        return failures.IsEmpty ? (done, waiting) : throw new AggregateException(failures);
    }

    /// <returns>Whether the message waits on; null where nothing was to be done.</returns>
    private async Task<bool?> ResumeAsync(IndexedMessage found, CancellationToken cancellation)
    {
        bool? waits = null;
        var delivery = await FindAsync(found.Customer, found.MessageId, cancellation);
        if (delivery is { Status: DeliveryStatus.Pending, Due: { } due } && due <= time.GetUtcNow())
        {
            using var span = ProductTraces.Continue(ProductTraces.Dispatch, delivery.Trace)
                ?.SetTag(TraceTags.MessageId, delivery.Id).SetTag(TraceTags.Gateway, delivery.Message.Gateway.Text());
            delivery = await JudgeAgainAsync(found.Customer, delivery, cancellation);
            if (delivery is { Status: DeliveryStatus.Pending, Due: { } still } && still == due)
                delivery = await HandOverAsync(found.Customer, delivery, cancellation);
            waits = delivery is { Status: DeliveryStatus.Pending };
        }

        await index.ClearAsync(found, cancellation);
        return waits;
    }

    /// <summary>What was allowed when it was sent first may be refused by now: an opt-out, a moratorium, a payment's quiet hours.</summary>
    private async Task<MessageDelivery?> JudgeAgainAsync(CustomerId customer, MessageDelivery delivery, CancellationToken cancellation)
    {
        var contact = ContactOf(delivery.Message);
        var set = await policies.GetAsync(cancellation);
        var now = time.GetUtcNow();
        var (gate, _) = await store.UpdateAsync(customer,
            session => ContactGate.Judge(ContactReservations.StandingOf(session, contact), contact, set, now), cancellation, ContactReservations.Rows(contact));
        ProductMetrics.Judged("resume", contact.Channel, gate);
        if (gate.Kind == VerdictKind.Allow)
            return now - delivery.At <= options.TryFor ? delivery : await ChangeAsync(customer, delivery.Id, known => known with { Status = DeliveryStatus.Expired, Due = null }, cancellation);
        if (gate.Kind == VerdictKind.Refuse)
            return await CancelAsync(customer, delivery.Id, gate.Code!, cancellation);

        await index.ScheduleAsync(customer, delivery.Id, gate.Until!.Value, cancellation);
        return await ChangeAsync(customer, delivery.Id, known => known with { Due = gate.Until, Reason = "quiet hours" }, cancellation);
    }

    private async Task<MessageDelivery?> HandOverAsync(CustomerId customer, MessageDelivery delivery, CancellationToken cancellation)
    {
        var result = await gateways.SendAsync(MessageDelivery.KeyOf(product.Tenant, customer, delivery.Id), customer, delivery, cancellation);
        var next = time.GetUtcNow() + TimeSpan.FromMinutes(Math.Min(LongestPause, FirstPause << Math.Min(delivery.Attempts, 6)));
        if (result.Outcome == HandOver.Failed)
            await index.ScheduleAsync(customer, delivery.Id, next, cancellation);

        var changed = await ChangeAsync(customer, delivery.Id, known => known with
        {
            Status = result.Outcome switch { HandOver.Taken => DeliveryStatus.Accepted, HandOver.Refused => DeliveryStatus.Rejected, _ => DeliveryStatus.Pending },
            Due = result.Outcome == HandOver.Failed ? next : null,
            Attempts = known.Attempts + 1, Reason = result.Reason, Reference = result.Reference ?? known.Reference,
        }, cancellation);
        if (changed is not null)
            ProductMetrics.HandedOver(delivery.Message.Gateway, changed.Status);
        if (delivery.Due is { } looked)
            await index.ClearAsync(customer, delivery.Id, looked, cancellation);
        return changed;
    }

    /// <summary>Changes a delivery that is still pending; a receipt may have been faster than the gateway's answer.</summary>
    private async Task<MessageDelivery?> ChangeAsync(CustomerId customer, string messageId, Func<MessageDelivery, MessageDelivery> change, CancellationToken cancellation)
    {
        var row = MessageDelivery.RowOf(messageId);
        return (await store.UpdateAsync(customer, session =>
        {
            if (session.Get(row, ChannelsJson.Default.MessageDelivery) is not { Status: DeliveryStatus.Pending } known)
                return session.Get(row, ChannelsJson.Default.MessageDelivery);

            var changed = change(known);
            session.Put(row, changed, ChannelsJson.Default.MessageDelivery);
            return changed;
        }, cancellation, row)).Result;
    }

    private static ContactRequest ContactOf(Dispatched message) =>
        new(message.MessageId, Gateways.ChannelOf(message.Gateway).Text(), message.Purpose, message.Debt, message.Journey);

    private static string? AddressOf(CustomerSession session, GatewayName gateway)
    {
        var member = gateway switch
        {
            GatewayName.Email => "email",
            GatewayName.Sms or GatewayName.Chat or GatewayName.CallCentre or GatewayName.Voice => "phone",
            GatewayName.Letter => "address",
            _ => null,
        };
        var value = member is null ? null : session.Get(CustomerRows.Profile, CustomersJson.Default.Profile)?.Members[member];
        return value?.GetValueKind() == System.Text.Json.JsonValueKind.String ? (string)value! : value?.ToJsonString();
    }

    private static MessageDelivery Same(MessageDelivery known, string digest) => known.Digest == digest ? known : throw new MessageMismatchException(known.Id);

    private static DispatchResult Allowed(MessageDelivery known) => new(new GateResult(VerdictKind.Allow, null, null, [], [], []), known);
}
