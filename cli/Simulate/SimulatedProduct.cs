using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServerlessCLM.Customers;
using ServerlessCLM.Emulator;
using ServerlessCLM.Functions;
using ServerlessCLM.Telemetry;

namespace ServerlessCLM.Cli.Simulate;

/// <summary>
/// The whole product in this process, under virtual time and one thing after the other, so that a run is the same each time. Where
/// faults kill it, it comes back on what the disk has.
/// </summary>
/// <param name="folder">Below it the data folder, and what kills leave.</param>
/// <param name="clock">The product's time; it goes on over kills.</param>
/// <param name="order">Seed of the order among what is due at the same time.</param>
/// <param name="faults">What goes wrong; null for nothing.</param>
/// <param name="gateway">Where e-mails go.</param>
/// <param name="configure">Last word on the services of each process.</param>
internal sealed class SimulatedProduct(
    string folder, VirtualClock clock, ulong order, FaultInjector? faults, string gateway, Action<IServiceCollection>? configure = null) : IAsyncDisposable
{
    /// <summary>Of the institution, as settings leave it.</summary>
    public const string Tenant = "bank";

    private const string Key = "simulated", GatewaySecret = "whsec_c2ltdWxhdGVkc2ltdWxhdGVkc2ltdWxhdGVk";

    private string _data = Path.Combine(folder, "data");
    private IHost? _host;
    private HttpClient? _http;

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

    /// <summary>Makes a request once.</summary>
    /// <returns>Status and body; null where the connection broke.</returns>
    public async Task<(int Status, string Body)?> AskAsync(Dealing dealing, string body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(dealing.Method, $"api/{dealing.Path}");
        if (body.Length > 0)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.Add("Idempotency-Key", dealing.Key);
        request.Headers.Add("x-functions-key", Key);
        request.Headers.Add("x-ms-client-principal-name", "agent@simulated.example");
        try
        {
            using var answer = await _http!.SendAsync(request, cancellation);
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellation));
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (faults is not null)
            faults.Enabled = false;
        await StopAsync();
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        // Always the same: ids and tokens are derived from it.
        var key = Path.Combine(_data, "master.key");
        Directory.CreateDirectory(_data);
        if (!File.Exists(key))
            await File.WriteAllTextAsync(key, Convert.ToBase64String(SHA256.HashData("simulated"u8)), cancellation);
        _host = ServerlessClm.Create(
            [
                $"--{EmulatorOptions.DataDirectorySetting}={_data}", $"--{EmulatorOptions.PortSetting}=0", $"--{EmulatorOptions.UnsyncedSetting}=true",
                $"--CLM_FUNCTION_KEY={Key}", "--CLM_MASTER_KEY=simulated-host", "--Clm:CommitConcurrency=1", $"--Clm:Journeys:Catalogue={Workload.Journeys}",
                "--Clm:Gateways:AllowPrivateAddresses=true", $"--Clm:Gateways:email:Endpoint={gateway}", $"--Clm:Gateways:email:Secrets:0={GatewaySecret}",
                // Their waits would be by a clock that stands while a function runs.
                "--Clm:Gateways:Retries=0",
                // Nobody changes settings in between, and a watcher of their files is a sixth of a start.
                "--hostBuilder:reloadConfigOnChange=false",
            ],
            services =>
            {
                services.AddVirtualTime(clock, new VirtualTimeSettings(order)).AddLogging(logging => logging.ClearProviders());
                if (faults is not null)
                    services.AddFaults(faults);
                // Orchestrations one after the other too: whose commit comes first is a matter of threads otherwise.
                var host = (HostConfiguration)services.Last(service => service.ServiceType == typeof(HostConfiguration)).ImplementationInstance!;
                services.AddSingleton(host with { DurableTask = host.DurableTask with { MaxConcurrentActivityFunctions = 1, MaxConcurrentOrchestratorFunctions = 1 } });
                configure?.Invoke(services);
            });
        await _host.StartAsync(cancellation);
        // What is closed sends before it answers, and keeps figures until it stops: what the background would do when is a matter of threads.
        Get<OutboxQueue>().Close();
        Get<ActivityLedger>().Close();
        _http = new HttpClient { BaseAddress = _host.GetBaseAddress(), Timeout = Timeout.InfiniteTimeSpan };
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
        _http?.Dispose();
        try
        {
            await _host.StopAsync(CancellationToken.None);
        }
        catch (Exception) when (faults?.Image is not null)
        {
            // What a killed process would still have written in the end is lost with it.
        }

        await ((IAsyncDisposable)_host).DisposeAsync();
        _host = null;
    }
}
