using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServerlessCLM.Emulator;
using ServerlessCLM.Functions;

namespace ServerlessCLM.Bench.Http;

/// <summary>The product on a folder of its own.</summary>
internal sealed class BenchHost(IHost host, string folder) : IAsyncDisposable
{
    public HttpClient Client { get; } = new(new SocketsHttpHandler { MaxConnectionsPerServer = 64 })
    {
        BaseAddress = host.GetBaseAddress(), DefaultRequestHeaders = { { "x-functions-key", "bench" } },
    };

    public static async Task<BenchHost> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("clm-bench-").FullName;
        var host = ServerlessClm.Create(
            [$"--CLM_DATA={folder}", "--CLM_PORT=0", "--CLM_FUNCTION_KEY=bench", "--Clm:Limits:Open:PerSecond=1000000", "--Clm:Limits:Open:Burst=1000000"], services => services.AddLogging(logging => logging.ClearProviders()));
        await host.StartAsync();
        return new BenchHost(host, folder);
    }

    public T Get<T>() where T : notnull => host.Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await host.StopAsync();
        host.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
