namespace ServerlessCLM.Emulator;

/// <summary>
/// Reads a partition in order. Reads the file by the chunk and hands out events whose bodies are slices of it. For one thread at a time.
/// </summary>
sealed class PartitionCursor(PartitionLog log, long sequenceNumber)
{
    // Below the size at which the runtime treats an array as a large object.
    const int ChunkBytes = 64 * 1024;

    Segment? _segment;
    long _offset;
    byte[] _chunk = [];
    int _chunkLength;
    long _chunkAt;
    BatchReader _reader;

    /// <summary>The number of the next event to be read.</summary>
    public long NextSequenceNumber { get; private set; } = sequenceNumber;

    /// <summary>Reads up to <paramref name="count"/> events that are there, without waiting.</summary>
    /// <returns>How many were added.</returns>
    /// <exception cref="InvalidDataException">A record is damaged.</exception>
    public int Read(List<EventData> events, int count)
    {
        var room = long.MaxValue;
        return Read(events, count, ref room);
    }

    /// <summary>As the other, and no further once the bodies have filled the room, which shrinks by what they take.</summary>
    public int Read(List<EventData> events, int count, ref long room)
    {
        var read = 0;
        while (read < count && room > 0 && (!_reader.AtEnd || NextFrame()))
        {
            var next = _reader.Read();
            events.Add(next);
            NextSequenceNumber = _reader.NextSequenceNumber;
            room -= next.Body.Length;
            read++;
        }
        return read;
    }

    bool NextFrame()
    {
        if (NextSequenceNumber >= log.NextSequenceNumber) return false;
        if (_segment is null)
        {
            _segment = log.SegmentOf(NextSequenceNumber);
            NextSequenceNumber = Math.Max(NextSequenceNumber, _segment.FirstSequenceNumber);
            _offset = _segment.Find(NextSequenceNumber);
        }

        while (true)
        {
            if (_offset >= _segment.Length)
            {
                var next = log.SegmentOf(NextSequenceNumber);
                if (next == _segment) throw _segment.Corrupt(_offset, $"the file ends where event {NextSequenceNumber} is due");
                // Only the oldest segment can begin later: what was due has expired while this reader was behind.
                NextSequenceNumber = Math.Max(NextSequenceNumber, next.FirstSequenceNumber);
                (_segment, _offset, _chunkLength) = (next, 0, 0);
            }
            var frame = Load();
            var at = _offset;
            _offset += frame.TotalBytes;
            // The index leads to a frame at or before the one that is wanted.
            if (frame.NextSequenceNumber <= NextSequenceNumber) continue;
            if (frame.FirstSequenceNumber > NextSequenceNumber)
                throw _segment.Corrupt(at, $"the record begins with event {frame.FirstSequenceNumber} where {NextSequenceNumber} is due");

            var payload = _chunk.AsMemory((int)(at - _chunkAt) + Frame.HeaderBytes, frame.PayloadBytes);
            _reader = new BatchReader(payload, frame.FirstSequenceNumber, frame.EnqueuedTime);
            while (_reader.NextSequenceNumber < NextSequenceNumber)
                _reader.Skip();
            return true;
        }
    }

    // Brings the whole frame at the offset into the chunk and checks it.
    Frame Load()
    {
        var header = Chunk(Frame.HeaderBytes);
        if (!Frame.TryReadHeader(header, out var frame)) throw _segment!.Corrupt(_offset, "the record's header is damaged");
        var whole = Chunk(frame.TotalBytes);
        if (whole.Length < frame.TotalBytes || !Frame.IsIntact(whole, _offset)) throw _segment!.Corrupt(_offset, "the record is damaged");
        return frame;
    }

    ReadOnlySpan<byte> Chunk(int count)
    {
        if (_offset < _chunkAt || _offset + count > _chunkAt + _chunkLength)
        {
            var size = (int)Math.Min(Math.Max(count, ChunkBytes), _segment!.Length - _offset);
            // A new array each time: the events handed out keep the old one.
            _chunk = GC.AllocateUninitializedArray<byte>(size);
            _chunkLength = FrameScan.ReadFully(_segment, _chunk, _offset);
            _chunkAt = _offset;
        }
        var available = (int)Math.Min(count, _chunkAt + _chunkLength - _offset);
        return _chunk.AsSpan((int)(_offset - _chunkAt), available);
    }
}
