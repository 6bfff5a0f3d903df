namespace ServerlessCLM.Emulator;

/// <summary>A change that waits for the writer. It is refused before it writes anything, or done as a whole; after a rollback it is tried again.</summary>
internal abstract class TaskStoreWork
{
    readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    Exception? refused;

    /// <summary>Completes when the change is durable.</summary>
    public Task Done => completion.Task;

    public void TryApply(TaskStoreWriter writer) => refused = Apply(writer);

    public void Complete()
    {
        if (refused is null)
            completion.SetResult();
        else
            completion.SetException(refused);
    }

    public void Fail(Exception error) => completion.TrySetException(error);

    /// <summary>Changes the store; or changes nothing and says why.</summary>
    protected abstract Exception? Apply(TaskStoreWriter writer);

    /// <summary>Why an instance may not be started; null when it may. One of the same id that has ended makes room.</summary>
    protected static Exception? MakeRoom(TaskStoreWriter writer, string id)
    {
        if (writer.Find(id) is not { } existing)
            return null;
        if (!existing.Status.IsTerminal())
            return new OrchestrationAlreadyExistsException($"An orchestration instance with the id '{id}' exists already and is {existing.Status}.");
        writer.Purge(existing.Key);
        return null;
    }
}

/// <summary>Starts an instance.</summary>
internal sealed class StartWork(OrchestrationStart start, DateTimeOffset? startAt) : TaskStoreWork
{
    protected override Exception? Apply(TaskStoreWriter writer)
    {
        if (MakeRoom(writer, start.InstanceId) is { } refusal)
            return refusal;
        writer.Start(start, startAt);
        return null;
    }
}

/// <summary>Sends a message to an instance from outside.</summary>
internal sealed class MessageWork(string instanceId, HistoryEvent message) : TaskStoreWork
{
    protected override Exception? Apply(TaskStoreWriter writer)
    {
        if (writer.Find(instanceId) is not { } found)
            return new ArgumentException($"There is no orchestration instance with the id '{instanceId}'.", nameof(instanceId));
        if (found.Status.IsTerminal())
            return new InvalidOperationException($"The orchestration instance '{instanceId}' is {found.Status} and takes no more messages.");
        writer.Send(found.Key, 0, message);
        return null;
    }
}

/// <summary>Ends an activity: its result goes to the orchestration, if that still wants it.</summary>
internal sealed class ActivityWork(StoredActivity activity, HistoryEvent result) : TaskStoreWork
{
    protected override Exception? Apply(TaskStoreWriter writer)
    {
        if (writer.RemoveActivity(activity.Sequence) && writer.IsLive(activity.Key, activity.Execution))
            writer.Send(activity.Key, activity.Execution, result);
        return null;
    }
}

/// <summary>Removes instances that have ended.</summary>
internal sealed class PurgeWork(IReadOnlyList<string> ids, bool recursive) : TaskStoreWork
{
    /// <summary>How many were removed.</summary>
    public int Count { get; private set; }

    protected override Exception? Apply(TaskStoreWriter writer)
    {
        Count = 0;
        foreach (var id in ids)
        {
            if (writer.Find(id) is not { } found || !found.Status.IsTerminal())
                continue;
            Purge(writer, found.Key);
            writer.Changed(id);
        }

        return null;
    }

    void Purge(TaskStoreWriter writer, long key)
    {
        if (recursive)
        {
            foreach (var child in writer.Children(key).Where(child => !writer.IsLive(child, 0)))
                Purge(writer, child);
        }

        writer.Purge(key);
        Count++;
    }
}
