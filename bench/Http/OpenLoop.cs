using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace ServerlessCLM.Bench.Http;

/// <summary>
/// Requests at a set rate: each starts when it is due, whether earlier ones have been answered or not, and its time counts from when it was due, so
/// that a stall is not left out.
/// </summary>
internal static partial class OpenLoop
{
    /// <summary>Times in milliseconds, in the order in which requests were due.</summary>
    /// <param name="rate">Requests a second.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="send">Sends the request of a number, and returns once it has been answered.</param>
    public static async Task<double[]> RunAsync(int rate, int seconds, Func<int, Task> send)
    {
        var times = new double[rate * seconds];
        var running = new List<Task>(times.Length);
        var sender = new Thread(() =>
        {
            var began = Stopwatch.GetTimestamp();
            for (var i = 0; i < times.Length; i++)
            {
                var due = began + (long)(i * (double)Stopwatch.Frequency / rate);
                SleepUntil(due);
                running.Add(TimeAsync(send(i), due, times, i));
            }
        })
        { IsBackground = true, Name = "sender" };
        sender.Start();
        await Task.Factory.StartNew(sender.Join, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAll(running);
        return times;
    }

    /// <summary><c>GET /api/health</c>, one read of a row: the measure of what the machine adds.</summary>
    public static Task<double[]> HealthAsync(HttpClient client, int rate, int seconds) =>
        RunAsync(rate, seconds, _ => client.GetByteArrayAsync(new Uri("api/health", UriKind.Relative)));

    public static async Task PostAsync(HttpClient client, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), content);
        await answer.Content.ReadAsByteArrayAsync();
        answer.EnsureSuccessStatusCode();
    }

    public static string Words(List<double> times)
    {
        times.Sort();
        return $"p50 {times[times.Count / 2]:F2} ms, p99 {times[(int)(times.Count * 0.99)]:F2} ms, p99.9 {times[(int)(times.Count * 0.999)]:F2} ms";
    }

    /// <summary>Timers of the runtime count whole milliseconds and wake a pool thread, which the host keeps busy; spinning would take a core from the host.</summary>
    private static void SleepUntil(long due)
    {
        while (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is var left && left > TimeSpan.Zero)
        {
            if (OperatingSystem.IsWindows())
                Thread.Sleep(1);
            else
                _ = SleepMicroseconds((uint)Math.Ceiling(left.TotalMicroseconds));
        }
    }

    [LibraryImport("libc", EntryPoint = "usleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SleepMicroseconds(uint microseconds);

    private static async Task TimeAsync(Task sent, long due, double[] times, int place)
    {
        await sent;
        times[place] = Stopwatch.GetElapsedTime(due).TotalMilliseconds;
    }
}
