using ServerlessCLM.Customers;
using ServerlessCLM.Models;
using ServerlessCLM.Emulator;
using ServerlessCLM.Scoring;
using ServerlessCLM.Tests.Emulator;

namespace ServerlessCLM.Tests.Scoring;

public class SilenceScoringTests : ProductTests
{
    private static readonly CustomerId Customer = CustomerId.Parse("C");

    [Fact]
    public async Task Silence_is_noticed_without_an_event_and_once()
    {
        await using var product = await PartsAsync();
        await PayAsync(product, 1, Product.Now);
        var silence = product.Get<SilenceScoring>();

        Assert.Equal(0, (await silence.WakeAsync(CancellationToken.None)).Signals);
        product.Clock.Advance(TimeSpan.FromDays(59));
        await silence.WakeAsync(CancellationToken.None);
        Assert.DoesNotContain("dormant_60", await SignalsAsync(product));

        product.Clock.Advance(TimeSpan.FromDays(2));
        await silence.WakeAsync(CancellationToken.None);
        await silence.WakeAsync(CancellationToken.None);
        Assert.Single(await SignalsAsync(product), "dormant_60");

        product.Clock.Advance(TimeSpan.FromDays(130));
        await silence.WakeAsync(CancellationToken.None);
        Assert.Single(await SignalsAsync(product), "dormant_180");
        Assert.Single(await SignalsAsync(product), "dormant_60");
        product.Clock.Advance(TimeSpan.FromDays(1000));
        Assert.Equal(0, (await silence.WakeAsync(CancellationToken.None)).Signals);
    }

    [Fact]
    public async Task A_payment_in_time_moves_the_look_on_without_an_index_write()
    {
        await using var product = await PartsAsync();
        for (var day = 0; day < 10; day++)
            await PayAsync(product, day, Product.Now.AddDays(day - 10));
        Assert.Equal(1, await WakesAsync(product));

        product.Clock.Advance(TimeSpan.FromDays(55));
        await product.Get<SilenceScoring>().WakeAsync(CancellationToken.None);
        Assert.DoesNotContain("dormant_60", await SignalsAsync(product));
        Assert.Equal(1, await WakesAsync(product));
    }

    [Fact]
    public async Task A_look_announced_by_a_commit_under_way_is_not_lost_when_the_timer_comes_by_before_the_commit()
    {
        await using var product = await Product.PartsAsync();
        await product.Get<CustomerStore>().UpdateAsync(Customer, Touch, CancellationToken.None);
        var due = Product.Now.AddHours(-1).ToUnixTimeMilliseconds();
        await product.Get<WakeIndex>().ScheduleAsync(Customer.PartitionKey("bank"), due, CancellationToken.None);
        var attempts = 0;
        await product.Get<CustomerStore>().UpdateAsync(Customer, session =>
        {
#pragma warning disable VSTHRD002 // A change is synchronous; only here does something else happen in the middle of one.
            if (attempts++ == 0)
                Task.Run(() => product.Get<SilenceScoring>().WakeAsync(CancellationToken.None)).Wait();
#pragma warning restore VSTHRD002
            session.WakeBy(due);
            return 0;
        }, CancellationToken.None);

        // The commit that had read the customer before the look failed, and announced its look anew.
        Assert.Equal(2, attempts);
        Assert.Equal(1, await WakesAsync(product));
    }

    [Fact]
    public async Task A_look_announced_again_is_not_cleared_with_the_one_before()
    {
        await using var product = await Product.PartsAsync();
        var (wakes, due) = (product.Get<WakeIndex>(), Product.Now.AddHours(-1).ToUnixTimeMilliseconds());
        await wakes.ScheduleAsync(Customer.PartitionKey("bank"), due, CancellationToken.None);
        await foreach (var wake in wakes.DueAsync(Product.Now.ToUnixTimeMilliseconds(), CancellationToken.None))
        {
            await wakes.ScheduleAsync(Customer.PartitionKey("bank"), due, CancellationToken.None);
            await wakes.ClearAsync(wake, CancellationToken.None);
        }

        Assert.Equal(1, await WakesAsync(product));
    }

    [Fact]
    public async Task A_look_announced_by_a_first_commit_under_way_waits_for_it()
    {
        await using var product = await Product.PartsAsync();
        await product.Get<WakeIndex>().ScheduleAsync(Customer.PartitionKey("bank"), Product.Now.AddHours(-1).ToUnixTimeMilliseconds(), CancellationToken.None);
        await product.Get<SilenceScoring>().WakeAsync(CancellationToken.None);
        Assert.Equal(1, await WakesAsync(product));

        product.Clock.Advance(TimeSpan.FromDays(2));
        await product.Get<SilenceScoring>().WakeAsync(CancellationToken.None);
        Assert.Equal(0, await WakesAsync(product));
    }

    private static int Touch(CustomerSession session)
    {
        session.PutBlock([]);
        return 0;
    }

    [Fact]
    public async Task A_row_that_a_crash_left_in_the_index_finds_nothing_and_goes()
    {
        await using var product = await PartsAsync();
        await PayAsync(product, 1, Product.Now);
        await product.Get<WakeIndex>().ScheduleAsync(Customer.PartitionKey("bank"), Product.Now.ToUnixTimeMilliseconds(), CancellationToken.None);
        var before = await product.BlockAsync("C");
        Assert.Equal((1, 0), await product.Get<SilenceScoring>().WakeAsync(CancellationToken.None));
        Assert.Equal(before, await product.BlockAsync("C"));
        Assert.Equal(1, await WakesAsync(product));
    }

    [Fact]
    public async Task A_customer_who_cannot_be_read_holds_up_nobody_else()
    {
        await using var product = await Product.PartsAsync();
        await PayAsync(product, 1, Product.Now);
        var damaged = CustomerId.Parse("A-damaged");
        await product.Get<PaymentScoring>().ScoreAsync(EventStreams.TransactionsHub, "0",
            [Product.Delivered(Product.Payment(damaged.Value, "1", Product.Now), 2)], CancellationToken.None);
        var table = product.Get<CustomerTables>().Of(damaged);
        var state = (await table.GetEntityAsync<TableEntity>(damaged.PartitionKey("bank"), CustomerRows.State)).Value;
        state["Block"] = new byte[] { 1, 2, 3 };
        await table.UpdateEntityAsync(state, Azure.ETag.All, TableUpdateMode.Replace);
        // The damage is on disk only; another instance reads it.
        using var second = new CustomerStore(product.Get<CustomerTables>(), product.Get<MasterKeys>(), product.Get<IntentIndex>(),
            product.Get<WakeIndex>(), product.Get<AuditIndex>(), product.Get<AuditChain>(), product.Get<ProductOptions>(), product.Clock);
        var silence = new SilenceScoring(
            second, product.Get<WakeIndex>(), product.Get<Outbox>(), product.Get<LiveModels>(), product.Get<ProductOptions>(), product.Clock);
        product.Clock.Advance(TimeSpan.FromDays(61));

        var failure = await Assert.ThrowsAsync<AggregateException>(() => silence.WakeAsync(CancellationToken.None));
        Assert.Contains("A-damaged", failure.Message, StringComparison.Ordinal);
        Assert.Single(await SignalsAsync(product), "dormant_60");
    }

    [Fact]
    public async Task An_erased_customer_is_not_looked_in_on()
    {
        await using var product = await PartsAsync();
        await PayAsync(product, 1, Product.Now);
        await product.Get<CustomerStore>().EraseAsync(Customer, CancellationToken.None);
        product.Clock.Advance(TimeSpan.FromDays(70));
        Assert.Equal((1, 0), await product.Get<SilenceScoring>().WakeAsync(CancellationToken.None));
        Assert.Equal(0, await WakesAsync(product));
    }

    private static Task PayAsync(Product product, long sequence, DateTimeOffset time) => product.Get<PaymentScoring>().ScoreAsync(
        EventStreams.TransactionsHub, "0", [Product.Delivered(Product.Payment("C", $"{sequence}", time), sequence)], CancellationToken.None);

    private static async Task<List<string>> SignalsAsync(Product product) =>
        [.. (await product.Get<CustomerStore>().ReadAsync(Customer, CancellationToken.None))!.Of(CustomerRows.SignalPrefix).Select(row => (string)row["name"]!)];

    private static async Task<int> WakesAsync(Product product)
    {
        var count = 0;
        await foreach (var _ in product.Get<CustomerTables>().Wakes.QueryAsync<TableEntity>())
            count++;
        return count;
    }
}

/// <summary>The same over the storage REST protocol.</summary>
public sealed class SilenceScoringOnAzurite(Azurite azurite) : SilenceScoringTests
{
    protected override async Task<string?> NewStorageAsync() => await azurite.NewAccountAsync();
}
