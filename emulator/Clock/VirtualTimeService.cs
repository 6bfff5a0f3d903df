using Microsoft.Extensions.Hosting;

namespace ServerlessCLM.Emulator;

/// <summary>In a running emulator whose clock is virtual: what requests bring is dealt with at once, while the clock stands.</summary>
internal sealed class VirtualTimeService(VirtualTime virtualTime, VirtualClockFile file) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            // Taken before the look: a change in between is not missed.
            var changed = virtualTime.WhenChangedAsync();
            await virtualTime.SettleAsync(stoppingToken);
            await changed.WaitAsync(stoppingToken);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        file.Keep(virtualTime.Now);
    }
}
