using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServerlessCLM.Emulator;
using ServerlessCLM.Functions;

namespace ServerlessCLM.Cli.Simulate;

/// <summary>
/// The whole product in this process, under virtual time and one thing after the other, so that a run is the same each time. Where
/// faults kill it, it comes back on what the disk has.
/// </summary>
/// <param name="folder">Below it the data folder, and what kills leave.</param>
/// <param name="clock">The product's time; it goes on over kills.</param>
/// <param name="order">Seed of the order among what is due at the same time.</param>
/// <param name="faults">What goes wrong; null for nothing.</param>
internal sealed class SimulatedProduct(string folder, VirtualClock clock, ulong order, FaultInjector? faults) : IAsyncDisposable
{
    private string _data = Path.Combine(folder, "data");
    private IHost? _host;

    /// <summary>How often it was killed.</summary>
    public int Kills { get; private set; }

    public DateTimeOffset Now => clock.GetUtcNow();

    public T Get<T>() where T : notnull => _host!.Services.GetRequiredService<T>();

    /// <summary>Lets everything happen up to an instant.</summary>
    public Task AdvanceToAsync(DateTimeOffset instant, CancellationToken cancellation) =>
        SurviveAsync(() => Get<VirtualTime>().AdvanceToAsync(instant > Now ? instant : Now, cancellation), cancellation);

    /// <summary>Does something with the product, and does it again with the next process when this one is killed.</summary>
    public async Task SurviveAsync(Func<Task> work, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                if (_host is null)
                    await StartAsync(cancellation);
                await work();
                if (faults?.Image is null)
                    return;
            }
            catch (Exception) when (faults?.Image is not null)
            {
                // Whatever it was, it came of the kill.
            }

            await BuryAsync();
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task StartAsync(CancellationToken cancellation)
    {
        _host = ServerlessClm.Create(
            [
                $"--{EmulatorOptions.DataDirectorySetting}={_data}", $"--{EmulatorOptions.PortSetting}=0", $"--{EmulatorOptions.UnsyncedSetting}=true",
                "--CLM_FUNCTION_KEY=simulated", "--CLM_MASTER_KEY=simulated-host", "--Clm:CommitConcurrency=1",
            ],
            services =>
            {
                services.AddVirtualTime(clock, new VirtualTimeSettings(order)).AddLogging(logging => logging.ClearProviders());
                if (faults is not null)
                    services.AddFaults(faults);
            });
        await _host.StartAsync(cancellation);
    }

    /// <summary>Takes away what is left of a killed process; the next begins on the image.</summary>
    private async Task BuryAsync()
    {
        var image = faults!.Image!;
        await StopAsync();
        Directory.Delete(_data, recursive: true);
        _data = image;
        Kills++;
    }

    private async Task StopAsync()
    {
        if (_host is null)
            return;
        await _host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)_host).DisposeAsync();
        _host = null;
    }
}
