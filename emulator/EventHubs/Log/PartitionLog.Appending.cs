namespace ServerlessCLM.Emulator;

/// <summary>
/// Group commit: one thread per partition writes what has gathered while the disk was busy as one frame, makes it durable, and only then
/// answers the senders. The thread begins with the first append.
/// </summary>
sealed partial class PartitionLog
{
    /// <summary>A frame takes batches up to this size together; one batch may be larger.</summary>
    const int GroupBytes = 4 * 1024 * 1024;

    readonly object _gate = new();
    readonly Queue<PendingAppend> _pending = new();
    readonly List<PendingAppend> _group = [];
    readonly List<ReadOnlyMemory<byte>> _buffers = [];
    readonly byte[] _header = new byte[Frame.HeaderBytes];
    Thread? _writer;
    bool _closing;
    Exception? _failure;
    long _lastEnqueuedTicks;

    /// <summary>Appends a batch; complete when it is on disk. The batch must not change until then.</summary>
    /// <exception cref="EventHubsException">The disk failed; whether the batch is there shows when the partition is opened again.</exception>
    public Task AppendAsync(BatchWriter batch)
    {
        var append = new PendingAppend(batch);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closing, this);
            _pending.Enqueue(append);
            if (_writer is null)
            {
                _writer = new Thread(Write) { IsBackground = true, Name = $"hub {_hub}/{Id}" };
                _writer.Start();
            }
            Monitor.Pulse(_gate);
        }
        return append.Task;
    }

    /// <summary>Writes what was appended, then closes the files.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_closing) return;
            _closing = true;
            Monitor.Pulse(_gate);
        }
        _writer?.Join();
        foreach (var segment in _segments)
            segment.Dispose();
    }

    void Write()
    {
        while (NextGroup())
        {
            try
            {
                Commit();
                foreach (var append in _group)
                    append.TrySetResult();
            }
            catch (Exception exception)
            {
                foreach (var append in _group)
                    append.TrySetException(Failed(exception));
            }
        }
    }

    bool NextGroup()
    {
        _group.Clear();
        lock (_gate)
        {
            while (_pending.Count == 0)
            {
                if (_closing) return false;
                Monitor.Wait(_gate);
            }
            var bytes = 0;
            while (_pending.TryPeek(out var append) && (_group.Count == 0 || bytes + append.Encoded.Length <= GroupBytes))
            {
                _group.Add(_pending.Dequeue());
                bytes += append.Encoded.Length;
            }
        }
        return true;
    }

    void Commit()
    {
        if (_failure is not null) throw _failure;
        var payloadBytes = 0;
        var events = 0;
        _buffers.Clear();
        foreach (var append in _group)
        {
            _buffers.Add(append.Encoded);
            payloadBytes += append.Encoded.Length;
            events += append.Events;
        }

        // Never before the frame before it, even if the clock was set back.
        _lastEnqueuedTicks = Math.Max(_lastEnqueuedTicks, _time.GetUtcNow().UtcTicks);
        var frame = new Frame(payloadBytes, events, _nextSequenceNumber, _lastEnqueuedTicks);
        var segment = _segments[^1];
        if (segment.Length > 0 && segment.Length + frame.TotalBytes > _options.SegmentBytes) segment = Roll();

        frame.WriteHeader(_header, segment.Length, _buffers);
        _buffers.Insert(0, _header);
        WriteDurably(segment);

        segment.Committed(frame);
        Volatile.Write(ref _nextSequenceNumber, frame.NextSequenceNumber);
        _appended.Fire();
    }

    void WriteDurably(Segment segment)
    {
        DrawnFault? fault;
        try
        {
            fault = _options.Faults?.Appending(_hub, Id);
            RandomAccess.Write(segment.Handle, _buffers, segment.Length);
        }
        catch (IOException)
        {
            // A full disk: what got there is taken back, so that the next attempt finds the file as it was.
            RandomAccess.SetLength(segment.Handle, segment.Length);
            throw;
        }

        _options.Faults?.Appended(fault, segment.Path, segment.Length);
        try
        {
            if (_options.Syncs) RandomAccess.FlushToDisk(segment.Handle);
        }
        catch (IOException exception)
        {
            // After a failed flush nobody knows what is on disk; only opening the partition anew tells.
            _failure = exception;
            throw;
        }
    }

    Segment Roll()
    {
        var segment = Segment.OpenForAppend(Path.Combine(_directory, Segment.FileName(_nextSequenceNumber)));
        try
        {
            // Before anything in it is answered for: the name must outlive a power cut as the content does.
            _options.FlushFolder(_directory);
        }
        catch
        {
            segment.Dispose();
            throw;
        }
        _segments = [.. _segments, segment];
        DropExpired();
        return segment;
    }

    EventHubsException Failed(Exception exception) =>
        new(isTransient: exception is IOException && _failure is null, _hub, $"Partition {Id} could not be written: {exception.Message}",
            EventHubsException.FailureReason.GeneralError, exception);

    sealed class PendingAppend(BatchWriter batch) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public ReadOnlyMemory<byte> Encoded { get; } = batch.Encoded;

        public int Events { get; } = batch.Count;
    }
}
