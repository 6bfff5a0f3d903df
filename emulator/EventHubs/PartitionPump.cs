using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Emulator;

/// <summary>
/// Feeds one partition to one function, batch after batch. The checkpoint moves when a batch has been dealt with, failed or not; it stays
/// while a retry policy still tries and when the host stops in the middle, so that the batch comes again.
/// </summary>
sealed class PartitionPump : IScheduledWork
{
    /// <summary>A batch ends with the event whose body fills this, so that a thousand large events are several batches.</summary>
    const long MaximumBatchBytes = 16 * 1024 * 1024;

    // A delay has a longest, and the wall clock may be set.
    static readonly TimeSpan LongestDelay = TimeSpan.FromDays(1);

    readonly FunctionDescriptor _function;
    readonly bool _isBatched;
    readonly EventHubsSettings _settings;
    readonly FunctionInvoker _invoker;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly OverlappingDelivery? _overlap;
    readonly HubFaults? _faults;
    readonly PartitionLog _partition;
    readonly ConsumerGroup _group;
    readonly int _number;
    readonly PartitionCursor _cursor;
    readonly List<EventData> _batch = [];
    readonly Dictionary<string, object> _bindingData;
    readonly string _hub;
    long _room;
    int _batchesSinceCheckpoint;

    // The batch under way: which event of it comes next, how often that was tried, when it is tried again, how far it has been dealt with.
    bool _delivering;
    int _single;
    int _retry;
    DateTimeOffset _nextTry;
    long? _delivered;
    DateTimeOffset? _patience;
    bool _unreadable;

    // Whether the batch is to be delivered a second time.
    bool _again;

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
        OverlappingDelivery? overlap,
        HubFaults? faults)
    {
        _faults = faults;
        (_function, _isBatched, _number) = (function, isBatched, partition);
        (_settings, _invoker, _time, _logger, _overlap) = (settings, invoker, time, logger, overlap);
        _hub = hub.Name;
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

    public string Function => _function.Name;

    public string Place => $"{_hub}/{_partition.Id}/{_group.Name}";

    public Task Changed => _partition.NextAppend();

    /// <summary>Runs until told to stop.</summary>
    /// <param name="stopping">No further batch and no further retry.</param>
    /// <param name="abandoning">The batch under way is given up as well.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken abandoning)
    {
        while (!stopping.IsCancellationRequested)
        {
            // Taken before the look: an append in between is not missed.
            var appended = _partition.NextAppend();
            var due = Due();
            if (due <= _time.GetUtcNow())
                await StepAsync(stopping, abandoning);
            else if (!await WaitAsync(due, appended, stopping))
                break;
        }

        if (!abandoning.IsCancellationRequested && _delivered is { } next) Checkpoint(next, stopping);
    }

    /// <summary>Now, when there is a batch to deliver; later, when it waits for more events or for its next try; else null.</summary>
    public DateTimeOffset? Due()
    {
        if (_delivering) return _nextTry;
        if (_unreadable) return null;
        try
        {
            if (_batch.Count == 0) _room = MaximumBatchBytes;
            if (_room > 0 && _batch.Count < _settings.MaxEventBatchSize) _cursor.Read(_batch, _settings.MaxEventBatchSize - _batch.Count, ref _room);
        }
        catch (Exception failure)
        {
            // The other partitions go on; this one's lag shows that nobody reads it.
            EventHubsLog.PartitionUnreadable(_logger, failure, _function.Name, _partition.Id);
            _unreadable = true;
        }
        if (_batch.Count == 0) return null;
        var now = _time.GetUtcNow();
        var least = _isBatched ? Math.Min(_settings.MinEventBatchSize, _settings.MaxEventBatchSize) : 1;
        if (_batch.Count >= least || _room <= 0) return now;
        // The longest wait counts from when there is a first event.
        return _patience ??= now + _settings.MaxWaitTime;
    }

    public Task StepAsync(CancellationToken cancellation) => StepAsync(cancellation, cancellation);

    // One try of the batch, or of its next event where they come one at a time.
    async Task StepAsync(CancellationToken stopping, CancellationToken abandoning)
    {
        var begins = !_delivering;
        (_delivering, _patience) = (true, null);
        if (begins && Disturbed()) return;
        var first = _batch[_isBatched ? 0 : _single];
        var last = _isBatched ? _batch[^1] : first;
        object value = _isBatched ? _batch.ToArray() : first;
        if (_retry == 0) _overlap?.Delivering(new(_function, value, _bindingData, _partition.Id, first.SequenceNumber));
        try
        {
            var (_, wait) = await _invoker.TryAsync(_function, value, _bindingData, _retry, abandoning, Place);
            if (wait is not null)
            {
                _retry++;
                _nextTry = _time.GetUtcNow() + wait.Value;
                return;
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return;
        }
        catch (Exception failure)
        {
            EventHubsLog.BatchFailed(_logger, failure, _function.Name, _partition.Id, first.SequenceNumber, last.SequenceNumber);
        }
        (_retry, _nextTry) = (0, DateTimeOffset.MinValue);
        _delivered = _isBatched ? _cursor.NextSequenceNumber : last.SequenceNumber + 1;
        if (_again)
        {
            _again = false;
            return;
        }
        if (!_isBatched && ++_single < _batch.Count) return;
        (_delivering, _single) = (false, 0);
        _batch.Clear();
        if (abandoning.IsCancellationRequested) return;
        Checkpoint(_delivered.Value, stopping);
        _delivered = null;
    }

    // Whether a fault keeps the batch from being delivered now.
    bool Disturbed()
    {
        if (_faults?.Receiving(Place) is not { } fault) return false;
        _again = fault.Kind == FaultKind.Duplicate;
        if (fault.Kind == FaultKind.Delay) _nextTry = _time.GetUtcNow() + _faults.DelayOf(fault);
        return !_again;
    }

    // Waits for what is due or appended, whichever comes first; false when it is time to stop.
    async Task<bool> WaitAsync(DateTimeOffset? due, Task appended, CancellationToken stopping)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        try
        {
            if (due is not { } time)
            {
                await appended.WaitAsync(stopping);
            }
            else
            {
                var delay = Task.Delay(time - _time.GetUtcNow() is var left && left < LongestDelay ? left : LongestDelay, _time, enough.Token);
                await (_delivering ? delay : Task.WhenAny(appended, delay));
                await enough.CancelAsync();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }
        return !stopping.IsCancellationRequested;
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
