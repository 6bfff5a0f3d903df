using ServerlessCLM.Customers;
using ServerlessCLM.Emulator;
using ServerlessCLM.Functions.Journeys;
using ServerlessCLM.Journeys;

namespace ServerlessCLM.Tests.Journeys;

public class JourneyTotalsTests : ProductTests
{
    [Fact]
    public async Task Counts_stay_when_their_ids_are_forgotten_and_an_id_is_remembered_for_thirty_days()
    {
        await using var product = await PartsAsync();
        var (totals, customer) = (product.Get<JourneyTotals>(), CustomerId.Parse("C-1"));
        var id = JourneyCatalogue.All[0].Id;
        var (old, young) = (Count("old", -31), Count("young", -29));
        await totals.AddAsync([(customer, old), (customer, young)], CancellationToken.None);
        await totals.AddAsync([(customer, old), (customer, young)], CancellationToken.None);
        Assert.Equal(2, (await totals.ReadAsync(id, 1, CancellationToken.None)).Entered);

        await new ForgetJourneyCounts(product.Get<LiveJourneys>(), totals).RunAsync(new TimerInfo(), CancellationToken.None);
        await totals.AddAsync([(customer, young)], CancellationToken.None);
        Assert.Equal(2, (await totals.ReadAsync(id, 1, CancellationToken.None)).Entered);
        await totals.AddAsync([(customer, old)], CancellationToken.None);
        Assert.Equal(3, (await totals.ReadAsync(id, 1, CancellationToken.None)).Entered);

        JourneyCount Count(string instance, int days) => new(id, 1, instance, 0) { Entered = 1, At = Product.Now.AddDays(days) };
    }
}
