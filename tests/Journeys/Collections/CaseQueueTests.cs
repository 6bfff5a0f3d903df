using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Emulator;
using ServerlessCLM.Functions.Collections;
using ServerlessCLM.Journeys.Collections;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Tests.Journeys.Collections;

public class CaseQueueTests : ProductTests
{
    [Fact]
    public async Task The_queue_is_in_the_order_of_what_a_call_is_expected_to_bring()
    {
        await using var product = await StartAsync();
        foreach (var (id, amount) in new[] { ("C-1", 100m), ("C-2", 4000m), ("C-3", 900m) })
            await Debtor.InArrearsAsync(product, 20, amount, id);
        await FollowedAsync(product);

        var cases = await ListAsync(product);
        Assert.Equal(["C-2", "C-3", "C-1"], cases.Select(each => (string)each!["customerId"]!));
        Assert.All(cases.Zip(cases.Skip(1)), pair => Assert.True((double)pair.First!["value"]! >= (double)pair.Second!["value"]!));
        Assert.Single((await product.SendAsync(HttpMethod.Get, "api/collections/queue?size=1")).Body!["cases"]!.AsArray());
        Assert.Equal(400, (await product.SendAsync(HttpMethod.Get, "api/collections/queue?size=0")).Status);
    }

    [Fact]
    public async Task The_figures_count_the_cases_of_each_queue_and_what_came_of_promises()
    {
        await using var product = await StartAsync();
        var debtor = await Debtor.InArrearsAsync(product, 20);
        await Debtor.InArrearsAsync(product, 20, id: "C-2");
        Assert.Equal(200, (await debtor.AsAsync("eve", HttpMethod.Post, $"{debtor.DebtPath}/promise", """{"amount":"100.00","by":"2026-11-25"}""")).Status);
        await debtor.TellAsync("clm.lifecycle.v1", """{"event":"debt_payment","details":{"debt":"card-1","amount":100,"currency":"EUR"}}""");
        await FollowedAsync(product);

        var figures = (await product.SendAsync(HttpMethod.Get, "api/collections/figures?days=3")).Body!;
        Assert.Equal(2, (int)Assert.Single(figures["queues"]!.AsArray())!["cases"]!);
        Assert.Equal(3, figures["days"]!.AsArray().Count);
        var today = figures["days"]![2]!;
        Assert.Equal(("2026-11-20", 1, 1, 0), ((string)today["day"]!, (int)today["promisesMade"]!, (int)today["promisesKept"]!, (int)today["promisesBroken"]!));
        Assert.Equal(400, (await product.SendAsync(HttpMethod.Get, "api/collections/figures?days=0")).Status);
    }

    [Fact]
    public async Task A_signal_of_an_agreement_counts_once_however_often_it_comes_and_old_days_are_forgotten()
    {
        await using var product = await Product.PartsAsync();
        var (totals, today) = (product.Get<AgreementTotals>(), DateOnly.FromDateTime(Product.Now.UtcDateTime));
        List<AgreementSignal> signals =
        [
            .. Enumerable.Range(0, 40).Select(i => new AgreementSignal($"C-{i % 20}", $"s-{i / 20}", i % 4 == 0 ? ArrearsSignals.PromiseBroken : ArrearsSignals.PromiseKept, Product.Now.AddDays(-(i % 2)))),
            new("C-1", "s-9", ArrearsSignals.Entered, Product.Now),
        ];
        await Task.WhenAll(totals.AddAsync(signals, CancellationToken.None), totals.AddAsync(signals.AsEnumerable().Reverse().Take(30), CancellationToken.None));
        await totals.AddAsync(signals, CancellationToken.None);
        Assert.Equal([[0, 20, 0, 0, 0, 0, 0], [0, 10, 0, 10, 0, 0, 0]],
            (await totals.ReadAsync(today.AddDays(-1), today, CancellationToken.None)).Select(day => day.Counts));

        Assert.Equal(40, await totals.ForgetAsync(today.AddDays(AgreementTotals.RememberedDays + 1), CancellationToken.None));
        Assert.Equal(20, (await totals.ReadAsync(today.AddDays(-1), today, CancellationToken.None))[0].Counts[1]);
        Assert.NotEqual(0, await totals.ForgetAsync(today.AddDays(AgreementTotals.MostDays + 1), CancellationToken.None));
        Assert.All(await totals.ReadAsync(today.AddDays(-1), today, CancellationToken.None), day => Assert.All(day.Counts, count => Assert.Equal(0, count)));
    }

    [Fact]
    public async Task Of_agents_who_take_the_same_case_at_the_same_time_one_gets_it()
    {
        await using var product = await StartAsync();
        var debtor = await Debtor.InArrearsAsync(product, 20);
        await FollowedAsync(product);
        var path = await PathAsync(product, debtor);

        var agents = Enumerable.Range(0, 8).Select(i => $"agent-{i}").ToList();
        var answers = await Task.WhenAll(agents.Select(agent => debtor.AsAsync(agent, HttpMethod.Post, $"{path}/claim", ifMatch: "\"1\"")));
        var holder = Assert.Single(agents.Zip(answers), pair => pair.Second.Status == 200).First;
        Assert.All(answers, answer => Assert.Contains(answer.Status, (int[])[200, 412]));
        Assert.Empty(await ListAsync(product));

        var other = agents.First(agent => agent != holder);
        Assert.Equal(409, (await debtor.AsAsync(other, HttpMethod.Post, $"{path}/claim")).Status);
        Assert.Equal(409, (await debtor.AsAsync(other, HttpMethod.Post, $"{path}/completion", """{"outcome":"paid"}""")).Status);
        Assert.Equal("outcome", (string?)(await debtor.AsAsync(holder, HttpMethod.Post, $"{path}/completion", """{"outcome":"shouted"}""")).Body!["field"]);
        Assert.Equal(412, (await debtor.AsAsync(holder, HttpMethod.Post, $"{path}/release", ifMatch: "\"1\"")).Status);
        Assert.Equal(200, (await debtor.AsAsync(holder, HttpMethod.Post, $"{path}/completion", """{"outcome":"no_answer","note":"rang twice"}""")).Status);
        Assert.Equal(200, (await debtor.AsAsync(holder, HttpMethod.Post, $"{path}/completion", """{"outcome":"no_answer"}""")).Status);
        Assert.Equal(409, (await debtor.AsAsync(other, HttpMethod.Post, $"{path}/claim")).Status);
        Assert.Single(await debtor.SignalsAsync(), CaseQueue.CompletedSignal);
    }

    [Fact]
    public async Task A_case_that_an_agent_lets_lie_is_anybodys_again()
    {
        await using var product = await StartAsync();
        var debtor = await Debtor.InArrearsAsync(product, 20);
        await FollowedAsync(product);
        var path = await PathAsync(product, debtor);
        await debtor.AsAsync("eve", HttpMethod.Post, $"{path}/claim");
        product.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Single(await ListAsync(product));
        Assert.Equal(200, (await debtor.AsAsync("adam", HttpMethod.Post, $"{path}/claim")).Status);
        Assert.Equal(409, (await debtor.AsAsync("eve", HttpMethod.Post, $"{path}/release")).Status);
        Assert.Equal(200, (await debtor.AsAsync("adam", HttpMethod.Post, $"{path}/release")).Status);
        Assert.Single(await ListAsync(product));
    }

    [Fact]
    public async Task The_instant_a_payment_arrives_the_case_is_gone()
    {
        await using var product = await StartAsync();
        var debtor = await Debtor.InArrearsAsync(product, 20);
        await FollowedAsync(product);
        var path = await PathAsync(product, debtor);
        await debtor.TellAsync("clm.lifecycle.v1", """{"event":"debt_payment","details":{"debt":"card-1","amount":300,"currency":"EUR"}}""");
        Assert.Empty(await ListAsync(product));
        Assert.Equal("Withdrawn", (string?)(await product.SendAsync(HttpMethod.Get, path)).Body!["status"]);
        Assert.Equal(409, (await debtor.AsAsync("eve", HttpMethod.Post, $"{path}/claim")).Status);
    }

    [Theory]
    [InlineData("hardship")]
    [InlineData("moratorium")]
    [InlineData("ceaseRequest")]
    public async Task Nobody_calls_who_is_protected(string flag)
    {
        await using var product = await StartAsync();
        var debtor = await Debtor.InArrearsAsync(product, 20);
        await FollowedAsync(product);
        var path = await PathAsync(product, debtor);
        await debtor.FlagAsync(flag);
        Assert.Empty(await ListAsync(product));
        var refused = await debtor.AsAsync("eve", HttpMethod.Post, $"{path}/claim");
        Assert.Equal(409, refused.Status);
        Assert.Contains(flag, (string?)refused.Body!["reason"], StringComparison.Ordinal);
        await debtor.FlagAsync(flag, set: false);
        Assert.Single(await ListAsync(product));
    }

    [Fact]
    public async Task The_brief_says_where_it_stands_what_to_try_and_what_not_to_say()
    {
        await using var product = await StartAsync();
        var debtor = await Debtor.InArrearsAsync(product, 20);
        await FollowedAsync(product);
        var brief = (await product.SendAsync(HttpMethod.Get, await PathAsync(product, debtor))).Body!["brief"]!;
        Assert.Contains("300.00 EUR of 1200.00 EUR are past due, the oldest for 20 days.", brief["situation"]!.AsArray().Select(line => (string)line!));
        Assert.InRange((double)brief["chance"]!, 0, 1);
        Assert.NotEmpty(brief["approach"]!.AsArray());
        Assert.Contains(brief["avoid"]!.AsArray(), line => ((string)line!).Contains("threaten", StringComparison.Ordinal));
        Assert.Equal("20", (string?)brief["facts"]!["daysPastDue"]);
        Assert.NotEmpty((string)brief["mayCall"]!);
    }

    [Fact]
    public async Task A_hand_off_needs_all_of_its_evidence_and_another_person()
    {
        await using var product = await StartAsync();
        var debtor = await Debtor.InArrearsAsync(product, 130);
        var refused = await debtor.AsAsync("adam", HttpMethod.Post, $"{debtor.DebtPath}/hand-off", """{"to":"legal"}""");
        Assert.Equal((409, "evidence"), (refused.Status, (string?)refused.Body!["field"]));
        Assert.All((string[])["contacts: 0", "channels: 0", "offers: 0", "forbearanceOffered", "notice: no lifecycle event default_notice_sent"],
            missing => Assert.Contains(missing, (string?)refused.Body!["reason"], StringComparison.Ordinal));

        foreach (var (channel, day) in new[] { ("call", -40), ("email", -35), ("letter", -30) })
            await debtor.TellAsync("clm.outcome.v1", $$"""{"outcome":"impression","channel":"{{channel}}","purpose":"collections"}""", day);
        await debtor.TellAsync("clm.lifecycle.v1", """{"event":"default_notice_sent","details":{"debt":"card-1"}}""", -20);
        await debtor.FlagAsync("forbearanceOffered");
        await debtor.AsAsync("eve", HttpMethod.Post, $"{debtor.DebtPath}/promise", """{"amount":"100.00","by":"2026-11-25"}""");
        Assert.Contains("still open", (string?)(await debtor.AsAsync("adam", HttpMethod.Post, $"{debtor.DebtPath}/hand-off", """{"to":"legal"}""")).Body!["reason"], StringComparison.Ordinal);
        await debtor.TellAsync("clm.lifecycle.v1", """{"event":"debt_payment","details":{"debt":"card-1","amount":100,"currency":"EUR"}}""");

        var asked = await debtor.AsAsync("adam", HttpMethod.Post, $"{debtor.DebtPath}/hand-off", """{"to":"legal"}""");
        Assert.Equal(200, asked.Status);
        var path = $"{debtor.Path}/cases/{(string)asked.Body!["id"]!}";
        Assert.Equal((string?)asked.Body["id"], (string?)(await debtor.AsAsync("adam", HttpMethod.Post, $"{debtor.DebtPath}/hand-off", """{"to":"legal"}""")).Body!["id"]);
        var pack = (await product.SendAsync(HttpMethod.Get, $"{path}/evidence")).Body!;
        Assert.Equal((3, 1, true), (pack["contacts"]!.AsArray().Count, pack["offers"]!.AsArray().Count, (bool)pack["audit"]!["intact"]!));
        Assert.Equal(403, (await debtor.AsAsync("adam", HttpMethod.Post, $"{path}/approval", """{"approved":true}""")).Status);

        await debtor.FlagAsync("vulnerable");
        Assert.Equal(409, (await debtor.AsAsync("eve", HttpMethod.Post, $"{path}/approval", """{"approved":true}""")).Status);
        await debtor.FlagAsync("vulnerable", set: false);
        Assert.Equal("approved", (string?)(await debtor.AsAsync("eve", HttpMethod.Post, $"{path}/approval", """{"approved":true,"note":"all there"}""")).Body!["outcome"]);
        Assert.Equal(409, (await debtor.AsAsync("eve", HttpMethod.Post, $"{path}/approval", """{"approved":false}""")).Status);
        Assert.Single(await debtor.SignalsAsync(), HandOffs.HandedOff);
        Assert.Contains((await product.Get<CustomerStore>().ReadAuditAsync(debtor.Customer, CancellationToken.None))!, entry => entry.Kind == "case");
    }

    private static Task FollowedAsync(Product product) =>
        product.Get<EventHubsNamespace>().WaitUntilDrainedAsync(EventStreams.SignalsHub, FollowArrears.ConsumerGroup);

    private static async Task<JsonArray> ListAsync(Product product) => (await product.SendAsync(HttpMethod.Get, "api/collections/queue")).Body!["cases"]!.AsArray();

    private static async Task<string> PathAsync(Product product, Debtor debtor) => $"{debtor.Path}/cases/{(string)Assert.Single(await ListAsync(product))!["id"]!}";
}
