using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Journeys.Collections;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Tests.Journeys.Collections;

public class DebtRoutesTests : ProductTests
{
    [Fact]
    public async Task Days_past_due_come_from_the_stream_and_from_time_and_are_in_the_view()
    {
        await using var product = await StartAsync();
        var debtor = await Debtor.InArrearsAsync(product, 35);
        Assert.Equal(["due_soon", "arrears_entered", "dpd_6", "dpd_30"], (await debtor.SignalsAsync()).Where(name => name is "due_soon" or "arrears_entered" || name.StartsWith("dpd", StringComparison.Ordinal)));
        var debt = (await product.SendAsync(HttpMethod.Get, $"{debtor.Path}/debts")).Body!["debts"]![0]!;
        Assert.Equal((35, "30-59", 2, 300m, 1200m), ((int)debt["daysPastDue"]!, (string)debt["stage"]!, (int)debt["impairmentStage"]!, (decimal)debt["pastDue"]!, (decimal)debt["balance"]!));
        Assert.Equal(35, (int)(await product.SendAsync(HttpMethod.Get, debtor.Path)).Body!["debts"]![0]!["daysPastDue"]!);
        await debtor.TellAsync("clm.lifecycle.v1", """{"event":"debt_payment","details":{"debt":"card-1","amount":300,"currency":"EUR"}}""");
        Assert.Contains("arrears_cured", await debtor.SignalsAsync());
    }

    [Theory]
    [InlineData("""{"event":"instalment_due"}""", "data.details")]
    [InlineData("""{"event":"instalment_due","details":{"debt":"a b","amount":1,"currency":"EUR","dueDate":"2026-01-01"}}""", "data.details.debt")]
    [InlineData("""{"event":"instalment_due","details":{"debt":"d","amount":0,"currency":"EUR","dueDate":"2026-01-01"}}""", "data.details.amount")]
    [InlineData("""{"event":"instalment_due","details":{"debt":"d","amount":1.001,"currency":"EUR","dueDate":"2026-01-01"}}""", "data.details.amount")]
    [InlineData("""{"event":"instalment_due","details":{"debt":"d","amount":"1","currency":"EUR","dueDate":"2026-01-01"}}""", "data.details.amount")]
    [InlineData("""{"event":"instalment_due","details":{"debt":"d","amount":1,"currency":"euro","dueDate":"2026-01-01"}}""", "data.details.currency")]
    [InlineData("""{"event":"instalment_due","details":{"debt":"d","amount":1,"currency":"EUR","dueDate":"2026-02-30"}}""", "data.details.dueDate")]
    [InlineData("""{"event":"instalment_due","details":{"debt":"d","amount":1,"currency":"EUR","dueDate":"2026-01-01","balance":-1}}""", "data.details.balance")]
    [InlineData("""{"event":"debt_payment","details":{"debt":"d","amount":1,"currency":"EUR"}}""", "data.details.debt")]
    [InlineData("""{"event":"debt_payment_returned","details":{"debt":"d"}}""", "data.details.payment")]
    public async Task A_fact_that_cannot_be_taken_is_set_aside_with_its_field(string data, string field)
    {
        await using var product = await PartsAsync();
        Assert.Equal(1, (await new Debtor(product).TellAsync("clm.lifecycle.v1", data)).Rejected);
        var (letters, _) = await product.Get<ServerlessCLM.Transactions.DeadLetters>().ListAsync(EventStreams.EventsHub, open: true, 10, null, CancellationToken.None);
        Assert.Equal(field, Assert.Single(letters).Rejection.Field);
    }

    [Fact]
    public async Task A_promise_is_one_at_a_time_inside_the_policy_and_on_record()
    {
        await using var product = await StartAsync();
        var debtor = await Debtor.InArrearsAsync(product, 10);
        Assert.Equal(("by", "amount", "amount"), (await FieldAsync("""{"amount":"100.00","by":"2026-12-31"}"""), await FieldAsync("""{"amount":"4.99","by":"2026-11-25"}"""), await FieldAsync("""{"amount":"1200.01","by":"2026-11-25"}""")));
        Assert.Equal(401, (await product.SendAsync(HttpMethod.Post, $"{debtor.DebtPath}/promise", """{"amount":"100.00","by":"2026-11-25"}""")).Status);
        var made = await debtor.AsAsync("eve", HttpMethod.Post, $"{debtor.DebtPath}/promise", """{"amount":"100.00","by":"2026-11-25"}""");
        Assert.Equal((200, "Open"), (made.Status, (string?)made.Body!["promise"]!["status"]));
        Assert.Equal(409, (await debtor.AsAsync("eve", HttpMethod.Post, $"{debtor.DebtPath}/promise", """{"amount":"50.00","by":"2026-11-25"}""")).Status);
        Assert.Contains((await product.Get<CustomerStore>().ReadAuditAsync(debtor.Customer, CancellationToken.None))!, entry => entry.Kind == "promise");

        async Task<string?> FieldAsync(string body) => (string?)(await debtor.AsAsync("eve", HttpMethod.Post, $"{debtor.DebtPath}/promise", body)).Body!["field"];
    }

    [Fact]
    public async Task A_plan_is_measured_by_the_payments()
    {
        await using var product = await StartAsync();
        var debtor = await Debtor.InArrearsAsync(product, 40, amount: 2000);
        var proposal = (await product.SendAsync(HttpMethod.Get, $"{debtor.DebtPath}/plan")).Body!;
        var disposable = (decimal)proposal["budget"]!["disposable"]!;
        Assert.Equal((2500m, 900m), ((decimal)proposal["budget"]!["income"]!, (decimal)proposal["budget"]!["living"]!));
        Assert.All(proposal["instalments"]!.AsArray(), each => Assert.True((decimal)each!["amount"]! <= disposable));

        Assert.Equal(("months", "months"), (await FieldAsync("""{"months":0}"""), await FieldAsync("""{"months":1}""")));
        Assert.Equal("income", await FieldAsync("""{"income":"a lot"}"""));
        Assert.Equal(200, (await debtor.AsAsync("eve", HttpMethod.Post, $"{debtor.DebtPath}/plan", """{"months":36}""")).Status);
        Assert.Equal((36, 2000m, PlanStatus.Active), ((await debtor.DebtAsync()).Plan!.Instalments.Count, (await debtor.DebtAsync()).Plan!.Total, (await debtor.DebtAsync()).Plan!.Status));

        async Task<string?> FieldAsync(string body) => (string?)(await debtor.AsAsync("eve", HttpMethod.Post, $"{debtor.DebtPath}/plan", body)).Body!["field"];
    }

    [Fact]
    public async Task Who_is_protected_agrees_nothing_and_the_view_says_what_stands_still()
    {
        await using var product = await StartAsync();
        var debtor = await Debtor.InArrearsAsync(product, 10);
        await debtor.FlagAsync("breathingSpace");
        var debt = (await product.SendAsync(HttpMethod.Get, $"{debtor.Path}/debts")).Body!["debts"]![0]!;
        Assert.Equal(10, (int)debt["daysPastDue"]!);
        foreach (var (path, body) in new[] { ("plan", "{}"), ("settlement", "{}"), ("promise", """{"amount":"50.00","by":"2026-11-25"}""") })
        {
            var refused = await debtor.AsAsync("eve", HttpMethod.Post, $"{debtor.DebtPath}/{path}", body);
            Assert.Equal((409, "flags"), (refused.Status, (string?)refused.Body!["field"]));
        }
    }

    [Fact]
    public async Task A_settlement_above_what_one_may_let_off_waits_for_another_person()
    {
        await using var product = await StartAsync();
        var debtor = await Debtor.InArrearsAsync(product, 100);
        var least = (decimal)(await debtor.AsAsync("adam", HttpMethod.Post, $"{debtor.DebtPath}/settlement", "{}")).Body!["settlement"]!["amount"]!;
        var (settlement, id) = ((await debtor.DebtAsync()).Settlement!, (await debtor.DebtAsync()).Settlement!.Id);
        Assert.True(least >= 1200m * 0.7m);
        if (settlement.Status == SettlementStatus.Proposed)
        {
            Assert.Equal(403, (await DecideAsync("adam", "true")).Status);
            Assert.Equal(400, (await DecideAsync("eve", "\"yes\"")).Status);
            Assert.Equal(200, (await DecideAsync("eve", "true")).Status);
            Assert.Equal(200, (await DecideAsync("eve", "true")).Status);
            Assert.Equal(409, (await DecideAsync("eve", "false")).Status);
        }

        Assert.Equal(409, (await debtor.AsAsync("adam", HttpMethod.Post, $"{debtor.DebtPath}/settlement", """{"amount":"1199.00"}""")).Status);
        await debtor.TellAsync("clm.lifecycle.v1", $$"""{"event":"debt_payment","details":{"debt":"card-1","amount":{{least}},"currency":"EUR"} }""");
        Assert.Equal((SettlementStatus.Settled, 0m), ((await debtor.DebtAsync()).Settlement!.Status, (await debtor.DebtAsync()).Balance));
        Assert.Equal(1, (await debtor.TellAsync("clm.lifecycle.v1", """{"event":"instalment_due","details":{"debt":"card-1","amount":1,"currency":"EUR","dueDate":"2026-12-24"}}""")).Rejected);

        Task<(int Status, JsonNode? Body)> DecideAsync(string principal, string approved) =>
            debtor.AsAsync(principal, HttpMethod.Post, $"{debtor.DebtPath}/settlement/{id}/approval", $$"""{"approved":{{approved}}}""");
    }

    [Fact]
    public async Task Who_is_likely_to_pay_is_left_alone_but_for_the_arm_that_proves_it()
    {
        await using var product = await StartAsync();
        var debtor = await Debtor.InArrearsAsync(product, 3);
        var answer = (await product.SendAsync(HttpMethod.Post, $"{debtor.DebtPath}/self-cure")).Body!;
        var chance = (double)answer["chance"]!;
        Assert.Equal(chance >= CollectionsPolicy.Default.SelfCure.Least, (bool)answer["leftAlone"]!);
        Assert.Equal((bool)answer["leftAlone"]! ? "2026-11-22" : null, (string?)answer["until"]);
        Assert.Equal((bool)answer["leftAlone"]!, (await debtor.DebtAsync()).IsLeftAlone(new DateOnly(2026, 11, 22)));
        Assert.False((await debtor.DebtAsync()).IsLeftAlone(new DateOnly(2026, 11, 23)));
    }
}
