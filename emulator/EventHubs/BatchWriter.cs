using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace ServerlessCLM.Emulator;

/// <summary>
/// Encodes the events of one send. Layout: event count (int32), partition key (optional text), then the events, each a byte of
/// <see cref="EventParts"/>, the parts it names in that order, and the body. Lengths are LEB128 varints, texts UTF-8.
/// </summary>
sealed class BatchWriter : IDisposable
{
    /// <summary>Bytes that a send costs beyond its events and its key.</summary>
    public const int BatchOverhead = 64;

    /// <summary>Bytes that an event costs beyond its encoding: AMQP's section headers, generously, so that what fits here fits in Azure.</summary>
    public const int EventOverhead = 32;

    /// <summary>Bytes that a property costs beyond its encoding, for AMQP's type and length codes.</summary>
    public const int PropertyOverhead = 8;

    byte[] _buffer;
    int _length;
    long _overhead = BatchOverhead;

    public BatchWriter(string? partitionKey)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(4096);
        _length = sizeof(int);
        if (string.IsNullOrEmpty(partitionKey))
        {
            WriteVarint(0);
        }
        else
        {
            var bytes = Encoding.UTF8.GetByteCount(partitionKey);
            WriteVarint((uint)bytes + 1);
            WriteUtf8(partitionKey, bytes);
        }
    }

    public int Count { get; private set; }

    public long SizeInBytes => _length + _overhead;

    /// <summary>The encoded batch; valid until the next change.</summary>
    public ReadOnlyMemory<byte> Encoded
    {
        get
        {
            BinaryPrimitives.WriteInt32LittleEndian(_buffer, Count);
            return _buffer.AsMemory(0, _length);
        }
    }

    /// <summary>Adds an event unless that would make the batch larger than <paramref name="limit"/> bytes.</summary>
    public bool TryAdd(EventData eventData, long limit)
    {
        // Refused by its body alone: saves encoding what cannot fit.
        if (SizeInBytes + eventData.Body.Length > limit) return false;
        var (length, overhead) = (_length, _overhead);
        var added = false;
        try
        {
            Write(eventData);
            _overhead += EventOverhead;
            added = SizeInBytes <= limit;
        }
        finally
        {
            // Too large, or a property that has no encoding: the batch is as it was.
            if (added) Count++;
            else (_length, _overhead) = (length, overhead);
        }
        return added;
    }

    public void Dispose()
    {
        if (_buffer.Length == 0) return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    void Write(EventData eventData)
    {
        var parts = (eventData.ContentType is null ? EventParts.None : EventParts.ContentType)
            | (eventData.MessageId is null ? EventParts.None : EventParts.MessageId)
            | (eventData.CorrelationId is null ? EventParts.None : EventParts.CorrelationId)
            | (eventData.HasProperties ? EventParts.Properties : EventParts.None);
        WriteByte((byte)parts);
        if (eventData.ContentType is { } contentType) WriteText(contentType);
        if (eventData.MessageId is { } messageId) WriteText(messageId);
        if (eventData.CorrelationId is { } correlationId) WriteText(correlationId);
        if (eventData.HasProperties)
        {
            WriteVarint((uint)eventData.Properties.Count);
            foreach (var (name, value) in eventData.Properties)
            {
                WriteText(name);
                PropertyValue.Write(this, name, value);
                _overhead += PropertyOverhead;
            }
        }
        WriteBytes(eventData.Body.Span);
    }

    public void WriteByte(byte value) => Take(1)[0] = value;

    public void WriteVarint(uint value)
    {
        while (value >= 0x80)
        {
            WriteByte((byte)(value | 0x80));
            value >>= 7;
        }
        WriteByte((byte)value);
    }

    public void WriteText(string text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        WriteVarint((uint)bytes);
        WriteUtf8(text, bytes);
    }

    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        WriteVarint((uint)bytes.Length);
        bytes.CopyTo(Take(bytes.Length));
    }

    /// <summary>Room for the next bytes.</summary>
    public Span<byte> Take(int count)
    {
        if (_buffer.Length - _length < count) Grow(count);
        var taken = _buffer.AsSpan(_length, count);
        _length += count;
        return taken;
    }

    void WriteUtf8(string text, int bytes) => Encoding.UTF8.GetBytes(text, Take(bytes));

    void Grow(int count)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + count));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}

/// <summary>Which optional parts an encoded event has.</summary>
[Flags]
enum EventParts
{
    None = 0,
    ContentType = 1,
    MessageId = 2,
    CorrelationId = 4,
    Properties = 8,
}
