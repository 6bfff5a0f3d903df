using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Scoring;

/// <summary>An event about a customer that is not a payment, checked.</summary>
/// <param name="Customer">Who.</param>
/// <param name="Digest">Digest of source and id.</param>
/// <param name="Id">The digest as text.</param>
/// <param name="At">When it happened.</param>
public abstract record CustomerEvent(CustomerId Customer, ulong Digest, string Id, DateTimeOffset At)
{
    /// <summary>What an outcome may be.</summary>
    public static readonly IReadOnlyList<string> Outcomes =
        ["impression", "click", "accept", "reject", "convert", "payment", "complaint", "optOut", "conversation", "reply"];

    /// <summary>Reads and checks one CloudEvent of type clm.outcome.v1, clm.profile.v1 or clm.lifecycle.v1.</summary>
    /// <param name="utf8">The event.</param>
    /// <param name="now">Unix milliseconds; an event may lie at most a day after it.</param>
    /// <param name="read">The event.</param>
    /// <param name="rejection">Field and reason.</param>
    public static bool TryParse(ReadOnlySpan<byte> utf8, long now, out CustomerEvent? read, out Rejection rejection)
    {
        read = null;
        if (!CloudEventEnvelope.TryRead(utf8, now, out var envelope, out rejection))
            return false;

        JsonObject data;
        try
        {
            data = (JsonObject)StrictJson.Parse(envelope.Data.In(utf8))!;
        }
        catch (JsonException unusable)
        {
            rejection = new Rejection("data", unusable.Message);
            return false;
        }

        var head = new Head(
            CustomerId.Parse(Encoding.ASCII.GetString(envelope.Subject.In(utf8))), envelope.EventDigest,
            envelope.EventDigest.ToString("x16", CultureInfo.InvariantCulture), DateTimeOffset.FromUnixTimeMilliseconds(envelope.Time));
        (read, var wrong) = envelope.Type switch
        {
            EventType.Outcome => Outcome(head, data),
            EventType.Profile => Profile(head, data),
            EventType.Lifecycle => Lifecycle(head, data),
            _ => (null, new Rejection("type", "must be clm.outcome.v1, clm.profile.v1 or clm.lifecycle.v1; send payments to /api/transactions")),
        };
        rejection = wrong ?? default;
        return wrong is null;
    }

    /// <summary>Rows of the customer that <see cref="Apply"/> reads before it changes them.</summary>
    public virtual IEnumerable<string> Rows => [];

    /// <summary>Applies the event to its customer's commit.</summary>
    /// <returns>Why what is known of the customer does not allow it; nothing was changed then.</returns>
    public abstract Rejection? Apply(CustomerSession session);

    private static (CustomerEvent?, Rejection?) Outcome(Head head, JsonObject data)
    {
        var outcome = Text(data, "outcome");
        if (outcome is null || !Outcomes.Contains(outcome))
            return (null, new Rejection("data.outcome", $"must be one of {string.Join(", ", Outcomes)}"));

        var (channel, purpose) = (Text(data, "channel"), Text(data, "purpose"));
        if (data["channel"] is not null && !Consent.IsChannel(channel))
            return (null, new Rejection("data.channel", $"must be one of {string.Join(", ", Consent.Channels)}"));

        if (data["purpose"] is not null && !Consent.IsPurpose(purpose))
            return (null, new Rejection("data.purpose", $"must be one of {string.Join(", ", Consent.Purposes)}"));

        var text = Text(data, "text");
        if (data["text"] is not null && (outcome != "reply" || text is not { Length: > 0 and <= OptOutWording.MaxLength }))
            return (null, new Rejection("data.text", $"must be a text of 1 to {OptOutWording.MaxLength} characters, of a reply"));

        decimal? amount = null;
        if (data["amount"] is { } given)
        {
            if (given.GetValueKind() != JsonValueKind.Number || !given.AsValue().TryGetValue(out decimal value) || Math.Abs(value) > 1_000_000_000_000m)
                return (null, new Rejection("data.amount", "must be a number of at most 1000000000000"));
            amount = value;
        }

        foreach (var name in (string[])["decisionId", "action"])
        {
            if (data[name] is not null && Text(data, name) is not { Length: > 0 and <= 200 })
                return (null, new Rejection($"data.{name}", "must be a text of 1 to 200 characters"));
        }

        return (new OutcomeEvent(head.Customer, head.Digest, head.Id, head.At,
            new OutcomeRow(head.Id, outcome, head.At, channel, purpose, Text(data, "decisionId"), Text(data, "action"), amount, text)), null);
    }

    private static (CustomerEvent?, Rejection?) Profile(Head head, JsonObject data) =>
        Customers.Profile.Check(data, "data") is { } wrong
            ? (null, wrong)
            : (new ProfileEvent(head.Customer, head.Digest, head.Id, head.At, data), null);

    private static (CustomerEvent?, Rejection?) Lifecycle(Head head, JsonObject data)
    {
        var name = Text(data, "event");
        if (name is not { Length: > 0 and <= 64 } || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'))
            return (null, new Rejection("data.event", "must be 1 to 64 lower-case letters, digits and underscores, like card_delivered"));

        if (data["details"] is not null and not JsonObject)
            return (null, new Rejection("data.details", "must be an object"));

        if (data["details"] is JsonObject details && details.ToJsonString().Length > Customers.Profile.MaxSize)
            return (null, new Rejection("data.details", $"must be at most {Customers.Profile.MaxSize} bytes of JSON"));

        var row = new LifecycleRow(head.Id, name, head.At, data["details"]?.DeepClone() as JsonObject);
        if (!DebtFact.Is(name))
            return (new LifecycleEvent(head.Customer, head.Digest, head.Id, head.At, row), null);

        var (fact, wrong) = DebtFact.Read(name, row.Details, head.Id);
        return fact is null ? (null, wrong) : (new DebtEvent(head.Customer, head.Digest, head.Id, head.At, row, fact), null);
    }

    private static string? Text(JsonObject data, string name) =>
        data[name] is { } node && node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    private readonly record struct Head(CustomerId Customer, ulong Digest, string Id, DateTimeOffset At);
}

/// <summary>
/// What came of a contact or decision; of a decision made here it must be possible, and it teaches the decision's strategy. An opt-out, or a reply
/// that asks for one, withdraws consent with it.
/// </summary>
public sealed record OutcomeEvent(CustomerId Customer, ulong Digest, string Id, DateTimeOffset At, OutcomeRow Row)
    : CustomerEvent(Customer, Digest, Id, At)
{
    private readonly ReplyWish _wish = Row.Text is { } text ? OptOutWording.Recognise(text) : ReplyWish.None;

    /// <summary>Whether the customer wants to hear less, by an opt-out or in words.</summary>
    public bool OptsOut => Row.Outcome == "optOut" || (_wish & (ReplyWish.StopChannel | ReplyWish.StopAll)) != ReplyWish.None;

    /// <summary>Where it is kept once it counts.</summary>
    public string KeptIn => CustomerRows.Dated(CustomerRows.OutcomePrefix, At.ToUnixTimeMilliseconds(), Id);

    public override IEnumerable<string> Rows =>
    [
        CustomerRows.Decisions,
        .. Row.DecisionId is { } decision && CustomerRows.IsDecision(decision) ? new[] { CustomerRows.DecisionOutcomes(decision) } : [],
        .. Row.Channel is null ? [] : new[] { CustomerRows.Contacts },
        .. Withdrawn.Select(each => CustomerRows.Consent(each.Purpose, each.Channel)),
        .. _wish.HasFlag(ReplyWish.StopProfiling) ? new[] { CustomerRows.Profile } : [],
    ];

    private IEnumerable<Consent> Withdrawn
    {
        get
        {
            // Words end all but the service of what the customer has; only who wants to hear nothing at all is not served either.
            string[] contacts = ["marketing", "research", "arrears", "collections"];
            IReadOnlyList<string> purposes = Row.Outcome == "optOut" ? [Row.Purpose ?? "marketing"]
                : _wish.HasFlag(ReplyWish.StopAll) ? [.. contacts, "service"]
                : _wish.HasFlag(ReplyWish.StopChannel) ? contacts : [];
            var channels = Row.Channel is { } only && !_wish.HasFlag(ReplyWish.StopAll) ? [only] : Consent.Channels;
            return purposes.SelectMany(_ => channels, (purpose, channel) => new Consent(purpose, channel, ConsentStatus.Withdrawn, At, Row.Outcome));
        }
    }

    public override Rejection? Apply(CustomerSession session)
    {
        // A decision of another system is nobody's to check: its outcome is kept, and teaches nothing here.
        var attribution = Row.DecisionId is { } decision && CustomerRows.IsDecision(decision)
            ? session.Get(CustomerRows.DecisionOutcomes(decision), CustomersJson.Default.DecisionAttribution) : null;
        if (attribution?.Check(Row) is { } rejection)
            return rejection;

        attribution?.Take(session, Row, Id);
        session.Put(KeptIn, Row, CustomersJson.Default.OutcomeRow);
        if (Row.Channel is { } channel)
        {
            var ledger = session.Get(CustomerRows.Contacts, CustomersJson.Default.ContactLedger) ?? ContactLedger.Empty;
            session.Put(CustomerRows.Contacts, ledger.WithOutcome(new Contact(Row.DecisionId ?? Id, channel, Row.Purpose, At, Row.Outcome)),
                CustomersJson.Default.ContactLedger);
        }

        var history = DecisionHistory.Of(session);
        if (history.With(Row) is var answered && answered != history)
            session.Put(CustomerRows.Decisions, answered, CustomersJson.Default.DecisionHistory);
        Consent.PutAllInto(session, [.. Withdrawn], "optOut", At);
        if (_wish.HasFlag(ReplyWish.StopProfiling))
        {
            var known = session.Get(CustomerRows.Profile, CustomersJson.Default.Profile) ?? Customers.Profile.Empty;
            known.With("objectsToProfiling").PutInto(session, known, At);
        }

        return null;
    }
}

/// <summary>News about who the customer is: a JSON merge patch of the profile.</summary>
public sealed record ProfileEvent(CustomerId Customer, ulong Digest, string Id, DateTimeOffset At, JsonObject Patch)
    : CustomerEvent(Customer, Digest, Id, At)
{
    public override IEnumerable<string> Rows => [CustomerRows.Profile];

    public override Rejection? Apply(CustomerSession session)
    {
        var known = session.Get(CustomerRows.Profile, CustomersJson.Default.Profile) ?? Customers.Profile.Empty;
        var merged = known.Merge(Patch);
        if (merged.TooLarge("data") is { } rejection)
            return rejection;

        merged.PutInto(session, known, At);
        return null;
    }
}

/// <summary>A step in the customer's life with the bank; journeys start on it, so it is a signal too.</summary>
public sealed record LifecycleEvent(CustomerId Customer, ulong Digest, string Id, DateTimeOffset At, LifecycleRow Row)
    : CustomerEvent(Customer, Digest, Id, At)
{
    public override Rejection? Apply(CustomerSession session)
    {
        session.Put(CustomerRows.Dated(CustomerRows.LifecyclePrefix, At.ToUnixTimeMilliseconds(), Id), Row, CustomersJson.Default.LifecycleRow);
        SignalEffects.Raise(session, Row);
        return null;
    }
}
