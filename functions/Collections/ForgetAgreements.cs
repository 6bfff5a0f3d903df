using Microsoft.Extensions.Logging;
using ServerlessCLM.Journeys.Collections;

namespace ServerlessCLM.Functions.Collections;

/// <summary>Forgets signals of agreements that cannot come again.</summary>
public sealed class ForgetAgreements(AgreementTotals totals, TimeProvider time, ILogger<ForgetAgreements> logger)
{
    [Function("ForgetAgreements")]
    public async Task RunAsync([TimerTrigger("0 50 3 * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        if (await totals.ForgetAsync(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), cancellation) is > 0 and var removed)
            logger.AgreementsForgotten(removed);
    }
}
