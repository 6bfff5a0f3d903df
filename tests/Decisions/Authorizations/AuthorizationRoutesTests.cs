using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions.Authorizations;
using ServerlessCLM.Documents;
using ServerlessCLM.Emulator;
using ServerlessCLM.Models;
using ServerlessCLM.Tests.Emulator;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Decisions.Authorizations;

public sealed class AuthorizationRoutesTests
{
    private static string Body(string id, decimal amount = 20, string merchant = "Grocer 12", string more = "") => FormattableString.Invariant($$"""
        {"customerId":"C-1","id":"{{id}}","accountId":"A-C-1","amount":{{amount}},"currency":"EUR","mcc":"5411","merchant":"{{merchant}}","country":"DE","channel":"chip"{{more}}}
        """);

    [Fact]
    public async Task An_approval_becomes_a_pending_payment_and_a_repetition_gets_the_first_answer()
    {
        await using var product = await Product.StartAsync();
        var (status, first) = await product.SendAsync(HttpMethod.Post, "api/authorizations", Body("R-1"));
        Assert.Equal((200, "Approve", "00"), (status, (string)first!["decision"]!, (string)first["responseCode"]!));
        product.Clock.Advance(TimeSpan.FromSeconds(5));
        var (_, again) = await product.SendAsync(HttpMethod.Post, "api/authorizations", Body("R-1"));
        Assert.Equal(first.ToJsonString(), again!.ToJsonString());
        Assert.Equal(422, (await product.SendAsync(HttpMethod.Post, "api/authorizations", Body("R-1", amount: 21))).Status);
        var (_, keyed) = await product.SendAsync(HttpMethod.Post, "api/authorizations", Body("R-2").Replace("\"id\":\"R-2\",", "", StringComparison.Ordinal), ("Idempotency-Key", "R-1"));
        Assert.Equal(422, (int?)keyed!["status"]);

        var (_, declined) = await product.SendAsync(HttpMethod.Post, "api/authorizations", Body("R-3", more: ",\"available\":5.00"));
        Assert.Equal(("Decline", "51"), ((string)declined!["decision"]!, (string)declined["responseCode"]!));
        Assert.Equal("not enough money or credit", (string)declined["reasons"]![0]!["words"]!);

        var history = await HistoryAsync(product);
        Assert.Equal(2, history.Latest.Count);
        await product.DrainAsync(EventStreams.TransactionsHub);
        Assert.Equal(["declined", "pending"], Payments(product).Select(payment => (string)payment["data"]!["status"]!).Order());
        var (_, view) = await product.SendAsync(HttpMethod.Get, "api/customers/C-1");
        Assert.Equal(1, (int)view!["features"]!["declines_7d"]!);
    }

    [Fact]
    public async Task The_streams_balance_less_what_was_approved_since_is_what_is_left()
    {
        await using var product = await Product.StartAsync();
        var payment = JsonNode.Parse(Product.Payment("C-1", "p", Product.Now.AddMinutes(-5), balance: 100m))!.ToJsonString();
        await product.SendAsync(HttpMethod.Post, "api/transactions", payment);
        await product.DrainAsync(EventStreams.TransactionsHub);
        Assert.Equal("00", await CodeAsync(product, Body("R-1", amount: 60)));
        Assert.Equal("51", await CodeAsync(product, Body("R-2", amount: 60)));
        Assert.Equal("00", await CodeAsync(product, Body("R-3", amount: 40)));
    }

    [Fact]
    public async Task Of_many_at_once_only_as_many_are_approved_as_the_money_is_enough_for()
    {
        await using var product = await Product.StartAsync();
        await product.SendAsync(HttpMethod.Post, "api/transactions", JsonNode.Parse(Product.Payment("C-1", "p", Product.Now.AddMinutes(-5), balance: 100m))!.ToJsonString());
        await product.DrainAsync(EventStreams.TransactionsHub);
        var codes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => CodeAsync(product, Body($"R-{i}", amount: 30))));
        Assert.Equal(3, codes.Count(code => code == "00"));
        Assert.Equal(5, codes.Count(code => code == "51"));
    }

    /// <summary>The hub fails after the answer, or the process ends: the relay of intents sends the payment, once.</summary>
    [Fact]
    public async Task A_payment_whose_sending_failed_after_the_answer_is_sent_by_the_relay()
    {
        await using var product = await Product.PartsAsync();
        var (request, _) = AuthorizationRequest.Read(System.Text.Encoding.UTF8.GetBytes(Body("R-1")), null, Product.Now);
        var queue = new OutboxQueue(new Outbox(product.Get<CustomerTables>(), new EventStreams(null!, null!, null!, null!), product.Get<IntentIndex>(),
            product.Get<CustomerStore>(), product.Get<ProductOptions>(), product.Clock));
        var authorizer = new Authorizer(product.Get<CustomerStore>(), queue, product.Get<SoleDocument<AuthorizationPolicy>>(), product.Get<LiveModels>(), product.Get<ProductOptions>());
        Assert.Equal("00", (await authorizer.DecideAsync(request!, "digest", CancellationToken.None)).Code);
        var failures = new List<(int, Type)>();
        queue.Close();
        await queue.RunAsync((count, failure) => failures.Add((count, failure.GetType())));
        Assert.Equal((1, typeof(NullReferenceException)), Assert.Single(failures));
        Assert.Empty(Payments(product));

        product.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(1, await product.Get<Outbox>().RelayAsync(CancellationToken.None));
        Assert.Equal("C-1", (string)Assert.Single(Payments(product))["subject"]!);
        var again = await product.Get<Authorizer>().DecideAsync(request!, "digest", CancellationToken.None);
        Assert.Equal("00", again.Code);
        Assert.Single(Payments(product));
    }

    [Fact]
    public async Task After_the_host_has_stopped_taking_commits_the_payment_is_sent_before_the_answer()
    {
        await using var product = await Product.PartsAsync();
        product.Get<OutboxQueue>().Close();
        var (request, _) = AuthorizationRequest.Read(System.Text.Encoding.UTF8.GetBytes(Body("R-1")), null, Product.Now);
        await product.Get<Authorizer>().DecideAsync(request!, "digest", CancellationToken.None);
        Assert.Single(Payments(product));
        product.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(0, await product.Get<Outbox>().RelayAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_blocked_card_a_card_number_and_an_erased_customer()
    {
        await using var product = await Product.StartAsync();
        await product.SendAsync(HttpMethod.Put, "api/customers/C-1/profile", """{"flags":{"cardBlocked":true}}""");
        Assert.Equal("62", await CodeAsync(product, Body("R-1").Replace("A-C-1", "4111 1111 1111 1111", StringComparison.Ordinal)));
        await product.DrainAsync(EventStreams.TransactionsHub);
        var payment = Assert.Single(Payments(product));
        Assert.StartsWith("tok_", (string)payment["data"]!["accountId"]!, StringComparison.Ordinal);
        await product.SendAsync(HttpMethod.Delete, "api/customers/C-1");
        Assert.Equal(409, (await product.SendAsync(HttpMethod.Post, "api/authorizations", Body("R-9"))).Status);
        Assert.Equal(400, (await product.SendAsync(HttpMethod.Post, "api/authorizations", "{}")).Status);
    }

    private static async Task<string> CodeAsync(Product product, string body)
    {
        var (status, answer) = await product.SendAsync(HttpMethod.Post, "api/authorizations", body);
        Assert.Equal(200, status);
        return (string)answer!["responseCode"]!;
    }

    private static async Task<AuthorizationHistory> HistoryAsync(Product product)
    {
        var partition = await product.Get<CustomerStore>().ReadAsync(CustomerId.Parse("C-1"), CancellationToken.None);
        var row = partition!.Rows.Single(each => each.Key == CustomerRows.Authorizations);
        return System.Text.Json.JsonSerializer.Deserialize(row.Value, AuthorizationsJson.Default.AuthorizationHistory)!;
    }

    private static List<JsonNode> Payments(Product product) =>
        [.. product.Get<EventHubsNamespace>().ReadAll(EventStreams.TransactionsHub).Select(sent => JsonNode.Parse(sent.EventBody.ToMemory().Span)!)];
}
