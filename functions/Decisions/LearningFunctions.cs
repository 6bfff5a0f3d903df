using Microsoft.Extensions.Logging;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Decisions.Learning;

namespace ServerlessCLM.Functions.Decisions;

/// <summary>Adds answers to what strategies have learned, in a consumer group of its own.</summary>
public sealed class LearnAnswers(AnswerLearning learning, StreamBatches batches)
{
    public const string ConsumerGroup = "learning";

    [Function("LearnAnswers")]
    [ExponentialBackoffRetry(-1, "00:00:01", "00:01:00")]
    public Task RunAsync(
        [EventHubTrigger(EventStreams.SignalsHub, Connection = "EventHubs", ConsumerGroup = ConsumerGroup)] EventData[] events, CancellationToken cancellation) =>
        batches.RunAsync("LearnAnswers", EventStreams.SignalsHub, events, own => learning.TakeAsync(own, cancellation));
}

/// <summary>Prices the budgets of the strategies in force.</summary>
public sealed class PriceBudgets(BudgetPricing pricing, ILogger<PriceBudgets> logger)
{
    [Function("PriceBudgets")]
    public async Task RunAsync([TimerTrigger("0 35 * * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        foreach (var (strategy, solution) in await pricing.PriceAsync(cancellation))
            logger.BudgetsPriced(strategy, solution.Prices.Count, solution.Customers, solution.Gap);
    }
}

/// <summary>Forgets the ids of answers that cannot come again.</summary>
public sealed class ForgetAnswers(LiveStrategies strategies, StrategyTotals totals, TimeProvider time, ILogger<ForgetAnswers> logger)
{
    [Function("ForgetAnswers")]
    public async Task RunAsync([TimerTrigger("0 50 3 * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        var removed = 0;
        foreach (var strategy in await strategies.GetAsync(cancellation))
            removed += await totals.ForgetAsync(strategy.Strategy.Source.Id, time.GetUtcNow(), cancellation);
        if (removed > 0)
            logger.AnswersForgotten(removed);
    }
}
