using System.Globalization;
using ServerlessCLM.Decisions.Authorizations;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Simulation;

/// <summary>
/// Card fraud laid over a simulated life: a stolen card emptied at terminals and machines nearby, a copied stripe used abroad, a number tried
/// online with small amounts and then spent. Its draws are its own, so that the life itself stays what it is.
/// </summary>
public static class CardFraud
{
    /// <summary>Likelihood that a card is misused within a quarter of a year. About ten times that of a calm market, so that there is something to learn from.</summary>
    private const double PerQuarter = 0.02;

    private static readonly (string Category, string Trade, double Median)[] terminals =
        [("5732", "Electronics", 260), ("5311", "Department Store", 140), ("5944", "Jeweller", 320), ("5541", "Filling Station", 60), ("5411", "Grocer", 55), ("5993", "Tobacconist", 48)];

    private static readonly (string Category, string Trade, double Median)[] webshops =
        [("5732", "Online Electronics", 290), ("5947", "Gift Cards", 110), ("5816", "Games", 60), ("4511", "Flight Portal", 380), ("5651", "Online Fashion", 130)];

    private static readonly string[] farAway = ["US", "BR", "ID", "PH", "NG", "MX", "TH", "TR"];

    /// <summary>A customer's payments with those of fraudsters between them, in ascending time; with each that asks to be let through how it does.</summary>
    public static IEnumerable<(PaymentRecord Payment, SimulatedAuthorization? Asked)> Payments(Portfolio portfolio, SimulatedCustomer customer)
    {
        using var episodes = Episodes(portfolio.Options, customer).GetEnumerator();
        var fraud = episodes.MoveNext() ? episodes.Current : null;
        foreach (var payment in portfolio.Payments(customer))
        {
            for (; fraud is not null && fraud.Payment.Time < payment.Time; fraud = episodes.MoveNext() ? episodes.Current : null)
                yield return (fraud.Payment, fraud);
            yield return (payment, payment is { Kind: PaymentKind.Card or PaymentKind.Cash, Amount: < 0 } ? Presented(portfolio.Options.Seed, customer, payment) : null);
        }
    }

    /// <summary>How the customer's own payment was made: what is bought online, what by chip and PIN, what held to the terminal.</summary>
    private static SimulatedAuthorization Presented(ulong seed, SimulatedCustomer customer, PaymentRecord payment)
    {
        var draws = new Draws(seed, customer.Index, DrawPurpose.Presentment, (int)(payment.Time.ToUnixTimeSeconds() & int.MaxValue));
        if (payment.Kind == PaymentKind.Cash)
            return new SimulatedAuthorization(payment, AuthorizationChannel.Atm, true, false);

        var online = payment.Mcc is { } category && MerchantCategories.GroupOf(int.Parse(category, CultureInfo.InvariantCulture)) is var group
            ? group switch { ContentGroup.Travel => 0.5, ContentGroup.Electronics => 0.4, ContentGroup.Fashion => 0.35, ContentGroup.Entertainment => 0.5, _ => 0.04 }
            : 0.1;
        if (draws.Chance(online))
            return new SimulatedAuthorization(payment, AuthorizationChannel.Online, draws.Chance(0.4), false);

        var held = draws.Chance(-payment.Amount < (decimal)(50 * customer.Market.PriceLevel) ? 0.7 : 0.15);
        return held ? new SimulatedAuthorization(payment, AuthorizationChannel.Contactless, false, false)
            : new SimulatedAuthorization(payment, draws.Chance(0.03) ? AuthorizationChannel.Swipe : AuthorizationChannel.Chip, draws.Chance(0.95), false);
    }

    private static IEnumerable<SimulatedAuthorization> Episodes(PortfolioOptions options, SimulatedCustomer customer)
    {
        var quarter = 0;
        for (var day = options.Start; day < options.End; day = day.AddDays(90), quarter++)
        {
            var draws = new Draws(options.Seed, customer.Index, DrawPurpose.Fraud, quarter);
            if (!draws.Chance(PerQuarter))
                continue;

            var at = new DateTimeOffset(day.AddDays(draws.Between(0, 85)), new TimeOnly(draws.Between(0, 23), draws.Between(0, 59)), TimeSpan.Zero);
            var kind = draws.Between(0, 2);
            var place = kind == 1 ? draws.Pick<string>(farAway) : customer.Country;
            var count = draws.Between(3, 12);
            for (var number = 0; number < count; number++)
            {
                at = at.AddSeconds(draws.Between(kind == 2 ? 20 : 240, kind == 2 ? 900 : 5_400));
                var id = string.Create(CultureInfo.InvariantCulture, $"{customer.Id}-fraud-{quarter}-{number}");
                yield return kind switch
                {
                    0 => Stolen(ref draws, customer, id, at, place),
                    1 => Copied(ref draws, customer, id, at, place),
                    _ => Tried(ref draws, customer, id, at, number),
                };
            }
        }
    }

    private static SimulatedAuthorization Stolen(ref Draws draws, SimulatedCustomer customer, string id, DateTimeOffset at, string country)
    {
        var (category, trade, median) = draws.Pick<(string, string, double)>(terminals);
        // Without the PIN amounts stay below what a card held to the terminal may pay, or the stripe is swiped.
        var held = draws.Chance(0.6);
        var euros = held ? draws.Between(15.0, 50.0) : draws.LogNormal(median, 0.5);
        return Misuse(ref draws, customer, id, at, (category, trade), euros, country, held ? AuthorizationChannel.Contactless : AuthorizationChannel.Swipe);
    }

    private static SimulatedAuthorization Copied(ref Draws draws, SimulatedCustomer customer, string id, DateTimeOffset at, string country)
    {
        if (draws.Chance(0.35))
            return Misuse(ref draws, customer, id, at, ("6011", "Cash Machine"), draws.Between(1, 4) * 100, country, AuthorizationChannel.Atm);

        var (category, trade, median) = draws.Pick<(string, string, double)>(terminals);
        return Misuse(ref draws, customer, id, at, (category, trade), draws.LogNormal(median, 0.6), country, AuthorizationChannel.Swipe);
    }

    private static SimulatedAuthorization Tried(ref Draws draws, SimulatedCustomer customer, string id, DateTimeOffset at, int number)
    {
        var (category, trade, median) = draws.Pick<(string, string, double)>(webshops);
        var euros = number < 3 ? draws.Between(0.5, 3.0) : draws.LogNormal(median, 0.6);
        return Misuse(ref draws, customer, id, at, (category, trade), euros, draws.Chance(0.5) ? "IE" : customer.Country, AuthorizationChannel.Online);
    }

    private static SimulatedAuthorization Misuse(
        ref Draws draws, SimulatedCustomer customer, string id, DateTimeOffset at, (string Category, string Trade) shop, double euros, string country, AuthorizationChannel channel)
    {
        var amount = Math.Max(0.01m, Math.Round((decimal)(euros * customer.Market.PriceLevel), 2));
        return new SimulatedAuthorization(new PaymentRecord
        {
            Source = "/simulation/fraud", Id = id, Customer = customer.Id, Time = at, AccountId = customer.AccountId, Amount = -amount, Currency = customer.Currency,
            Kind = channel == AuthorizationChannel.Atm ? PaymentKind.Cash : PaymentKind.Card, Status = PaymentStatus.Booked, Mcc = shop.Category,
            Merchant = string.Create(CultureInfo.InvariantCulture, $"{shop.Trade} {draws.Between(100, 999)}"), Country = country,
        }, channel, channel == AuthorizationChannel.Online && draws.Chance(0.04), true);
    }
}
