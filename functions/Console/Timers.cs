using Microsoft.Extensions.Logging;
using ServerlessCLM.Scoring.Lifecycle;
using ServerlessCLM.Telemetry;

namespace ServerlessCLM.Functions.Console;

/// <summary>Counts customers by stage once a day, as many at a time as a run has time for, and forgets old figures.</summary>
public sealed class CountStagesByDay(StageCensus census, ActivityLedger ledger, ILogger<CountStagesByDay> logger)
{
    /// <summary>About a minute's work against remote tables; a day has 24 runs.</summary>
    private const int Customers = 50_000;

    [Function("CountStagesByDay")]
    public async Task RunAsync([TimerTrigger("0 20 * * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        var looked = await census.GoOnAsync(Customers, anew: false, cancellation);
        if (looked == 0)
            return;

        logger.StagesCounted(looked);
        await ledger.PurgeAsync(cancellation);
    }
}
