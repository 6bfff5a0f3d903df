using ServerlessCLM.Transactions;

namespace ServerlessCLM.Simulation;

/// <summary>Journeys: booked weeks before, then lodging, spending and cash at the place and at its time.</summary>
internal sealed partial class CustomerWalk
{
    private const ushort Airline = 4511, Lodging = 7011;

    private static readonly (ushort Category, string Merchant, double Median)[] atThePlace =
    [
        (5812, "Trattoria", 34), (5812, "Seaside Grill", 29), (5814, "Kiosk", 9), (5411, "Minimarket", 16),
        (5411, "Minimarket", 16), (5813, "Beach Bar", 18), (4121, "Airport Taxi", 24), (7991, "Sights", 22), (5947, "Souvenirs", 17), (5541, "Roadside Fuel", 46), (5651, "Boutique", 45),
        (SpendingCategory.CashMachine, "Foreign Cash Machine", 90),
    ];

    private int _tripStarts = Never, _tripEnds = Never;
    private Destination _destination = Destination.All[0];

    private void BookTrip(long midnight, ref Draws draws)
    {
        if (IsDistressed || !_cardActive || _tripEnds >= _day)
            return;

        var cost = Math.Clamp(_income / (_market.PriceLevel * 230_000), 0.5, 2.5);
        var days = draws.Chance(0.4) ? draws.Between(2, 4) : draws.Between(5, 15);
        _destination = draws.Pick<Destination>(Destination.All);
        if (_destination.Country == _customer.Country)
            _destination = Destination.All[0];
        _tripStarts = _day + draws.Between(12, 65);
        _tripEnds = _tripStarts + days;
        TellTruth(midnight, LifeEventKind.Travel, days, DateOfDay(_tripEnds));
        var travellers = Math.Min(4, 1 + _children + (_customer.Household - _customer.Children > 1 ? 1 : 0));
        PlanPurchase(_day, Airline, "Sky Airways", draws.LogNormal(_destination.Fare, 0.3) * travellers,
            second: draws.Between(61_200, 82_000));
        PlanPurchase(_tripStarts, Lodging, $"Hotel {_destination.Country}", draws.LogNormal(62, 0.3) * days * cost, _destination,
            draws.Between(50_400, 75_600));
    }

    private void Travel()
    {
        if (_day < _tripStarts || _day >= _tripEnds)
            return;

        var draws = Drawing(DrawPurpose.Trip, _day);
        var clock = _abroad[Array.IndexOf(Destination.All, _destination)];
        // e^-2.4: 2.4 purchases a day.
        for (var left = draws.Poisson(0.09071795328941251); left > 0; left--)
        {
            var (category, merchant, median) = draws.Pick<(ushort, string, double)>(atThePlace);
            var cash = category == SpendingCategory.CashMachine;
            var cents = Local(draws.LogNormal(median, 0.5));
            Plan(_day, HourProfile.Meals.Second(ref draws), new Draft(Step.Purchase, cash ? PaymentKind.Cash : PaymentKind.Card,
                cash ? -(((cents / 1000) + 1) * 1000) : -cents, category, merchant, _destination.Country, clock));
        }
    }
}
