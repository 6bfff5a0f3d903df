using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Emulator;

/// <summary>
/// One turn of an instance: the code runs from the start over what has happened, then over what is new, and what it decides
/// beyond its history comes out. The same history and news give the same outcome; nothing else goes in.
/// </summary>
internal sealed class OrchestrationTurn
{
    readonly OrchestrationStart start;
    readonly OrchestratorCode code;
    readonly OrchestratorLoop loop = new();
    readonly ReplayedContext context;
    readonly List<HistoryEvent> held = [];
    Task<object?>? running;
    bool suspended;
    Exception? crash;
    HistoryEvent? terminated;

    OrchestrationTurn(OrchestrationStart start, OrchestratorCode code, ILoggerFactory loggers)
    {
        this.start = start;
        this.code = code;
        context = new(start, loop, loggers);
    }

    bool Ended => terminated is not null || crash is not null || running is { IsCompleted: true };

    /// <param name="start">What the instance was started with.</param>
    /// <param name="code">Its orchestrator.</param>
    /// <param name="history">All turns before, each from its <see cref="HistoryKind.TurnStarted"/> on.</param>
    /// <param name="news">This turn's beginning and what has happened since the last.</param>
    /// <param name="loggers">Where the code's logs go.</param>
    public static TurnOutcome Run(
        OrchestrationStart start, OrchestratorCode code, IReadOnlyList<HistoryEvent> history, IReadOnlyList<HistoryEvent> news, ILoggerFactory loggers)
    {
        var turn = new OrchestrationTurn(start, code, loggers);
        try
        {
            return turn.Run(history, news);
        }
        catch (NonDeterministicOrchestrationException wrong)
        {
            return new(OrchestrationRuntimeStatus.Failed)
            {
                Failure = TaskFailureDetails.FromException(wrong),
                CustomStatus = turn.context.CustomStatus,
                Deviations = turn.context.Deviations,
            };
        }
    }

    TurnOutcome Run(IReadOnlyList<HistoryEvent> history, IReadOnlyList<HistoryEvent> news)
    {
        foreach (var past in history)
            Take(past, replayed: true);
        context.ExpectNothingUndecided();
        if (Ended)
            throw context.Differs("the orchestrator to wait", "its end");

        for (var index = 0; index < news.Count; index++)
        {
            if (Ended)
                held.Add(news[index]);
            else
                Take(news[index], replayed: false);
        }

        return Outcome();
    }

    void Take(HistoryEvent item, bool replayed)
    {
        switch (item.Kind)
        {
            case HistoryKind.TurnStarted:
                context.BeginTurn(new(item.Ticks, DateTimeKind.Utc), replayed);
                if (replayed && Ended)
                    throw context.Differs("the orchestrator to wait", "its end");
                break;
            case HistoryKind.ExecutionStarted:
                RunCode(() => running = StartAsync());
                break;
            case HistoryKind.Suspended:
                suspended = true;
                break;
            case HistoryKind.Resumed:
                suspended = false;
                Release();
                break;
            case HistoryKind.Terminated:
                terminated = item;
                break;
            default:
                if (item.IsCommand)
                    context.Match(item);
                else if (suspended)
                    held.Add(item);
                else
                    RunCode(() => context.Apply(item));
                break;
        }
    }

    async Task<object?> StartAsync() => await code.Start(context);

    void RunCode(Action action)
    {
        try
        {
            loop.Run(action);
        }
        catch (Exception failure)
        {
            // Only what the code posted can throw here, such as an async void method; everything awaited ends in its task.
            crash ??= failure;
        }
    }

    /// <summary>What came while the instance was suspended comes now.</summary>
    void Release()
    {
        var count = 0;
        while (count < held.Count && !Ended)
        {
            var item = held[count++];
            RunCode(() => context.Apply(item));
        }

        held.RemoveRange(0, count);
    }

    TurnOutcome Outcome()
    {
        if (terminated is not null)
            return Make(OrchestrationRuntimeStatus.Terminated) with { Output = terminated.Payload, TerminatesChildren = terminated.Id == 1 };
        if (crash is not null)
            return Fail(crash);
        if (loop.Intruded)
            return Fail(new InvalidOperationException(context.Foreign()));
        if (running is null)
            return Make(OrchestrationRuntimeStatus.Pending);
        if (!running.IsCompleted)
        {
            if (suspended)
                return Make(OrchestrationRuntimeStatus.Suspended);
            return context.IsWaiting ? Make(OrchestrationRuntimeStatus.Running) : Fail(new InvalidOperationException(context.Foreign()));
        }

        if (running.Exception?.InnerException is { } failure)
            return Fail(failure);
        if (running.IsCanceled)
            return Fail(new TaskCanceledException("A wait was cancelled or timed out, and the orchestrator did not handle it."));
        if (context.Continuation is { } next)
        {
            return Make(OrchestrationRuntimeStatus.ContinuedAsNew) with
            {
                Output = context.NextInput,
                NextVersion = next.NewVersion,
                Carried = [.. context.Unawaited.Concat(held).Where(item => item.IsForAnyExecution && (next.PreserveUnprocessedEvents || item.Kind != HistoryKind.EventRaised))],
            };
        }

        try
        {
            // The loop never blocks: the task is complete.
#pragma warning disable VSTHRD002, VSTHRD104, MA0042, MA0045
            return Make(OrchestrationRuntimeStatus.Completed) with { Output = DurableJson.Serialize(running.GetAwaiter().GetResult(), $"output of orchestrator '{start.Name}'") };
#pragma warning restore VSTHRD002, VSTHRD104, MA0042, MA0045
        }
        catch (ArgumentException wrong)
        {
            return Fail(wrong);
        }
    }

    TurnOutcome Make(OrchestrationRuntimeStatus status) => new(status)
    {
        Commands = [.. context.Undecided],
        CustomStatus = context.CustomStatus,
        Deviations = context.Deviations,
    };

    TurnOutcome Fail(Exception failure) => Make(OrchestrationRuntimeStatus.Failed) with { Failure = TaskFailureDetails.FromException(failure) };
}
