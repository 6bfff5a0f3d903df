using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace ServerlessCLM.Emulator;

/// <summary>
/// One file of a partition, named after its first sequence number. Keeps the place of a frame every <see cref="IndexSpacing"/> bytes, so
/// that a reader finds any sequence number by reading at most that much.
/// </summary>
sealed class Segment : IDisposable
{
    public const string Extension = ".seg";
    const int IndexSpacing = 64 * 1024;

    readonly List<(long SequenceNumber, long Offset)> _index = [];
    readonly Lock _indexing = new();
    bool _indexed;
    long _length;

    Segment(string path, long firstSequenceNumber, SafeFileHandle handle, bool indexed)
    {
        Path = path;
        FirstSequenceNumber = firstSequenceNumber;
        Handle = handle;
        _indexed = indexed;
        _length = indexed ? 0 : RandomAccess.GetLength(handle);
    }

    public string Path { get; }

    public long FirstSequenceNumber { get; }

    public SafeFileHandle Handle { get; }

    /// <summary>The bytes that hold committed frames; grows while the segment is the partition's last.</summary>
    public long Length => Volatile.Read(ref _length);

    /// <summary>Whether the file has no bytes: it may just have been created.</summary>
    public bool IsEmpty => RandomAccess.GetLength(Handle) == 0;

    public static string FileName(long firstSequenceNumber) =>
        firstSequenceNumber.ToString("D20", CultureInfo.InvariantCulture) + Extension;

    /// <summary>Opens a segment that will not grow. Its index is made when a reader first asks.</summary>
    public static Segment OpenSealed(string path) =>
        new(path, NumberOf(path), File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), indexed: false);

    /// <summary>Opens or creates the segment that appends go to. <see cref="Committed"/> tells it the frames it has.</summary>
    public static Segment OpenForAppend(string path) =>
        new(path, NumberOf(path), File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete), indexed: true);

    /// <summary>Takes a frame at the end of the segment as committed.</summary>
    public void Committed(in Frame frame)
    {
        var offset = _length;
        lock (_indexing) Index(frame, offset);
        Volatile.Write(ref _length, offset + frame.TotalBytes);
    }

    /// <summary>The place of a frame at or before the one that holds the sequence number.</summary>
    public long Find(long sequenceNumber)
    {
        lock (_indexing)
        {
            if (!_indexed) BuildIndex();
            var (low, high) = (0, _index.Count - 1);
            while (low <= high)
            {
                var middle = (low + high) / 2;
                if (_index[middle].SequenceNumber <= sequenceNumber) low = middle + 1;
                else high = middle - 1;
            }
            return high < 0 ? 0 : _index[high].Offset;
        }
    }

    /// <summary>When the segment's first event was stored; null while it has none.</summary>
    public DateTimeOffset? FirstEnqueuedTime()
    {
        Span<byte> header = stackalloc byte[Frame.HeaderBytes];
        return RandomAccess.Read(Handle, header, 0) == header.Length && Frame.TryReadHeader(header, out var frame) ? frame.EnqueuedTime : null;
    }

    public InvalidDataException Corrupt(long offset, string what) => new($"{Path}, offset {offset}: {what}.");

    public void Dispose() => Handle.Dispose();

    void Index(in Frame frame, long offset)
    {
        if (_index.Count == 0 || offset - _index[^1].Offset >= IndexSpacing) _index.Add((frame.FirstSequenceNumber, offset));
    }

    void BuildIndex()
    {
        var scan = new FrameScan(this, verify: false);
        while (scan.MoveNext())
            Index(scan.Frame, scan.Offset);
        // A frame that cannot be read ends the index; the reader that comes to it reports it.
        _indexed = true;
    }

    static long NumberOf(string path) =>
        long.TryParse(System.IO.Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidDataException($"{path}: a segment is named after its first sequence number.");
}
