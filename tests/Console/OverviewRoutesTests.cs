using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using ServerlessCLM.Customers;
using ServerlessCLM.Emulator;
using ServerlessCLM.Functions.Console;
using ServerlessCLM.Scoring;
using ServerlessCLM.Telemetry;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.ConsolePages;

[Collection(nameof(AloneInProcess))] // its ledger counts what any product of the process does
public sealed class OverviewRoutesTests
{
    [Fact]
    public async Task Customers_are_found_by_stage_and_by_the_start_of_their_id_a_page_at_a_time()
    {
        await using var product = await Product.StartAsync();
        var events = Enumerable.Range(0, 5).Select(number => Product.Delivered(Product.Payment($"ann-{number}", $"p{number}", Product.Now), number)).ToList();
        await product.Get<PaymentScoring>().ScoreAsync(EventStreams.TransactionsHub, "0", events, CancellationToken.None);
        Assert.Equal(5, (int)(await product.SendAsync(HttpMethod.Post, "api/overview/stages")).Body!["customers"]!);
        var (_, overview) = await product.SendAsync(HttpMethod.Get, "api/overview");
        Assert.Equal(5, (int)overview!["stages"]!["customers"]!.AsArray().Single(each => (string?)each!["stage"] == "onboarding")!["customers"]!);

        var (_, first) = await product.SendAsync(HttpMethod.Get, "api/customers?stage=onboarding&prefix=ann-&size=3");
        Assert.Equal(["ann-0", "ann-1", "ann-2"], Ids(first));
        var (_, second) = await product.SendAsync(HttpMethod.Get, $"api/customers?prefix=ann-&size=3&after={first!["after"]}");
        Assert.Equal(["ann-3", "ann-4"], Ids(second));
        Assert.Null(second!["after"]);
        Assert.Equal(204, (await product.SendAsync(HttpMethod.Delete, "api/customers/ann-0")).Status);
        Assert.Equal(["ann-1"], Ids((await product.SendAsync(HttpMethod.Get, "api/customers?stage=onboarding&size=1")).Body));
        Assert.Equal(4, (int)(await product.SendAsync(HttpMethod.Get, "api/overview")).Body!["stages"]!["customers"]![1]!["customers"]!);
        Assert.Empty(Ids((await product.SendAsync(HttpMethod.Get, "api/customers?stage=lapsed&size=1000")).Body));
        Assert.Equal("stage", (string?)(await product.SendAsync(HttpMethod.Get, "api/customers?stage=gone")).Body!["field"]);
        Assert.Equal("prefix", (string?)(await product.SendAsync(HttpMethod.Get, "api/customers?prefix=%3Cscript%3E")).Body!["field"]);
    }

    [Fact]
    public async Task Figures_of_all_instances_are_told_together_and_survive_them()
    {
        await using var product = await Product.PartsAsync();
        var (tables, options) = (product.Get<CustomerTables>(), product.Get<ProductOptions>());
        using (var one = new ActivityLedger(tables, options, product.Clock))
        {
            one.Add(new ActivityCount(Payments: 3, LagSeconds: 2));
            product.Clock.Advance(TimeSpan.FromHours(1));
            one.Add(new ActivityCount(Payments: 4));
            await one.WriteAsync(CancellationToken.None);
            await one.WriteAsync(CancellationToken.None);
        }

        product.Clock.Advance(TimeSpan.FromMinutes(1));
        using var other = new ActivityLedger(tables, options, product.Clock);
        other.Add(new ActivityCount(Decisions: 1, LagSeconds: 1));
        var report = await other.ReadAsync(CancellationToken.None);
        Assert.Equal((7, 1, 2.0), (report.Today.Payments, report.Today.Decisions, report.Today.LagSeconds));
        Assert.Equal([(Product.Now.AddHours(1), 4L, 0L), (Product.Now.AddHours(1).AddMinutes(1), 0L, 1L)],
            report.Minutes.Select(minute => (minute.Key, minute.Value.Payments, minute.Value.Decisions)));

        var start = product.Clock.GetUtcNow();
        product.Clock.Advance(TimeSpan.FromDays(ActivityLedger.KeptDays + 1));
        await other.PurgeAsync(CancellationToken.None);
        Assert.Empty(await tables.Figures.QueryAsync<TableEntity>($"PartitionKey eq '{options.Tenant}|activity|{start:yyyyMMdd}'").ToListAsync());
    }

    [Fact]
    public async Task Two_writes_at_once_after_an_hour_lose_no_sum_and_fail_neither()
    {
        await using var product = await Product.PartsAsync();
        using var ledger = new ActivityLedger(product.Get<CustomerTables>(), product.Get<ProductOptions>(), product.Clock);
        ledger.Add(new ActivityCount(Payments: 3));
        product.Clock.Advance(TimeSpan.FromHours(1));
        ledger.Add(new ActivityCount(Payments: 4));
        await Task.WhenAll(ledger.WriteAsync(CancellationToken.None), ledger.WriteAsync(CancellationToken.None), ledger.WriteAsync(CancellationToken.None));
        Assert.Equal(7, (await ledger.ReadAsync(CancellationToken.None)).Today.Payments);
    }

    [Fact]
    public async Task Figures_that_cannot_be_written_hold_up_no_stop()
    {
        await using var product = await Product.PartsAsync();
        using var ledger = new ActivityLedger(product.Get<CustomerTables>(), product.Get<ProductOptions>(), product.Clock);
        var keeping = new KeepActivity(ledger, NullLogger<KeepActivity>.Instance);
        await keeping.StartAsync(CancellationToken.None);
        await product.Get<CustomerTables>().Figures.DeleteAsync();
        ledger.Add(new ActivityCount(Payments: 3));
        await keeping.StopAsync(CancellationToken.None);
        await product.Get<CustomerTables>().CreateAsync(CancellationToken.None);
        Assert.Equal(3, (await ledger.ReadAsync(CancellationToken.None)).Today.Payments);
    }

    [Fact]
    public async Task Every_timer_is_told_with_its_schedule()
    {
        await using var product = await Product.StartAsync();
        var (_, answer) = await product.SendAsync(HttpMethod.Get, "api/timers");
        var relay = answer!["timers"]!.AsArray().Single(timer => (string?)timer!["name"] == "RelayIntents");
        Assert.Equal("0 * * * * *", (string?)relay!["schedule"]);
    }

    private static IEnumerable<string?> Ids(JsonNode? answer) => answer!["customers"]!.AsArray().Select(each => (string?)each!["customerId"]);
}
