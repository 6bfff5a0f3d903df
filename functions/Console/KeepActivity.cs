using Azure;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServerlessCLM.Telemetry;

namespace ServerlessCLM.Functions.Console;

/// <summary>Writes what this instance counted, minute by minute, beside the work that is counted.</summary>
internal sealed class KeepActivity(ActivityLedger ledger, ILogger<KeepActivity> logger) : IHostedService
{
    private Task _running = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = ledger.RunAsync(logger.ActivityUnwritten);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        ledger.Close();
        await _running.WaitAsync(cancellationToken);
        try
        {
            await ledger.WriteAsync(cancellationToken);
        }
        catch (RequestFailedException failure)
        {
            // What else has to stop does not wait for figures.
            logger.ActivityUnwritten(failure);
        }
    }
}
