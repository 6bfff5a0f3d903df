using System.Buffers.Binary;
using System.Text;

namespace ServerlessCLM.Emulator;

/// <summary>
/// Decodes what <see cref="BatchWriter"/> wrote, batch after batch. Bodies are slices of the buffer. Sequence numbers count up from the
/// first one of the buffer.
/// </summary>
struct BatchReader(ReadOnlyMemory<byte> buffer, long firstSequenceNumber, DateTimeOffset enqueuedTime)
{
    int _position;
    int _leftInBatch;
    string? _partitionKey;
    string? _contentType;

    /// <summary>The number that the next event will get.</summary>
    public long NextSequenceNumber { get; private set; } = firstSequenceNumber;

    /// <summary>Whether all events have been read.</summary>
    public readonly bool AtEnd => _leftInBatch == 0 && _position == buffer.Length;

    /// <summary>The next event. Ask <see cref="AtEnd"/> first.</summary>
    public EventData Read()
    {
        OpenBatch();
        var parts = (EventParts)ReadByte();
        var contentType = Has(parts, EventParts.ContentType) ? ReadContentType() : null;
        var messageId = Has(parts, EventParts.MessageId) ? ReadText() : null;
        var correlationId = Has(parts, EventParts.CorrelationId) ? ReadText() : null;
        var properties = Has(parts, EventParts.Properties) ? ReadProperties() : null;
        var body = ReadBytes();
        _leftInBatch--;
        return new EventData(body, properties)
        {
            ContentType = contentType,
            MessageId = messageId,
            CorrelationId = correlationId,
            SequenceNumber = NextSequenceNumber++,
            EnqueuedTime = enqueuedTime,
            PartitionKey = _partitionKey,
        };
    }

    /// <summary>Passes over an event without making it.</summary>
    public void Skip()
    {
        OpenBatch();
        var parts = (EventParts)ReadByte();
        if (Has(parts, EventParts.ContentType)) ReadBytes();
        if (Has(parts, EventParts.MessageId)) ReadBytes();
        if (Has(parts, EventParts.CorrelationId)) ReadBytes();
        if (Has(parts, EventParts.Properties)) ReadProperties();
        ReadBytes();
        _leftInBatch--;
        NextSequenceNumber++;
    }

    public byte ReadByte() => buffer.Span[_position++];

    public uint ReadVarint()
    {
        uint value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = ReadByte();
            value |= (uint)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
    }

    public string ReadText() => Encoding.UTF8.GetString(ReadBytes().Span);

    public ReadOnlyMemory<byte> ReadBytes()
    {
        var length = (int)ReadVarint();
        var bytes = buffer.Slice(_position, length);
        _position += length;
        return bytes;
    }

    public ReadOnlySpan<byte> Take(int count)
    {
        var taken = buffer.Span.Slice(_position, count);
        _position += count;
        return taken;
    }

    static bool Has(EventParts parts, EventParts part) => (parts & part) == part;

    void OpenBatch()
    {
        if (_leftInBatch > 0) return;
        _leftInBatch = BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));
        var keyBytes = (int)ReadVarint();
        _partitionKey = keyBytes == 0 ? null : Encoding.UTF8.GetString(Take(keyBytes - 1));
    }

    // One content type is the rule; it is decoded once per buffer.
    string ReadContentType()
    {
        var bytes = ReadBytes().Span;
        if (_contentType is null || !Ascii.Equals(bytes, _contentType)) _contentType = Encoding.UTF8.GetString(bytes);
        return _contentType;
    }

    Dictionary<string, object?> ReadProperties()
    {
        var count = (int)ReadVarint();
        var properties = new Dictionary<string, object?>(count, StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var name = ReadText();
            properties[name] = PropertyValue.Read(ref this);
        }
        return properties;
    }
}
