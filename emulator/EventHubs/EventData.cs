namespace ServerlessCLM.Emulator;

/// <summary>
/// One event of a hub. Before it is sent it carries body, ids and application properties; once received also
/// its place in the partition.
/// </summary>
public class EventData
{
    ReadOnlyMemory<byte> _body;
    BinaryData? _eventBody;
    Dictionary<string, object?>? _properties;
    IReadOnlyDictionary<string, object?>? _systemProperties;

    /// <summary>An event with an empty body.</summary>
    public EventData()
    {
    }

    /// <summary>An event with the given body.</summary>
    public EventData(BinaryData eventBody) => EventBody = eventBody;

    /// <summary>An event with the given body, which is not copied.</summary>
    public EventData(ReadOnlyMemory<byte> eventBody) => _body = eventBody;

    /// <summary>An event whose body is the text in UTF-8.</summary>
    public EventData(string eventBody) : this(BinaryData.FromString(eventBody))
    {
    }

    internal EventData(ReadOnlyMemory<byte> eventBody, Dictionary<string, object?>? properties)
    {
        _body = eventBody;
        _properties = properties;
    }

    /// <summary>The body's bytes. For a received event a slice of a buffer shared with its neighbours.</summary>
    public ReadOnlyMemory<byte> Body => _body;

    /// <summary>The body as a stream over the same bytes.</summary>
    public Stream BodyAsStream => EventBody.ToStream();

    /// <summary>The body.</summary>
    public BinaryData EventBody
    {
        get => _eventBody ??= BinaryData.FromBytes(_body);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _eventBody = value;
            _body = value.ToMemory();
        }
    }

    /// <summary>The body's media type (RFC 2045), such as <c>application/json</c>.</summary>
    public string? ContentType { get; set; }

    /// <summary>The sender's id of the event; the hub does not look at it.</summary>
    public string? MessageId { get; set; }

    /// <summary>Ties the event to others; the hub does not look at it.</summary>
    public string? CorrelationId { get; set; }

    /// <summary>
    /// The application's own properties. Values: null, string, bool, char, the integers, float, double, decimal, Guid, DateTime,
    /// DateTimeOffset, TimeSpan, Uri and byte[]; another type is refused when the event is sent.
    /// </summary>
    public IDictionary<string, object?> Properties => _properties ??= new(StringComparer.Ordinal);

    /// <summary>What the hub noted: <c>x-opt-sequence-number</c>, <c>x-opt-offset</c>, <c>x-opt-enqueued-time</c> and
    /// <c>x-opt-partition-key</c>. Empty before the event was received.</summary>
    public IReadOnlyDictionary<string, object?> SystemProperties
    {
        get => _systemProperties ??= DescribePlace();
        internal init => _systemProperties = value;
    }

    /// <summary>The event's number in its partition, from 0 without a gap; <see cref="long.MinValue"/> before it was received.</summary>
    public long SequenceNumber { get; internal init; } = long.MinValue;

    /// <summary>The event's place in its partition, opaque to the reader; null before it was received.</summary>
    public string? OffsetString
    {
        get => field ?? (SequenceNumber >= 0 ? SequenceNumber.ToString(System.Globalization.CultureInfo.InvariantCulture) : null);
        internal init;
    }

    /// <summary>When the hub stored the event, UTC; default before it was received.</summary>
    public DateTimeOffset EnqueuedTime { get; internal init; }

    /// <summary>The key that chose the partition; null when there was none or before the event was received.</summary>
    public string? PartitionKey { get; internal init; }

    /// <summary>Whether there are application properties, without making room for them.</summary>
    internal bool HasProperties => _properties is { Count: > 0 };

    Dictionary<string, object?> DescribePlace()
    {
        var properties = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (SequenceNumber < 0) return properties;
        properties["x-opt-sequence-number"] = SequenceNumber;
        properties["x-opt-offset"] = OffsetString;
        properties["x-opt-enqueued-time"] = EnqueuedTime;
        if (PartitionKey is not null) properties["x-opt-partition-key"] = PartitionKey;
        return properties;
    }
}
