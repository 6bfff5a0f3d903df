using Microsoft.Extensions.DependencyInjection;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions.AdverseAction;
using ServerlessCLM.Decisions.CreditLines;
using ServerlessCLM.Documents;
using ServerlessCLM.Models;
using ServerlessCLM.Scoring;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Decisions.CreditLines;

public sealed class CreditLineRoutesTests
{
    /// <summary>Capital is so dear that a smaller line is worth more, whatever the models in use say of the risk.</summary>
    private static readonly CreditLinePolicy Strict = CreditLinePolicy.Default with
    {
        LeastGain = 0.01, Economics = CreditLinePolicy.Default.Economics with { Hurdle = 5 },
    };

    private static readonly (string, string) Reviewer = ("x-ms-client-principal-name", "ada@bank.example");

    [Fact]
    public async Task A_cut_gives_reasons_owes_a_notice_and_can_be_reviewed_by_a_person()
    {
        await using var product = await Product.StartAsync(services => services.AddSingleton(Strict));
        await TroubleAsync(product, "C-1");
        var (status, recommended) = await product.SendAsync(HttpMethod.Get, "api/customers/C-1/credit-line");
        Assert.True(status == 200, recommended!.ToJsonString());
        Assert.Empty(recommended!["decisions"]!.AsArray());
        Assert.Equal("Decrease", (string)recommended["change"]!);

        var (_, decided) = await product.SendAsync(HttpMethod.Post, "api/customers/C-1/credit-line");
        Assert.InRange(decided!["reasons"]!.AsArray().Count, 1, 4);
        Assert.Contains(decided["dataUsed"]!.AsArray(), used => ((string)used!).Contains("pre_delinquency@", StringComparison.Ordinal));
        product.Clock.Advance(TimeSpan.FromHours(1));
        var (_, again) = await product.SendAsync(HttpMethod.Post, "api/customers/C-1/credit-line");
        Assert.Equal(decided.ToJsonString(), again!.ToJsonString());

        var id = (string)decided["id"]!;
        var (_, view) = await product.SendAsync(HttpMethod.Get, "api/customers/C-1/credit-line");
        var notice = Assert.Single(view!["notices"]!.AsArray());
        Assert.Equal(decided["reasons"]!.ToJsonString(), notice!["reasons"]!.ToJsonString());
        Assert.Equal(Product.Now.AddDays(30), (DateTimeOffset)notice["dueBy"]!);

        Assert.Equal(404, (await product.SendAsync(HttpMethod.Post, "api/customers/C-1/reviews", """{"decisionId":"nothing"}""")).Status);
        var (_, review) = await product.SendAsync(HttpMethod.Post, "api/customers/C-1/reviews", $$"""{"decisionId":"{{id}}","statement":"I have a new job."}""");
        var (_, queue) = await product.SendAsync(HttpMethod.Get, "api/reviews");
        Assert.Equal("I have a new job.", (string)Assert.Single(queue!["reviews"]!.AsArray())!["statement"]!);
        var resolution = $"api/customers/C-1/reviews/{(string)review!["id"]!}/resolution";
        Assert.Equal(401, (await product.SendAsync(HttpMethod.Post, resolution, """{"outcome":"upheld","note":"as before"}""")).Status);
        Assert.Equal(400, (await product.SendAsync(HttpMethod.Post, resolution, """{"outcome":"overturned","note":"new job"}""", Reviewer)).Status);
        var (_, resolved) = await product.SendAsync(HttpMethod.Post, resolution, """{"outcome":"overturned","line":3000,"note":"new job"}""", Reviewer);
        Assert.Equal("ada@bank.example", (string)resolved!["reviewer"]!);
        Assert.Equal(409, (await product.SendAsync(HttpMethod.Post, resolution, """{"outcome":"upheld","note":"no"}""", Reviewer)).Status);
        Assert.Empty((await product.SendAsync(HttpMethod.Get, "api/reviews")).Body!["reviews"]!.AsArray());

        Assert.Equal(400, (await product.SendAsync(HttpMethod.Post, $"api/customers/C-1/notices/{id}/delivery", """{"channel":"pigeon"}""")).Status);
        var (_, sent) = await product.SendAsync(HttpMethod.Post, $"api/customers/C-1/notices/{id}/delivery", """{"channel":"letter"}""");
        Assert.Equal("letter", (string)sent!["channel"]!);
        Assert.Equal(404, (await product.SendAsync(HttpMethod.Post, "api/customers/C-1/notices/x/delivery", """{"channel":"letter"}""")).Status);

        var (_, audit) = await product.SendAsync(HttpMethod.Get, "api/audit/customers/C-1");
        var acts = audit!["trail"]!.AsArray().Where(entry => (string)entry!["kind"]! is "credit-line" or "credit-review" or "adverse-action-notice").ToList();
        Assert.Equal(["credit-line", "credit-review", "credit-review", "adverse-action-notice"], acts.Select(entry => (string)entry!["kind"]!));
        Assert.Equal(("Decrease", id, 3000m), ((string)acts[0]!["content"]!["change"]!, (string)acts[0]!["content"]!["id"]!, (decimal)acts[2]!["content"]!["line"]!));
    }

    [Fact]
    public async Task A_notice_that_is_not_sent_is_reminded_of_and_called_late_once_each()
    {
        await using var product = await Product.PartsAsync();
        await TroubleAsync(product, "C-1");
        var lines = new CreditLineDecisions(
            product.Get<CustomerStore>(), product.Get<LiveModels>(), product.Get<DutyIndex>(), product.Get<Outbox>(),
            new SoleDocument<CreditLinePolicy>(product.Get<DocumentStore>(), CreditLinePolicyKind.KindName, Strict.Id, Strict, CreditLinePolicy.Read, product.Clock), product.Clock);
        var decided = await lines.DecideAsync(CustomerId.Parse("C-1"), CancellationToken.None);
        var rights = product.Get<CreditRights>();
        Assert.Equal((0, 0), await rights.RemindAsync(CancellationToken.None));
        product.Clock.Advance(TimeSpan.FromDays(24));
        Assert.Equal((1, 0), await rights.RemindAsync(CancellationToken.None));
        Assert.Equal((0, 0), await rights.RemindAsync(CancellationToken.None));
        product.Clock.Advance(TimeSpan.FromDays(7));
        Assert.Equal((1, 1), await rights.RemindAsync(CancellationToken.None));
        Assert.Equal((0, 1), await rights.RemindAsync(CancellationToken.None));
        await rights.SentAsync(CustomerId.Parse("C-1"), decided!.Id, "letter", CancellationToken.None);
        Assert.Equal((0, 0), await rights.RemindAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Without_a_line_or_a_customer_there_is_nothing_to_recommend()
    {
        await using var product = await Product.StartAsync();
        Assert.Equal(404, (await product.SendAsync(HttpMethod.Get, "api/customers/nobody/credit-line")).Status);
        await product.SendAsync(HttpMethod.Put, "api/customers/C-1/profile", """{"country":"DE"}""");
        var (status, problem) = await product.SendAsync(HttpMethod.Get, "api/customers/C-1/credit-line");
        Assert.Equal(409, status);
        Assert.Contains("credit limit", (string)problem!["detail"]!, StringComparison.Ordinal);
    }

    /// <summary>Half a year of a card that is little used while everything else goes wrong.</summary>
    private static async Task TroubleAsync(Product product, string customer)
    {
        var store = product.Get<CustomerStore>();
        await store.UpdateAsync(CustomerId.Parse(customer), session =>
        {
            var state = new CustomerState();
            state.Read(session.Block.Span);
            for (var day = 170; day >= 0; day--)
            {
                var at = Product.Now.AddDays(-day);
                Apply(state, new PaymentRecord
                {
                    Source = "/test", Id = $"p{day}", Customer = customer, Time = at, AccountId = "A-1", Amount = -12, Currency = "EUR",
                    Kind = PaymentKind.Card, Mcc = "5411", Merchant = "Grocer", Country = "DE", BalanceAfter = -400 - (170 - day), CreditLimit = 5000,
                });
                if (day < 60 && day % 6 == 0)
                {
                    Apply(state, new PaymentRecord
                    {
                        Source = "/test", Id = $"r{day}", Customer = customer, Time = at, AccountId = "A-1", Amount = -90, Currency = "EUR",
                        Kind = PaymentKind.DirectDebit, Status = PaymentStatus.Returned, Reason = "AM04", Merchant = "Power", Country = "DE",
                    });
                }
            }

            session.PutBlock(state.ToBlock());
            return true;
        }, CancellationToken.None);
    }

    private static void Apply(CustomerState state, PaymentRecord record)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        CloudEventWriter.Write(record, buffer);
        Assert.True(PaymentParser.TryParse(buffer.WrittenSpan, Product.Now.AddDays(1).ToUnixTimeMilliseconds(), out var payment, out var rejection), rejection.ToString());
        state.Features.Apply(payment);
    }
}
