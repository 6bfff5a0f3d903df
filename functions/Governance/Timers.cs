using Microsoft.Extensions.Logging;
using ServerlessCLM.Governance;

namespace ServerlessCLM.Functions.Governance;

/// <summary>Vouches hourly for what was put on record, in a blob that is never written again.</summary>
public sealed class AnchorAudit(Anchors anchors, ILogger<AnchorAudit> logger)
{
    [Function("AnchorAudit")]
    public async Task RunAsync([TimerTrigger("0 0 * * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        var chains = await anchors.RunAsync(cancellation);
        if (chains > 0)
            logger.Anchored(chains);
    }
}
