using ServerlessCLM.Customers;
using ServerlessCLM.Scoring;
using ServerlessCLM.Scoring.Lifecycle;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Scoring.Lifecycle;

public sealed class StageCensusTests
{
    [Fact]
    public async Task A_move_is_counted_once_however_often_customers_are_counted_and_who_is_erased_is_gone()
    {
        await using var product = await Product.PartsAsync();
        var census = product.Get<StageCensus>();
        await Pay(product, "C-1", "C-2", "C-3");
        Assert.Null(await census.ReadAsync(CancellationToken.None));
        Assert.Equal(3, await census.GoOnAsync(int.MaxValue, anew: false, CancellationToken.None));
        Assert.Equal(0, await census.GoOnAsync(int.MaxValue, anew: false, CancellationToken.None));
        Assert.Equal(3, await census.GoOnAsync(int.MaxValue, anew: true, CancellationToken.None));
        var first = await census.ReadAsync(CancellationToken.None);
        Assert.Equal(3, first!.Customers[(int)LifecycleStage.Onboarding]);
        Assert.Equal([new StageMove(DateOnly.FromDateTime(Product.Now.UtcDateTime), null, LifecycleStage.Onboarding, 3)], first.Moves);

        product.Clock.Advance(TimeSpan.FromDays(61));
        await Pay(product, "C-3");
        await product.Get<CustomerStore>().EraseAsync(CustomerId.Parse("C-2"), CancellationToken.None);
        await census.GoOnAsync(int.MaxValue, anew: false, CancellationToken.None);
        var later = await census.ReadAsync(CancellationToken.None);
        Assert.Equal((1, 1), (later!.Customers[(int)LifecycleStage.Dormant], later.Customers[(int)LifecycleStage.Onboarding]));
        Assert.Equal([new StageMove(DateOnly.FromDateTime(Product.Now.AddDays(61).UtcDateTime), LifecycleStage.Onboarding, LifecycleStage.Dormant, 1)], later.Moves);
        Assert.Equal(["C-1"], (await census.ListAsync(LifecycleStage.Dormant, "", 10, "", CancellationToken.None)).Select(each => each.Customer));
        Assert.Empty(await census.ListAsync(LifecycleStage.Dormant, "", 10, "C-1", CancellationToken.None));
        Assert.Equal(["C-3"], (await census.ListAsync(LifecycleStage.Onboarding, "C-", 10, "", CancellationToken.None)).Select(each => each.Customer));
    }

    [Fact]
    public async Task A_count_that_stops_goes_on_where_it_stopped()
    {
        await using var product = await Product.PartsAsync();
        var census = product.Get<StageCensus>();
        await Pay(product, [.. Enumerable.Range(0, 20).Select(number => $"C-{number}")]);
        var rounds = new List<int>();
        while (await census.GoOnAsync(5, anew: false, CancellationToken.None) is > 0 and var looked)
            rounds.Add(looked);
        Assert.Equal(20, rounds.Sum());
        Assert.True(rounds.Count > 2);
        Assert.Equal(20, (await census.ReadAsync(CancellationToken.None))!.Customers.Sum());
    }

    [Fact]
    public async Task Who_was_left_unread_is_in_the_stage_that_a_look_would_have_found()
    {
        await using var product = await Product.PartsAsync();
        var (census, store, random) = (product.Get<StageCensus>(), product.Get<CustomerStore>(), new Random(20));
        string[] customers = ["C-1", "C-2", "C-3", "C-4", "C-5"];
        for (var day = 0; day < 400; day++)
        {
            // Some pay often, some hardly ever, all less in the second half.
            string[] paying = [.. customers.Where((_, place) => random.Next(1 << (2 * place)) < (day < 200 ? 3 : 1) && random.Next(4) == 0)];
            if (paying.Length > 0)
                await Pay(product, paying);
            await census.GoOnAsync(int.MaxValue, anew: true, CancellationToken.None);
            var now = product.Clock.GetUtcNow();
            foreach (var stage in LifecycleStages.All)
            {
                var expected = new List<string>();
                foreach (var customer in customers)
                {
                    var found = await store.UpdateAsync(CustomerId.Parse(customer), session =>
                    {
                        var state = new CustomerState();
                        state.Read(session.Block.Span);
                        return session.Exists && LifecycleStages.Of(state.Features, 0, now.ToUnixTimeMilliseconds()) == stage;
                    }, CancellationToken.None);
                    if (found.Result)
                        expected.Add(customer);
                }

                Assert.Equal((day, stage, string.Join(",", expected)),
                    (day, stage, string.Join(",", (await census.ListAsync(stage, "", 10, "", CancellationToken.None)).Select(each => each.Customer))));
            }

            product.Clock.Advance(TimeSpan.FromHours(23 + random.Next(3)));
        }
    }

    private static async Task Pay(Product product, params string[] customers)
    {
        var now = product.Clock.GetUtcNow();
        var events = customers.Select((customer, place) => Product.Delivered(Product.Payment(customer, $"{now:O}", now), now.ToUnixTimeMilliseconds() + place, now)).ToList();
        await product.Get<PaymentScoring>().ScoreAsync(EventStreams.TransactionsHub, "0", events, CancellationToken.None);
    }
}
