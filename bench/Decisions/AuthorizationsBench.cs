using ServerlessCLM.Bench.Http;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Bench.Decisions;

/// <summary>
/// <c>POST /api/authorizations</c> at a set rate. Host and senders share the machine; <c>GET /api/health</c> goes the same way at the same rate
/// before; so does a second host that sends the payment within the answer, as a closed queue does, by turns with the first.
/// </summary>
internal static class AuthorizationsBench
{
    private const int Customers = 2000, WarmUp = 5, Seconds = 4, Turns = 3;

    public static async Task RunAsync(TextWriter output)
    {
        await using var after = await BenchHost.StartAsync();
        await using var within = await BenchHost.StartAsync();
        within.Get<OutboxQueue>().Close();
        var sent = 0;
        foreach (var rate in (int[])[100, 250, 500])
        {
            var (times, others, health) = (new List<double>(), new List<double>(), new List<double>());
            foreach (var host in (BenchHost[])[after, within])
                await MeasureAsync(host.Client, rate, WarmUp, sent);
            sent += rate * WarmUp;
            for (var turn = 0; turn < Turns; turn++)
            {
                health.AddRange(await OpenLoop.HealthAsync(after.Client, rate, Seconds));
                times.AddRange(await MeasureAsync(after.Client, rate, Seconds, sent));
                others.AddRange(await MeasureAsync(within.Client, rate, Seconds, sent));
                sent += rate * Seconds;
            }

            await output.WriteLineAsync(
                $"{rate} authorizations/s over HTTP, {Customers} customers: {OpenLoop.Words(times)} (target: p99 under 10 ms); payment sent within the answer {OpenLoop.Words(others)}; health {OpenLoop.Words(health)}");
        }
    }

    /// <param name="first">Number of the first authorization.</param>
    private static Task<double[]> MeasureAsync(HttpClient client, int rate, int seconds, int first) =>
        OpenLoop.RunAsync(rate, seconds, i => OpenLoop.PostAsync(client, "api/authorizations", Body(first + i)));

    private static string Body(int number) => $$"""
        {"customerId":"C-{{number * 7919L % Customers}}","id":"R-{{number}}","accountId":"A-1","amount":{{(number % 90) + 1}}.50,"currency":"EUR",
         "mcc":"5411","merchant":"Grocer {{number % 20}}","country":"DE","channel":"chip"}
        """;
}
