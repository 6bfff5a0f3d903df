using System.Text.Json;

namespace ServerlessCLM.Emulator;

/// <content>How the history meets the code: what has happened completes calls, what was decided is compared.</content>
internal sealed partial class ReplayedContext
{
    readonly Dictionary<string, List<OpenCall>> waits = new(StringComparer.OrdinalIgnoreCase);
    readonly List<HistoryEvent> unawaited = [];

    /// <summary>Events that came and were not awaited, in their order.</summary>
    public IReadOnlyList<HistoryEvent> Unawaited => unawaited;

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        CheckPlace();
        var wait = new OpenCall<T>($"event '{eventName}'");
        if (unawaited.FindIndex(raised => string.Equals(raised.Name, eventName, StringComparison.OrdinalIgnoreCase)) is var kept and >= 0)
        {
            var payload = unawaited[kept].Payload;
            unawaited.RemoveAt(kept);
            wait.Complete(payload);
            return wait.Task;
        }

        if (!waits.TryGetValue(eventName, out var stack))
            waits.Add(eventName, stack = []);
        stack.Add(wait);
        wait.CancelWith(cancellationToken);
        return wait.Task;
    }

    /// <summary>Begins a turn: every decision of the ones before must be in the history.</summary>
    /// <exception cref="NonDeterministicOrchestrationException">One is not.</exception>
    public void BeginTurn(DateTime time, bool replayed)
    {
        ExpectNothingUndecided();
        now = time;
        replaying = replayed;
    }

    /// <exception cref="NonDeterministicOrchestrationException">The code has decided something that the history does not have.</exception>
    public void ExpectNothingUndecided()
    {
        if (undecided.Count > 0)
            throw Differs("nothing there", undecided.Values.First().Event.Describe());
    }

    /// <summary>Compares a decision in the history with the code's of the same number.</summary>
    /// <exception cref="NonDeterministicOrchestrationException">The code's is another, or none.</exception>
    public void Match(HistoryEvent decided)
    {
        if (!undecided.Remove(decided.Id, out var command))
            throw Differs(decided.Describe(), "nothing there");
        var mine = command.Event;
        if (mine.Kind != decided.Kind
            || !string.Equals(mine.Name, decided.Name, StringComparison.OrdinalIgnoreCase)
            || !string.Equals(mine.Target, decided.Target, StringComparison.Ordinal))
        {
            throw Differs(decided.Describe(), mine.Describe());
        }

        if (mine.Ticks != decided.Ticks)
            deviations.Add($"{decided.Describe()} has {(decided.Kind == HistoryKind.TimerCreated ? "another time" : "another input")} than in the history");
    }

    /// <summary>Lets the code know what has happened. What nobody waits for any more is passed over.</summary>
    public void Apply(HistoryEvent happened)
    {
        switch (happened.Kind)
        {
            case HistoryKind.ActivityCompleted or HistoryKind.SubOrchestrationCompleted or HistoryKind.TimerFired:
                if (open.Remove(happened.Id, out var done))
                    done.Complete(happened.Payload);
                break;
            case HistoryKind.ActivityFailed or HistoryKind.SubOrchestrationFailed:
                if (open.Remove(happened.Id, out var failed))
                    failed.Fail(new TaskFailedException(happened.Name!, happened.Id, ReadFailure(happened)));
                break;
            case HistoryKind.EventRaised:
                Raise(happened);
                break;
        }
    }

    public NonDeterministicOrchestrationException Differs(string history, string code) => new(
        $"Orchestrator '{Name}' of instance '{InstanceId}' is not deterministic: at {now:yyyy-MM-ddTHH:mm:ss.fffZ} the history expected {history}, but the code scheduled {code}. Was the code changed while the instance ran, or does it use time, chance or state from elsewhere?");

    void Raise(HistoryEvent raised)
    {
        // The latest wait first: a loop around Task.WhenAny leaves its old ones behind.
        if (waits.TryGetValue(raised.Name!, out var stack))
        {
            while (stack.Count > 0)
            {
                var wait = stack[^1];
                stack.RemoveAt(stack.Count - 1);
                if (wait.IsOver)
                    continue;
                wait.Complete(raised.Payload);
                return;
            }
        }

        unawaited.Add(raised);
    }

    static TaskFailureDetails ReadFailure(HistoryEvent happened) =>
        JsonSerializer.Deserialize<TaskFailureDetails>(happened.Payload!)!;
}
