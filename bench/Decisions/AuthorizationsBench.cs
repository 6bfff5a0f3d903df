using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServerlessCLM.Customers;
using ServerlessCLM.Emulator;
using ServerlessCLM.Functions;

namespace ServerlessCLM.Bench.Decisions;

/// <summary>
/// <c>POST /api/authorizations</c> at a set rate: requests start when they are due, whether earlier ones have been answered or not, and their time
/// counts from when they were due, so that a stall is not left out. Host and senders share the machine; <c>GET /api/health</c>, one read of a row,
/// goes the same way at the same rate before, as the measure of what the machine adds; so does a second host that sends the payment within the answer,
/// as a closed queue does, by turns with the first.
/// </summary>
internal static class AuthorizationsBench
{
    private const int Customers = 2000, WarmUp = 5, Seconds = 4, Turns = 3;

    public static async Task RunAsync(TextWriter output)
    {
        await using var after = await Host.StartAsync();
        await using var within = await Host.StartAsync();
        within.Get<OutboxQueue>().Close();
        var sent = 0;
        foreach (var rate in (int[])[100, 250, 500])
        {
            var (times, others, health) = (new List<double>(), new List<double>(), new List<double>());
            foreach (var host in (Host[])[after, within])
                await MeasureAsync(host.Client, rate, WarmUp, sent);
            sent += rate * WarmUp;
            for (var turn = 0; turn < Turns; turn++)
            {
                health.AddRange(await MeasureAsync(after.Client, rate, Seconds, first: -1));
                times.AddRange(await MeasureAsync(after.Client, rate, Seconds, sent));
                others.AddRange(await MeasureAsync(within.Client, rate, Seconds, sent));
                sent += rate * Seconds;
            }

            await output.WriteLineAsync(
                $"{rate} authorizations/s over HTTP, {Customers} customers: {Words(times)} (target: p99 under 10 ms); payment sent within the answer {Words(others)}; health {Words(health)}");
        }
    }

    private static string Words(List<double> times)
    {
        times.Sort();
        return $"p50 {times[times.Count / 2]:F2} ms, p99 {times[(int)(times.Count * 0.99)]:F2} ms, p99.9 {times[(int)(times.Count * 0.999)]:F2} ms";
    }

    /// <param name="first">Number of the first authorization; −1 asks for health.</param>
    private static async Task<double[]> MeasureAsync(HttpClient client, int rate, int seconds, int first)
    {
        var times = new double[rate * seconds];
        var running = new List<Task>(times.Length);
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < times.Length; i++)
        {
            var due = began + (long)(i * (double)Stopwatch.Frequency / rate);
            while (Stopwatch.GetTimestamp() is var now && now < due)
            {
                if (due - now > Stopwatch.Frequency / 500)
                    await Task.Delay(1);
                else
                    await Task.Yield();
            }

            running.Add(first < 0 ? AskAsync(client, due, times, i) : SendAsync(client, first + i, due, times, i));
        }

        await Task.WhenAll(running);
        return times;
    }

    private static async Task AskAsync(HttpClient client, long due, double[] times, int place)
    {
        await client.GetByteArrayAsync(new Uri("api/health", UriKind.Relative));
        times[place] = Stopwatch.GetElapsedTime(due).TotalMilliseconds;
    }

    private static async Task SendAsync(HttpClient client, int number, long due, double[] times, int place)
    {
        var body = $$"""
            {"customerId":"C-{{number * 7919L % Customers}}","id":"R-{{number}}","accountId":"A-1","amount":{{(number % 90) + 1}}.50,"currency":"EUR",
             "mcc":"5411","merchant":"Grocer {{number % 20}}","country":"DE","channel":"chip"}
            """;
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(new Uri("api/authorizations", UriKind.Relative), content);
        await answer.Content.ReadAsByteArrayAsync();
        answer.EnsureSuccessStatusCode();
        times[place] = Stopwatch.GetElapsedTime(due).TotalMilliseconds;
    }

    /// <summary>The product on a folder of its own.</summary>
    private sealed class Host(IHost host, string folder) : IAsyncDisposable
    {
        public HttpClient Client { get; } = new(new SocketsHttpHandler { MaxConnectionsPerServer = 64 })
        {
            BaseAddress = host.GetBaseAddress(), DefaultRequestHeaders = { { "x-functions-key", "bench" } },
        };

        public static async Task<Host> StartAsync()
        {
            var folder = Directory.CreateTempSubdirectory("clm-bench-").FullName;
            var host = ServerlessClm.Create(
                [$"--CLM_DATA={folder}", "--CLM_PORT=0", "--CLM_FUNCTION_KEY=bench"], services => services.AddLogging(logging => logging.ClearProviders()));
            await host.StartAsync();
            return new Host(host, folder);
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
}
