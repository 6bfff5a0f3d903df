using System.Text.Json.Nodes;
using ServerlessCLM.Simulation;

namespace ServerlessCLM.Tests.Simulation;

/// <summary>What models learn from: debts missed, made good or lost, offers answered, products taken; each after its cause.</summary>
public class PortfolioOutcomeTests
{
    private static readonly Lazy<SimulatedFact[][]> lives = new(() =>
    {
        var portfolio = new Portfolio(new PortfolioOptions(12, 600, new DateOnly(2024, 1, 1), new DateOnly(2026, 1, 1)) { Turbulence = 3, Offers = true });
        return [.. portfolio.Customers.Select(customer => portfolio.Events(customer).OfType<SimulatedFact>().ToArray())];
    });

    private static IEnumerable<SimulatedFact[]> Lives => lives.Value;

    [Fact]
    public void Arrears_end_after_they_began()
    {
        var cured = 0;
        foreach (var life in Lives)
        {
            var open = false;
            foreach (var fact in life)
            {
                open |= Lifecycle(fact) == "payment_missed";
                if (Lifecycle(fact) != "arrears_cured")
                    continue;

                // What was missed before the start was told to nobody.
                Assert.True(open || fact.Time < life[0].Time.AddDays(180), $"{fact}");
                (open, cured) = (false, cured + 1);
            }
        }

        Assert.True(cured > 50, $"{cured}");
    }

    [Fact]
    public void Default_follows_ninety_days_of_missed_payments_and_what_comes_back_is_a_part()
    {
        var shares = new List<double>();
        foreach (var life in Lives)
        {
            if (life.FirstOrDefault(fact => Lifecycle(fact) == "default") is not { } end)
                continue;

            if (end.Time > life[0].Time.AddDays(101))
                Assert.Contains(life, fact => Lifecycle(fact) == "payment_missed" && fact.Time < end.Time.AddDays(-80));
            if (life.FirstOrDefault(fact => Lifecycle(fact) == "written_off") is not { } writtenOff)
                continue;

            Assert.Equal(180, (writtenOff.Time.UtcDateTime - end.Time.UtcDateTime).TotalDays, 0.1);
            var share = Amount(writtenOff, "recovered") / Amount(writtenOff, "exposure");
            Assert.InRange(share, 0, 1);
            shares.Add(share);
        }

        Assert.True(shares.Count > 15, $"{shares.Count}");
        Assert.InRange(shares.Average(), 0.2, 0.8);
        Assert.True(shares.Max() - shares.Min() > 0.4);
    }

    [Fact]
    public void Offers_are_answered_after_they_were_seen_and_each_product_is_taken_once()
    {
        int seen = 0, answered = 0;
        foreach (var life in Lives)
        {
            var offers = life.Where(fact => fact.Type == SimulatedFact.Outcome).ToList();
            foreach (var click in offers.Where(fact => (string)fact.Data["outcome"]! == "click"))
            {
                Assert.Contains(offers, fact => fact.Time < click.Time && (string)fact.Data["outcome"]! == "impression"
                    && (string)fact.Data["decisionId"]! == (string)click.Data["decisionId"]!);
                answered++;
            }

            seen += offers.Count;
            Assert.All(Opened(life).GroupBy(each => each.Product), product => Assert.Single(product));
        }

        Assert.InRange(answered / (double)(seen - answered), 0.02, 0.15);
    }

    [Fact]
    public void Those_who_were_offered_a_product_take_it_more_often()
    {
        // Product-months with and without an offer, and openings within the month.
        var (offered, taken, others, takenOtherwise) = (0, 0, 0, 0);
        foreach (var life in Lives)
        {
            foreach (var (offer, product) in life.Where(fact => fact.Type == SimulatedFact.Outcome && (string)fact.Data["outcome"]! == "impression")
                .Select(fact => (fact, (string)fact.Data["action"]!)))
            {
                offered++;
                taken += Opened(life).Any(each => each.Product == product && each.At > offer.Time && each.At < offer.Time.AddDays(28)) ? 1 : 0;
                others += 3;
                takenOtherwise += Opened(life).Count(each => each.Product is not ("mortgage" or "") && each.Product != product
                    && each.At > offer.Time && each.At < offer.Time.AddDays(28));
            }
        }

        Assert.True((double)taken / offered > 1.3 * takenOtherwise / others, $"{taken} of {offered}, {takenOtherwise} of {others}");
    }

    [Fact]
    public void Without_offers_none_are_made()
    {
        var portfolio = new Portfolio(new PortfolioOptions(12, 20, new DateOnly(2025, 1, 1), new DateOnly(2026, 1, 1)));
        Assert.DoesNotContain(portfolio.Customers.SelectMany(portfolio.Events).OfType<SimulatedFact>(), fact => fact.Type == SimulatedFact.Outcome);
    }

    private static string? Lifecycle(SimulatedFact fact) => fact.Type == SimulatedFact.Lifecycle ? (string)fact.Data["event"]! : null;

    private static IEnumerable<(string Product, DateTimeOffset At)> Opened(SimulatedFact[] life) => life
        .Where(fact => Lifecycle(fact) == "product_opened").Select(fact => ((string)fact.Data["details"]!["product"]!, fact.Time));

    private static double Amount(SimulatedFact fact, string name) => (double)fact.Data["details"]![name]!.AsValue().GetValue<decimal>();
}
