using System.Globalization;
using Azure;

namespace ServerlessCLM.Emulator;

/// <summary>The client of the task hub in this process.</summary>
internal sealed class EmulatorDurableTaskClient(TaskHub hub) : DurableTaskClient(hub.Name)
{
    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        var json = DurableJson.Serialize(input, $"input of orchestrator '{orchestratorName}'");
        return await StartAsync(orchestratorName, json, options);
    }

    /// <summary>Starts an instance with an input that is JSON already.</summary>
    public async Task<string> StartAsync(string orchestrator, string? json, StartOrchestrationOptions? options)
    {
        if (!hub.HasOrchestrator(orchestrator))
            throw new ArgumentException($"There is no orchestrator function '{orchestrator}'.", nameof(orchestrator));
        var id = options?.InstanceId ?? NewId();
        InstanceIds.Check(id);
        var start = new OrchestrationStart(id, orchestrator, json, options?.Version ?? "", options?.Tags);
        await hub.Store.WriteAsync(new StartWork(start, options?.StartAt));
        return id;
    }

    public override async Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        await RaiseAsync(instanceId, eventName, DurableJson.Serialize(eventPayload, $"payload of event '{eventName}'"));
    }

    /// <summary>Raises an event with a payload that is JSON already.</summary>
    public Task RaiseAsync(string instanceId, string eventName, string? json)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        return SendAsync(instanceId, new(HistoryKind.EventRaised, Name: eventName, Payload: json));
    }

    public override Task TerminateInstanceAsync(string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return SendAsync(instanceId, new(
            HistoryKind.Terminated,
            options is { Recursive: true } ? 1 : 0,
            Payload: DurableJson.Serialize(options?.Output, $"output of instance '{instanceId}'")));
    }

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return SendAsync(instanceId, new(HistoryKind.Suspended, Payload: reason));
    }

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return SendAsync(instanceId, new(HistoryKind.Resumed, Payload: reason));
    }

    public override Task<OrchestrationMetadata?> GetInstanceAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(hub.Store.Read(reader => reader.Instance(instanceId))?.ToMetadata(getInputsAndOutputs));
    }

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, getInputsAndOutputs, static instance => instance.RuntimeStatus != OrchestrationRuntimeStatus.Pending, cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, getInputsAndOutputs, static instance => instance.IsCompleted, cancellation);

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null)
    {
        var query = filter ?? new();
        ArgumentOutOfRangeException.ThrowIfLessThan(query.PageSize, 1, nameof(filter));
        return new StoragePageable<OrchestrationMetadata>(
            (continuation, size, _) => ValueTask.FromResult(Page(query, continuation ?? query.ContinuationToken, size ?? query.PageSize)), CancellationToken.None);
    }

    public override async Task<PurgeResult> PurgeInstanceAsync(string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        var work = new PurgeWork([instanceId], options?.Recursive ?? false);
        await hub.Store.WriteAsync(work);
        return new(work.Count, isComplete: true);
    }

    public override async Task<PurgeResult> PurgeAllInstancesAsync(PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var query = new OrchestrationQuery(filter.CreatedFrom, filter.CreatedTo, filter.Statuses);
        var began = hub.Time.GetTimestamp();
        var count = 0;
        string? continuation = null;
        do
        {
            cancellation.ThrowIfCancellationRequested();
            if (filter.Timeout is { } limit && hub.Time.GetElapsedTime(began) > limit)
                return new(count, isComplete: false);
            var page = Page(query, continuation, query.PageSize);
            var work = new PurgeWork([.. page.Values.Select(instance => instance.InstanceId)], options?.Recursive ?? false);
            await hub.Store.WriteAsync(work);
            count += work.Count;
            continuation = page.ContinuationToken;
        }
        while (continuation is not null);
        return new(count, isComplete: true);
    }

    public override async Task<string> RestartAsync(string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        var found = hub.Store.Read(reader => reader.Instance(instanceId))
            ?? throw new ArgumentException($"There is no orchestration instance with the id '{instanceId}'.", nameof(instanceId));
        try
        {
            return await StartAsync(
                found.Start.Name,
                found.Start.Input,
                new(restartWithNewInstanceId ? null : instanceId) { Tags = found.Start.Tags, Version = found.Start.Version });
        }
        catch (OrchestrationAlreadyExistsException running)
        {
            throw new InvalidOperationException($"The orchestration instance '{instanceId}' is {found.Status} and can only be restarted under a new id.", running);
        }
    }

    public override Task<Page<string>> ListInstanceIdsAsync(
        IEnumerable<OrchestrationRuntimeStatus>? runtimeStatus = null,
        DateTimeOffset? completedTimeFrom = null,
        DateTimeOffset? completedTimeTo = null,
        int pageSize = OrchestrationQuery.DefaultPageSize,
        string? lastInstanceKey = null,
        CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        cancellation.ThrowIfCancellationRequested();
        var statuses = runtimeStatus?.ToHashSet() ?? [];
        var found = hub.Store.Read(reader => reader.List(
            lastInstanceKey ?? "",
            "",
            instance => instance.Status.IsTerminal()
                && (statuses.Count == 0 || statuses.Contains(instance.Status))
                && Within(instance.Ended, completedTimeFrom, completedTimeTo),
            pageSize));
        var ids = found.ConvertAll(instance => instance.Start.InstanceId);
        return Task.FromResult(Page<string>.FromValues(ids, ids.Count == pageSize ? ids[^1] : null, new StorageResponse(200, "OK")));
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    Page<OrchestrationMetadata> Page(OrchestrationQuery query, string? continuation, int size)
    {
        var statuses = query.Statuses?.ToHashSet() ?? [];
        var found = hub.Store.Read(reader => reader.List(
            continuation ?? "",
            query.InstanceIdPrefix ?? "",
            instance => (statuses.Count == 0 || statuses.Contains(instance.Status)) && Within(instance.Created, query.CreatedFrom, query.CreatedTo),
            size));
        var next = found.Count == size ? found[^1].Start.InstanceId : null;
        return Page<OrchestrationMetadata>.FromValues(found.ConvertAll(instance => instance.ToMetadata(query.FetchInputsAndOutputs)), next, new StorageResponse(200, "OK"));
    }

    static bool Within(long ticks, DateTimeOffset? from, DateTimeOffset? to) =>
        (from is null || ticks >= from.Value.UtcTicks) && (to is null || ticks <= to.Value.UtcTicks);

    Task SendAsync(string instanceId, HistoryEvent message)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return hub.Store.WriteAsync(new MessageWork(instanceId, message));
    }

    async Task<OrchestrationMetadata> WaitAsync(string instanceId, bool payloads, Func<OrchestrationMetadata, bool> reached, CancellationToken cancellation)
    {
        while (true)
        {
            // First the promise of news, then the look: a change in between is not missed.
            var changed = hub.WhenChangedAsync(instanceId);
            if (await GetInstanceAsync(instanceId, payloads, cancellation) is { } found && reached(found))
                return found;
            await changed.WaitAsync(cancellation);
        }
    }

    string NewId() => Guid.CreateVersion7(hub.Time.GetUtcNow()).ToString("N", CultureInfo.InvariantCulture);
}
