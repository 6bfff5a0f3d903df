using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Functions.Customers;

/// <summary>Sends what commits promised once their callers have been answered, beside the requests.</summary>
internal sealed class SendOutbox(OutboxQueue queue, ILogger<SendOutbox> logger) : IHostedService
{
    private Task _running = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = queue.RunAsync(logger.Unsent);
        return Task.CompletedTask;
    }

    /// <remarks>What the host's patience does not suffice for stays in the outbox, for the relay of the next instance.</remarks>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Close();
        return _running.WaitAsync(cancellationToken);
    }
}
