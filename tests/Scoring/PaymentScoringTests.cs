using System.Text;
using ServerlessCLM.Customers;
using ServerlessCLM.Emulator;
using ServerlessCLM.Models;
using ServerlessCLM.Scoring;
using ServerlessCLM.Transactions;
using ServerlessCLM.Tests.Emulator;

namespace ServerlessCLM.Tests.Scoring;

public class PaymentScoringTests : ProductTests
{
    private const string Hub = EventStreams.TransactionsHub;

    [Fact]
    public async Task A_bad_event_among_999_good_ones_is_set_aside_and_the_others_count()
    {
        await using var product = await PartsAsync();
        var events = Enumerable.Range(0, 1000).Select(i => Product.Delivered(
            i == 500
                ? Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Product.Payment($"C-{i}", $"{i}", Product.Now)).Replace("-10", "\"ten\"", StringComparison.Ordinal))
                : Product.Payment($"C-{i % 40}", $"{i}", Product.Now), i)).ToArray();

        var summary = await product.Get<PaymentScoring>().ScoreAsync(Hub, "3", events, CancellationToken.None);

        Assert.Equal(999, summary.Counted);
        Assert.Equal(1, summary.Rejected);
        var (letters, _) = await product.Get<DeadLetters>().ListAsync(Hub, open: true, 100, null, CancellationToken.None);
        var letter = Assert.Single(letters);
        Assert.Equal("data.amount", letter.Rejection.Field);
        Assert.Equal(DeadLetter.IdOf("3", 500), letter.Id);
        var whole = await product.Get<DeadLetters>().FindAsync(Hub, letter.Id, CancellationToken.None);
        Assert.Equal(events[500].EventBody.ToArray(), whole!.Body.ToArray());
    }

    [Fact]
    public async Task Redelivery_from_any_checkpoint_in_any_batches_gives_the_same_bytes()
    {
        var random = new Rng(11);
        var events = History(random, customers: 6, count: 400);
        await using var straight = await PartsAsync();
        await straight.Get<PaymentScoring>().ScoreAsync(Hub, "0", events, CancellationToken.None);
        var expected = await SnapshotAsync(straight, 6);

        for (var round = 0; round < 12; round++)
        {
            await using var product = await PartsAsync();
            var scoring = product.Get<PaymentScoring>();
            var next = 0;
            while (next < events.Length)
            {
                // A crash puts the checkpoint back anywhere; the next batch is of any size.
                var from = random.Below(4) == 0 ? random.Below(next + 1) : next;
                var to = Math.Min(events.Length, from + 1 + random.Below(90));
                await scoring.ScoreAsync(Hub, "0", events[from..to], CancellationToken.None);
                next = Math.Max(next, to);
            }

            Assert.Equal(expected, await SnapshotAsync(product, 6));
        }
    }

    [Fact]
    public async Task Two_instances_given_the_same_batches_at_once_count_each_event_once()
    {
        var events = History(new Rng(5), customers: 4, count: 300);
        await using var straight = await PartsAsync();
        var once = await straight.Get<PaymentScoring>().ScoreAsync(Hub, "0", events, CancellationToken.None);
        await using var product = await PartsAsync();
        var scoring = product.Get<PaymentScoring>();

        var summaries = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var sum = default(ScoringSummary);
            foreach (var batch in events.Chunk(50))
                sum += await scoring.ScoreAsync(Hub, "0", batch, CancellationToken.None);
            return sum;
        })));

        Assert.Equal(once.Counted, summaries.Sum(summary => summary.Counted));
        Assert.Equal(once.Signals, summaries.Sum(summary => summary.Signals));
        Assert.Equal(await SnapshotAsync(straight, 4), await SnapshotAsync(product, 4));
    }

    [Fact]
    public async Task A_payment_set_aside_for_want_of_a_rate_counts_when_it_is_sent_again_with_one()
    {
        using var folder = new ServerlessCLM.Tests.Emulator.Hosting.TestFolder();
        var dollars = Product.Payment("C", "2", Product.Now.AddHours(-2), -20m, "USD");
        await using (var product = await Product.PartsAsync(folder.Path))
        {
            await product.Get<PaymentScoring>().ScoreAsync(
                Hub, "0", [Product.Delivered(Product.Payment("C", "1", Product.Now.AddHours(-3)), 1), Product.Delivered(dollars, 2)], CancellationToken.None);
        }

        await using var rated = await Product.PartsAsync(folder.Path, "--Clm:Rates:USD_EUR=0.5");
        Assert.Equal(1, (await rated.Get<PaymentScoring>().ScoreAsync(Hub, "0", [Product.Delivered(dollars, 2)], CancellationToken.None)).Redelivered);
        var resent = await rated.Get<PaymentScoring>().ScoreAsync(Hub, "0", [Product.Delivered(dollars, 3)], CancellationToken.None);
        Assert.Equal((1, 0), (resent.Counted, resent.Repeated));
    }

    [Fact]
    public async Task An_amount_that_no_longer_fits_once_converted_is_set_aside()
    {
        await using var product = await Product.PartsAsync(null, "--Clm:Rates:USD_EUR=30000", "--Clm:Rates:CHF_EUR=9999999999999999999999999");
        var summary = await product.Get<PaymentScoring>().ScoreAsync(Hub, "0",
        [
            Product.Delivered(Product.Payment("C", "1", Product.Now.AddHours(-3)), 1),
            Product.Delivered(Product.Payment("C", "2", Product.Now.AddHours(-2), -1_000_000_000_000m, "USD"), 2),
            Product.Delivered(Product.Payment("C", "3", Product.Now.AddHours(-2), -1_000_000_000_000m, "CHF"), 3),
            Product.Delivered(Product.Payment("C", "4", Product.Now.AddHours(-2), -1m, "USD", balance: 999_999_999_999m), 4),
            Product.Delivered(Product.Payment("C", "5", Product.Now.AddHours(-1), -1m, "USD"), 5),
        ], CancellationToken.None);

        Assert.Equal((2, 3), (summary.Counted, summary.Rejected));
        var (letters, _) = await product.Get<DeadLetters>().ListAsync(Hub, open: true, 100, null, CancellationToken.None);
        Assert.Equal(["data.amount", "data.amount", "data.balanceAfter"], letters.Select(letter => letter.Rejection.Field).Order());
    }

    [Fact]
    public async Task A_payment_on_the_first_day_of_1970_is_set_aside()
    {
        await using var product = await Product.PartsAsync();
        var summary = await product.Get<PaymentScoring>().ScoreAsync(Hub, "0",
            [Product.Delivered(Product.Payment("C", "1", DateTimeOffset.UnixEpoch.AddHours(5)), 1), Product.Delivered(Product.Payment("C", "2", Product.Now), 2)],
            CancellationToken.None);

        Assert.Equal((1, 1), (summary.Counted, summary.Rejected));
    }

    [Fact]
    public async Task Signals_of_a_commit_fit_their_outbox_row_at_the_longest()
    {
        await using var product = await Product.PartsAsync();
        var customer = CustomerId.Parse(new string('C', CustomerId.MaxLength));
        var sent = 0;
        while (sent < 200)
        {
            var commit = await product.Get<CustomerStore>().UpdateAsync(customer, session =>
            {
                session.PutBlock([1]);
                for (; sent < 200 && session.HasRoom; sent += 21)
                {
                    // The most that one payment can raise: every silence before it, and its own.
                    for (var i = 0; i < 26; i++)
                    {
                        SignalEffects.Raise(session, new Signal(SignalKind.CategoryLapsed, Product.Now.ToUnixTimeMilliseconds() + 1, (ulong)((sent * 100) + i),
                            -1.2345678901234567e-300, -1.2345678901234567e-300, ContentGroup.Groceries));
                    }
                }

                return 0;
            }, CancellationToken.None);
            Assert.NotNull(commit.Outbox);
        }
    }

    [Fact]
    public async Task Another_currency_is_set_aside_without_a_rate_and_converted_with_one()
    {
        var events = new[]
        {
            Product.Delivered(Product.Payment("C", "1", Product.Now.AddHours(-3), -10m), 1),
            Product.Delivered(Product.Payment("C", "2", Product.Now.AddHours(-2), -20m, "USD"), 2),
            Product.Delivered(Product.Payment("C", "3", Product.Now.AddHours(-1), -30m), 3),
        };
        await using var without = await PartsAsync();
        Assert.Equal(new ScoringSummary { Counted = 2, Rejected = 1, Signals = 1 }, await without.Get<PaymentScoring>().ScoreAsync(Hub, "0", events, CancellationToken.None));
        var (letters, _) = await without.Get<DeadLetters>().ListAsync(Hub, true, 10, null, CancellationToken.None);
        Assert.Equal("data.currency", Assert.Single(letters).Rejection.Field);
        Assert.Equal(new ScoringSummary { Redelivered = 3 }, await without.Get<PaymentScoring>().ScoreAsync(Hub, "0", events, CancellationToken.None));

        await using var with = await PartsAsync(null, "--Clm:Rates:USD/EUR=0.5");
        Assert.Equal(3, (await with.Get<PaymentScoring>().ScoreAsync(Hub, "0", events, CancellationToken.None)).Counted);
        var view = Functions.Customers.CustomerView.Of((await with.Get<CustomerStore>().ReadAsync(CustomerId.Parse("C"), CancellationToken.None))!, Product.Now, ModelSet.Shipped);
        Assert.Equal(50f, (float)view["features"]!["outflow_30d"]!);
    }

    [Fact]
    public async Task Signals_leave_once_through_the_outbox_and_stay_with_the_customer()
    {
        await using var product = await PartsAsync();
        var events = new[] { Product.Delivered(Product.Payment("C", "1", Product.Now), 1) };
        await product.Get<PaymentScoring>().ScoreAsync(Hub, "0", events, CancellationToken.None);
        await product.Get<PaymentScoring>().ScoreAsync(Hub, "0", events, CancellationToken.None);

        var partition = await product.Get<CustomerStore>().ReadAsync(CustomerId.Parse("C"), CancellationToken.None);
        var signal = Assert.Single(partition!.Of(CustomerRows.SignalPrefix));
        Assert.Equal("first_use", (string)signal["name"]!);
        Assert.Empty(partition.Of(CustomerRows.OutboxPrefix));
        Assert.Equal(1, product.Get<EventHubsNamespace>().GetLag(EventStreams.SignalsHub, "a-reader"));
        product.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, await product.Get<Outbox>().RelayAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_commit_with_many_signals_is_cut_into_transactions_that_fit()
    {
        await using var product = await PartsAsync();
        var events = Enumerable.Range(0, 300).Select(i => Product.Delivered(Product.Payment("C", $"{i}", Product.Now.AddMinutes(-300 + i), mcc: "3001"), i)).ToArray();
        var summary = await product.Get<PaymentScoring>().ScoreAsync(Hub, "0", events, CancellationToken.None);

        Assert.Equal(300, summary.Counted);
        Assert.Equal(301, summary.Signals);
        var partition = await product.Get<CustomerStore>().ReadAsync(CustomerId.Parse("C"), CancellationToken.None);
        Assert.Equal(301, partition!.Of(CustomerRows.SignalPrefix).Select(row => (string)row["id"]!).Distinct().Count());
    }

    [Fact]
    public async Task Events_about_an_erased_customer_are_dropped_and_bring_nobody_back()
    {
        await using var product = await PartsAsync();
        var scoring = product.Get<PaymentScoring>();
        await scoring.ScoreAsync(Hub, "0", [Product.Delivered(Product.Payment("C", "1", Product.Now), 1)], CancellationToken.None);
        await product.Get<CustomerStore>().EraseAsync(CustomerId.Parse("C"), CancellationToken.None);

        var after = await scoring.ScoreAsync(Hub, "0", [Product.Delivered(Product.Payment("C", "2", Product.Now), 2)], CancellationToken.None);
        Assert.Equal(new ScoringSummary { Erased = 1 }, after);
        var partition = await product.Get<CustomerStore>().ReadAsync(CustomerId.Parse("C"), CancellationToken.None);
        Assert.Equal(Product.Now, partition!.Erased);
        Assert.Empty(partition.Rows);
    }

    private static EventData[] History(Rng random, int customers, int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => Product.Delivered(
            Product.Payment($"C-{random.Below(customers)}", random.Below(10) == 0 ? $"{i - 1}" : $"{i}",
                Product.Now.AddDays(-60).AddHours((i * 3) - random.Below(200)), (random.Below(2000) - 1500) / 10m,
                kind: (PaymentKind)random.Below(10), balance: random.Below(3) == 0 ? random.Below(3000) : null), i, Product.Now.AddMinutes(i))),
    ];

    private static async Task<string[]> SnapshotAsync(Product product, int customers)
    {
        var blocks = new List<string>();
        for (var i = 0; i < customers; i++)
        {
            var partition = await product.Get<CustomerStore>().ReadAsync(CustomerId.Parse($"C-{i}"), CancellationToken.None);
            blocks.Add(Convert.ToHexString(partition!.Block!));
            blocks.AddRange(partition.Of(CustomerRows.SignalPrefix).Select(row => row.ToJsonString()));
        }

        return [.. blocks];
    }
}

/// <summary>The same over the storage REST protocol.</summary>
public sealed class PaymentScoringOnAzurite(Azurite azurite) : PaymentScoringTests
{
    protected override async Task<string?> NewStorageAsync() => await azurite.NewAccountAsync();
}
