using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Experiments;

/// <summary>Runs experiments: exposes customers, counts what they do, and decides when the figures say so.</summary>
public sealed class ExperimentRuns(
    CustomerStore store, Outbox outbox, LiveExperiments live, ExperimentTotals totals, ExperimentCourse course, UniversalHoldout holdout, ProductOptions options, TimeProvider time)
{
    /// <summary>The arm of a customer, and whether they are counted in it; null where no such experiment is in force.</summary>
    public async Task<(string Arm, string? Use, bool Counted)?> ExposeAsync(string experiment, CustomerId customer, CancellationToken cancellation)
    {
        if (await live.FindAsync(experiment, cancellation) is not { } found)
            return null;

        var now = time.GetUtcNow();
        var commit = await store.UpdateAsync(
            customer, session => ExperimentUnits.Expose(session, found, holdout, now), cancellation, CustomerRows.Experiments);
        if (commit.Outbox is { } entry)
            await outbox.DispatchAsync([entry], cancellation);
        return (commit.Result.Arm, found.Document.Arm(commit.Result.Arm)?.Use, commit.Result.Counted);
    }

    /// <summary>Counts outcomes towards the customers' experiments.</summary>
    public Task MeasureOutcomesAsync(IEnumerable<EventData> events, CancellationToken cancellation) =>
        MeasureAsync(events.Select(OutcomeOf).OfType<(CustomerId, Happening)>(), cancellation);

    /// <summary>Counts signals towards the customers' experiments, and measures towards the sums.</summary>
    public async Task MeasureSignalsAsync(IReadOnlyCollection<EventData> events, CancellationToken cancellation)
    {
        var parsed = events.Select(data => JsonNode.Parse(data.EventBody.ToMemory().Span)!.AsObject()).ToList();
        await totals.AddAsync(parsed.Where(each => (string?)each["type"] == Measure.EventType).Select(each => new MeasureEvent(
            (string)each["id"]!, CustomerId.Parse((string)each["subject"]!), each["data"].Deserialize(ExperimentsJson.Default.Measure)!)), cancellation);
        await MeasureAsync(parsed.Where(each => (string?)each["type"] == SignalEffects.EventType).Select(each => (
            CustomerId.Parse((string)each["subject"]!),
            new Happening(MetricSource.Signal, (string)each["data"]!["name"]!, (DateTimeOffset)each["time"]!, 0, Digest64.Of((string)each["id"]!)))), cancellation);
    }

    /// <summary>Looks at every running experiment, and keeps what is found and what is decided.</summary>
    /// <returns>Those decided now, with the result.</returns>
    public async Task<IReadOnlyList<(ExperimentDocument Experiment, ExperimentResult Result)>> EvaluateAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var decided = new List<(ExperimentDocument, ExperimentResult)>();
        foreach (var (experiment, state) in await live.GetAsync(cancellation))
        {
            if (state.Status != ExperimentStatus.Running)
                continue;

            var arms = await totals.ReadAsync(experiment, now, cancellation);
            var result = ExperimentEvaluation.Evaluate(experiment, arms, state.Looks);
            var over = result.Status != ExperimentStatus.Running;
            var decides = over || result.Looks.Count > state.Looks.Count;
            if (arms.Any(arm => arm.Exposed > 0))
                await course.KeepAsync(experiment, CoursePoint.Of(now, arms, result), decides, cancellation);
            if (!decides)
                continue;

            if (await live.KeepAsync(experiment, new ExperimentState(result.Status, result.Winner, over ? result.Reason : null, over ? now : null, result.Looks), cancellation) && over)
                decided.Add((experiment, result));
        }

        return decided;
    }

    /// <summary>Forgets what cannot be counted again; the number of ids.</summary>
    public async Task<int> ForgetAsync(CancellationToken cancellation)
    {
        var forgotten = 0;
        foreach (var (experiment, _) in await live.GetAsync(cancellation))
            forgotten += await totals.ForgetAsync(experiment, time.GetUtcNow(), cancellation);
        return forgotten;
    }

    /// <summary>An experiment as it stands: counts by arm, the result a look now would give, and what was found day by day.</summary>
    public async Task<(LiveExperiment Live, IReadOnlyList<ArmCounts> Arms, ExperimentResult Result, IReadOnlyList<CoursePoint> Course)?> DescribeAsync(string experiment, CancellationToken cancellation)
    {
        if (await live.FindAsync(experiment, cancellation) is not { } found)
            return null;

        var arms = await totals.ReadAsync(found.Document, time.GetUtcNow(), cancellation);
        return (found, arms, ExperimentEvaluation.Evaluate(found.Document, arms, found.State.Looks), await course.ReadAsync(found.Document, cancellation));
    }

    private async Task MeasureAsync(IEnumerable<(CustomerId Customer, Happening Happened)> happenings, CancellationToken cancellation)
    {
        var running = await live.GetAsync(cancellation);
        if (running.Count == 0)
            return;

        var wanted = running.SelectMany(each => each.Document.Metrics).ToList();
        var entries = new List<OutboxEntry>();
        var gate = new Lock();
        await Parallel.ForEachAsync(
            happenings.Where(each => wanted.Exists(each.Happened.Is)).GroupBy(each => each.Customer),
            new ParallelOptions { MaxDegreeOfParallelism = options.CommitConcurrency, CancellationToken = cancellation },
            async (group, token) =>
            {
                foreach (var chunk in group.Chunk(CustomerSession.MaxEffects))
                {
                    var commit = await store.UpdateAsync(group.Key, session =>
                    {
                        foreach (var (_, happened) in chunk)
                            ExperimentUnits.Measure(session, running, happened);
                        return true;
                    }, token, CustomerRows.Experiments);
                    if (commit.Outbox is not { } entry)
                        continue;

                    lock (gate)
                        entries.Add(entry);
                }
            });
        await outbox.DispatchAsync(entries, cancellation);
    }

    /// <summary>A reply that asks for it is an opt-out. What cannot be read was set aside by the function that takes events in, and is nothing here.</summary>
    private static (CustomerId, Happening)? OutcomeOf(EventData data) =>
        CustomerEvent.TryParse(data.EventBody.ToMemory().Span, data.EnqueuedTime.ToUnixTimeMilliseconds(), out var read, out _) && read is OutcomeEvent outcome
            ? (outcome.Customer, new Happening(MetricSource.Outcome, outcome.OptsOut ? "optOut" : outcome.Row.Outcome, outcome.At, (double)(outcome.Row.Amount ?? 0), outcome.Digest))
            : null;
}
