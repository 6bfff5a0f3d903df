using Microsoft.Extensions.Logging;
using ServerlessCLM.Customers;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Functions.Customers;

/// <summary>Sends what commits promised and a crash left unsent.</summary>
public sealed class RelayIntents(Outbox outbox, ILogger<RelayIntents> logger)
{
    [Function("RelayIntents")]
    public async Task RunAsync([TimerTrigger("0 * * * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        var sent = await outbox.RelayAsync(cancellation);
        if (sent > 0)
            logger.Relayed(sent);
    }
}

/// <summary>Notices silence: no event comes to say that nothing came.</summary>
public sealed class WakeCustomers(SilenceScoring silence, ILogger<WakeCustomers> logger)
{
    [Function("WakeCustomers")]
    public async Task RunAsync([TimerTrigger("0 5 * * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        var (customers, signals) = await silence.WakeAsync(cancellation);
        if (customers > 0)
            logger.Woken(customers, signals);
    }
}

/// <summary>Forgets answers kept for repeated requests.</summary>
public sealed class PurgeRequests(Requests requests, ILogger<PurgeRequests> logger)
{
    [Function("PurgeRequests")]
    public async Task RunAsync([TimerTrigger("0 30 3 * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        var removed = await requests.PurgeAsync(cancellation);
        if (removed > 0)
            logger.Purged(removed);
    }
}
