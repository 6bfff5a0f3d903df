using ServerlessCLM.Customers;
using ServerlessCLM.Messages;
using ServerlessCLM.Messages.Approvals;
using ServerlessCLM.Messages.Drafting;
using ServerlessCLM.Messages.Templates;

namespace ServerlessCLM.Tests.Messages;

/// <summary>Messages that wait for a person: four eyes, and what goes out whatever they say, or when nobody says anything.</summary>
public class ApprovalTests
{
    private const string Words = "Dear {{given_name}}, your payment of EUR 1,234.50 is due on 12 March 2027. Call us if money is short.";
    private const string Filled = "Dear Annegret, your payment of EUR 1,234.50 is due on 12 March 2027. Call us if money is short.";
    private const string FilledTemplate = "Dear Annegret, your payment of EUR 1,234.50 is due on 12 March 2027.";
    private static readonly CustomerId Customer = CustomerId.Parse("C-1");
    private static readonly ApprovalRule NewWords = new(Vulnerable: false, Sample: 0, NewWords: true);

    [Fact]
    public async Task New_words_of_a_model_wait_and_go_out_once_somebody_else_approves_them()
    {
        await using var bench = await Bench.StartAsync();
        var record = await bench.DraftAsync("m-1", NewWords, askedBy: "ann");
        Assert.Equal([ApprovalReason.NewWords], record.Approval!.Reasons);
        Assert.False(record.TryAddress(null, null, null, bench.Now, out _, out var reason));
        Assert.StartsWith("message m-1 waits for approval until 2026-11-21T12:00", reason, StringComparison.Ordinal);
        Assert.Equal("m-1", Assert.Single(await bench.Queue.ListAsync(10, CancellationToken.None)).Record.Id);

        var refused = await Assert.ThrowsAsync<ApprovalRefusedException>(() => bench.DecideAsync("m-1", approve: true, "ANN"));
        Assert.Equal(ApprovalRefusal.SamePrincipal, refused.Refusal);
        var approved = await bench.DecideAsync("m-1", approve: true, "bob");
        Assert.True(approved.TryAddress(null, null, null, bench.Now, out var message, out _));
        Assert.Equal(Filled, message.Body);
        Assert.Empty(await bench.Queue.ListAsync(10, CancellationToken.None));
        Assert.Equal(ApprovalRefusal.NotWaiting, (await Assert.ThrowsAsync<ApprovalRefusedException>(() => bench.DecideAsync("m-1", approve: false, "bob"))).Refusal);
        Assert.Equal(ApprovalRefusal.NotFound, (await Assert.ThrowsAsync<ApprovalRefusedException>(() => bench.DecideAsync("m-9", approve: true, "bob"))).Refusal);

        var partition = await bench.Product.Get<CustomerStore>().ReadAsync(Customer, CancellationToken.None);
        Assert.Equal(ApprovalQueue.ApprovedSignal, (string?)Assert.Single(partition!.Of(CustomerRows.SignalPrefix))["name"]);
        Assert.Contains(await bench.Product.Get<CustomerStore>().ReadAuditAsync(Customer, CancellationToken.None) ?? [], entry => entry.Kind == "approval");
    }

    [Fact]
    public async Task Approved_words_serve_the_same_brief_again_without_a_model_and_without_another_approval()
    {
        await using var bench = await Bench.StartAsync();
        await bench.DraftAsync("m-1", NewWords);
        Assert.Equal((MessageSource.Reused, true), await SourceAsync("m-2"));
        await bench.DecideAsync("m-1", approve: true, "bob");
        Assert.Equal((MessageSource.Reused, false), await SourceAsync("m-3"));
        await using var other = await Bench.BesideAsync(bench);
        var elsewhere = await other.DraftAsync("m-4", NewWords);
        Assert.Equal((MessageSource.Reused, null), (elsewhere.Source, elsewhere.Approval));
        Assert.Single(bench.Endpoint.Asked);

        async Task<(MessageSource, bool)> SourceAsync(string id)
        {
            var record = await bench.DraftAsync(id, NewWords);
            return (record.Source, record.Approval is not null);
        }
    }

    [Fact]
    public async Task Words_that_are_turned_down_give_way_to_the_template()
    {
        await using var bench = await Bench.StartAsync();
        await bench.DraftAsync("m-1", NewWords);
        var record = await bench.DecideAsync("m-1", approve: false, "bob");
        Assert.Equal((MessageSource.Template, FilledTemplate), (record.Source, record.Body));
        Assert.True(record.TryAddress(null, null, null, bench.Now, out _, out _));
        Assert.Empty(record.Differences());
    }

    [Fact]
    public async Task A_template_that_is_turned_down_for_one_customer_does_not_go_out()
    {
        await using var bench = await Bench.StartAsync();
        var record = await bench.DraftAsync("m-1", new ApprovalRule(Vulnerable: true, Sample: 0, NewWords: false), Circumstances.Arrears | Circumstances.Vulnerable, model: false);
        Assert.Equal((MessageSource.Template, ApprovalStatus.Waiting), (record.Source, record.Approval!.Status));
        Assert.Equal((MessageSource.None, null), ((await bench.DecideAsync("m-1", approve: false, "bob")).Source, (await bench.DraftingAsync("m-1")).Body));
    }

    [Fact]
    public async Task When_nobody_decides_in_time_the_template_goes_out_and_a_late_word_changes_nothing()
    {
        await using var bench = await Bench.StartAsync();
        var record = await bench.DraftAsync("m-1", NewWords);
        bench.Product.Clock.Advance(Approval.Validity);
        Assert.True(record.TryAddress(null, null, null, bench.Now, out var message, out _));
        Assert.Equal(FilledTemplate, message.Body);
        Assert.Equal(ApprovalRefusal.NotWaiting, (await Assert.ThrowsAsync<ApprovalRefusedException>(() => bench.DecideAsync("m-1", approve: true, "bob"))).Refusal);
        Assert.Empty(await bench.Queue.ListAsync(10, CancellationToken.None));
    }

    [Fact]
    public void The_share_that_is_looked_at_is_the_share_asked_for_and_the_same_every_time()
    {
        var rule = new ApprovalRule(Vulnerable: false, Sample: 0.1, NewWords: false);
        var briefs = Enumerable.Range(0, 10_000).Select(i => Briefs.Of("arrears", "en") with { MessageId = $"m-{i}" }).ToList();
        var sampled = briefs.Where(brief => Approval.ReasonsFor(rule, brief, newWords: true).Count > 0).ToList();
        Assert.InRange(sampled.Count, 900, 1100);
        Assert.All(sampled, brief => Assert.Equal([ApprovalReason.Sample], Approval.ReasonsFor(rule, brief, newWords: true)));
        Assert.Empty(Approval.ReasonsFor(ApprovalRule.None, briefs[0] with { Circumstances = Circumstances.Vulnerable }, newWords: true));
    }

    [Fact]
    public async Task Over_http_the_queue_is_listed_and_decided_on_by_somebody_who_is_known()
    {
        await using var product = await Product.StartAsync();
        await product.SendAsync(HttpMethod.Put, "api/customers/C-1/profile", """{"country":"DE","flags":{"vulnerable":true}}""");
        var template = TemplateLibrary.Shipped.Single(document => (string)document["id"]! == "payment-due").DeepClone().AsObject();
        template["approval"] = new System.Text.Json.Nodes.JsonObject { ["vulnerable"] = true };
        Assert.Equal(200, (await product.SendAsync(HttpMethod.Put, "api/documents/templates/payment-due", template.ToJsonString(), ("x-ms-client-principal-name", "ann"))).Status);
        Assert.Equal(200, (await product.SendAsync(HttpMethod.Post, "api/documents/templates/payment-due/submission", """{"version":1}""", ("x-ms-client-principal-name", "ann"))).Status);
        var digest = (string?)(await product.SendAsync(HttpMethod.Get, "api/documents/templates/payment-due/history")).Body!["versions"]![0]!["digest"];
        Assert.Equal(200, (await product.SendAsync(HttpMethod.Post, "api/documents/templates/payment-due/approval", """{"version":1,"approve":true}""",
            ("x-ms-client-principal-name", "bob"), ("If-Match", $"\"{digest}\""))).Status);

        var (_, written) = await product.SendAsync(HttpMethod.Post, "api/customers/C-1/messages/m-1", """
            {"template":"payment-due","channel":"app","facts":[{"kind":"money","name":"amount_due","amount":120.00,"currency":"EUR"},
            {"kind":"date","name":"due","date":"2026-11-25"},{"kind":"contact","name":"hotline","text":"+49 30 1234567"}]}
            """, ("x-ms-client-principal-name", "ann"));
        Assert.Equal("Waiting", (string?)written!["approval"]!["status"]);
        Assert.Equal(409, (await product.SendAsync(HttpMethod.Post, "api/customers/C-1/messages/m-1/dispatch", "{}")).Status);
        var waiting = Assert.Single((await product.SendAsync(HttpMethod.Get, "api/messages/approvals")).Body!["messages"]!.AsArray())!;
        Assert.Equal(("m-1", "ann", "vulnerable"), ((string?)waiting["messageId"], (string?)waiting["askedBy"], (string?)waiting["reasons"]![0]));

        const string decision = """{"customerId":"C-1","approve":true,"why":"kind enough"}""";
        Assert.Equal(401, (await product.SendAsync(HttpMethod.Post, "api/messages/m-1/approval", decision)).Status);
        Assert.Equal(403, (await product.SendAsync(HttpMethod.Post, "api/messages/m-1/approval", decision, ("x-ms-client-principal-name", "ann"))).Status);
        Assert.Equal(404, (await product.SendAsync(HttpMethod.Post, "api/messages/m-2/approval", decision, ("x-ms-client-principal-name", "bob"))).Status);
        Assert.Equal(400, (await product.SendAsync(HttpMethod.Post, "api/messages/m-1/approval", """{"customerId":"C-1","approve":true,"why":""}""", ("x-ms-client-principal-name", "bob"))).Status);
        Assert.Equal("Approved", (string?)(await product.SendAsync(HttpMethod.Post, "api/messages/m-1/approval", decision, ("x-ms-client-principal-name", "bob"))).Body!["approval"]!["status"]);
        Assert.Equal(409, (await product.SendAsync(HttpMethod.Post, "api/messages/m-1/approval", decision, ("x-ms-client-principal-name", "bob"))).Status);
        Assert.Equal("delivered", (string?)(await product.SendAsync(HttpMethod.Post, "api/customers/C-1/messages/m-1/dispatch", "{}")).Body!["delivery"]!["status"]);
    }

    /// <summary>Drafting with a model behind a fake endpoint, and without one.</summary>
    private sealed class Bench(Product product, FakeEndpoint endpoint, bool own) : IAsyncDisposable
    {
        private readonly MessageDrafting _withModel = DraftingOf(product, new LanguageModel(endpoint.Client(), Options, product.Clock));
        private readonly MessageDrafting _without = DraftingOf(product, null);

        private static DraftingOptions Options => new() { Model = "fake-1", Retries = 0 };

        public Product Product => product;

        public FakeEndpoint Endpoint => endpoint;

        public ApprovalQueue Queue => product.Get<ApprovalQueue>();

        public DateTimeOffset Now => product.Clock.GetUtcNow();

        public static async Task<Bench> StartAsync() => new(await Product.PartsAsync(), (await FakeEndpoint.StartAsync()).Says("Your payment", Words), own: true);

        public static Task<Bench> BesideAsync(Bench other) => Task.FromResult(new Bench(Product.Beside(other.Product), other.Endpoint, own: false));

        public Task<MessageRecord> DraftAsync(string id, ApprovalRule rule, Circumstances circumstances = Circumstances.Arrears, string? askedBy = null, bool model = true) =>
            (model ? _withModel : _without).DraftAsync(Customer, new Assignment(
                Briefs.Of("arrears", "en") with { MessageId = id, Circumstances = circumstances },
                new Draft("Dear {{given_name}}, your payment of {{amount_due}} is due on {{due}}.", "Your payment"), "reminder@1") { Approval = rule, AskedBy = askedBy }, CancellationToken.None);

        public async Task<MessageRecord> DraftingAsync(string id) => (await _withModel.FindAsync(Customer, id, CancellationToken.None))!;

        public Task<MessageRecord> DecideAsync(string id, bool approve, string by) => Queue.DecideAsync(Customer, id, approve, by, "looked at it", CancellationToken.None);

        public async ValueTask DisposeAsync()
        {
            _withModel.Dispose();
            _without.Dispose();
            if (own)
                await endpoint.DisposeAsync();
            await product.DisposeAsync();
        }

        private static MessageDrafting DraftingOf(Product product, LanguageModel? model) => new(
            product.Get<CustomerStore>(), new TokenBudget(product.Get<CustomerTables>(), product.Get<ProductOptions>(), Options, product.Clock), product.Get<DraftingSwitch>(),
            product.Get<ApprovedWording>(), product.Get<MessageIndex>(), Options, product.Clock, model);
    }
}
