using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Emulator;

/// <content>Turns and activities, each ending in one durable change.</content>
internal sealed partial class TaskHub
{
    readonly Dictionary<string, string> setAside = [];

    async Task TurnAsync(long key)
    {
        var committing = false;
        var name = $"instance #{key}";
        try
        {
            var work = Turn(key, ref name);
            lock (gate)
            {
                committing = true;
                turning--;
                Dispatch();
            }

            if (work is not null)
                await Store.WriteAsync(work);
            lock (gate)
                attempts.Remove(key);
        }
        catch (Exception failure)
        {
            Failed(key, name, "a turn", failure, () =>
            {
                MakeReady(key);
                Dispatch();
            });
        }

        lock (gate)
        {
            if (!committing)
                turning--;
            uncommitted--;
            standings.Remove(key, out var standing);
            if (standing == Standing.TurningAndReady && !stopping.IsCancellationRequested)
                MakeReady(key);
            busy--;
            Dispatch();
        }
    }

    /// <summary>Runs an instance's code over its history and what is new; null when there is nothing to do or to do it with.</summary>
    /// <param name="key">Which instance.</param>
    /// <param name="name">Becomes its id once that is read.</param>
    TurnWork? Turn(long key, ref string name)
    {
        var now = time.GetUtcNow().UtcTicks;
        if (Store.Read(reader => reader.Instance(key)) is not { } instance || instance.Status.IsTerminal())
            return null;
        var id = name = instance.Start.InstanceId;
        if (!code.HasOrchestrator(instance.Start.Name))
        {
            PutAside(id, $"the orchestrator function '{instance.Start.Name}' is not in the code");
            return null;
        }

        var ((history, turns), messages) = Store.Read(reader => (reader.History(key, id), reader.Messages(key, id, now)));
        var fresh = Fresh(messages.FindAll(message => message.Execution == 0 || message.Execution == instance.Execution), turns);
        if (fresh.Count == 0)
            return null;
        List<HistoryEvent> news = [new(HistoryKind.TurnStarted, Ticks: now), .. fresh.Select(message => message.Event)];
        TurnOutcome outcome;
        using (var orchestrator = code.Orchestrator(instance.Start.Name))
            outcome = OrchestrationTurn.Run(instance.Start, orchestrator, history, news, loggers);
        foreach (var deviation in outcome.Deviations)
            log.Deviates(instance.Start.Name, id, deviation);
        if (outcome.Failure is { } failure)
            log.OrchestrationFailed(instance.Start.Name, id, failure.ToString());

        var stale = messages.Where(message => message.Execution != 0 && message.Execution != instance.Execution);
        return new(instance, turns, [.. fresh, .. stale], news, outcome, Exists, now);
    }

    /// <summary>What a turn takes: what comes before the start waits for it, save a termination.</summary>
    static List<StoredMessage> Fresh(List<StoredMessage> messages, int turns)
    {
        if (turns > 0)
            return messages;
        var start = messages.FindIndex(message => message.Event.Kind == HistoryKind.ExecutionStarted);
        return start < 0
            ? messages.FindAll(message => message.Event.Kind == HistoryKind.Terminated)
            : [messages[start], .. messages[..start], .. messages[(start + 1)..]];
    }

    bool Exists(HistoryEvent call) => call.Kind == HistoryKind.ActivityScheduled ? code.HasActivity(call.Name!) : code.HasOrchestrator(call.Name!);

    async Task ActAsync(long sequence)
    {
        var committing = false;
        var (name, what) = ($"activity #{sequence}", "an activity");
        try
        {
            if (Store.Read(reader => reader.Activity(sequence)) is { } activity)
            {
                (name, what) = (activity.InstanceId, $"activity '{activity.Name}'");
                if (!code.HasActivity(activity.Name))
                {
                    PutAside(activity.InstanceId, $"the activity function '{activity.Name}' that it waits for is not in the code");
                }
                else
                {
                    var result = await RunAsync(activity);
                    lock (gate)
                    {
                        committing = true;
                        acting--;
                        Dispatch();
                    }

                    await Store.WriteAsync(new ActivityWork(activity, result));
                }
            }

            lock (gate)
                attempts.Remove(-sequence);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // It runs again at the next start.
        }
        catch (Exception failure)
        {
            Failed(-sequence, name, what, failure, () =>
            {
                busy++;
                activities.Enqueue(sequence);
                Dispatch();
            });
        }

        lock (gate)
        {
            if (!committing)
                acting--;
            busy--;
            Dispatch();
        }
    }

    async Task<HistoryEvent> RunAsync(StoredActivity activity)
    {
        try
        {
            var value = await code.RunActivityAsync(activity.Name, activity.InstanceId, activity.Input, stopping.Token);
            return new(HistoryKind.ActivityCompleted, activity.CallId, Payload: DurableJson.Serialize(value, $"output of activity '{activity.Name}'"));
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            log.ActivityFailed(failure, activity.Name, activity.InstanceId);
            return TurnWork.Failed(HistoryKind.ActivityFailed, activity.CallId, activity.Name, TaskFailureDetails.FromException(failure));
        }
    }

    /// <summary>Something around the code failed, such as the disk: tries again later, and gives up until the next start in the end.</summary>
    void Failed(long key, string instance, string what, Exception failure, Action again)
    {
        int failures;
        lock (gate)
        {
            if (stopping.IsCancellationRequested)
                return;
            failures = attempts[key] = attempts.GetValueOrDefault(key) + 1;
            if (failure is InvalidDataException || failures >= MaxAttempts)
                attempts.Remove(key);
        }

        if (failure is InvalidDataException || failures >= MaxAttempts)
        {
            PutAside(instance, $"{what} could not be dealt with: {failure.Message}");
            return;
        }

        var delay = TimeSpan.FromSeconds(1 << failures);
        log.Retrying(failure, instance, what, delay);
        ITimer? timer = null;
        timer = time.CreateTimer(
            _ =>
            {
                lock (gate)
                {
                    timer?.Dispose();
                    if (!stopping.IsCancellationRequested)
                        again();
                }
            },
            state: null,
            delay,
            Timeout.InfiniteTimeSpan);
    }

    void PutAside(string instance, string reason)
    {
        lock (gate)
            setAside[instance] = reason;
        log.PutAside(instance, reason);
    }
}
