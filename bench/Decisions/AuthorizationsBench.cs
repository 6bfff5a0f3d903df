using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessCLM.Emulator;
using ServerlessCLM.Functions;

namespace ServerlessCLM.Bench.Decisions;

/// <summary>
/// <c>POST /api/authorizations</c> at a set rate: requests start when they are due, whether earlier ones have been answered or not, and their time
/// counts from when they were due, so that a stall is not left out. Host and senders share the machine; <c>GET /api/health</c>, one read of a row,
/// goes the same way at the same rate before, as the measure of what the machine adds.
/// </summary>
internal static class AuthorizationsBench
{
    private const int Customers = 2000, WarmUp = 5, Seconds = 20;

    public static async Task RunAsync(TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("clm-bench-").FullName;
        try
        {
            using var host = ServerlessClm.Create(
                [$"--CLM_DATA={folder}", "--CLM_PORT=0", "--CLM_FUNCTION_KEY=bench"], services => services.AddLogging(logging => logging.ClearProviders()));
            await host.StartAsync();
            using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = host.GetBaseAddress() };
            client.DefaultRequestHeaders.Add("x-functions-key", "bench");
            var sent = 0;
            foreach (var rate in (int[])[100, 250, 500])
            {
                await MeasureAsync(client, rate, WarmUp, sent);
                sent += rate * WarmUp;
                var health = await MeasureAsync(client, rate, WarmUp, first: -1);
                var times = await MeasureAsync(client, rate, Seconds, sent);
                sent += rate * Seconds;
                await output.WriteLineAsync(
                    $"{rate} authorizations/s over HTTP, {Customers} customers: {Words(times)} (target: p99 under 10 ms); health {Words(health)}");
            }

            await host.StopAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Words(double[] times)
    {
        Array.Sort(times);
        return $"p50 {times[times.Length / 2]:F2} ms, p99 {times[(int)(times.Length * 0.99)]:F2} ms, p99.9 {times[(int)(times.Length * 0.999)]:F2} ms";
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
}
