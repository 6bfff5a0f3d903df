using System.Text.Unicode;

namespace ServerlessCLM.Transactions;

/// <summary>One pass over a CloudEvents JSON event; this part reads the attributes, EventReader.Data.cs a payment's data.</summary>
internal ref partial struct EventReader(ReadOnlySpan<byte> utf8, Span<byte> scratch, long now)
{
    /// <summary>Room for source, a zero byte and id.</summary>
    public const int ScratchBytes = (2 * CloudEventEnvelope.MaximumTextBytes) + 1;

    private const long Day = 86_400_000;

    private const string
        NotJson = "must be one JSON object in UTF-8 (RFC 8259), nested at most 64 deep",
        Twice = "must appear once",
        Required = "is required",
        NotText = "must be a text",
        BadText = "must be a text of 1 to 512 bytes without control characters",
        BadSubject = "must be a customer id: 1 to 128 characters of A–Z a–z 0–9 . _ ~ : @ - without escapes",
        BadSpecversion = "must be \"1.0\"",
        BadTime = "must be an RFC 3339 time with an offset or Z, such as \"2025-03-01T12:00:00Z\"",
        BadData = "must be an object";

    private enum Attribute { SpecVersion, Id, Source, Subject, Type, Time, Data, Unknown }

    private const uint AllAttributes = (1u << (int)Attribute.Unknown) - 1;

    private static readonly string[] attributeNames = ["specversion", "id", "source", "subject", "type", "time", "data"];

    private readonly ReadOnlySpan<byte> utf8 = utf8;
    private readonly Span<byte> scratch = scratch;
    private readonly long now = now;
    private JsonCursor json = new(utf8);
    private Rejection rejection;

    /// <summary>Reads the event, its data into the payment or, for other types, as a span.</summary>
    public bool TryReadEvent(ref CloudEventEnvelope envelope, ref Payment payment, bool intoPayment)
    {
        if (utf8.Length > CloudEventEnvelope.MaximumBytes)
            return Reject("$", "must have at most 1,048,576 bytes");
        if (!Utf8.IsValid(utf8) || !json.TryTake((byte)'{'))
            return Reject("$", NotJson);

        uint seen = 0;
        JsonText id = default, source = default;
        var first = true;
        Turn turn;
        while ((turn = NextKnown(inData: false, ref first, ref seen, out var index, out var field)) == Turn.Known)
        {
            var attribute = (Attribute)index;
            var taken = attribute switch
            {
                Attribute.SpecVersion => TryReadText(field, out var version)
                    && (version.SequenceEqual("1.0"u8) || Reject(field, BadSpecversion)),
                Attribute.Id => TryReadKey(field, out id),
                Attribute.Source => TryReadKey(field, out source),
                Attribute.Subject => TryReadSubject(field, out envelope.Subject),
                Attribute.Type => TryReadType(field, intoPayment, out envelope.Type),
                Attribute.Time => TryReadTime(field, ref envelope),
                _ when intoPayment => TryReadPayment(ref payment),
                _ => TryReadData(field, out envelope.Data),
            };
            if (!taken)
                return false;
        }

        if (turn == Turn.Failed)
            return false;
        if (!json.AtEnd())
            return Reject("$", NotJson);
        if (seen != AllAttributes)
            return Reject(attributeNames[System.Numerics.BitOperations.TrailingZeroCount(~seen)], Required);
        envelope.Id = new TextSpan(id.Start, id.Length);
        envelope.Source = new TextSpan(source.Start, source.Length);
        envelope.EventDigest = DigestOf(source, id);
        return true;
    }

    private enum Turn { Known, End, Failed }

    /// <summary>Stands before the value of the next member that the contract knows, past those that it does not.</summary>
    /// <param name="seen">One bit per known member met so far.</param>
    /// <param name="index">Place of the member in its list of names.</param>
    private Turn NextKnown(bool inData, ref bool first, ref uint seen, out int index, out string field)
    {
        var names = inData ? memberFields : attributeNames;
        while (true)
        {
            (index, field) = (names.Length, "$");
            var step = json.NextMember(first, out var name);
            if (step == JsonStep.End)
                return Turn.End;
            first = false;
            var broken = step == JsonStep.Malformed;
            if (!broken)
            {
                var text = Unescaped(name);
                index = inData ? (int)MemberOf(text) : (int)AttributeOf(text);
                broken = index == names.Length && !json.TrySkipValue(inData ? 2 : 1);
            }

            if (broken)
            {
                Reject(field, NotJson);
                return Turn.Failed;
            }

            if (index == names.Length)
                continue;
            field = names[index];
            var bit = 1u << index;
            if ((seen & bit) != 0)
            {
                Reject(field, Twice);
                return Turn.Failed;
            }

            seen |= bit;
            return Turn.Known;
        }
    }

    /// <summary>The rejection to report: broken JSON first, then an unknown type, then the field that failed.</summary>
    public readonly Rejection Diagnose(bool anyType)
    {
        if (utf8.Length > CloudEventEnvelope.MaximumBytes || !Utf8.IsValid(utf8))
            return rejection;
        var whole = new JsonCursor(utf8);
        if (whole.Peek() != '{' || !whole.TrySkipValue(depth: 0) || !whole.AtEnd())
            return new Rejection("$", $"{NotJson}; broken at byte {whole.Position}");

        var second = new EventReader(utf8, scratch, now);
        second.json.TryTake((byte)'{');
        for (var first = true; second.json.NextMember(first, out var name) == JsonStep.Member; first = false)
        {
            if (AttributeOf(second.Unescaped(name)) == Attribute.Type)
                return second.TryReadType("type", !anyType, out _) ? rejection : second.rejection;
            second.json.TrySkipValue(depth: 1);
        }

        return rejection;
    }

    private static Attribute AttributeOf(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when name.SequenceEqual("id"u8) => Attribute.Id,
        4 when name.SequenceEqual("type"u8) => Attribute.Type,
        4 when name.SequenceEqual("time"u8) => Attribute.Time,
        4 when name.SequenceEqual("data"u8) => Attribute.Data,
        6 when name.SequenceEqual("source"u8) => Attribute.Source,
        7 when name.SequenceEqual("subject"u8) => Attribute.Subject,
        11 when name.SequenceEqual("specversion"u8) => Attribute.SpecVersion,
        _ => Attribute.Unknown,
    };

    private bool TryReadSubject(string field, out TextSpan subject)
    {
        subject = default;
        if (!TryReadString(field, out var text))
            return false;
        subject = new TextSpan(text.Start, text.Length);
        return PaymentText.IsCustomer(text.In(utf8)) || Reject(field, BadSubject);
    }

    private bool TryReadType(string field, bool paymentOnly, out EventType type)
    {
        type = default;
        if (!TryReadText(field, out var text))
            return false;
        (type, var known) = text switch
        {
            _ when text.SequenceEqual("clm.transaction.v1"u8) => (EventType.Transaction, true),
            _ when paymentOnly => default,
            _ when text.SequenceEqual("clm.outcome.v1"u8) => (EventType.Outcome, true),
            _ when text.SequenceEqual("clm.profile.v1"u8) => (EventType.Profile, true),
            _ when text.SequenceEqual("clm.lifecycle.v1"u8) => (EventType.Lifecycle, true),
            _ => default,
        };
        return known || Reject(field, paymentOnly
            ? "must be clm.transaction.v1"
            : "must be clm.transaction.v1, clm.outcome.v1, clm.profile.v1 or clm.lifecycle.v1");
    }

    private bool TryReadTime(string field, ref CloudEventEnvelope envelope)
    {
        if (!TryReadText(field, out var text))
            return false;
        if (!PaymentText.TryReadTime(text, out envelope.Time, out envelope.OffsetMinutes))
            return Reject(field, BadTime);
        // Day 0 stands for "never" in the features.
        if (envelope.Time < Day)
            return Reject(field, "must not be before 1970-01-02");
        return envelope.Time - now <= Day || Reject(field, "must not be more than 24 hours ahead of the clock");
    }

    private bool TryReadData(string field, out TextSpan data)
    {
        data = default;
        if (json.Peek() != '{')
            return Reject(field, json.TryTakeNull() ? Required : BadData);
        var start = json.Position;
        if (!json.TrySkipValue(depth: 1))
            return Reject("$", NotJson);
        data = new TextSpan(start, json.Position - start);
        return true;
    }

    /// <summary>A text that identifies something: not empty, not long, no control characters.</summary>
    private bool TryReadKey(string field, out JsonText text) =>
        TryReadString(field, out text) && (IsKey(Unescaped(text)) || Reject(field, BadText));

    private static bool IsKey(ReadOnlySpan<byte> text) =>
        text.Length is >= 1 and <= CloudEventEnvelope.MaximumTextBytes
        && text.IndexOfAnyInRange((byte)0, (byte)0x1F) < 0 && !text.Contains((byte)0x7F);

    /// <summary>A text without its escapes; valid until the next one is read.</summary>
    private bool TryReadText(string field, out ReadOnlySpan<byte> text)
    {
        var read = TryReadString(field, out var at);
        text = read ? Unescaped(at) : default;
        return read;
    }

    private bool TryReadString(string field, out JsonText text)
    {
        text = default;
        if (json.Peek() != '"')
            return Reject(field, json.TryTakeNull() ? Required : NotText);
        return json.TryReadString(out text) || Reject("$", NotJson);
    }

    /// <summary>The text without escapes; empty when it is too long or not Unicode, which no rule accepts.</summary>
    private readonly ReadOnlySpan<byte> Unescaped(JsonText text)
    {
        if (!text.Escaped)
            return text.In(utf8);
        return JsonEscapes.TryUndo(text.In(utf8), scratch[..CloudEventEnvelope.MaximumTextBytes], out var size)
            ? scratch[..size]
            : default;
    }

    private readonly ulong DigestOf(JsonText source, JsonText id)
    {
        var size = Append(source, 0);
        scratch[size] = 0;
        size = Append(id, size + 1);
        return Digest64.Of(scratch[..size]);
    }

    private readonly int Append(JsonText text, int at)
    {
        var target = scratch[at..];
        if (text.Escaped && JsonEscapes.TryUndo(text.In(utf8), target, out var size))
            return at + size;
        text.In(utf8).CopyTo(target);
        return at + text.Length;
    }

    private bool Reject(string field, string reason)
    {
        rejection = new Rejection(field, reason);
        return false;
    }
}
