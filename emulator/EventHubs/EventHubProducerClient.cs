namespace ServerlessCLM.Emulator;

/// <summary>
/// Sends events to a hub. What one call sends is stored in one partition as a whole or not at all, and is on disk when the call returns.
/// Safe for concurrent use.
/// </summary>
public class EventHubProducerClient : IAsyncDisposable
{
    readonly EventHub _hub;

    /// <summary>A client of a hub in this process; the hub is created if it does not exist.</summary>
    public EventHubProducerClient(EventHubsNamespace hubs, string eventHubName)
    {
        ArgumentNullException.ThrowIfNull(hubs);
        _hub = hubs.GetHub(eventHubName);
        FullyQualifiedNamespace = EventHubsNamespace.FullyQualifiedName;
    }

    /// <summary>The hub.</summary>
    public string EventHubName => _hub.Name;

    /// <summary>The namespace's host name.</summary>
    public string FullyQualifiedNamespace { get; }

    /// <summary>Whether the client has been closed.</summary>
    public bool IsClosed { get; protected set; }

    /// <summary>An empty batch that takes events up to the hub's limit.</summary>
    public virtual ValueTask<EventDataBatch> CreateBatchAsync(CancellationToken cancellationToken = default) =>
        CreateBatchAsync(new CreateBatchOptions(), cancellationToken);

    /// <summary>An empty batch for a partition or key.</summary>
    /// <exception cref="InvalidOperationException">Both a partition and a key are given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The batch may become larger than the hub takes.</exception>
    public virtual ValueTask<EventDataBatch> CreateBatchAsync(CreateBatchOptions options, CancellationToken cancellationToken = default)
    {
        ThrowIfUnusable(cancellationToken);
        options ??= new CreateBatchOptions();
        options.Check();
        var limit = options.MaximumSizeInBytes ?? EventHub.MaximumBatchBytes;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, EventHub.MaximumBatchBytes, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, BatchWriter.BatchOverhead, nameof(options));
        // A copy: what the caller does to the options later must not send the batch elsewhere.
        var target = new SendEventOptions { PartitionId = options.PartitionId, PartitionKey = options.PartitionKey };
        return ValueTask.FromResult(new EventDataBatch(target, limit));
    }

    /// <summary>Sends events to a partition of the hub's choice.</summary>
    public virtual Task SendAsync(IEnumerable<EventData> eventBatch, CancellationToken cancellationToken = default) =>
        SendAsync(eventBatch, new SendEventOptions(), cancellationToken);

    /// <summary>Sends events to a partition or by a key.</summary>
    /// <exception cref="InvalidOperationException">Both a partition and a key are given.</exception>
    /// <exception cref="EventHubsException">The events are larger than 1 MiB together, the partition does not exist, or the disk failed.</exception>
    public virtual async Task SendAsync(IEnumerable<EventData> eventBatch, SendEventOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(eventBatch);
        ThrowIfUnusable(cancellationToken);
        options ??= new SendEventOptions();
        options.Check();
        using var writer = new BatchWriter(options.PartitionKey);
        foreach (var eventData in eventBatch)
        {
            if (!writer.TryAdd(eventData, EventHub.MaximumBatchBytes))
            {
                throw new EventHubsException(EventHubName,
                    $"The events are larger than the {EventHub.MaximumBatchBytes} bytes that one send may have; event {writer.Count} did not fit.",
                    EventHubsException.FailureReason.MessageSizeExceeded);
            }
        }
        await _hub.AppendAsync(writer, options);
    }

    /// <summary>Sends a batch where its options say.</summary>
    /// <exception cref="EventHubsException">The partition does not exist, or the disk failed.</exception>
    public virtual async Task SendAsync(EventDataBatch eventBatch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(eventBatch);
        ThrowIfUnusable(cancellationToken);
        var writer = eventBatch.BeginSending();
        try
        {
            await _hub.AppendAsync(writer, eventBatch.Options);
        }
        finally
        {
            eventBatch.EndSending();
        }
    }

    /// <summary>The hub's partitions: "0", "1", …</summary>
    public virtual Task<string[]> GetPartitionIdsAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfUnusable(cancellationToken);
        return Task.FromResult(_hub.PartitionIds());
    }

    /// <summary>What the hub tells about itself.</summary>
    public virtual Task<EventHubProperties> GetEventHubPropertiesAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfUnusable(cancellationToken);
        return Task.FromResult(new EventHubProperties(_hub.Name, _hub.CreatedOn, _hub.PartitionIds()));
    }

    /// <summary>Closes the client; the hub stays.</summary>
    public virtual Task CloseAsync(CancellationToken cancellationToken = default)
    {
        IsClosed = true;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    void ThrowIfUnusable(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (IsClosed)
            throw new EventHubsException(EventHubName, "The client has been closed.", EventHubsException.FailureReason.ClientClosed);
    }
}
