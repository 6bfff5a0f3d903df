using System.Text.Json;

namespace ServerlessCLM.Emulator;

/// <summary>
/// Ends a turn: takes the messages it has used, adds what happened and was decided to the history, and sends out what follows,
/// all or nothing. When the instance has been replaced meanwhile, nothing happens.
/// </summary>
/// <param name="instance">As it was read.</param>
/// <param name="turns">How many turns its history has.</param>
/// <param name="used">The messages it has taken from the queue.</param>
/// <param name="news">What they came to, with the turn's beginning.</param>
/// <param name="outcome">What the code decided.</param>
/// <param name="exists">Whether there is a function for a call.</param>
/// <param name="now">The turn's time, UTC ticks.</param>
internal sealed class TurnWork(
    StoredInstance instance,
    int turns,
    IReadOnlyList<StoredMessage> used,
    IReadOnlyList<HistoryEvent> news,
    TurnOutcome outcome,
    Func<HistoryEvent, bool> exists,
    long now) : TaskStoreWork
{
    protected override Exception? Apply(TaskStoreWriter writer)
    {
        var key = instance.Key;
        if (!writer.IsLive(key, instance.Execution))
            return null;

        foreach (var message in used)
            writer.Remove(key, message.Event);
        foreach (var command in outcome.Commands)
            Carry(writer, command);

        if (outcome.Status == OrchestrationRuntimeStatus.ContinuedAsNew)
        {
            ContinueAsNew(writer);
        }
        else
        {
            writer.AddTurn(key, turns, HistoryCodec.Write(news.Concat(outcome.Commands.Select(command => command.Event))));
            writer.Update(key, outcome.Status, now, instance.Execution, new(
                outcome.CustomStatus,
                outcome.Output,
                outcome.Failure is null ? null : JsonSerializer.Serialize(outcome.Failure)));
            if (outcome.Status.IsTerminal())
                End(writer);
        }

        if (outcome.Status != instance.Status)
            writer.Changed(instance.Start.InstanceId);
        return null;
    }

    void ContinueAsNew(TaskStoreWriter writer)
    {
        writer.ClearHistory(instance.Key);
        writer.UpdateStart(instance.Key, instance.Start with { Input = outcome.Output, Version = outcome.NextVersion ?? instance.Start.Version });
        writer.Update(instance.Key, OrchestrationRuntimeStatus.Running, now, instance.Execution + 1, new(outcome.CustomStatus));
        writer.Send(instance.Key, instance.Execution + 1, new(HistoryKind.ExecutionStarted));
        foreach (var message in outcome.Carried)
            writer.Return(instance.Key, message);
    }

    void End(TaskStoreWriter writer)
    {
        writer.ClearMessages(instance.Key);
        if (outcome.TerminatesChildren)
        {
            foreach (var child in writer.Children(instance.Key).Where(child => writer.IsLive(child, 0)))
                writer.Send(child, 0, new(HistoryKind.Terminated, Id: 1, Payload: outcome.Output));
        }

        if (instance.Start.Caller is not { } caller || !writer.IsLive(caller.Key, caller.Execution))
            return;
        writer.Send(caller.Key, caller.Execution, outcome.Status == OrchestrationRuntimeStatus.Completed
            ? new(HistoryKind.SubOrchestrationCompleted, caller.CallId, Payload: outcome.Output)
            : Failed(HistoryKind.SubOrchestrationFailed, caller.CallId, instance.Start.Name, outcome.Failure ?? new(
                "Terminated", $"The sub-orchestration '{instance.Start.InstanceId}' was terminated.", StackTrace: null, InnerFailure: null, Properties: null)));
    }

    void Carry(TaskStoreWriter writer, Command command)
    {
        var decided = command.Event;
        switch (decided.Kind)
        {
            case HistoryKind.TimerCreated:
                writer.Send(instance.Key, instance.Execution, new(HistoryKind.TimerFired, decided.Id), decided.Ticks);
                break;
            case HistoryKind.EventSent:
                if (writer.Find(decided.Target!) is { } receiver && !receiver.Status.IsTerminal())
                    writer.Send(receiver.Key, 0, new(HistoryKind.EventRaised, Name: decided.Name, Payload: command.Input));
                break;
            case HistoryKind.ActivityScheduled:
                if (exists(decided))
                    writer.AddActivity(new(0, instance.Key, instance.Execution, instance.Start.InstanceId, decided.Id, decided.Name!, command.Input));
                else
                    Refuse(writer, HistoryKind.ActivityFailed, decided, $"There is no activity function '{decided.Name}'.");
                break;
            case HistoryKind.SubOrchestrationScheduled:
                StartSubOrchestration(writer, command);
                break;
        }
    }

    void StartSubOrchestration(TaskStoreWriter writer, Command command)
    {
        var decided = command.Event;
        if (!exists(decided))
        {
            Refuse(writer, HistoryKind.SubOrchestrationFailed, decided, $"There is no orchestrator function '{decided.Name}'.");
            return;
        }

        var caller = new OrchestrationCaller(instance.Start.Name, instance.Start.InstanceId, instance.Key, instance.Execution, decided.Id);
        if (MakeRoom(writer, decided.Target!) is { } refusal)
            Refuse(writer, HistoryKind.SubOrchestrationFailed, decided, refusal.Message);
        else
            writer.Start(new(decided.Target!, decided.Name!, command.Input, command.Version, command.Tags, caller), startAt: null);
    }

    void Refuse(TaskStoreWriter writer, HistoryKind kind, HistoryEvent decided, string reason) =>
        writer.Send(instance.Key, instance.Execution, Failed(kind, decided.Id, decided.Name!, new(
            typeof(InvalidOperationException).FullName!, reason, StackTrace: null, InnerFailure: null, Properties: null) { IsNonRetriable = true }));

    internal static HistoryEvent Failed(HistoryKind kind, int id, string name, TaskFailureDetails failure) =>
        new(kind, id, name, Payload: JsonSerializer.Serialize(failure));
}
