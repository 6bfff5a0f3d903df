using System.Diagnostics;
using System.Text;

namespace ServerlessCLM.Bench.Http;

/// <summary>
/// Requests at a set rate: each starts when it is due, whether earlier ones have been answered or not, and its time counts from when it was due, so
/// that a stall is not left out.
/// </summary>
internal static class OpenLoop
{
    /// <summary>Times in milliseconds, in the order in which requests were due.</summary>
    /// <param name="rate">Requests a second.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="send">Sends the request of a number, and returns once it has been answered.</param>
    public static async Task<double[]> RunAsync(int rate, int seconds, Func<int, Task> send)
    {
        var times = new double[rate * seconds];
        var running = new List<Task>(times.Length);
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < times.Length; i++)
        {
            // Up to a millisecond late, which counts: a sender that spins until the instant would take a core from the host.
            var due = began + (long)(i * (double)Stopwatch.Frequency / rate);
            while (Stopwatch.GetTimestamp() < due)
                await Task.Delay(1);
            running.Add(TimeAsync(send(i), due, times, i));
        }

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

    private static async Task TimeAsync(Task sent, long due, double[] times, int place)
    {
        await sent;
        times[place] = Stopwatch.GetElapsedTime(due).TotalMilliseconds;
    }
}
