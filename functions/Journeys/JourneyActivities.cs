using ServerlessCLM.Journeys;
using ServerlessCLM.Telemetry;

namespace ServerlessCLM.Functions.Journeys;

/// <summary>A journey that another one starts; null where the customer may not enter it.</summary>
public sealed record SubJourney(JourneyStart? Start);

/// <summary>A task that is not waited for any more.</summary>
/// <param name="Work">The node that it is for.</param>
/// <param name="Task">Its id.</param>
/// <param name="Withdrawn">The journey goes on without it; otherwise it was answered, or is late.</param>
public sealed record TaskClosing(JourneyWork Work, string Task, bool Withdrawn);

/// <summary>What journeys do: each may run again after a crash and is the same then.</summary>
public sealed class JourneyActivities(JourneyExecution execution, PersonTasks tasks, JourneyIntake intake)
{
    public const string Ask = "JourneyAsk", Reserve = "JourneyReserve", Draft = "JourneyDraft", Dispatch = "JourneyDispatch", Decide = "JourneyDecide", Call = "JourneyCall",
        Record = "JourneyRecord", End = "JourneyEnd", Enter = "JourneyEnter", OpenTask = "JourneyOpenTask", CloseTask = "JourneyCloseTask",
        PlanTerms = "JourneyPlanTerms", PlanPayment = "JourneyPlanPayment";

    [Function(Ask)]
    public Task<JourneyAnswer> AskAsync([ActivityTrigger] JourneyWork work, CancellationToken cancellation) =>
        StepAsync(Ask, work, () => execution.AskAsync(work, cancellation));

    [Function(Reserve)]
    public Task<JourneyAnswer> ReserveAsync([ActivityTrigger] JourneyWork work, CancellationToken cancellation) =>
        StepAsync(Reserve, work, () => execution.ReserveAsync(work, cancellation));

    [Function(Draft)]
    public Task<JourneyAnswer> DraftAsync([ActivityTrigger] JourneyWork work, CancellationToken cancellation) =>
        StepAsync(Draft, work, () => execution.DraftAsync(work, cancellation));

    [Function(Dispatch)]
    public Task<JourneyAnswer> DispatchAsync([ActivityTrigger] JourneyWork work, CancellationToken cancellation) =>
        StepAsync(Dispatch, work, () => execution.SendAsync(work, cancellation));

    [Function(Decide)]
    public Task<JourneyAnswer> DecideAsync([ActivityTrigger] JourneyWork work, CancellationToken cancellation) =>
        StepAsync(Decide, work, () => execution.DecideAsync(work, cancellation));

    [Function(Call)]
    public Task<JourneyAnswer> CallAsync([ActivityTrigger] JourneyWork work, CancellationToken cancellation) =>
        StepAsync(Call, work, () => execution.CallAsync(work, cancellation));

    [Function(Record)]
    public Task<JourneyAnswer> RecordAsync([ActivityTrigger] JourneyWork work, CancellationToken cancellation) =>
        StepAsync(Record, work, () => execution.RecordAsync(work, cancellation));

    [Function(End)]
    public Task<JourneyAnswer> EndAsync([ActivityTrigger] JourneyWork work, CancellationToken cancellation) =>
        StepAsync(End, work, () => execution.EndAsync(work, cancellation));

    [Function(PlanTerms)]
    public Task<PlanTerms?> PlanTermsAsync([ActivityTrigger] JourneyWork work, CancellationToken cancellation) =>
        StepAsync(PlanTerms, work, () => execution.PlanTermsAsync(work, cancellation));

    [Function(PlanPayment)]
    public Task<decimal> PlanPaymentAsync([ActivityTrigger] JourneyWork work, CancellationToken cancellation) =>
        StepAsync(PlanPayment, work, () => execution.PlanPaymentAsync(work, cancellation));

    [Function(OpenTask)]
    public Task<PersonTask> OpenTaskAsync([ActivityTrigger] JourneyWork work, CancellationToken cancellation) =>
        StepAsync(OpenTask, work, () => tasks.OpenAsync(work, cancellation));

    [Function(CloseTask)]
    public Task<JourneyAnswer> CloseTaskAsync([ActivityTrigger] TaskClosing closing, CancellationToken cancellation) =>
        tasks.CloseAsync(closing.Work, closing.Task, closing.Withdrawn, cancellation);

    /// <summary>Brings the customer into another journey; those that it outranks are told.</summary>
    [Function(Enter)]
    public async Task<SubJourney> EnterAsync([ActivityTrigger] JourneyWork work, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        var (instance, news) = await intake.EnterAsync(work, cancellation);
        await client.TellAsync(news, cancellation);
        return new SubJourney(news.Starts.FirstOrDefault(start => start.Run.Instance == instance));
    }

    /// <summary>A step goes on with the trace of what started its journey, however long ago that was.</summary>
    private static async Task<T> StepAsync<T>(string activity, JourneyWork work, Func<Task<T>> step)
    {
        using var span = ProductTraces.Continue(ProductTraces.JourneyStep, work.Run.Trace)
            ?.SetTag(TraceTags.Function, activity).SetTag(TraceTags.Journey, work.Run.Journey).SetTag(TraceTags.JourneyInstance, work.Run.Instance)
            .SetTag(TraceTags.Node, work.State.Node).SetTag(TraceTags.DecisionId, work.State.Decision);
        try
        {
            return await step();
        }
        catch (Exception failure)
        {
            span.Fail(failure);
            throw;
        }
    }
}
