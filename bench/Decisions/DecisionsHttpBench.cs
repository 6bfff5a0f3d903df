using ServerlessCLM.Bench.Http;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Documents;
using ServerlessCLM.Scoring;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Bench.Decisions;

/// <summary>
/// <c>POST /api/customers/{id}/decisions</c> at a set rate, with 100 and 1,000 actions: features, 11 models, rules, gate, arbitration, record and audit
/// entry, committed. Host and senders share the machine; <c>GET /api/health</c> goes the same way at the same rate.
/// </summary>
internal static class DecisionsHttpBench
{
    private const int Customers = 1000, WarmUp = 15, Seconds = 4, Turns = 3;

    public static async Task RunAsync(TextWriter output)
    {
        foreach (var actions in (int[])[100, 1000])
        {
            await using var host = await BenchHost.StartAsync();
            await PrepareAsync(host, actions);
            var sent = 0;
            foreach (var rate in (int[])[100, 250, 500])
            {
                var (times, health) = (new List<double>(), new List<double>());
                await MeasureAsync(host.Client, rate, WarmUp, sent);
                sent += rate * WarmUp;
                for (var turn = 0; turn < Turns; turn++)
                {
                    health.AddRange(await OpenLoop.HealthAsync(host.Client, rate, Seconds));
                    var before = Environment.CpuUsage.TotalTime;
                    times.AddRange(await MeasureAsync(host.Client, rate, Seconds, sent));
                    sent += rate * Seconds;
                    if (turn == Turns - 1)
                        await output.WriteAsync($"{(Environment.CpuUsage.TotalTime - before).TotalMilliseconds / (rate * Seconds):F2} ms of processor time a decision, senders included; ");
                }

                await output.WriteLineAsync($"{rate} decisions/s with {actions:N0} actions over HTTP: {OpenLoop.Words(times)} (target with 1,000 actions at 500/s: p99 under 10 ms); health {OpenLoop.Words(health)}");
            }
        }
    }

    private static Task<double[]> MeasureAsync(HttpClient client, int rate, int seconds, int first) => OpenLoop.RunAsync(rate, seconds, i =>
        OpenLoop.PostAsync(client, $"api/customers/C-{(first + i) * 7919L % Customers}/decisions", """{"channel":"email","placement":"inbox"}"""));

    private static async Task PrepareAsync(BenchHost host, int actions)
    {
        var (workflow, kind, strategy) = (host.Get<DocumentWorkflow>(), new StrategyKind(DecisionVocabulary.Standard), DecisionsBench.Document(actions, 0.05));
        await workflow.SaveAsync(kind, "bench", strategy, null, "ann", null, CancellationToken.None);
        await workflow.SubmitAsync(kind, "bench", 1, "ann", null, CancellationToken.None);
        await workflow.DecideAsync(kind, "bench", 1, approve: true, DocumentStore.DigestOf(strategy), "bob", null, CancellationToken.None);
        var now = host.Get<TimeProvider>().GetUtcNow();
        await Parallel.ForEachAsync(Enumerable.Range(0, Customers), async (number, cancellation) =>
        {
            var customer = CustomerId.Parse($"C-{number}");
            await host.Get<CustomerStore>().UpdateAsync(customer, session =>
            {
                var state = new CustomerState();
                for (var day = 200; day > 0; day--)
                    Apply(state, customer, now.AddDays(-day), day);
                session.PutBlock(state.ToBlock());
                session.Put(CustomerRows.Profile, new Profile(1, new() { ["country"] = "DE", ["timeZone"] = "Europe/Berlin", ["email"] = $"{customer}@bank.example" }), CustomersJson.Default.Profile);
                new Consent("marketing", "email", ConsentStatus.Granted, now.AddDays(-9), "form").PutInto(session);
                return true;
            }, cancellation);
        });
    }

    private static void Apply(CustomerState state, CustomerId customer, DateTimeOffset at, int day)
    {
        var payment = CloudEventWriter.ToBytes(new PaymentRecord
        {
            Source = "/bench", Id = $"p{day}", Customer = customer.Value, Time = at, AccountId = "A-1", Amount = -12 - (day % 9), Currency = "EUR",
            Kind = PaymentKind.Card, Mcc = "5411", Merchant = $"Grocer {day % 7}", Country = "DE", BalanceAfter = 900 - day, CreditLimit = 1000,
        });
        if (!PaymentParser.TryParse(payment, long.MaxValue / 2, out var read, out var wrong))
            throw new InvalidOperationException(wrong.ToString());
        state.Features.Apply(read);
    }
}
