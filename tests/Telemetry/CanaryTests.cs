using System.Text;
using System.Text.Json.Nodes;
using Azure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessCLM.Customers;
using ServerlessCLM.Documents;
using ServerlessCLM.Emulator;
using ServerlessCLM.Telemetry;
using ServerlessCLM.Tests.Decisions;
using ServerlessCLM.Tests.Messages;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Telemetry;

/// <summary>Nothing that could tell who a customer is leaves by traces, metrics, logs or the answers to what went wrong.</summary>
public sealed class CanaryTests
{
    private const string Canary = "Kanarie", Customer = "Kanarie-7", Card = "4000001234567899", Phone = "+4915199887766", ReceiptSecret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

    private const string Members = $$"""{ "customerId": "{{Customer}}", "text": "{{Canary}}", "amount": "{{Canary}}", "channel": "{{Canary}}", "reason": "{{Canary}}" }""";

    private static readonly string[] Told = [Canary, Card, Phone];

    [Fact]
    public async Task No_personal_field_is_in_traces_metrics_logs_or_errors()
    {
        using var telemetry = new CapturedTelemetry();
        var clock = new VirtualClock(Product.Now);
        await using var provider = await FakeProvider.StartAsync(clock.GetUtcNow);
        provider.Answers(500);
        await using var product = await Product.StartAsync(
            services => services.AddVirtualTime(clock, new VirtualTimeSettings(1))
                .AddLogging(logging => logging.ClearProviders().AddProvider(telemetry).AddFilter("ServerlessCLM", LogLevel.Trace)),
            null, "--CLM_UNSYNCED=true", $"--Clm:Gateways:email:Endpoint={provider.Address}", $"--Clm:Gateways:email:Secrets:0={FakeProvider.Secret}",
            $"--Clm:Gateways:email:ReceiptSecrets:0={ReceiptSecret}", "--Clm:Gateways:AllowPrivateAddresses=true", "--Clm:Gateways:Retries=0");
        var run = new Run(product, []);

        await run.LiveAsync();
        Assert.True(run.Errors.All(error => error.Contains("202", StringComparison.Ordinal)), string.Join('\n', run.Errors));
        await run.GoWrongAsync();
        await run.CallEverythingAsync(Members, $"\"{Canary}", $"[\"{Canary}\"]");
        await run.BreakAsync();
        await run.EraseAsync();

        var all = string.Join('\n', telemetry.Lines);
        foreach (var span in (string[])[ProductTraces.Intake, ProductTraces.Process, ProductTraces.JourneyStep, ProductTraces.Decide, ProductTraces.Dispatch, ProductTraces.Webhook])
            Assert.Contains($"span {span}:", all, StringComparison.Ordinal);
        foreach (var metric in (string[])[ProductMetrics.Payments, ProductMetrics.DeadLetters, ProductMetrics.Contacts, ProductMetrics.Messages, ProductMetrics.JourneySteps, "http.server.request.duration"])
            Assert.Contains($"metric {metric} ", all, StringComparison.Ordinal);
        Assert.Contains($"metric {ProductMetrics.Decisions} 1: strategy=cards, outcome=chosen", all, StringComparison.Ordinal);
        Assert.Contains($"metric {ProductMetrics.DecisionVerdicts} 1: strategy=cards, verdict=Ranked", all, StringComparison.Ordinal);
        Assert.True(run.Errors.Count > 100, $"{run.Errors.Count} errors were answered");
        var found = telemetry.Lines.Concat(run.Errors).Where(line => Array.Exists(Told, canary => line.Contains(canary, StringComparison.OrdinalIgnoreCase))).Distinct().ToList();
        Assert.True(found.Count == 0, $"{found.Count}:\n{string.Join('\n', found.Select(line => Rejection.Shorten(line, 700)))}");
        Assert.Contains("span Microsoft.AspNetCore.Hosting.HttpRequestIn: Decide  clm.function=", all, StringComparison.Ordinal);
    }

    /// <summary>A customer whose every field is a canary, and all that can happen to them.</summary>
    private sealed class Run(Product product, List<string> errors)
    {
        private long _sequence = 1_000_000;

        /// <summary>What was answered with 400 and above.</summary>
        public IReadOnlyList<string> Errors => errors;

        public async Task LiveAsync()
        {
            await StrategyInForce.PutAsync(product, StrategyInForce.Cards());
            await StrategyInForce.PutAsync(product, product.Get<IEnumerable<DocumentKind>>().Single(each => each.Name == "journey"), JsonNode.Parse("""
                {
                  "id": "first-use", "version": 1, "stage": "activate", "sector": "card", "purpose": "marketing", "entry": { "signal": "first_use" }, "start": "choose",
                  "nodes": {
                    "choose": { "decide": ["cashback", "nothing"], "channel": "best", "next": "tell", "none": "tell" },
                    "tell": { "message": "first-purchase-reminder", "channel": "email", "next": "end", "refused": "end" },
                    "end": { "end": "done" }
                  }
                }
                """)!.AsObject());
            await product.Get<VirtualTime>().AdvanceToAsync(Product.Now.AddMinutes(2), CancellationToken.None);
            await SendAsync(HttpMethod.Put, $"api/customers/{Customer}/profile", $$"""
                { "country": "DE", "timeZone": "Europe/Berlin", "language": "en", "givenName": "{{Canary}}", "familyName": "{{Canary}}", "email": "{{Canary}}@example.org",
                  "phone": "{{Phone}}", "address": { "street": "{{Canary}} 1", "city": "{{Canary}}" }, "birthDate": "1980-02-03", "products": { "card": "classic" }, "attributes": { "note": "{{Canary}}" } }
                """);
            foreach (var purpose in (string[])["marketing", "service", "profiling"])
                await SendAsync(HttpMethod.Put, $"api/customers/{Customer}/consents/{purpose}/email", """{ "status": "granted", "source": "form" }""");
            await SendAsync(HttpMethod.Post, "api/transactions", Payment("p-1"));
            await SettleAsync();
            await SendAsync(HttpMethod.Post, $"api/customers/{Customer}/decisions", """{ "channel": "app" }""");
            await SendAsync(HttpMethod.Post, "api/authorizations", $$"""{ "customerId": "{{Customer}}", "id": "a-1", "amount": 12.5, "currency": "EUR", "mcc": "5411", "merchant": "{{Canary}}", "country": "DE", "accountId": "{{Card}}", "channel": "online" }""");
            await SendAsync(HttpMethod.Post, $"api/customers/{Customer}/signals/visited", $$"""{ "memo": "{{Canary}}" }""");
            await SettleAsync();
            // What the failing gateway did not take goes out a little later.
            await product.Get<VirtualTime>().AdvanceToAsync(Product.Now.AddHours(3), CancellationToken.None);
        }

        public async Task GoWrongAsync()
        {
            foreach (var (path, body) in ((string, string)[])[
                ("transactions", Payment("p-2", amount: $"\"{Canary}\"")), ("transactions", Payment("p-3", currency: Canary)), ("transactions", Payment("p-4", mcc: Canary)),
                ("transactions", Payment("p-5", customer: $"{Canary} {Canary}/?")), ("transactions", Payment("p-6", time: Canary)), ("transactions", Payment("p-7", kind: Canary)),
                ("transactions", Payment("p-8", country: Canary)), ("transactions", Payment("p-9", currency: "USD")), ("transactions", $$"""{ "{{Canary}}": """),
                ("transactions", $"[{Payment("p-10", account: new string('x', 300) + Canary)}, 1, \"{Canary}\"]"),
                ("events", Event("clm.profile.v1", $$"""{ "version": "{{Canary}}", "email": 7 }""")), ("events", Event("clm.lifecycle.v1", $$"""{ "name": "{{Canary}} 1" }""")),
                ("events", Event("clm.outcome.v1", $$"""{ "outcome": "{{Canary}}" }""")), ("events", Event(Canary, "{}")),
                ("outcomes", $$"""{ "customerId": "{{Customer}}", "outcome": "{{Canary}}" }"""), ("authorizations", $$"""{ "customerId": "{{Customer}}", "amount": "{{Canary}}" }""")])
            {
                await SendAsync(HttpMethod.Post, $"api/{path}", body);
                // The same past the edge, as another producer would send it.
                if (path is "transactions" or "events")
                    await product.Get<EventStreams>()[path].WriteAsync([new OutgoingEvent(Customer, Encoding.UTF8.GetBytes(body))], CancellationToken.None);
            }

            await SettleAsync();
        }

        /// <summary>Every function, with the customer in the address and canaries in the body.</summary>
        public async Task CallEverythingAsync(params IReadOnlyList<string> bodies)
        {
            foreach (var (route, operations) in (await product.SendAsync(HttpMethod.Get, "api/openapi.json")).Body!["paths"]!.AsObject())
            {
                var path = string.Join('/', route.Split('/').Select(part => part == "{customerId}" ? Customer : part.StartsWith('{') ? "none-1" : part));
                foreach (var (method, _) in operations!.AsObject().Where(operation => operation.Key != "delete"))
                {
                    foreach (var body in method == "get" ? [null] : (IReadOnlyList<string?>)bodies)
                        await SendAsync(new HttpMethod(method), $"api{path}", body);
                }
            }

            foreach (var path in (string[])["decisions", "credit-line", "journeys", "messages", "export"])
                await SendAsync(path == "decisions" ? HttpMethod.Post : HttpMethod.Get, $"api/customers/{Canary}-unknown/{path}", path == "decisions" ? "{}" : null);
            await SendAsync(HttpMethod.Get, $"api/customers/{Canary}%20no%20id/export");
            await SendAsync(HttpMethod.Get, $"api/nowhere/{Canary}");
            await SendAsync(HttpMethod.Patch, $"api/customers/{Customer}", "{}");
        }

        /// <summary>A row that does not open, an intent that cannot be finished, timers that find both.</summary>
        public async Task BreakAsync()
        {
            var store = product.Get<CustomerStore>();
            await store.UpdateAsync(CustomerId.Parse(Customer), session =>
            {
                session.Emit(new Effect("e-1", EventStreams.SignalsHub, "{}"));
                return true;
            }, CancellationToken.None);
            var table = product.Get<CustomerTables>().Of(CustomerId.Parse(Customer));
            var partition = CustomerId.Parse(Customer).PartitionKey("bank");
            var rows = new List<TableEntity>();
            await foreach (var row in table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {partition}")))
                rows.Add(row);
            foreach (var row in rows.Where(row => row.RowKey != CustomerRows.State))
            {
                foreach (var (name, value) in row.ToList())
                {
                    if (value is byte[] bytes && bytes.Length > 0)
                        row[name] = bytes[..^1];
                }

                await table.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Replace);
            }

            await product.Get<VirtualTime>().AdvanceToAsync(Product.Now.AddHours(8), CancellationToken.None);
            await CallEverythingAsync("{}");
            await SendAsync(HttpMethod.Post, "api/transactions", Payment("p-20", mcc: "4511"));
            await SettleAsync();
            using var beside = Product.Beside(product).Get<CustomerStore>();
            var state = rows.Single(row => row.RowKey == CustomerRows.State);
            state["KeyVersion"] = 9;
            await table.UpdateEntityAsync(state, ETag.All, TableUpdateMode.Replace);
            errors.Add((await Assert.ThrowsAnyAsync<Exception>(() => beside.ReadAsync(CustomerId.Parse(Customer), CancellationToken.None))).ToString());
            state["KeyVersion"] = 1;
            await table.UpdateEntityAsync(state, ETag.All, TableUpdateMode.Replace);
        }

        public async Task EraseAsync()
        {
            await SendAsync(HttpMethod.Delete, $"api/customers/{Customer}");
            await CallEverythingAsync("{}");
            await SendAsync(HttpMethod.Post, "api/transactions", Payment("p-30"));
            await SettleAsync();
        }

        private Task SettleAsync() => product.Get<VirtualTime>().SettleAsync(CancellationToken.None);

        private async Task SendAsync(HttpMethod method, string path, string? body = null)
        {
            using var request = new HttpRequestMessage(method, path);
            if (body is not null)
                request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            request.Headers.Add("x-ms-client-principal-name", "ann");
            request.Headers.Add("Idempotency-Key", $"k-{_sequence++}");
            using var answer = await product.Client.SendAsync(request);
            if ((int)answer.StatusCode >= 400 || (path.EndsWith("transactions", StringComparison.Ordinal) && method == HttpMethod.Post))
                errors.Add($"error {method} {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }

        private static string Payment(
            string id, string amount = "-42.10", string currency = "EUR", string mcc = "5411", string customer = Customer, string time = "2026-11-20T12:00:00Z", string kind = "card",
            string country = "DE", string account = Card) => $$"""
            { "specversion": "1.0", "id": "{{id}}", "source": "/bank", "type": "clm.transaction.v1", "subject": "{{customer}}", "time": "{{time}}", "data": {
              "accountId": "{{account}}", "amount": {{amount}}, "currency": "{{currency}}", "kind": "{{kind}}", "status": "booked", "mcc": "{{mcc}}", "merchant": "{{Canary}} {{Card}}",
              "country": "{{country}}", "memo": "{{Canary}}" } }
            """;

        private static string Event(string type, string data) => $$"""
            { "specversion": "1.0", "id": "{{Canary}}-{{type}}", "source": "/bank", "type": "{{type}}", "subject": "{{Customer}}", "time": "2026-11-20T12:00:00Z", "data": {{data}} }
            """;
    }
}
