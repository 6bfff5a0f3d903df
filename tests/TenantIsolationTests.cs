using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Azure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessCLM.Customers;
using ServerlessCLM.Emulator;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Governance;
using ServerlessCLM.Scoring;
using ServerlessCLM.Tests.Decisions;
using ServerlessCLM.Tests.Emulator;
using ServerlessCLM.Tests.Journeys.Collections;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests;

/// <summary>Two institutions, each with a function app, keys and hubs of its own, on the same storage account.</summary>
public sealed class TenantIsolationTests
{
    private const string Customer = "C-1";

    private static readonly string[] Containers = ["documents", "models", "deadletters", Anchors.Container];

    [Fact]
    public async Task Nothing_of_one_institution_reaches_another_on_the_same_storage()
    {
        await using var lynx = await Institution.StartAsync("lynx", storage: null);
        await using var quokka = await Institution.StartAsync("quokka", lynx);
        // The same customers, events, documents, keys of requests and letters, so that whatever is not kept apart meets.
        foreach (var institution in (Institution[])[lynx, quokka])
            await institution.LiveAsync();

        // All that lynx can be asked tells nothing of quokka, and the reverse.
        foreach (var (asked, other) in ((Institution, Institution)[])[(lynx, quokka), (quokka, lynx)])
        {
            foreach (var path in await asked.PathsAsync())
            {
                var answer = await asked.GetAsync(path);
                Assert.DoesNotContain(other.Mark, answer, StringComparison.OrdinalIgnoreCase);
            }

            Assert.Contains(asked.Mark, await asked.GetAsync($"api/customers/{Customer}/export"), StringComparison.Ordinal);
        }

        // What one has handed out opens nothing at the other.
        Assert.Equal(404, (await quokka.Product.SendAsync(HttpMethod.Get, $"api/decisions/{lynx.Decision}")).Status);
        Assert.Equal(404, (await quokka.Product.SendAsync(HttpMethod.Get, $"api/self-service/{lynx.Link}")).Status);
        using (var request = new HttpRequestMessage(HttpMethod.Get, "api/models"))
        {
            request.Headers.Add("x-functions-key", lynx.Key);
            using var client = new HttpClient { BaseAddress = quokka.Product.Client.BaseAddress };
            using var answer = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        // Reading is an act too, on record: what was read is worked off before the two are compared.
        await quokka.WorkOffAsync();
        await quokka.TimersAsync();
        await quokka.WorkOffAsync();
        var kept = await quokka.SnapshotAsync("quokka");
        Assert.True(kept.Count > 40, $"{kept.Count} rows and blobs");
        Assert.All(await quokka.SnapshotAsync(""), item => Assert.Matches("^(lynx|quokka)[|/]", item.Key));

        // Timers, verification and erasure of one leave the other byte for byte as it was.
        await lynx.TimersAsync();
        var (_, verified) = await lynx.Product.SendAsync(HttpMethod.Post, "api/audit/verification");
        Assert.True((bool)verified!["intact"]!, verified.ToJsonString());
        Assert.Equal(204, (await lynx.Product.SendAsync(HttpMethod.Delete, $"api/customers/{Customer}")).Status);
        await lynx.WorkOffAsync();
        Assert.Equal(kept, await quokka.SnapshotAsync("quokka"));
        Assert.Contains(quokka.Mark, await quokka.GetAsync($"api/customers/{Customer}"), StringComparison.Ordinal);
        Assert.Equal(404, (await lynx.Product.SendAsync(HttpMethod.Get, $"api/customers/{Customer}")).Status);

        Assert.All(lynx.Logged, line => Assert.DoesNotContain("quokka", line, StringComparison.OrdinalIgnoreCase));
        Assert.All(quokka.Logged, line => Assert.DoesNotContain("lynx", line, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>A deployment that was pointed at another's hubs must not swallow that institution's customers.</summary>
    [Fact]
    public async Task Events_of_another_institution_in_the_hubs_are_left_alone()
    {
        await using var lynx = await Institution.StartAsync("lynx", storage: null);
        var hubs = lynx.Product.Get<EventHubsNamespace>();
        foreach (var hub in (string[])[EventStreams.TransactionsHub, EventStreams.EventsHub, EventStreams.SignalsHub])
        {
            var theirs = new EventStream(new EventHubProducerClient(hubs, hub), "quokka");
            await theirs.WriteAsync([new OutgoingEvent(Customer, Product.Payment(Customer, "p-1", Product.Now)), new OutgoingEvent(Customer, "{}"u8.ToArray())], CancellationToken.None);
        }

        await lynx.WorkOffAsync();

        Assert.Empty(await lynx.SnapshotAsync("lynx"));
        Assert.Contains(lynx.Logged, line => line.Contains("2 events of the hub transactions are another institution's", StringComparison.Ordinal));
        Assert.All(lynx.Logged, line => Assert.DoesNotContain("quokka", line, StringComparison.OrdinalIgnoreCase));

        // Its own, and those of a system of the bank that names no institution, are taken.
        await using (var producer = new EventHubProducerClient(hubs, EventStreams.TransactionsHub))
            await producer.SendAsync([new EventData(Product.Payment(Customer, "p-2", Product.Now))]);
        await lynx.Product.SendAsync(HttpMethod.Post, "api/transactions", Encoding.UTF8.GetString(Product.Payment(Customer, "p-3", Product.Now)));
        await lynx.Product.DrainAsync(EventStreams.TransactionsHub);
        Assert.Equal(2, (int)(await lynx.Product.SendAsync(HttpMethod.Get, $"api/customers/{Customer}")).Body!["features"]!["purchases_30d"]!);
        Assert.All(hubs.ReadAll(EventStreams.SignalsHub).Skip(2), signal => Assert.Equal("lynx", signal.Properties[EventStream.Tenant]));
    }

    /// <summary>A function app of one institution.</summary>
    private sealed class Institution(Product product, string tenant, LogLines lines) : IAsyncDisposable
    {
        public Product Product => product;

        public string Key => $"the-key-of-{tenant}";

        /// <summary>A word that is in all that the institution knows.</summary>
        public string Mark { get; } = $"Mark{tenant}mark";

        public string Decision { get; private set; } = "";

        public string Link { get; private set; } = "";

        public IEnumerable<string> Logged => lines.All;

        public static async Task<Institution> StartAsync(string tenant, Institution? storage)
        {
            var lines = new LogLines();
            var product = await Product.StartAsync(services =>
            {
                services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(lines));
                services.AddSingleton(new MasterKeys(new Dictionary<int, byte[]> { [1] = [.. Enumerable.Repeat((byte)tenant[0], MasterKeys.KeySize)] }, 1));
                if (storage is not null)
                    services.AddSingleton(storage.Product.Get<TableServiceClient>()).AddSingleton(storage.Product.Get<BlobServiceClient>())
                        .AddSingleton(storage.Product.Get<IReadOnlyList<TableServiceClient>>());
            }, null, "--CLM_UNSYNCED=true", $"--Clm:Tenant={tenant}", $"--CLM_FUNCTION_KEY=the-key-of-{tenant}");
            product.Client.DefaultRequestHeaders.Remove("x-functions-key");
            product.Client.DefaultRequestHeaders.Add("x-functions-key", $"the-key-of-{tenant}");
            return new Institution(product, tenant, lines);
        }

        /// <summary>A bit of everything that a customer's life leaves behind.</summary>
        public async Task LiveAsync()
        {
            await Debtor.InArrearsAsync(product, 40, id: Customer);
            await SendAsync(HttpMethod.Put, $"customers/{Customer}/profile", $$"""{"country":"DE","language":"en","givenName":"{{Mark}}","email":"{{Mark}}@example.com","products":{"card":"classic"} }""");
            await SendAsync(HttpMethod.Put, $"customers/{Customer}/consents/marketing/email", $$"""{"status":"granted","source":"{{Mark}}"}""");
            var strategy = StrategyInForce.Cards();
            strategy["actions"]![0]!["id"] = $"gold-{Mark.ToLowerInvariant()}";
            await StrategyInForce.PutAsync(product, strategy);
            Decision = (string)(await SendAsync(HttpMethod.Post, $"customers/{Customer}/decisions", """{"channel":"app"}""", "k-1"))["decisionId"]!;
            Link = (string)(await SendAsync(HttpMethod.Post, $"customers/{Customer}/debts/card-1/links", """{"purpose":"view"}"""))["token"]!;
            await SendAsync(HttpMethod.Post, $"customers/{Customer}/cases", $$"""{"kind":"call","debt":"card-1","instructions":"{{Mark}}"}""");
            await SendAsync(HttpMethod.Post, $"customers/{Customer}/messages/m-1", """{"template":"payment-due","channel":"email","facts":[{"kind":"money","name":"amount_due","amount":120.00,"currency":"EUR"},{"kind":"date","name":"due","date":"2026-11-25"},{"kind":"contact","name":"hotline","text":"+49 30 1234567"}]}""");
            await SendAsync(HttpMethod.Post, "transactions", Payment(), "k-1");

            // The same letter at both: one that fits a row, and one that needs a blob.
            foreach (var size in (int[])[100, 100_000])
                await product.Get<DeadLetters>().AddAsync(new DeadLetter(EventStreams.EventsHub, DeadLetter.IdOf(Product.Now, size, []), Product.Now,
                    new Rejection("data", Mark), Encoding.UTF8.GetBytes(Mark + new string('x', size))), CancellationToken.None);
            await WorkOffAsync();
            await SendAsync(HttpMethod.Post, $"customers/{Customer}/credit-line", "{}");
            await TimersAsync();
        }

        /// <summary>Every stream function has seen every event.</summary>
        public async Task WorkOffAsync()
        {
            await product.Get<OutboxQueue>().FlushAsync(CancellationToken.None);
            foreach (var (_, trigger) in product.Get<FunctionCatalogue>().TriggeredBy<EventHubTriggerAttribute>())
                await product.Get<EventHubsNamespace>().WaitUntilDrainedAsync(trigger.EventHubName, trigger.ConsumerGroup ?? EventHubsNamespace.DefaultConsumerGroup);
        }

        public async Task TimersAsync()
        {
            var listener = product.Get<IEnumerable<ITriggerListener>>().Single(each => each.TriggerType == typeof(TimerTriggerAttribute));
            foreach (var (function, _) in product.Get<FunctionCatalogue>().TriggeredBy<TimerTriggerAttribute>())
                await listener.FireAsync(function, null, CancellationToken.None);
        }

        /// <summary>All that can be read, and what leads from lists to things.</summary>
        public async Task<IEnumerable<string>> PathsAsync()
        {
            var letters = JsonNode.Parse(await GetAsync("api/dead-letters/events"))!["deadLetters"]!.AsArray();
            Assert.InRange(letters.Count, 2, 100);
            return
            [
                .. ((string[])["", "/export", "/messages", "/messages/m-1", "/brief", "/debts", "/journeys", "/credit-line"]).Select(part => $"api/customers/{Customer}{part}"),
                .. letters.Select(letter => $"api/dead-letters/events/{(string)letter!["id"]!}"),
                $"api/decisions/{Decision}", $"api/audit/customers/{Customer}", "api/documents/strategies", "api/documents/strategies/cards", "api/documents/strategies/cards/history", "api/strategies/cards/learning",
                "api/dead-letters/events", "api/dead-letters/transactions", "api/collections/queue", "api/reviews", "api/messages/approvals", "api/messages/outbox", "api/models", "api/experiments", "api/journeys", $"api/self-service/{Link}", "api/health",
            ];
        }

        public async Task<string> GetAsync(string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add(Principals.Header, "ann");
            using var answer = await product.Client.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.Conflict, $"{path} answered {answer.StatusCode}: {text}");
            return text;
        }

        /// <summary>Every row and blob whose name begins so, with its state.</summary>
        public async Task<SortedDictionary<string, string>> SnapshotAsync(string of)
        {
            var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
            var tables = product.Get<TableServiceClient>();
            await foreach (var table in tables.QueryAsync())
            {
                await foreach (var row in tables.GetTableClient(table.Name).QueryAsync<TableEntity>())
                {
                    // Figures of the app's own work, such as the requests of this test, are written whenever a minute is over.
                    if (row.PartitionKey.StartsWith(of, StringComparison.Ordinal) && !row.PartitionKey.Contains("|activity|", StringComparison.Ordinal))
                        found[$"{row.PartitionKey}|{table.Name}|{row.RowKey}"] = row.ETag.ToString();
                }
            }

            foreach (var name in Containers)
            {
                var container = product.Get<BlobServiceClient>().GetBlobContainerClient(name);
                await container.CreateIfNotExistsAsync();
                await foreach (var blob in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, null, CancellationToken.None))
                {
                    if (blob.Name.StartsWith(of, StringComparison.Ordinal))
                        found[$"{blob.Name} in {name}"] = Convert.ToBase64String((await container.GetBlobClient(blob.Name).DownloadContentAsync()).Value.Content.ToArray());
                }
            }

            return found;
        }

        public ValueTask DisposeAsync() => product.DisposeAsync();

        private static string Payment() => $$"""
            {"specversion":"1.0","id":"line-1","source":"/test","type":"clm.transaction.v1","subject":"{{Customer}}","time":"2026-11-20T11:00:00Z",
            "data":{"accountId":"A-C-1","amount":-10.5,"currency":"EUR","kind":"card","status":"booked","mcc":"5411","balanceAfter":-400,"creditLimit":5000} }
            """;

        private async Task<JsonNode> SendAsync(HttpMethod method, string path, string json, string? key = null)
        {
            var (status, body) = await product.SendAsync(method, $"api/{path}", json, [(Principals.Header, "ann"), .. key is null ? [] : new[] { ("Idempotency-Key", key) }]);
            Assert.True(status < 300, $"{method} {path} answered {status}: {body}");
            return body ?? new JsonObject();
        }
    }

    private sealed class LogLines : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IEnumerable<string> All => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
