using System.Text;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Messages;
using ServerlessCLM.Messages.Channels;
using ServerlessCLM.Messages.Drafting;
using ServerlessCLM.Governance;

namespace ServerlessCLM.Tests.Messages;

/// <summary>Whatever a gateway does, a message reaches it once, and nothing is lost.</summary>
public class DispatchTests
{
    private const string ReceiptSecret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    private static readonly CustomerId Customer = CustomerId.Parse("C-1");
    private static readonly Dispatched Message = new("m-1", GatewayName.Email, "service", "Your card is on its way.", "Your card", "en");

    [Fact]
    public async Task Without_an_endpoint_a_message_stays_in_the_embedded_outbox_and_the_inbox()
    {
        await using var product = await Product.StartAsync();
        await PutCustomerAsync(product);
        await WriteAsync(product, "m-1", "app");
        var (status, sent) = await product.SendAsync(HttpMethod.Post, "api/customers/C-1/messages/m-1/dispatch", "{}");
        Assert.Equal((200, "allow", "delivered", "inbox"), (status, (string?)sent!["gate"], (string?)sent["delivery"]!["status"], (string?)sent["delivery"]!["gateway"]));
        await product.SendAsync(HttpMethod.Post, "api/customers/C-1/messages/m-1/dispatch", "{}");

        var inbox = (await product.SendAsync(HttpMethod.Get, "api/customers/C-1/messages?channel=app")).Body!["messages"]!.AsArray();
        Assert.Equal("m-1", (string?)Assert.Single(inbox)!["messageId"]);
        var outbox = (await product.SendAsync(HttpMethod.Get, "api/messages/outbox?gateway=inbox")).Body!["messages"]!.AsArray();
        Assert.Equal("C-1", (string?)Assert.Single(outbox)!["customerId"]);
        Assert.Empty((await product.SendAsync(HttpMethod.Get, "api/messages/outbox?gateway=callCentre")).Body!["messages"]!.AsArray());
        Assert.Equal("gateway", (string?)(await product.SendAsync(HttpMethod.Post, "api/customers/C-1/messages/m-1/dispatch", """{"gateway":"fax"}""")).Body!["field"]);
        Assert.Equal("gateway", (string?)(await product.SendAsync(HttpMethod.Post, "api/customers/C-1/messages/m-1/dispatch", """{"gateway":"sms"}""")).Body!["field"]);
        Assert.Equal(404, (await product.SendAsync(HttpMethod.Post, "api/customers/C-1/messages/m-9/dispatch", "{}")).Status);
    }

    [Fact]
    public async Task A_gateway_gets_a_signed_webhook_with_the_address_and_its_answer_is_kept()
    {
        await using var bench = await Bench.StartAsync();
        var result = await bench.SendAsync();
        Assert.Equal((DeliveryStatus.Accepted, "p-1", 1), (result.Delivery!.Status, result.Delivery.Reference, result.Delivery.Attempts));
        var (key, message) = Assert.Single(bench.Provider.Messages);
        Assert.Equal(MessageDelivery.KeyOf("bank", Customer, "m-1"), key);
        Assert.DoesNotContain("C-1", key, StringComparison.Ordinal);
        Assert.Equal(("ann@example.org", "Your card is on its way.", "Your card"), ((string?)message["data"]!["to"], (string?)message["data"]!["body"], (string?)message["data"]!["subject"]));
        Assert.Empty(await bench.DueAsync(TimeSpan.FromDays(2)));
    }

    [Fact]
    public async Task Sending_again_is_the_same_and_another_message_under_the_id_is_refused()
    {
        await using var bench = await Bench.StartAsync();
        await bench.SendAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(bench.SendAsync)));
        Assert.Single(bench.Provider.Calls);
        await Assert.ThrowsAsync<MessageMismatchException>(() => bench.SendAsync(Message with { Body = "Other words." }));
    }

    [Fact]
    public async Task Sent_by_many_at_once_it_reaches_the_gateway_under_one_key_and_counts_once()
    {
        await using var bench = await Bench.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(bench.SendAsync)));
        Assert.Single(bench.Provider.Messages);
        var partition = await bench.Product.Get<CustomerStore>().ReadAsync(Customer, CancellationToken.None);
        Assert.Single(partition!.Of(CustomerRows.Contacts).Single()["contacts"]!.AsArray());
    }

    [Theory]
    [InlineData(500)]
    [InlineData(429)]
    [InlineData(408)]
    public async Task A_gateway_that_fails_gets_the_message_later_under_the_same_key(int status)
    {
        await using var bench = await Bench.StartAsync();
        bench.Provider.Answers(status).Answers(status);
        var result = await bench.SendAsync();
        Assert.Equal((DeliveryStatus.Pending, $"the gateway answered {status}"), (result.Delivery!.Status, result.Delivery.Reason));
        Assert.Equal((0, 0), await bench.ResumeAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal((0, 1), await bench.ResumeAsync(TimeSpan.FromSeconds(31)));
        Assert.Equal((1, 0), await bench.ResumeAsync(TimeSpan.FromMinutes(2)));
        Assert.Equal(DeliveryStatus.Accepted, (await bench.FindAsync())!.Status);
        Assert.Single(bench.Provider.Calls.Distinct());
        Assert.Single(bench.Provider.Messages);
        Assert.Empty(await bench.DueAsync(TimeSpan.FromDays(2)));
    }

    [Fact]
    public async Task A_gateway_that_took_the_message_and_did_not_say_so_in_time_gets_it_again_and_knows_it_by_its_key()
    {
        await using var bench = await Bench.StartAsync();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Provider.Hangs(asked);
        var sending = bench.SendAsync();
        await asked.Task;
        bench.Product.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal((DeliveryStatus.Pending, "the gateway did not answer in time"), ((await sending).Delivery!.Status, (await sending).Delivery!.Reason));
        await bench.ResumeAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(DeliveryStatus.Accepted, (await bench.FindAsync())!.Status);
        Assert.Equal(2, bench.Provider.Calls.Count);
        Assert.Single(bench.Provider.Messages);
    }

    [Fact]
    public async Task A_gateway_that_will_not_have_the_message_is_not_asked_again()
    {
        await using var bench = await Bench.StartAsync();
        bench.Provider.Answers(422);
        Assert.Equal((DeliveryStatus.Rejected, "the gateway answered 422"), ((await bench.SendAsync()).Delivery!.Status, (await bench.FindAsync())!.Reason));
        Assert.Equal((0, 0), await bench.ResumeAsync(TimeSpan.FromHours(2)));
        Assert.Single(bench.Provider.Calls);
    }

    [Fact]
    public async Task A_gateway_that_fails_for_a_day_loses_the_message_to_its_time()
    {
        await using var bench = await Bench.StartAsync();
        for (var i = 0; i < 60; i++)
            bench.Provider.Answers(503);
        await bench.SendAsync();
        for (var hour = 0; hour < 25; hour++)
            await bench.ResumeAsync(TimeSpan.FromMinutes(61));
        Assert.Equal(DeliveryStatus.Expired, (await bench.FindAsync())!.Status);
        Assert.InRange(bench.Provider.Calls.Count, 20, 26);
        Assert.Empty(await bench.DueAsync(TimeSpan.FromDays(2)));
    }

    [Fact]
    public async Task A_crash_between_commit_and_call_is_made_good_by_the_timer()
    {
        await using var bench = await Bench.StartAsync();
        using var crash = new CancellationTokenSource();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Provider.Hangs(asked);
        var sending = bench.Product.Get<Dispatch>().SendAsync(Customer, Message, crash.Token);
        await asked.Task;
        await crash.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Equal(DeliveryStatus.Pending, (await bench.FindAsync())!.Status);
        Assert.Equal((1, 0), await bench.ResumeAsync(TimeSpan.FromMinutes(2)));
        Assert.Single(bench.Provider.Messages);
    }

    [Fact]
    public async Task What_an_opt_out_forbids_meanwhile_is_not_handed_over_later()
    {
        await using var bench = await Bench.StartAsync();
        var marketing = Message with { Purpose = "marketing" };
        await GrantAsync(bench.Product, "marketing", ConsentStatus.Granted);
        bench.Provider.Answers(500);
        Assert.Equal(DeliveryStatus.Pending, (await bench.SendAsync(marketing)).Delivery!.Status);
        await GrantAsync(bench.Product, "marketing", ConsentStatus.Withdrawn);
        await bench.ResumeAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(DeliveryStatus.Cancelled, (await bench.FindAsync())!.Status);
        Assert.Empty(bench.Provider.Messages);
        var refused = await bench.SendAsync(marketing with { MessageId = "m-2" });
        Assert.Equal((VerdictKind.Refuse, null), (refused.Gate.Kind, refused.Delivery));
        Assert.Empty(await bench.DueAsync(TimeSpan.FromDays(2)));
    }

    [Fact]
    public async Task A_message_taken_back_while_it_waits_is_not_handed_over()
    {
        await using var bench = await Bench.StartAsync();
        bench.Provider.Answers(500);
        await bench.SendAsync();
        await bench.Product.Get<Dispatch>().CancelAsync(Customer, "m-1", "paid", CancellationToken.None);
        await bench.ResumeAsync(TimeSpan.FromMinutes(2));
        Assert.Equal((DeliveryStatus.Cancelled, "paid"), ((await bench.FindAsync())!.Status, (await bench.FindAsync())!.Reason));
        Assert.Empty(bench.Provider.Messages);
    }

    [Fact]
    public async Task Receipts_count_once_in_any_order_and_become_outcomes()
    {
        await using var bench = await Bench.StartAsync(running: true);
        await bench.SendAsync();
        Assert.Equal(("opened", false), await bench.TellAsync("w-2", "opened", 20));
        Assert.Equal(("opened", false), await bench.TellAsync("w-1", "delivered", 10));
        Assert.Equal(("opened", true), await bench.TellAsync("w-2", "opened", 20));
        Assert.Equal(("opened", true), await bench.TellAsync("w-3", "opened", 20));
        Assert.Equal(("replied", false), await bench.TellAsync("w-4", "replied", 30, "STOP"));
        Assert.Equal(("replied", true), await bench.TellAsync("w-5", "replied", 30, "STOP"));

        var partition = await bench.Product.Get<CustomerStore>().ReadAsync(Customer, CancellationToken.None);
        Assert.Equal(["reply", "impression"], partition!.Of(CustomerRows.OutcomePrefix).Select(outcome => (string?)outcome["outcome"]));
        Assert.Equal("reply", (string?)Assert.Single(partition.Of(CustomerRows.Contacts).Single()["contacts"]!.AsArray())!["status"]);
        Assert.Equal("Withdrawn", (string?)partition.Of(CustomerRows.Consent("marketing", "email")).Single()["status"]);
    }

    [Fact]
    public async Task A_bounce_makes_the_channel_unreachable_at_the_next_dispatch()
    {
        await using var bench = await Bench.StartAsync(running: true);
        await bench.SendAsync();
        Assert.Equal(("bounced", false), await bench.TellAsync("w-1", "bounced", 10));
        Assert.Equal("unreachable", (await bench.SendAsync(Message with { MessageId = "m-2" })).Gate.Code);
    }

    [Fact]
    public async Task A_receipt_that_is_not_signed_old_or_about_nothing_is_refused()
    {
        await using var bench = await Bench.StartAsync(running: true);
        await bench.SendAsync();
        Assert.Equal((401, WebhookSignature.SignatureHeader), await bench.RefusedAsync(secret: FakeProvider.Secret));
        Assert.Equal((401, WebhookSignature.SignatureHeader), await bench.RefusedAsync(signedBody: "{}"));
        Assert.Equal((401, WebhookSignature.TimestampHeader), await bench.RefusedAsync(age: TimeSpan.FromMinutes(6)));
        Assert.Equal((401, WebhookSignature.TimestampHeader), await bench.RefusedAsync(age: TimeSpan.FromMinutes(-6)));
        Assert.Equal((404, null), await bench.RefusedAsync(messageId: "m-9"));
        Assert.Equal((404, null), await bench.RefusedAsync(gateway: "sms"));
        Assert.Equal((400, "data.at"), await bench.RefusedAsync(at: Product.Now.AddDays(1)));
        Assert.Equal((400, "data.text"), await bench.RefusedAsync(happened: "replied"));
        Assert.Empty((await bench.FindAsync())!.Receipts);
    }

    [Fact]
    public async Task An_endpoint_inside_the_network_is_not_called_unless_development_allows_it()
    {
        await using var product = await Product.PartsAsync();
        await PutCustomerAsync(product);
        var options = new DispatchOptions
        {
            Retries = 0,
            Gateways = new Dictionary<GatewayName, GatewayOptions>
            {
                [GatewayName.Email] = new() { Endpoint = new Uri("https://localhost:1/send"), Secrets = [WebhookSignature.Secret(FakeProvider.Secret)] },
            },
        };
        using var gateways = new WebhookGateways(options, product.Clock);
        var dispatch = new Dispatch(product.Get<CustomerStore>(), product.Get<Policies>(), product.Get<MessageIndex>(), gateways, options, product.Get<ProductOptions>(), product.Clock);
        var delivery = (await dispatch.SendAsync(Customer, Message, CancellationToken.None)).Delivery!;
        Assert.Equal(DeliveryStatus.Pending, delivery.Status);
        Assert.Contains("which is not a public address", delivery.Reason, StringComparison.Ordinal);
    }

    private static Task PutCustomerAsync(Product product) => product.Get<CustomerStore>().UpdateAsync(Customer, session =>
    {
        Profile.Empty.Replace(JsonNode.Parse("""{"country":"DE","timeZone":"Europe/Berlin","email":"ann@example.org","phone":"+4930123456"}""")!.AsObject())
            .PutInto(session, Profile.Empty, Product.Now);
        return 0;
    }, CancellationToken.None);

    private static Task GrantAsync(Product product, string purpose, ConsentStatus status) => product.Get<CustomerStore>().UpdateAsync(
        Customer, session => new Consent(purpose, "email", status, product.Clock.GetUtcNow(), "test").PutInto(session), CancellationToken.None, CustomerRows.Consent(purpose, "email"));

    private static Task WriteAsync(Product product, string id, string channel) => product.SendAsync(HttpMethod.Post, $"api/customers/C-1/messages/{id}", $$"""
        {"template":"payment-due","channel":"{{channel}}","facts":[{"kind":"money","name":"amount_due","amount":120.00,"currency":"EUR"},
        {"kind":"date","name":"due","date":"2026-11-25"},{"kind":"contact","name":"hotline","text":"+49 30 1234567"}]}
        """);

    /// <summary>The product with an e-mail gateway at a fake provider.</summary>
    private sealed class Bench(Product product, FakeProvider provider) : IAsyncDisposable
    {
        public Product Product => product;

        public FakeProvider Provider => provider;

        /// <param name="running">With its routes and timers; without them nothing runs that the test does not run.</param>
        public static async Task<Bench> StartAsync(bool running = false)
        {
            Product? product = null;
            var provider = await FakeProvider.StartAsync(() => product!.Clock.GetUtcNow());
            string[] settings =
            [
                "--Clm:Gateways:AllowPrivateAddresses=true", "--Clm:Gateways:Retries=0", $"--Clm:Gateways:email:Endpoint={provider.Address}",
                "--Clm:Gateways:email:Secrets:0=whsec_bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3", $"--Clm:Gateways:email:Secrets:1={FakeProvider.Secret}", $"--Clm:Gateways:email:ReceiptSecrets:0={ReceiptSecret}",
            ];
            product = running ? await Product.StartAsync(data: null, settings) : await Product.PartsAsync(data: null, settings);
            await PutCustomerAsync(product);
            return new Bench(product, provider);
        }

        public Task<DispatchResult> SendAsync() => SendAsync(Message);

        public Task<DispatchResult> SendAsync(Dispatched message) => product.Get<Dispatch>().SendAsync(Customer, message, CancellationToken.None);

        public Task<MessageDelivery?> FindAsync() => product.Get<Dispatch>().FindAsync(Customer, "m-1", CancellationToken.None);

        public Task<(int HandedOver, int Waiting)> ResumeAsync(TimeSpan later)
        {
            product.Clock.Advance(later);
            return product.Get<Dispatch>().ResumeAsync(CancellationToken.None);
        }

        public async Task<List<IndexedMessage>> DueAsync(TimeSpan later)
        {
            var due = new List<IndexedMessage>();
            await foreach (var found in product.Get<MessageIndex>().DueAsync(product.Clock.GetUtcNow() + later, CancellationToken.None))
                due.Add(found);
            return due;
        }

        public async Task<(string? Status, bool Repeated)> TellAsync(string id, string happened, int seconds, string? text = null)
        {
            var (status, body) = await PostAsync(id, Told("m-1", happened, Product.Now.AddSeconds(seconds), text));
            Assert.Equal(200, status);
            return ((string?)body!["status"], (bool)body["repeated"]!);
        }

        public async Task<(int Status, string? Field)> RefusedAsync(string secret = ReceiptSecret, string? signedBody = null, TimeSpan age = default, string messageId = "m-1",
            string gateway = "email", DateTimeOffset? at = null, string happened = "opened")
        {
            var (status, body) = await PostAsync("w-x", Told(messageId, happened, at ?? Product.Now, null), secret, signedBody, age, gateway);
            return (status, (string?)body!["field"]);
        }

        private static string Told(string messageId, string happened, DateTimeOffset at, string? text)
        {
            var data = new JsonObject { ["customerId"] = "C-1", ["messageId"] = messageId, ["event"] = happened, ["at"] = Instant.Text(at) };
            if (text is not null)
                data["text"] = text;
            return new JsonObject { ["type"] = "clm.receipt.v1", ["data"] = data }.ToJsonString();
        }

        private Task<(int Status, JsonNode? Body)> PostAsync(
            string id, string body, string secret = ReceiptSecret, string? signedBody = null, TimeSpan age = default, string gateway = "email")
        {
            var at = product.Clock.GetUtcNow() - age;
            return product.SendAsync(HttpMethod.Post, $"api/messages/receipts/{gateway}", body, (WebhookSignature.IdHeader, id),
                (WebhookSignature.TimestampHeader, WebhookSignature.Seconds(at)),
                (WebhookSignature.SignatureHeader, WebhookSignature.Sign([WebhookSignature.Secret(secret)], id, at, Encoding.UTF8.GetBytes(signedBody ?? body))));
        }

        public async ValueTask DisposeAsync()
        {
            await product.DisposeAsync();
            await provider.DisposeAsync();
        }
    }
}
