using System.Text;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Journeys.Collections;
using ServerlessCLM.Messages.Channels;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Tests.Journeys.Collections;

public class SelfServiceRoutesTests : ProductTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", OldSecret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

    [Fact]
    public async Task A_payment_by_link_counts_at_once_and_once()
    {
        await using var product = await StartAsync();
        var debtor = await Debtor.InArrearsAsync(product, 10);
        var link = await LinkAsync(product, debtor, "promise");
        var anonymous = new HttpClient { BaseAddress = product.Client.BaseAddress };
        var seen = JsonNode.Parse(await anonymous.GetStringAsync(link))!;
        Assert.Equal((1200m, 300m, 10), ((decimal)seen["balance"]!, (decimal)seen["pastDue"]!, (int)seen["daysPastDue"]!));
        Assert.DoesNotContain(debtor.Id, seen.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("Open", (string?)(await product.SendAsync(HttpMethod.Post, $"{link}/promise", """{"amount":"300.00","by":"2026-11-25"}""")).Body!["status"]);

        var reference = (string)(await product.SendAsync(HttpMethod.Post, $"{link}/payments", """{"amount":"300.00"}""")).Body!["reference"]!;
        var body = Notice("pay-1", reference, "300.00");
        var told = await TellAsync(product, "msg-1", body);
        Assert.Equal((200, true, 900m), (told.Status, (bool)told.Body!["counted"]!, (decimal)told.Body!["balance"]!));
        Assert.False((bool)(await TellAsync(product, "msg-1", body)).Body!["counted"]!);
        Assert.False((bool)(await TellAsync(product, "msg-2", body, OldSecret)).Body!["counted"]!);
        Assert.Equal((PromiseStatus.Kept, 900m), ((await debtor.DebtAsync()).Promise!.Status, (await debtor.DebtAsync()).Balance));
        Assert.Equal(["arrears_cured", "debt_payment", "promise_kept"], (await debtor.SignalsAsync()).Where(name => name is "debt_payment" or "promise_kept" or "arrears_cured").Order());
        Assert.Equal(0, (int)JsonNode.Parse(await anonymous.GetStringAsync(link))!["daysPastDue"]!);

        Assert.True((bool)(await TellAsync(product, "msg-3", Notice("pay-1", reference, "300.00", PaymentNotice.Returned))).Body!["counted"]!);
        Assert.Equal((PromiseStatus.Open, 1200m), ((await debtor.DebtAsync()).Promise!.Status, (await debtor.DebtAsync()).Balance));
        anonymous.Dispose();
    }

    [Fact]
    public async Task A_webhook_that_is_not_signed_or_replayed_changes_nothing()
    {
        await using var product = await StartAsync();
        var debtor = await Debtor.InArrearsAsync(product, 10);
        var link = await LinkAsync(product, debtor, "view");
        var reference = (string)(await product.SendAsync(HttpMethod.Post, $"{link}/payments", """{"amount":"300.00"}""")).Body!["reference"]!;
        var body = Notice("pay-1", reference, "300.00");
        var at = product.Clock.GetUtcNow();

        Assert.Equal(401, (await SendAsync("msg-1", at, body, Sign("msg-1", at, body, "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"))).Status);
        Assert.Equal(401, (await SendAsync("msg-1", at, body.Replace("300.00", "900.00", StringComparison.Ordinal), Sign("msg-1", at, body, Secret))).Status);
        Assert.Equal(401, (await SendAsync("msg-2", at, body, Sign("msg-1", at, body, Secret))).Status);
        Assert.Equal(401, (await SendAsync("msg-1", at.AddMinutes(-6), body, Sign("msg-1", at.AddMinutes(-6), body, Secret))).Status);
        Assert.Equal(401, (await SendAsync("msg-1", at.AddMinutes(6), body, Sign("msg-1", at.AddMinutes(6), body, Secret))).Status);
        Assert.Equal(401, (await SendAsync("msg-1", at, body, "")).Status);
        Assert.Equal("data.reference", (string?)(await TellAsync(product, "msg-1", Notice("pay-1", "a.b.c", "300.00"))).Body!["field"]);
        Assert.Equal("data.reference", (string?)(await TellAsync(product, "msg-1", Notice("pay-1", link.Split('/')[^1], "300.00"))).Body!["field"]);
        Assert.Equal("data.currency", (string?)(await TellAsync(product, "msg-1", Notice("pay-1", reference, "300.00").Replace("EUR", "USD", StringComparison.Ordinal))).Body!["field"]);
        Assert.Equal(1200m, (await debtor.DebtAsync()).Balance);
        Assert.Empty((await debtor.DebtAsync()).Payments);

        Task<(int Status, JsonNode? Body)> SendAsync(string id, DateTimeOffset time, string text, string signature) => product.SendAsync(HttpMethod.Post, "api/payments/webhook", text,
            (WebhookSignature.IdHeader, id), (WebhookSignature.TimestampHeader, WebhookSignature.Seconds(time)), (WebhookSignature.SignatureHeader, signature));
    }

    [Fact]
    public async Task A_link_opens_one_thing_until_it_expires_and_acts_once()
    {
        await using var product = await StartAsync();
        var debtor = await Debtor.InArrearsAsync(product, 10);
        var (view, promise) = (await LinkAsync(product, debtor, "view"), await LinkAsync(product, debtor, "promise"));
        Assert.Equal(403, (await product.SendAsync(HttpMethod.Post, $"{view}/promise", """{"amount":"50.00","by":"2026-11-25"}""")).Status);
        Assert.Equal(403, (await product.SendAsync(HttpMethod.Post, $"{promise}/plan", "{}")).Status);
        Assert.Equal(404, (await product.SendAsync(HttpMethod.Get, "api/self-service/m.AAAA.AAAA")).Status);
        Assert.Equal("by", (string?)(await product.SendAsync(HttpMethod.Post, $"{promise}/promise", """{"amount":"50.00","by":"tomorrow"}""")).Body!["field"]);

        var first = await product.SendAsync(HttpMethod.Post, $"{promise}/promise", """{"amount":"50.00","by":"2026-11-25"}""");
        var again = await product.SendAsync(HttpMethod.Post, $"{promise}/promise", """{"amount":"50.00","by":"2026-11-25"}""");
        Assert.Equal((200, 200, first.Body!.ToJsonString()), (first.Status, again.Status, again.Body!.ToJsonString()));
        Assert.Equal(409, (await product.SendAsync(HttpMethod.Post, $"{promise}/promise", """{"amount":"60.00","by":"2026-11-25"}""")).Status);
        await debtor.TellAsync("clm.lifecycle.v1", """{"event":"debt_payment","details":{"debt":"card-1","amount":50,"currency":"EUR"}}""");
        Assert.Equal(409, (await product.SendAsync(HttpMethod.Post, $"{promise}/promise", """{"amount":"60.00","by":"2026-11-25"}""")).Status);

        var hour = "api/self-service/" + (string)(await product.SendAsync(HttpMethod.Post, $"{debtor.DebtPath}/links", """{"purpose":"view","hours":1}""")).Body!["token"]!;
        product.Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await product.SendAsync(HttpMethod.Get, hour)).Status);
        product.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(410, (await product.SendAsync(HttpMethod.Get, hour)).Status);
        Assert.Equal(200, (await product.SendAsync(HttpMethod.Get, view)).Status);
    }

    [Fact]
    public async Task A_plan_by_link_is_the_one_that_was_offered()
    {
        await using var product = await StartAsync();
        var debtor = await Debtor.InArrearsAsync(product, 40, 2000);
        var link = await LinkAsync(product, debtor, "plan");
        var offer = (await product.SendAsync(HttpMethod.Get, link)).Body!["offer"]!;
        var agreed = await product.SendAsync(HttpMethod.Post, $"{link}/plan", "{}");
        Assert.Equal((200, (int)offer["instalments"]!), (agreed.Status, agreed.Body!["instalments"]!.AsArray().Count));
        Assert.Equal((decimal)offer["amount"]!, (decimal)agreed.Body["instalments"]![0]!["amount"]!);
        Assert.Equal(409, (await product.SendAsync(HttpMethod.Post, $"{link}/plan", """{"months":30}""")).Status);
        Assert.Equal(2000m, (await debtor.DebtAsync()).Plan!.Total);
    }

    [Fact]
    public async Task Who_is_vulnerable_agrees_nothing_without_a_person_and_may_still_pay()
    {
        await using var product = await StartAsync();
        var debtor = await Debtor.InArrearsAsync(product, 10);
        var link = await LinkAsync(product, debtor, "promise");
        await debtor.FlagAsync("vulnerable");
        Assert.Equal(409, (await product.SendAsync(HttpMethod.Post, $"{link}/promise", """{"amount":"50.00","by":"2026-11-25"}""")).Status);
        Assert.Equal(200, (await product.SendAsync(HttpMethod.Post, $"{link}/payments", """{"amount":"10.00"}""")).Status);
        Assert.Equal(200, (await debtor.AsAsync("eve", HttpMethod.Post, $"{debtor.DebtPath}/promise", """{"amount":"50.00","by":"2026-11-25"}""")).Status);
    }

    [Fact]
    public async Task A_link_that_is_used_too_often_waits_and_one_of_an_erased_customer_is_closed()
    {
        await using var product = await StartAsync();
        var debtor = await Debtor.InArrearsAsync(product, 10);
        var (link, other) = (await LinkAsync(product, debtor, "view"), await LinkAsync(product, debtor, "plan"));
        for (var use = 0; use < LinkLimiter.Most; use++)
            Assert.Equal(200, (await product.SendAsync(HttpMethod.Get, link)).Status);
        Assert.Equal(429, (await product.SendAsync(HttpMethod.Get, link)).Status);
        Assert.Equal(200, (await product.SendAsync(HttpMethod.Get, other)).Status);
        await product.SendAsync(HttpMethod.Delete, debtor.Path);
        Assert.Equal(410, (await product.SendAsync(HttpMethod.Get, other)).Status);
    }

    private async Task<Product> StartAsync() => await base.StartAsync(null, $"--Clm:SelfService:WebhookSecrets={Secret} {OldSecret}");

    private static async Task<string> LinkAsync(Product product, Debtor debtor, string purpose) =>
        "api/self-service/" + (string)(await product.SendAsync(HttpMethod.Post, $"{debtor.DebtPath}/links", $$"""{"purpose":"{{purpose}}"}""")).Body!["token"]!;

    private static string Notice(string payment, string reference, string amount, string type = PaymentNotice.Succeeded) =>
        $$"""{"type":"{{type}}","data":{"id":"{{payment}}","reference":"{{reference}}","amount":"{{amount}}","currency":"EUR"} }""";

    private static string Sign(string id, DateTimeOffset at, string body, string secret) =>
        WebhookSignature.Sign([WebhookSignature.Secret(secret)], id, at, Encoding.UTF8.GetBytes(body));

    private static Task<(int Status, JsonNode? Body)> TellAsync(Product product, string id, string body, string secret = Secret)
    {
        var at = product.Clock.GetUtcNow();
        return product.SendAsync(HttpMethod.Post, "api/payments/webhook", body, (WebhookSignature.IdHeader, id), (WebhookSignature.TimestampHeader, WebhookSignature.Seconds(at)),
            (WebhookSignature.SignatureHeader, Sign(id, at, body, secret)));
    }
}
