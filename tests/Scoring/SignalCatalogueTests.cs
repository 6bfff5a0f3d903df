using ServerlessCLM.Scoring;

namespace ServerlessCLM.Tests.Scoring;

public class SignalCatalogueTests
{
    [Fact]
    public void Every_kind_stands_in_its_place_under_its_name()
    {
        Assert.Equal(
            [
                "first_use", "salary_landed", "salary_raised", "salary_missing", "travel_booked", "home_buying", "large_deposit", "idle_balance",
                "category_lapsed", "dormant_60", "dormant_180", "direct_debit_returned", "decline_burst", "utilisation_creep", "balance_decline",
            ],
            SignalCatalogue.All.Select(signal => signal.Name));
        foreach (var kind in Enum.GetValues<SignalKind>())
        {
            Assert.Equal(kind, SignalCatalogue.All[(int)kind].Kind);
            Assert.Equal(kind, SignalCatalogue.KindOf(SignalCatalogue.NameOf(kind)));
        }

        Assert.Null(SignalCatalogue.KindOf("no_such_signal"));
    }
}
