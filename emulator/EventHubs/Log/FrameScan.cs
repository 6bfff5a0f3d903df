namespace ServerlessCLM.Emulator;

/// <summary>
/// Walks a segment's frames from its start, by a window of the file. Stops at the end or at the first frame that is not one;
/// <see cref="Offset"/> is then where the intact frames end.
/// </summary>
struct FrameScan(Segment segment, bool verify)
{
    const int WindowBytes = 1024 * 1024;

    readonly long _fileLength = RandomAccess.GetLength(segment.Handle);
    byte[] _window = [];
    int _windowLength;
    long _windowAt;
    long _next;

    /// <summary>The frame that was found.</summary>
    public Frame Frame { get; private set; }

    /// <summary>Where it begins.</summary>
    public long Offset { get; private set; }

    public bool MoveNext()
    {
        Offset = _next;
        if (_fileLength - _next < Frame.HeaderBytes || !Frame.TryReadHeader(Window(Frame.HeaderBytes), out var frame)) return false;
        if (_fileLength - _next < frame.TotalBytes) return false;
        if (verify && !Frame.IsIntact(Window(frame.TotalBytes), _next)) return false;
        Frame = frame;
        _next += frame.TotalBytes;
        return true;
    }

    /// <summary>
    /// Looks for an intact frame anywhere behind a damaged place. There is one if the damage is not that of a write that a crash cut short.
    /// </summary>
    public static long? FindIntactAfter(Segment segment, long offset)
    {
        var rest = new byte[RandomAccess.GetLength(segment.Handle) - offset];
        var read = ReadFully(segment, rest, offset);
        for (var at = 1; at < read; at++)
        {
            var found = rest.AsSpan(at, read - at).IndexOf(Frame.Magic);
            if (found < 0) return null;
            at += found;
            var candidate = rest.AsSpan(at, read - at);
            if (Frame.TryReadHeader(candidate, out var frame) && frame.TotalBytes <= candidate.Length
                && Frame.IsIntact(candidate[..frame.TotalBytes], offset + at))
            {
                return offset + at;
            }
        }
        return null;
    }

    /// <summary>Fills the buffer from the file, as far as the file goes.</summary>
    public static int ReadFully(Segment segment, Span<byte> buffer, long offset)
    {
        var total = 0;
        while (total < buffer.Length)
        {
            var read = RandomAccess.Read(segment.Handle, buffer[total..], offset + total);
            if (read == 0) break;
            total += read;
        }
        return total;
    }

    // The next bytes, of which the file has enough.
    ReadOnlySpan<byte> Window(int count)
    {
        if (_next - _windowAt + count > _windowLength)
        {
            var size = (int)Math.Min(Math.Max(count, WindowBytes), _fileLength - _next);
            if (_window.Length < size) _window = GC.AllocateUninitializedArray<byte>(size);
            _windowAt = _next;
            _windowLength = ReadFully(segment, _window.AsSpan(0, size), _next);
        }
        return _window.AsSpan((int)(_next - _windowAt), count);
    }
}
