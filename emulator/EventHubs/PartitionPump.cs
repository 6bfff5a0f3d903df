using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Emulator;

/// <summary>
/// Feeds one partition to one function, batch after batch. The checkpoint moves when a batch has been dealt with, failed or not; it stays
/// while a retry policy still tries and when the host stops in the middle, so that the batch comes again.
/// </summary>
sealed class PartitionPump
{
    /// <summary>A batch ends with the event whose body fills this, so that a thousand large events are several batches.</summary>
    const long MaximumBatchBytes = 16 * 1024 * 1024;

    readonly FunctionDescriptor _function;
    readonly bool _isBatched;
    readonly EventHubsSettings _settings;
    readonly FunctionInvoker _invoker;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly OverlappingDelivery? _overlap;
    readonly PartitionLog _partition;
    readonly ConsumerGroup _group;
    readonly int _number;
    readonly PartitionCursor _cursor;
    readonly List<EventData> _batch = [];
    readonly Dictionary<string, object> _bindingData;
    long _room;
    int _batchesSinceCheckpoint;

    public PartitionPump(
        FunctionDescriptor function,
        bool isBatched,
        EventHub hub,
        string consumerGroup,
        int partition,
        EventHubsSettings settings,
        FunctionInvoker invoker,
        TimeProvider time,
        ILogger logger,
        OverlappingDelivery? overlap)
    {
        (_function, _isBatched, _number) = (function, isBatched, partition);
        (_settings, _invoker, _time, _logger, _overlap) = (settings, invoker, time, logger, overlap);
        _partition = hub.Partitions[partition];
        _group = hub.Group(consumerGroup);
        _bindingData = BindingData(hub.Name, consumerGroup, _partition.Id);

        var position = _group.Position(partition);
        if (position is null && settings.InitialOffset == InitialOffset.FromEnd)
        {
            position = _partition.NextSequenceNumber;
            // Written down at once: what comes between now and the first batch belongs to this group.
            _group.MoveTo(partition, position.Value);
        }
        if (position > _partition.NextSequenceNumber)
        {
            // The partition was restored from an older copy. Waiting for it to come this far would pass over what is sent meanwhile.
            EventHubsLog.CheckpointBeyondLog(_logger, function.Name, _partition.Id, position.Value, _partition.NextSequenceNumber);
            position = _partition.NextSequenceNumber;
            _group.MoveTo(partition, position.Value);
        }
        _cursor = _partition.ReadFrom(position ?? 0);
    }

    /// <summary>What the function is told about where its events come from.</summary>
    public static Dictionary<string, object> BindingData(string hub, string consumerGroup, string partitionId) => new(StringComparer.OrdinalIgnoreCase)
    {
        ["PartitionContext"] = JsonSerializer.Serialize(new
        {
            FullyQualifiedNamespace = EventHubsNamespace.FullyQualifiedName,
            EventHubName = hub,
            ConsumerGroup = consumerGroup,
            PartitionId = partitionId,
        }),
    };

    /// <summary>Runs until told to stop.</summary>
    /// <param name="stopping">No further batch and no further retry.</param>
    /// <param name="abandoning">The batch under way is given up as well.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken abandoning)
    {
        try
        {
            while (await FillAsync(stopping))
            {
                var next = _isBatched
                    ? await InvokeAsync(_batch.ToArray(), _batch[0], _batch[^1], stopping, abandoning) ? _cursor.NextSequenceNumber : null
                    : await InvokeEachAsync(stopping, abandoning);
                if (abandoning.IsCancellationRequested || next is null) break;
                Checkpoint(next.Value, stopping);
            }
        }
        catch (Exception failure)
        {
            // The other partitions go on; this one's lag shows that nobody reads it.
            EventHubsLog.PartitionUnreadable(_logger, failure, _function.Name, _partition.Id);
        }
    }

    // Gathers a batch; false when it is time to stop.
    async Task<bool> FillAsync(CancellationToken stopping)
    {
        var least = _isBatched ? Math.Min(_settings.MinEventBatchSize, _settings.MaxEventBatchSize) : 1;
        _batch.Clear();
        _room = MaximumBatchBytes;
        try
        {
            while (_batch.Count == 0)
            {
                var appended = _partition.NextAppend();
                if (_cursor.Read(_batch, _settings.MaxEventBatchSize, ref _room) == 0) await appended.WaitAsync(stopping);
            }
            if (_batch.Count < least && _room > 0) await WaitForMoreAsync(least, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }
        return !stopping.IsCancellationRequested;
    }

    // The longest wait counts from when there is a first event.
    async Task WaitForMoreAsync(int least, CancellationToken stopping)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var patience = Task.Delay(_settings.MaxWaitTime, _time, enough.Token);
        while (!patience.IsCompleted)
        {
            var appended = _partition.NextAppend();
            _cursor.Read(_batch, _settings.MaxEventBatchSize - _batch.Count, ref _room);
            if (_batch.Count >= least || _room <= 0) break;
            await Task.WhenAny(appended, patience);
        }
        await enough.CancelAsync();
    }

    // One event at a time; answers how far it came, null when not even the first one was dealt with.
    async Task<long?> InvokeEachAsync(CancellationToken stopping, CancellationToken abandoning)
    {
        long? next = null;
        foreach (var single in _batch)
        {
            if (!await InvokeAsync(single, single, single, stopping, abandoning)) break;
            next = single.SequenceNumber + 1;
            if (stopping.IsCancellationRequested) break;
        }
        return next;
    }

    // Whether the events have been dealt with; not so when the host stopped before the function had all its tries.
    async Task<bool> InvokeAsync(object value, EventData first, EventData last, CancellationToken stopping, CancellationToken abandoning)
    {
        _overlap?.Delivering(new(_function, value, _bindingData, _partition.Id, first.SequenceNumber));
        try
        {
            await _invoker.InvokeWithRetriesAsync(_function, value, _bindingData, abandoning, stopping);
            return true;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception failure)
        {
            EventHubsLog.BatchFailed(_logger, failure, _function.Name, _partition.Id, first.SequenceNumber, last.SequenceNumber);
            return true;
        }
    }

    void Checkpoint(long next, CancellationToken stopping)
    {
        // Also when there is nothing left to read, so that the lag comes down to nothing.
        var due = ++_batchesSinceCheckpoint >= _settings.BatchCheckpointFrequency
            || next == _partition.NextSequenceNumber
            || stopping.IsCancellationRequested;
        if (!due) return;
        try
        {
            _group.MoveTo(_number, next);
            _batchesSinceCheckpoint = 0;
        }
        catch (IOException failure)
        {
            // Not worse than losing it in a crash: the next one is as good.
            EventHubsLog.CheckpointFailed(_logger, failure, _function.Name, _partition.Id);
        }
    }
}
