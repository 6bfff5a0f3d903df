using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Emulator;

/// <summary>
/// One partition on disk: events in the order of their sequence numbers, in segments. Any number of threads may append and read.
/// </summary>
sealed partial class PartitionLog : IDisposable
{
    readonly string _directory;
    readonly string _hub;
    readonly EventHubsOptions _options;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly Pulse _appended = new();
    volatile Segment[] _segments;
    long _nextSequenceNumber;

    /// <summary>Opens or creates a partition. Cuts what a crash left half written at the end.</summary>
    /// <exception cref="InvalidDataException">A frame is damaged that a crash cannot have damaged.</exception>
    public PartitionLog(string hub, string id, string directory, EventHubsOptions options, TimeProvider time, ILogger logger)
    {
        (_hub, Id, _directory, _options, _time, _logger) = (hub, id, directory, options, time, logger);
        Directory.CreateDirectory(directory);
        var files = Directory.GetFiles(directory, "*" + Segment.Extension);
        Array.Sort(files, StringComparer.Ordinal);
        if (files.Length == 0) files = [Path.Combine(directory, Segment.FileName(0))];

        var segments = new List<Segment>();
        try
        {
            segments.AddRange(files[..^1].Select(Segment.OpenSealed));
            segments.Add(Segment.OpenForAppend(files[^1]));
            if (segments[^1].IsEmpty) options.FlushFolder(directory);
            _segments = [.. segments];
            Recover(segments[^1]);
        }
        catch
        {
            segments.ForEach(segment => segment.Dispose());
            throw;
        }
        DropExpired();
    }

    public string Id { get; }

    /// <summary>The number that the next event will get; all events before it are on disk.</summary>
    public long NextSequenceNumber => Volatile.Read(ref _nextSequenceNumber);

    /// <summary>The number of the oldest event that is kept.</summary>
    public long FirstSequenceNumber => _segments[0].FirstSequenceNumber;

    /// <summary>Completes at the next append. Take it before looking whether there is something to read.</summary>
    public Task NextAppend() => _appended.Next();

    /// <summary>A reader from a sequence number on, or from the oldest event kept when that is later.</summary>
    public PartitionCursor ReadFrom(long sequenceNumber) => new(this, Math.Max(sequenceNumber, FirstSequenceNumber));

    /// <summary>The segment that holds the sequence number, or will.</summary>
    public Segment SegmentOf(long sequenceNumber)
    {
        var segments = _segments;
        for (var i = segments.Length - 1; i > 0; i--)
        {
            if (segments[i].FirstSequenceNumber <= sequenceNumber) return segments[i];
        }
        return segments[0];
    }

    void Recover(Segment last)
    {
        _nextSequenceNumber = last.FirstSequenceNumber;
        var scan = new FrameScan(last, verify: true);
        while (scan.MoveNext())
        {
            var frame = scan.Frame;
            if (frame.FirstSequenceNumber != _nextSequenceNumber)
                throw last.Corrupt(scan.Offset, $"the record begins with event {frame.FirstSequenceNumber} where {_nextSequenceNumber} is due");
            last.Committed(frame);
            _nextSequenceNumber = frame.NextSequenceNumber;
            _lastEnqueuedTicks = frame.EnqueuedTicks;
        }

        var excess = RandomAccess.GetLength(last.Handle) - scan.Offset;
        if (excess == 0) return;
        if (FrameScan.FindIntactAfter(last, scan.Offset) is { } intact)
            throw last.Corrupt(scan.Offset, $"the record is damaged, and an intact one follows at offset {intact}; restore the file from a copy");
        RandomAccess.SetLength(last.Handle, scan.Offset);
        RandomAccess.FlushToDisk(last.Handle);
        EventHubsLog.TornTailCut(_logger, last.Path, scan.Offset, excess);
    }

    void DropExpired()
    {
        if (_options.Retention is not { } retention) return;
        var oldest = _time.GetUtcNow() - retention;
        // A segment's newest event is older than the next segment's oldest.
        while (_segments is [var first, var second, ..] && second.FirstEnqueuedTime() < oldest)
        {
            _segments = _segments[1..];
            // Not closed: a reader may be in the middle of it. Its handle goes with the last who knows it.
            File.Delete(first.Path);
        }
    }
}
