using ServerlessCLM.Journeys;

namespace ServerlessCLM.Functions.Journeys;

/// <summary>Input of a plan's orchestration.</summary>
/// <param name="Work">The node that it is for.</param>
/// <param name="Progress">Where it stands; null at the start.</param>
public sealed record PlanRun(JourneyWork Work, PlanProgress? Progress = null);

/// <summary>Follows the instalments of a payment plan until all is paid, or one has not come in time.</summary>
public static class FollowPlan
{
    public const string Name = "FollowPlan";

    /// <summary>Payments and dates after which it begins again with an empty history.</summary>
    private const int MostTurns = 50;

    private static readonly TaskOptions Retried = TaskOptions.FromRetryPolicy(new RetryPolicy(100, TimeSpan.FromSeconds(5), 2, TimeSpan.FromHours(1)));

    [Function(Name)]
    public static async Task<JourneyAnswer> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var run = context.GetInput<PlanRun>()!;
        if (run.Progress is not { } progress)
        {
            if (await context.CallActivityAsync<PlanTerms?>(JourneyActivities.PlanTerms, run.Work, Retried) is not { } terms)
                return new JourneyAnswer("broken");
            progress = new PlanProgress(terms);
        }

        var timer = new JourneyTimer(context);
        var happened = context.WaitForExternalEvent<JourneyHappening>(JourneyHappening.EventName);
        for (var turns = 0; !progress.IsKept; turns++)
        {
            if (turns >= MostTurns && !happened.IsCompleted)
            {
                timer.Stop();
                context.ContinueAsNew(run with { Progress = progress });
                return new JourneyAnswer();
            }

            if (await Task.WhenAny(happened, timer.Until(progress.LookAt.UtcDateTime)) != happened)
            {
                if (progress.Past() is not { } further)
                    return new JourneyAnswer("broken");
                progress = further;
                continue;
            }

            var payment = await happened;
            if (payment.Kind == HappeningKind.Stop)
                break;

            happened = context.WaitForExternalEvent<JourneyHappening>(JourneyHappening.EventName);
            progress = progress.With(await context.CallActivityAsync<decimal>(
                JourneyActivities.PlanPayment, run.Work with { State = run.Work.State with { Happening = payment, Trail = [] } }, Retried));
        }

        timer.Stop();
        return new JourneyAnswer(JourneyAnswer.Next);
    }
}
