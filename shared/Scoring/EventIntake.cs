using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ServerlessCLM.Customers;
using ServerlessCLM.Telemetry;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Scoring;

/// <summary>An event of a request that was not taken.</summary>
/// <param name="Index">Its place in the request, from 0.</param>
/// <param name="Field">The field, as a path from the event's root.</param>
/// <param name="Reason">What is wrong with it and what would be accepted.</param>
/// <param name="DeadLetter">Id under which it is set aside, to be corrected and sent again; null for a part of a document, which is still
/// the sender's.</param>
public sealed record RefusedEvent(int Index, string Field, string Reason, string? DeadLetter);

/// <summary>What came of a request's events.</summary>
public sealed record IntakeResult(int Accepted, int Rejected, IReadOnlyList<RefusedEvent> Refused);

/// <summary>
/// The edge: tokenises card numbers, checks every event, writes the good ones to their stream and sets the others aside.
/// </summary>
public sealed class EventIntake(EventStreams streams, DeadLetters deadLetters, CardNumbers cards, TimeProvider time)
{
    /// <summary>Bytes of one event at the most: what a batch of Event Hubs holds, less its own overhead.</summary>
    public const int MaxEventSize = 1_000_000;

    /// <summary>Says whose an event is, or why it cannot be taken.</summary>
    private delegate bool Check(ReadOnlySpan<byte> utf8, long now, out string customer, out Rejection rejection);

    /// <param name="body">One CloudEvent of type clm.transaction.v1 as a JSON object, or an array of them.</param>
    /// <param name="cancellation">Stops before the stream is written.</param>
    /// <exception cref="JsonException">The body is not JSON.</exception>
    public Task<IntakeResult> TakeTransactionsAsync(ReadOnlyMemory<byte> body, CancellationToken cancellation) =>
        TakeAsync(streams.Transactions, EventBatch.Split(body), CheckTransaction, cancellation);

    /// <param name="events">CloudEvents of type clm.transaction.v1.</param>
    /// <param name="cancellation">Stops before the stream is written.</param>
    public Task<IntakeResult> TakeTransactionsAsync(IReadOnlyList<ReadOnlyMemory<byte>> events, CancellationToken cancellation) =>
        TakeAsync(streams.Transactions, events, CheckTransaction, cancellation);

    /// <param name="xml">An ISO 20022 camt.052, camt.053 or camt.054 document.</param>
    /// <param name="cancellation">Stops before the stream is written.</param>
    /// <returns>Refused entries are told by the line they start on, as their index.</returns>
    /// <exception cref="SourceFormatException">The document is none of these.</exception>
    public async Task<IntakeResult> TakeStatementAsync(ReadOnlyMemory<byte> xml, CancellationToken cancellation)
    {
        await using var document = new MemoryStream(xml.ToArray(), writable: false);
        return await TakeEntriesAsync(CamtReader.Read(document, "the document"), cancellation);
    }

    /// <param name="body">ISO 8583 messages as JSON objects of fields: one, an array, or one a line.</param>
    /// <param name="cancellation">Stops before the stream is written.</param>
    /// <returns>Refused messages are told by the line they start on, as their index.</returns>
    public async Task<IntakeResult> TakeMessagesAsync(ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        await using var messages = new MemoryStream(body.ToArray(), writable: false);
        return await TakeEntriesAsync(Iso8583Json.Read(messages, time, cards), cancellation);
    }

    private async Task<IntakeResult> TakeEntriesAsync(IEnumerable<SourceEntry> entries, CancellationToken cancellation)
    {
        var good = new List<ReadOnlyMemory<byte>>();
        var refused = new List<RefusedEvent>();
        foreach (var entry in entries)
        {
            if (entry.Payment is { } payment)
                good.Add(CloudEventWriter.ToBytes(payment));
            else
                refused.Add(new RefusedEvent((int)entry.Line, entry.Rejection.Field, entry.Rejection.Reason, null));
        }

        var taken = await TakeTransactionsAsync(good, cancellation);
        return new IntakeResult(taken.Accepted, taken.Rejected + refused.Count, [.. refused, .. taken.Refused]);
    }

    /// <summary>As <see cref="TakeTransactionsAsync(ReadOnlyMemory{byte}, CancellationToken)"/>, for outcomes, profiles and lifecycle events.</summary>
    /// <exception cref="JsonException">The body is not JSON.</exception>
    public Task<IntakeResult> TakeEventsAsync(ReadOnlyMemory<byte> body, CancellationToken cancellation) =>
        TakeEventsAsync(EventBatch.Split(body), cancellation);

    /// <param name="events">CloudEvents of types clm.outcome.v1, clm.profile.v1 and clm.lifecycle.v1.</param>
    /// <param name="cancellation">Stops before the stream is written.</param>
    public Task<IntakeResult> TakeEventsAsync(IReadOnlyList<ReadOnlyMemory<byte>> events, CancellationToken cancellation) =>
        TakeAsync(streams.Events, events, CheckEvent, cancellation);

    /// <summary>Sends a dead letter again, corrected or as it is.</summary>
    /// <returns>Why it still cannot be taken; null when it has been sent.</returns>
    /// <exception cref="KeyNotFoundException">The stream takes no events from outside.</exception>
    public async Task<Rejection?> ResendAsync(string hub, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        Check check = hub switch
        {
            EventStreams.TransactionsHub => CheckTransaction,
            EventStreams.EventsHub => CheckEvent,
            _ => throw new KeyNotFoundException($"events cannot be sent to '{hub}'"),
        };
        var tokenised = cards.Tokenise(body);
        if (TryTake(check, tokenised, time.GetUtcNow().ToUnixTimeMilliseconds(), out var customer) is { } rejection)
            return rejection;

        using var span = ProductTraces.Start(ProductTraces.Intake, ActivityKind.Producer)?.SetTag(TraceTags.Hub, hub).SetTag(TraceTags.Count, 1);
        await streams[hub].WriteAsync([new OutgoingEvent(customer, tokenised, ProductTraces.Current)], cancellation);
        return null;
    }

    private async Task<IntakeResult> TakeAsync(
        EventStream stream, IReadOnlyList<ReadOnlyMemory<byte>> events, Check check, CancellationToken cancellation)
    {
        using var span = ProductTraces.Start(ProductTraces.Intake, ActivityKind.Producer)?.SetTag(TraceTags.Hub, stream.Name).SetTag(TraceTags.Count, events.Count);
        var trace = ProductTraces.Current;
        var now = time.GetUtcNow();
        var accepted = new List<OutgoingEvent>(events.Count);
        var letters = new List<DeadLetter>();
        var refused = new List<RefusedEvent>();
        for (var index = 0; index < events.Count; index++)
        {
            var body = cards.Tokenise(events[index]);
            if (TryTake(check, body, now.ToUnixTimeMilliseconds(), out var customer) is not { } rejection)
            {
                accepted.Add(new OutgoingEvent(customer, body, trace));
                continue;
            }

            var id = DeadLetter.IdOf(now, index, body.Span);
            letters.Add(new DeadLetter(stream.Name, id, now, rejection, body));
            refused.Add(new RefusedEvent(index, rejection.Field, rejection.Reason, id));
        }

        await deadLetters.AddAsync(letters, cancellation);
        await stream.WriteAsync(accepted, cancellation);
        return new IntakeResult(accepted.Count, refused.Count, refused);
    }

    private static Rejection? TryTake(Check check, ReadOnlyMemory<byte> body, long now, out string customer)
    {
        customer = "";
        if (body.Length > MaxEventSize)
            return new Rejection("$", $"is {body.Length} bytes; an event has at most {MaxEventSize}");

        return check(body.Span, now, out customer, out var rejection) ? null : rejection;
    }

    private static bool CheckTransaction(ReadOnlySpan<byte> utf8, long now, out string customer, out Rejection rejection)
    {
        var good = PaymentParser.TryParse(utf8, now, out var payment, out rejection);
        customer = good ? Encoding.ASCII.GetString(payment.Subject.In(utf8)) : "";
        return good;
    }

    private static bool CheckEvent(ReadOnlySpan<byte> utf8, long now, out string customer, out Rejection rejection)
    {
        var good = CustomerEvent.TryParse(utf8, now, out var read, out rejection);
        customer = good ? read!.Customer.Value : "";
        return good;
    }
}
