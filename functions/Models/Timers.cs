using Microsoft.Extensions.Logging;
using ServerlessCLM.Models;

namespace ServerlessCLM.Functions.Models;

/// <summary>Trains challengers from the product's own rows.</summary>
public sealed class RetrainModels(ModelCare care, ILogger<RetrainModels> logger)
{
    [Function("RetrainModels")]
    public async Task RunAsync([TimerTrigger("0 15 2 * * 0")] TimerInfo timer, CancellationToken cancellation)
    {
        var trained = await care.RetrainAsync(cancellation);
        if (trained.Count > 0)
            logger.Retrained(trained.Count, string.Join(", ", trained));
    }
}

/// <summary>Watches what is live, alerts, and puts a failing model's predecessor back.</summary>
public sealed class WatchModels(ModelCare care, ILogger<WatchModels> logger)
{
    [Function("WatchModels")]
    public async Task RunAsync([TimerTrigger("0 40 * * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        var alerts = await care.WatchAsync(cancellation);
        if (alerts > 0)
            logger.ModelAlerts(alerts);
    }
}
