using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Emulator;

/// <content>Turns and activities, each ending in one durable change.</content>
internal sealed partial class TaskHub
{
    readonly Dictionary<string, string> setAside = [];

    async Task TurnAsync(long key)
    {
        var committing = false;
        try
        {
            var work = Turn(key);
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
            Failed(key, $"instance {key}", failure, () =>
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
    TurnWork? Turn(long key)
    {
        var instant = time.GetUtcNow();
        var now = instant.UtcTicks;
        var found = Store.Read(reader => reader.Instance(key) is { } stored && !stored.Status.IsTerminal()
            ? (Instance: stored, History: reader.History(key, stored.Start.InstanceId), Messages: reader.Messages(key, stored.Start.InstanceId, now))
            : default);
        if (found.Instance is not { } instance)
            return null;
        if (!code.HasOrchestrator(instance.Start.Name))
        {
            PutAside(instance.Start.InstanceId, $"the orchestrator function '{instance.Start.Name}' is not in the code");
            return null;
        }

        var (history, turns) = found.History;
        var messages = found.Messages;
        var fresh = messages.FindAll(message => message.Execution == 0 || message.Execution == instance.Execution);
        if (turns == 0)
        {
            // What comes before the start waits for it, save a termination.
            var start = fresh.FindIndex(message => message.Event.Kind == HistoryKind.ExecutionStarted);
            if (start > 0)
            {
                var first = fresh[start];
                fresh.RemoveAt(start);
                fresh.Insert(0, first);
            }
            else if (start < 0)
            {
                fresh = fresh.FindAll(message => message.Event.Kind == HistoryKind.Terminated);
            }
        }

        if (fresh.Count == 0)
            return null;
        List<HistoryEvent> news = [new(HistoryKind.TurnStarted, Ticks: now), .. fresh.Select(message => message.Event)];
        TurnOutcome outcome;
        using (var orchestrator = code.Orchestrator(instance.Start.Name))
            outcome = OrchestrationTurn.Run(instance.Start, orchestrator, history, news, loggers);
        foreach (var deviation in outcome.Deviations)
            log.Deviates(instance.Start.Name, instance.Start.InstanceId, deviation);
        if (outcome.Failure is { } failure)
            log.OrchestrationFailed(instance.Start.Name, instance.Start.InstanceId, failure.ToString());

        var stale = messages.Where(message => message.Execution != 0 && message.Execution != instance.Execution);
        return new(instance, turns, [.. fresh, .. stale], news, outcome, Exists, now);
    }

    bool Exists(HistoryEvent call) => call.Kind == HistoryKind.ActivityScheduled ? code.HasActivity(call.Name!) : code.HasOrchestrator(call.Name!);

    async Task ActAsync(long sequence)
    {
        var committing = false;
        try
        {
            if (Store.Read(reader => reader.Activity(sequence)) is { } activity)
            {
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
            Failed(-sequence, $"activity {sequence}", failure, () =>
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
    void Failed(long key, string what, Exception failure, Action again)
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
            PutAside(what, failure.Message);
            return;
        }

        var delay = TimeSpan.FromSeconds(1 << failures);
        log.Retrying(failure, what, delay);
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
