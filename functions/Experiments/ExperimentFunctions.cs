using Microsoft.Extensions.Logging;
using ServerlessCLM.Customers;
using ServerlessCLM.Experiments;

namespace ServerlessCLM.Functions.Experiments;

/// <summary>Counts outcomes and signals towards experiments, in consumer groups of their own.</summary>
public sealed class MeasureExperiments(ExperimentRuns runs, StreamBatches batches)
{
    public const string ConsumerGroup = "experiments";

    [Function("MeasureOutcomes")]
    [ExponentialBackoffRetry(-1, "00:00:01", "00:01:00")]
    public Task OutcomesAsync(
        [EventHubTrigger(EventStreams.EventsHub, Connection = "EventHubs", ConsumerGroup = ConsumerGroup)] EventData[] events, CancellationToken cancellation) =>
        batches.RunAsync("MeasureOutcomes", EventStreams.EventsHub, events, own => runs.MeasureOutcomesAsync(own, cancellation));

    [Function("MeasureSignals")]
    [ExponentialBackoffRetry(-1, "00:00:01", "00:01:00")]
    public Task SignalsAsync(
        [EventHubTrigger(EventStreams.SignalsHub, Connection = "EventHubs", ConsumerGroup = ConsumerGroup)] EventData[] events, CancellationToken cancellation) =>
        batches.RunAsync("MeasureSignals", EventStreams.SignalsHub, events, own => runs.MeasureSignalsAsync(own, cancellation));
}

/// <summary>Looks at the experiments and lets their documents decide.</summary>
public sealed class EvaluateExperiments(ExperimentRuns runs, ILogger<EvaluateExperiments> logger)
{
    [Function("EvaluateExperiments")]
    public async Task RunAsync([TimerTrigger("0 20 * * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        foreach (var (experiment, result) in await runs.EvaluateAsync(cancellation))
            logger.ExperimentDecided(experiment.Id, experiment.Version, result.Status.ToString(), result.Reason);
    }
}

/// <summary>Forgets the ids of measures that cannot come again.</summary>
public sealed class ForgetMeasures(ExperimentRuns runs, ILogger<ForgetMeasures> logger)
{
    [Function("ForgetMeasures")]
    public async Task RunAsync([TimerTrigger("0 55 3 * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        if (await runs.ForgetAsync(cancellation) is > 0 and var removed)
            logger.MeasuresForgotten(removed);
    }
}
