using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Emulator;
using ServerlessCLM.Governance;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Tests.Decisions;

public sealed class DecisionRetentionTests
{
    private static readonly CustomerId Customer = CustomerId.Parse("C-1");

    [Fact]
    public async Task Records_are_forgotten_when_the_institution_keeps_them_no_longer_and_the_chain_names_them()
    {
        await using var product = await WithCustomersAsync(1, "--Clm:KeepDecisions=200.00:00:00");
        var (records, retention, store) = (product.Get<DecisionRecords>(), product.Get<DecisionRetention>(), product.Get<CustomerStore>());

        // More than one commit's worth, and one that is not old enough by a moment.
        var old = new List<string>();
        for (var each = 0; each < DecisionRetention.Batch + 2; each++)
            old.Add(await DecideAsync(product, Customer, $"old {each}"));
        product.Clock.Advance(TimeSpan.FromSeconds(1));
        var young = await DecideAsync(product, Customer, "young");
        Assert.Equal(0, await ForgetAsync(product));
        product.Clock.Advance(TimeSpan.FromDays(200) - TimeSpan.FromTicks(1));
        Assert.Equal(old.Count, await ForgetAsync(product));
        Assert.Equal(0, await ForgetAsync(product));

        Assert.Null(await records.FindAsync(old[0], CancellationToken.None));
        Assert.Null(await records.ReplayAsync(old[0], CancellationToken.None));
        Assert.NotNull(await records.FindAsync(young, CancellationToken.None));
        var left = (await store.UpdateAsync(Customer, session => (DecisionHistory.Of(session),
            session.All(CustomerRows.AnsweredPrefix, CustomersJson.Default.DecisionAttribution).Count()), CancellationToken.None, CustomerRows.Decisions, CustomerRows.AnsweredPrefix)).Result;
        Assert.Equal((young, old.Count + 1, 1), (Assert.Single(left.Item1.Decisions).Id, left.Item1.Total, left.Item2));

        // By rule is not missing: the record is whole, and what is left replays.
        Assert.True((await product.Get<AuditVerification>().VerifyAsync([Customer], CancellationToken.None)).Intact);
        var replay = await records.ReplayAsync([Customer], CancellationToken.None);
        Assert.Equal((1L, 0), (replay.Decisions, replay.Different.Count));
        var named = (await store.ReadAuditAsync(Customer, CancellationToken.None))!.Where(entry => entry.Kind == DecisionRetention.Forgotten)
            .SelectMany(entry => entry.Content!["decisions"]!.AsArray()).Select(id => (string)id!);
        Assert.Equal(old.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));

        // Nothing is left to be forgotten of an erased customer.
        await store.EraseAsync(Customer, CancellationToken.None);
        product.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, await ForgetAsync(product));
        Assert.True((await product.Get<AuditVerification>().VerifyAsync([Customer], CancellationToken.None)).Intact);
    }

    [Fact]
    public async Task A_round_goes_on_where_the_last_run_stopped()
    {
        await using var product = await WithCustomersAsync(12);
        for (var each = 1; each <= 12; each++)
            await DecideAsync(product, CustomerId.Parse($"C-{each}"), "once");

        product.Clock.Advance(TimeSpan.FromDays(763));
        for (var left = 12; left > 0;)
        {
            var forgotten = await ForgetAsync(product, most: 3);
            Assert.InRange(forgotten, Math.Min(3, left), 11);
            left -= forgotten;
        }

        Assert.Equal(0, await ForgetAsync(product, most: 3));
    }

    /// <summary>A week ahead, because a look at everybody is dear and nearly always finds nothing.</summary>
    [Theory]
    [InlineData(192, 8)]
    [InlineData(194, 6)]
    [InlineData(199, 1)]
    public async Task A_round_that_found_nothing_of_the_coming_week_rests_and_none_stays_longer_for_it(int first, int second)
    {
        await using var product = await WithCustomersAsync(2, "--Clm:KeepDecisions=200.00:00:00");
        await DecideAsync(product, Customer, "once");
        product.Clock.Advance(TimeSpan.FromDays(first));
        Assert.Equal(0, await ForgetAsync(product));
        for (var day = 1; day <= second; day++)
        {
            product.Clock.Advance(TimeSpan.FromDays(1) + (day == second ? TimeSpan.FromSeconds(1) : TimeSpan.Zero));
            Assert.Equal(day == second ? 1 : 0, await ForgetAsync(product));
        }
    }

    [Fact]
    public async Task A_record_that_was_altered_stays_and_the_round_goes_on()
    {
        await using var product = await WithCustomersAsync(2);
        var altered = await DecideAsync(product, Customer, "altered");
        await DecideAsync(product, CustomerId.Parse("C-2"), "whole");
        await AlterAsync(product, Customer, altered);

        product.Clock.Advance(TimeSpan.FromDays(763));
        var damaged = new List<string>();
        Assert.Equal(1, await product.Get<DecisionRetention>().GoOnAsync(int.MaxValue, damaged.Add, CancellationToken.None));
        Assert.Contains(CustomerRows.Decision(altered), Assert.Single(damaged), StringComparison.Ordinal);
        Assert.Contains("cannot be read", (await product.Get<DecisionRecords>().ReplayAsync(altered, CancellationToken.None))!.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("183.00:00:00")]
    [InlineData("00:00:00")]
    public void Less_than_the_law_asks_for_is_refused_at_the_start(string kept) =>
        Assert.Contains("Clm:KeepDecisions", Assert.Throws<InvalidOperationException>(() => new ProductOptions { KeepDecisions = TimeSpan.Parse(kept, null) }.Validated()).Message, StringComparison.Ordinal);

    /// <summary>Changes a byte of a record as it is stored.</summary>
    internal static async Task AlterAsync(Product product, CustomerId customer, string decision)
    {
        var table = product.Get<CustomerTables>().Of(customer);
        var entity = (await table.GetEntityAsync<TableEntity>(customer.PartitionKey("bank"), CustomerRows.Decision(decision))).Value;
        var bytes = entity.GetBinary("Data")!;
        bytes[^1] ^= 1;
        entity["Data"] = bytes;
        await table.UpdateEntityAsync(entity, Azure.ETag.All, TableUpdateMode.Replace);
    }

    private static async Task<int> ForgetAsync(Product product, int most = int.MaxValue)
    {
        var damaged = new List<string>();
        var forgotten = await product.Get<DecisionRetention>().GoOnAsync(most, damaged.Add, CancellationToken.None);
        Assert.Empty(damaged);
        return forgotten;
    }

    private static async Task<string> DecideAsync(Product product, CustomerId customer, string cause) =>
        (await product.Get<NextBestActions>().DecideAsync(customer, new DecisionRequest("app"), cause, product.Clock.GetUtcNow(), CancellationToken.None)).DecisionId;

    private static async Task<Product> WithCustomersAsync(int customers, params string[] settings)
    {
        var product = await Product.PartsAsync(settings: settings);
        await StrategyInForce.PutAsync(product, StrategyInForce.Cards());
        for (var each = 1; each <= customers; each++)
        {
            await product.Get<CustomerStore>().UpdateAsync(CustomerId.Parse($"C-{each}"), session =>
            {
                session.PutBlock(new CustomerState().ToBlock());
                new Profile(1, new JsonObject { ["country"] = "DE", ["products"] = new JsonObject { ["card"] = "classic" } }).PutInto(session, Profile.Empty, product.Clock.GetUtcNow());
                return true;
            }, CancellationToken.None);
        }

        return product;
    }
}
