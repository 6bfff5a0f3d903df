namespace ServerlessCLM.Emulator;

/// <summary>
/// Events that are sent together: all of them are stored or none. Made by
/// <see cref="EventHubProducerClient.CreateBatchAsync(CreateBatchOptions, CancellationToken)"/>. An event is taken as it is when it is added;
/// changing it afterwards does not change the batch.
/// </summary>
public sealed class EventDataBatch : IDisposable
{
    readonly BatchWriter _writer;
    bool _disposed;
    int _sending;

    internal EventDataBatch(SendEventOptions options, long maximumSizeInBytes)
    {
        Options = options;
        MaximumSizeInBytes = maximumSizeInBytes;
        _writer = new BatchWriter(options.PartitionKey);
    }

    /// <summary>The events in the batch.</summary>
    public int Count => _writer.Count;

    /// <summary>The limit in bytes, overhead included.</summary>
    public long MaximumSizeInBytes { get; }

    /// <summary>The batch's size in bytes, overhead included.</summary>
    public long SizeInBytes => _writer.SizeInBytes;

    internal SendEventOptions Options { get; }

    /// <summary>Adds an event, or answers false and leaves the batch as it was when the event does not fit.</summary>
    /// <exception cref="InvalidOperationException">The batch is being sent.</exception>
    public bool TryAdd(EventData eventData)
    {
        ArgumentNullException.ThrowIfNull(eventData);
        ObjectDisposedException.ThrowIf(_disposed, this);
        ThrowWhileSending();
        return _writer.TryAdd(eventData, MaximumSizeInBytes);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The batch is being sent.</exception>
    public void Dispose()
    {
        if (_disposed) return;
        ThrowWhileSending();
        _disposed = true;
        _writer.Dispose();
    }

    /// <summary>Lends the encoded events for one send; <see cref="EndSending"/> gives them back.</summary>
    internal BatchWriter BeginSending()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (Interlocked.Exchange(ref _sending, 1) == 1)
            throw new InvalidOperationException("The batch is being sent.");
        return _writer;
    }

    internal void EndSending() => Volatile.Write(ref _sending, 0);

    void ThrowWhileSending()
    {
        if (Volatile.Read(ref _sending) == 1)
            throw new InvalidOperationException("The batch is being sent.");
    }
}
