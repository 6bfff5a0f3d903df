using ServerlessCLM.Journeys;

namespace ServerlessCLM.Functions.Journeys;

/// <summary>
/// The one orchestrator of all journeys: it does what the <see cref="Interpreter"/> says, waits durably, and hears what happens to the customer
/// whatever it is doing.
/// </summary>
public static class RunJourney
{
    public const string Name = "RunJourney";

    /// <summary>Commands after which it begins again with an empty history, at the next wait.</summary>
    private const int MostCommands = 60;

    /// <summary>For storage or a provider that fails: four days.</summary>
    private static readonly TaskOptions Retried = TaskOptions.FromRetryPolicy(new RetryPolicy(100, TimeSpan.FromSeconds(5), 2, TimeSpan.FromHours(1)));

    /// <summary>For endpoints of the bank's: a day.</summary>
    private static readonly TaskOptions Called = TaskOptions.FromRetryPolicy(new RetryPolicy(12, TimeSpan.FromMinutes(1), 2, TimeSpan.FromHours(3)));

    [Function(Name)]
    public static async Task<JourneyOutcome> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var start = context.GetInput<JourneyStart>()!;
        var (run, journey, state) = (start.Run, start.Journey(), start.State);
        var timer = new JourneyTimer(context);
        var happened = context.WaitForExternalEvent<JourneyHappening>(JourneyHappening.EventName);
        (Task<JourneyAnswer> Task, JourneyCommand For)? followed = null;
        for (var commands = 0; Interpreter.CommandOf(run, journey, state) is { } command; commands++)
        {
            // What happened comes before what would be done next; what is being looked at comes before what happens meanwhile.
            if (happened.IsCompleted && state is { Happening: null, Telling: null, Phase: < JourneyPhase.Ending })
            {
                var happening = await happened;
                if (happening.Kind == HappeningKind.Move)
                {
                    timer.Stop();
                    context.ContinueAsNew(start.Moved(state, happening, Now(context)));
                    return new JourneyOutcome(JourneyEnd.Completed, "moved");
                }

                state = Interpreter.Happened(run, journey, state, happening, Now(context));
                happened = context.WaitForExternalEvent<JourneyHappening>(JourneyHappening.EventName);
                continue;
            }

            if (followed is { } left && (state.Phase != JourneyPhase.Following || (command.Node, command.Visit) != (left.For.Node, left.For.Visit)))
            {
                Leave(context, run, journey, left.Task, left.For, state.Outcome);
                followed = null;
            }

            if (command.Kind == CommandKind.Tell)
            {
                context.SendEvent(command.Id!, JourneyHappening.EventName, state.Telling!);
                state = Interpreter.Answered(run, journey, state, new JourneyAnswer(), Now(context));
                continue;
            }

            if (!command.IsWait)
            {
                state = Interpreter.Answered(run, journey, state, await DoAsync(context, new JourneyWork(run, command, state)), Now(context));
                continue;
            }

            if (commands >= MostCommands && command.Kind == CommandKind.Wait)
            {
                timer.Stop();
                context.ContinueAsNew(start with { State = state });
                return new JourneyOutcome(JourneyEnd.Completed, "continued");
            }

            if (command.Kind == CommandKind.Follow)
                followed ??= (FollowAsync(context, new JourneyWork(run, command, state), journey), command);
            List<Task> awaited = followed is { } other ? [happened, other.Task] : [happened];
            if (command.Until is { } until)
                awaited.Add(timer.Until(until.UtcDateTime));

            var first = await Task.WhenAny(awaited);
            if (first == happened)
                continue;

            if (followed is { } ended && first == ended.Task)
            {
                state = Interpreter.Answered(run, journey, state, await ended.Task, Now(context));
                followed = null;
            }
            else
            {
                timer.Stop();
                if (followed is { } late)
                {
                    Stop(context, late.For.Id!, $"late for {run.Journey}");
                    followed = null;
                }

                state = Interpreter.Elapsed(journey, state, Now(context));
            }
        }

        timer.Stop();
        return state.Outcome!;
    }

    private static async Task<JourneyAnswer> DoAsync(TaskOrchestrationContext context, JourneyWork work)
    {
        var activity = work.Command.Kind switch
        {
            CommandKind.Ask => JourneyActivities.Ask,
            CommandKind.Reserve => JourneyActivities.Reserve,
            CommandKind.Draft => JourneyActivities.Draft,
            CommandKind.Dispatch => JourneyActivities.Dispatch,
            CommandKind.Decide => JourneyActivities.Decide,
            CommandKind.Call => JourneyActivities.Call,
            CommandKind.End => JourneyActivities.End,
            _ => JourneyActivities.Record,
        };
        try
        {
            return await context.CallActivityAsync<JourneyAnswer>(activity, work, work.Command.Kind == CommandKind.Call ? Called : Retried);
        }
        catch (TaskFailedException) when (work.Command.Kind == CommandKind.Call)
        {
            return new JourneyAnswer("failed");
        }
        catch (TaskFailedException failed) when (work.Command.Kind != CommandKind.End)
        {
            return new JourneyAnswer { Over = Failed(work, failed) };
        }
    }

    /// <summary>Another orchestration under the command's id: a task, a plan, or another journey.</summary>
    private static async Task<JourneyAnswer> FollowAsync(TaskOrchestrationContext context, JourneyWork work, JourneyDocument journey)
    {
        try
        {
            (string Orchestrator, object Input) followed = journey.Nodes[work.State.Node] switch
            {
                TaskNode => (AwaitPerson.Name, work),
                PaymentPlanNode => (FollowPlan.Name, new PlanRun(work)),
                _ => (FollowJourney.Name, work),
            };
            return await context.CallSubOrchestratorAsync<JourneyAnswer>(followed.Orchestrator, followed.Input, new SubOrchestrationOptions(instanceId: work.Command.Id));
        }
        catch (TaskFailedException failed)
        {
            return new JourneyAnswer { Over = Failed(work, failed) };
        }
    }

    /// <summary>
    /// The journey goes on, or ends, without what it followed: a person's task is withdrawn, a plan let go, another journey ended. Only one that has
    /// outranked this lives on: the hardship that ends this journey is what the other is about.
    /// </summary>
    private static void Leave(
        TaskOrchestrationContext context, JourneyRun run, JourneyDocument journey, Task<JourneyAnswer> followed, JourneyCommand command, JourneyOutcome? outcome)
    {
        var isOutranked = outcome is { Kind: JourneyEnd.Outranked } && journey.Nodes[command.Node] is SubJourneyNode other && other.Journey == outcome.Reason;
        if (!followed.IsCompleted && !isOutranked)
            Stop(context, command.Id!, $"left by {run.Journey}");
    }

    private static void Stop(TaskOrchestrationContext context, string instance, string why) =>
        context.SendEvent(instance, JourneyHappening.EventName, new JourneyHappening($"{instance}-left", HappeningKind.Stop, why, Now(context), []));

    private static JourneyOutcome Failed(JourneyWork work, TaskFailedException failed) =>
        new(JourneyEnd.Failed, $"{work.State.Node}: {Rejection.Shorten(failed.FailureDetails.ErrorMessage, 300)}");

    private static DateTimeOffset Now(TaskOrchestrationContext context) => new(context.CurrentUtcDateTime, TimeSpan.Zero);
}

/// <summary>A journey's timer: one at a time, kept as long as it waits for the same instant.</summary>
internal sealed class JourneyTimer(TaskOrchestrationContext context)
{
    private (DateTime At, Task Task, CancellationTokenSource Stop)? _current;

    public Task Until(DateTime at)
    {
        if (_current is { } known && known.At == at)
            return known.Task;

        Stop();
        var stop = new CancellationTokenSource();
        _current = (at, context.CreateTimer(at, stop.Token), stop);
        return _current.Value.Task;
    }

    public void Stop()
    {
        if (_current is not { } known)
            return;

        known.Stop.Cancel();
        known.Stop.Dispose();
        _current = null;
    }
}
