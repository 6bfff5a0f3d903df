using Microsoft.Extensions.Logging;
using ServerlessCLM.Decisions;

namespace ServerlessCLM.Functions.Decisions;

/// <summary>Forgets records of decisions that are kept no longer, once a day, as many customers at a time as a run has time for.</summary>
public sealed class ForgetDecisions(DecisionRetention retention, ILogger<ForgetDecisions> logger)
{
    /// <summary>Some minutes' work against remote tables; a day has 24 runs.</summary>
    private const int Customers = 50_000;

    [Function("ForgetDecisions")]
    public async Task RunAsync([TimerTrigger("0 45 * * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        var forgotten = await retention.GoOnAsync(Customers, logger.DecisionsNotForgotten, cancellation);
        if (forgotten > 0)
            logger.DecisionsForgotten(forgotten);
    }
}
