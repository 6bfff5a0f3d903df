using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ServerlessCLM.Tests.Faults;

/// <summary>A function app as a process of its own, to be killed.</summary>
internal sealed class KilledHost : IAsyncDisposable
{
    public const string Key = "a-function-key";

    private readonly string _data;
    private readonly string _app;
    private readonly int _port = FreePort();
    private Process? _process;

    /// <param name="data">Its data folder.</param>
    /// <param name="app">Any type of its program; null for the product.</param>
    public KilledHost(string data, Type? app = null)
    {
        _data = data;
        _app = (app ?? typeof(Functions.ServerlessClm)).Assembly.Location;
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port}"), Timeout = TimeSpan.FromMinutes(1) };
        Client.DefaultRequestHeaders.Add("x-functions-key", Key);
    }

    public HttpClient Client { get; }

    /// <summary>More of its environment.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Starts the process and returns once it says that it listens.</summary>
    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("dotnet", [_app]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetDirectoryName(_app) };
        start.Environment["CLM_DATA"] = _data;
        start.Environment["CLM_PORT"] = $"{_port}";
        start.Environment["CLM_FUNCTION_KEY"] = Key;
        foreach (var (name, value) in Settings)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        var errors = _process.StandardError.ReadToEndAsync();
        var said = new List<string>();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            said.Add(line);
            if (line.Contains("http://127.0.0.1", StringComparison.Ordinal))
            {
                // Whatever else it says must not fill the pipe.
                _ = _process.StandardOutput.ReadToEndAsync();
                return;
            }
        }

        throw new InvalidOperationException($"the host did not start: {string.Join('\n', said)}\n{await errors}");
    }

    /// <summary>SIGKILL: nothing is flushed, nothing is finished.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>SIGTERM: the host ends by itself, and answers with its exit status.</summary>
    public async Task<int> TerminateAsync()
    {
        using (var signal = Process.Start("kill", ["-TERM", $"{_process!.Id}"]))
            await signal.WaitForExitAsync();
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        var status = _process.ExitCode;
        _process.Dispose();
        _process = null;
        return status;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await KillAsync();
        Client.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
