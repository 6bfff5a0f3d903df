using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Emulator;

/// <summary>Runs the functions with an <see cref="EventHubTriggerAttribute"/>: one pump per function and partition.</summary>
sealed class EventHubsTriggerListener : ITriggerListener, IHostedService, IDisposable
{
    /// <summary>How long a batch under way may take when the host stops.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>How long a cancelled function may take to come to its end before what it uses goes away.</summary>
    static readonly TimeSpan Unwinding = TimeSpan.FromSeconds(2);

    readonly FunctionInvoker _invoker;
    readonly EventHubsNamespace _hubs;
    readonly EventHubsSettings _settings;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly OverlappingDelivery? _overlap;
    readonly Dictionary<FunctionDescriptor, Subscription> _subscriptions;
    readonly CancellationTokenSource _stopping = new();
    readonly CancellationTokenSource _abandoning = new();
    readonly HubFaults? _faults;
    readonly bool _runsOnItsOwn;
    List<PartitionPump> _partitions = [];
    Task _pumps = Task.CompletedTask;
    bool _disposed;

    public EventHubsTriggerListener(
        FunctionCatalogue catalogue,
        FunctionInvoker invoker,
        EventHubsNamespace hubs,
        HostConfiguration host,
        IConfiguration configuration,
        TimeProvider time,
        ILogger<EventHubsTriggerListener> logger,
        OverlappingDelivery? overlap = null,
        VirtualTimeSettings? virtualTime = null,
        HubFaults? faults = null)
    {
        _faults = faults;
        _runsOnItsOwn = virtualTime is null;
        (_invoker, _hubs, _settings, _time, _logger, _overlap) = (invoker, hubs, host.EventHubs, time, logger, overlap);
        _subscriptions = catalogue.TriggeredBy<EventHubTriggerAttribute>()
            .ToDictionary(found => found.Function, found => Subscription.Of(found.Function, found.Trigger, configuration));
        var shared = _subscriptions.GroupBy(pair => (pair.Value.Hub.ToUpperInvariant(), pair.Value.ConsumerGroup.ToUpperInvariant()))
            .FirstOrDefault(functions => functions.Count() > 1);
        if (shared is not null)
        {
            var (hub, group) = (shared.First().Value.Hub, shared.First().Value.ConsumerGroup);
            throw new FunctionsStartupException(
                $"Functions {string.Join(" and ", shared.Select(pair => $"'{pair.Key.Name}'"))} share consumer group '{group}' of hub '{hub}'; each needs its own.");
        }
    }

    public Type TriggerType => typeof(EventHubTriggerAttribute);

    public IEnumerable<IScheduledWork> Scheduled => _partitions;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _partitions = (
            from subscription in _subscriptions
            let hub = Open(subscription.Value.Hub)
            from partition in Enumerable.Range(0, hub.Partitions.Length)
            select new PartitionPump(
                subscription.Key, subscription.Value.IsBatched, hub, subscription.Value.ConsumerGroup, partition, _settings, _invoker, _time, _logger, _overlap, _faults))
            .ToList();
        if (_runsOnItsOwn) _pumps = Task.WhenAll(_partitions.Select(pump => Task.Run(() => pump.RunAsync(_stopping.Token, _abandoning.Token), CancellationToken.None)));
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        try
        {
            await _pumps.WaitAsync(Grace, _time, cancellationToken);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            EventHubsLog.BatchAbandoned(_logger);
            await _abandoning.CancelAsync();
            await Task.WhenAny(_pumps, Task.Delay(Unwinding, _time, cancellationToken));
        }
    }

    public async Task FireAsync(FunctionDescriptor function, string? input, CancellationToken cancellation)
    {
        var subscription = _subscriptions[function];
        var made = new EventData(input ?? "") { SequenceNumber = 0, EnqueuedTime = _time.GetUtcNow() };
        var data = PartitionPump.BindingData(subscription.Hub, subscription.ConsumerGroup, "0");
        await _invoker.InvokeWithRetriesAsync(function, subscription.IsBatched ? new[] { made } : made, data, cancellation);
    }

    public void Dispose()
    {
        // The container does so once for each way in which the listener is registered.
        if (_disposed) return;
        _disposed = true;
        // A host that failed to start disposes without stopping first.
        _stopping.Cancel();
        _abandoning.Cancel();
        _stopping.Dispose();
        _abandoning.Dispose();
    }

    EventHub Open(string hub)
    {
        try
        {
            return _hubs.GetHub(hub);
        }
        catch (Exception unusable) when (unusable is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new FunctionsStartupException(unusable.Message, unusable);
        }
    }

    sealed record Subscription(string Hub, string ConsumerGroup, bool IsBatched)
    {
        public static Subscription Of(FunctionDescriptor function, EventHubTriggerAttribute trigger, IConfiguration configuration)
        {
            var wanted = trigger.IsBatched ? typeof(EventData[]) : typeof(EventData);
            if (function.TriggerParameter.ParameterType != wanted)
            {
                throw new FunctionsStartupException(
                    $"Function '{function.Name}': with IsBatched = {trigger.IsBatched} the parameter '{function.TriggerParameter.Name}' is {wanted.Name}, not {function.TriggerParameter.ParameterType.Name}.");
            }

            var hub = Resolve(function, trigger.EventHubName, configuration);
            var group = string.IsNullOrEmpty(trigger.ConsumerGroup)
                ? EventHubsNamespace.DefaultConsumerGroup
                : Resolve(function, trigger.ConsumerGroup, configuration);
            if ((EventHubsNamespace.NameFault(hub, "hub", 256) ?? EventHubsNamespace.NameFault(group, "consumer group", 50)) is { } fault)
                throw new FunctionsStartupException($"Function '{function.Name}': {fault}");
            return new(hub, group, trigger.IsBatched);
        }

        // %NAME% stands for a setting, as everywhere in a trigger.
        static string Resolve(FunctionDescriptor function, string text, IConfiguration configuration)
        {
            if (text is not ['%', .. var setting, '%']) return text;
            return configuration[setting] is { Length: > 0 } value
                ? value
                : throw new FunctionsStartupException($"Function '{function.Name}': the setting '{setting}' is not there.");
        }
    }
}
