using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ServerlessCLM.Customers;
using ServerlessCLM.Emulator;
using ServerlessCLM.Features;
using ServerlessCLM.Scoring;
using ServerlessCLM.Tests.Emulator;
using ServerlessCLM.Tests.Emulator.Hosting;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Faults;

/// <summary>
/// The product is killed again and again while payments stream in. A producer that repeats what was not answered must find, in the
/// end, every payment counted exactly once and every signal raised exactly once.
/// </summary>
public class KillTests
{
    private const int Customers = 60, BatchSize = 40;

    /// <summary>60 of 100 rounds, <see cref="OrchestrationKillTests"/> has the others; CLM_KILL_ROUNDS asks for more, CLM_KILL_SEED for other instants.</summary>
    private static readonly int Rounds = Setting("CLM_KILL_ROUNDS", 100) * 6 / 10;
    internal static readonly int Seed = Setting("CLM_KILL_SEED", 1);

    [Fact]
    public async Task Killed_under_load_every_payment_counts_once_and_no_signal_is_lost_or_doubled()
    {
        using var folder = new TestFolder();
        var random = new Rng((ulong)Seed);
        var expected = new Expectation();
        var start = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()).AddDays(-20);
        await using (var host = new KilledHost(folder.Path))
        {
            await host.StartAsync();
            for (var round = 0; round < Rounds; round++)
            {
                var batches = Batches(random, expected, start.AddMinutes(round * 28_000L / Rounds), round, 3 + random.Below(6));
                await StreamThroughAKillAsync(host, batches, random);
            }

            await host.KillAsync();
        }

        await CheckAsync(folder.Path, expected);
    }

    /// <summary>Sends batches in order; while one chosen at random is under way the host dies, and comes back.</summary>
    private static async Task StreamThroughAKillAsync(KilledHost host, List<byte[]> batches, Rng random)
    {
        var (fatal, afterBytes) = (random.Below(batches.Count), random.Below(3));
        for (var i = 0; i < batches.Count; i++)
        {
            var sending = i == fatal ? PostAsync(host.Client, batches[i]) : null;
            if (sending is not null)
            {
                // Nothing waited for, one round trip waited for, or the answer itself: three kinds of instants.
                if (afterBytes > 0)
                    await host.Client.GetAsync("api/health");
                if (afterBytes > 1)
                    await sending;
                await host.KillAsync();
                await host.StartAsync();
                if (await sending)
                    continue;
            }

            Assert.True(await PostAsync(host.Client, batches[i]), "a living host refused a good batch");
        }
    }

    private static async Task<bool> PostAsync(HttpClient client, byte[] batch)
    {
        using var content = new ByteArrayContent(batch);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using var response = await client.PostAsync("api/transactions", content);
            return response.StatusCode == HttpStatusCode.Accepted;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static List<byte[]> Batches(Rng random, Expectation expected, DateTimeOffset time, int round, int count)
    {
        var batches = new List<byte[]>();
        for (var batch = 0; batch < count; batch++)
        {
            var events = new List<string>();
            for (var i = 0; i < BatchSize; i++)
            {
                var customer = $"C-{random.Below(Customers)}";
                var travel = random.Below(6) == 0;
                var body = Product.Payment(customer, $"{round}-{batch}-{i}", time.AddSeconds((batch * BatchSize) + i),
                    -1m - random.Below(90), mcc: travel ? "3001" : "5411", balance: 500 + random.Below(500));
                expected.Add(customer, body);
                events.Add(Encoding.UTF8.GetString(body));
            }

            batches.Add(Encoding.UTF8.GetBytes($"[{string.Join(',', events)}]"));
        }

        return batches;
    }

    /// <summary>Opens the data folder in this process, lets the functions finish, and compares.</summary>
    private static async Task CheckAsync(string data, Expectation expected)
    {
        using var host = Functions.ServerlessClm.Create(
            [$"--CLM_DATA={data}", "--CLM_PORT=0", "--Clm:RelayAfter=00:00:00", "--Logging:LogLevel:Default=Warning"]);
        await host.StartAsync();
        var hubs = host.Services.GetRequiredService<EventHubsNamespace>();
        await hubs.WaitUntilDrainedAsync(EventStreams.TransactionsHub).WaitAsync(TimeSpan.FromMinutes(2));
        await host.Services.GetRequiredService<Outbox>().RelayAsync(CancellationToken.None);

        var store = host.Services.GetRequiredService<CustomerStore>();
        foreach (var (customer, history) in expected.Histories)
        {
            var partition = await store.ReadAsync(CustomerId.Parse(customer), CancellationToken.None);
            Assert.NotNull(partition);
            var state = new CustomerState();
            state.Read(partition.Block);
            Assert.Equal(Convert.ToHexString(Bytes(history.State)), Convert.ToHexString(Bytes(state.Features)));
            Assert.Equal(
                history.Signals.Select(signal => $"{SignalCatalogue.NameOf(signal.Kind)} {signal.At}").Order(),
                partition.Of(CustomerRows.SignalPrefix).Select(Describe).Order());
            Assert.Empty(partition.Of(CustomerRows.OutboxPrefix));
        }

        Assert.Equal(expected.Histories.Sum(history => history.Value.Signals.Count), Sent(hubs).Count);
        await host.StopAsync();
    }

    private static string Describe(JsonNode signal) =>
        $"{(string)signal["name"]!} {((DateTimeOffset)signal["at"]!).ToUnixTimeMilliseconds()}";

    private static byte[] Bytes(FeatureState state)
    {
        var block = new byte[FeatureState.MaxStoredSize];
        return block[..state.Write(block)];
    }

    /// <summary>Ids on the signals hub: a repetition after a crash has the id of the first.</summary>
    private static HashSet<string> Sent(EventHubsNamespace hubs) =>
        [.. hubs.ReadAll(EventStreams.SignalsHub).Select(sent => (string)JsonNode.Parse(sent.EventBody.ToMemory().Span)!["id"]!)];

    internal static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), out var value) ? value : otherwise;

    /// <summary>What must come of the payments: each applied once, in order, by the scoring core.</summary>
    private sealed class Expectation
    {
        public Dictionary<string, (FeatureState State, List<Signal> Signals)> Histories { get; } = new(StringComparer.Ordinal);

        public void Add(string customer, byte[] body)
        {
            if (!Histories.TryGetValue(customer, out var history))
                Histories[customer] = history = (new FeatureState(), []);

            Assert.True(PaymentParser.TryParse(body, long.MaxValue / 2, out var payment, out _));
            var signals = new SignalBuffer();
            CustomerScoring.Apply(history.State, payment, signals);
            history.Signals.AddRange(signals.Signals);
        }
    }
}
