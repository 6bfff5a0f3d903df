using ServerlessCLM.Transactions;
using static ServerlessCLM.Transactions.ContentGroup;

namespace ServerlessCLM.Simulation;

/// <summary>Something people buy again and again.</summary>
/// <param name="Group">The content group that the customer's affinity scales.</param>
/// <param name="Category">Merchant category code.</param>
/// <param name="Trade">Stem of the merchants' names.</param>
/// <param name="PerMonth">Purchases in a month by a customer of affinity 1.</param>
/// <param name="Median">Median amount in German euros.</param>
/// <param name="Sigma">Deviation of the amount's logarithm.</param>
/// <param name="Hours">When in the day.</param>
/// <param name="Weekend">Rate on Saturdays and Sundays against other days.</param>
/// <param name="Needs">Whom it concerns.</param>
/// <param name="Peak">Month (1–12) in which it runs at one and a half times the rate; 0 for none.</param>
internal sealed record SpendingCategory(
    ContentGroup Group, ushort Category, string Trade, double PerMonth, double Median, double Sigma, HourProfile Hours, double Weekend = 1,
    SpendingNeed Needs = SpendingNeed.Everyone, int Peak = 0)
{
    private const int MerchantsPerTrade = 48;

    public static readonly SpendingCategory[] All =
    [
        new(Groceries, 5411, "Grocer", 11, 21, 0.7, HourProfile.Shops, 0.9, Peak: 12),
        new(Groceries, 5462, "Bakery", 5, 5, 0.5, HourProfile.Morning, 1.2),
        new(Groceries, 5499, "Corner Shop", 1.5, 9, 0.6, HourProfile.Evening),
        new(Dining, 5812, "Restaurant", 2.6, 28, 0.6, HourProfile.Meals, 1.7, Peak: 7),
        new(Dining, 5814, "Snack Bar", 4, 9, 0.45, HourProfile.Meals, 0.8),
        new(Dining, 5813, "Bar", 1, 19, 0.6, HourProfile.Night, 2.5),
        new(Fuel, 5541, "Filling Station", 3, 48, 0.35, HourProfile.Commute, 0.9, SpendingNeed.Car),
        new(Transport, 4111, "City Transit", 3.5, 5, 0.6, HourProfile.Commute, 0.6),
        new(Transport, 4121, "Taxi", 0.6, 16, 0.5, HourProfile.Night, 1.8),
        new(Transport, 7523, "Parking", 1.5, 5, 0.6, HourProfile.Shops, 1.1, SpendingNeed.Car),
        new(Home, 5200, "Home Market", 0.6, 42, 0.9, HourProfile.Shops, 1.6, Peak: 4),
        new(Home, 5712, "Furniture House", 0.12, 190, 0.9, HourProfile.Shops, 1.8),
        new(Health, 5912, "Pharmacy", 1.4, 16, 0.6, HourProfile.Shops, 0.6, Peak: 2),
        new(Health, 8021, "Dentist", 0.12, 95, 0.7, HourProfile.Office, 0.05),
        new(Fashion, 5651, "Fashion Store", 0.9, 44, 0.7, HourProfile.Shops, 1.7, Peak: 11),
        new(Fashion, 5661, "Shoe Shop", 0.25, 68, 0.5, HourProfile.Shops, 1.7),
        new(Fashion, 7230, "Hairdresser", 0.6, 34, 0.5, HourProfile.Shops, 0.9),
        new(Electronics, 5732, "Electronics Shop", 0.3, 95, 1, HourProfile.Evening, 1.2, Peak: 11),
        new(Entertainment, 5816, "Games Store", 0.9, 10, 0.7, HourProfile.Night, 1.3),
        new(Entertainment, 7832, "Cinema", 0.5, 21, 0.4, HourProfile.Evening, 2.2),
        new(Entertainment, 5942, "Book Shop", 0.5, 17, 0.5, HourProfile.Shops, 1.1, Peak: 12),
        new(Entertainment, 7922, "Theatre Tickets", 0.18, 62, 0.6, HourProfile.Evening, 1.1),
        new(Education, 5943, "Stationer", 0.3, 19, 0.6, HourProfile.Shops, 0.8, Peak: 9),
        new(Education, 8351, "Day Nursery", 0.9, 120, 0.3, HourProfile.Office, 0, SpendingNeed.Children),
        new(Fashion, 5641, "Children's Wear", 0.8, 32, 0.6, HourProfile.Shops, 1.5, SpendingNeed.Children),
        new(Gambling, 7995, "Betting Site", 7, 24, 0.9, HourProfile.Night, 1.5, SpendingNeed.Gambling),
        new(ContentGroup.Other, 5999, "Web Store", 1.6, 26, 0.8, HourProfile.Evening, 1.1, Peak: 12),
        new(Financial, CashMachine, "Cash Machine", 2.4, 70, 0.6, HourProfile.Shops, 1),
    ];

    /// <summary>Category of withdrawals at machines.</summary>
    public const ushort CashMachine = 6011;

    private readonly string[] _merchants = [.. Enumerable.Range(1, MerchantsPerTrade).Select(number => $"{Trade} {number}")];

    public bool IsCash => Category == CashMachine;

    /// <summary>Bought over the network, often from a seller abroad.</summary>
    public bool IsOnline => Hours == HourProfile.Night && Group is Entertainment or Gambling || Category == 5999;

    /// <summary>Mean amount in German euros.</summary>
    public double Mean { get; } = Median * Draws.Exp(Sigma * Sigma / 2);

    /// <summary>Four purchases in five are made at one of the customer's three usual places.</summary>
    public string Merchant(ref Draws draws, int customer)
    {
        var number = draws.Chance(0.8) ? (customer * 31) + (Category * 7) + (draws.Between(0, 2) * 17) : draws.Between(0, MerchantsPerTrade - 1);
        return _merchants[(int)((uint)number % MerchantsPerTrade)];
    }
}

/// <summary>Whom a category concerns.</summary>
internal enum SpendingNeed : byte { Everyone, Car, Children, Gambling }

/// <summary>At what time of the day people buy: weights of the 24 hours.</summary>
internal sealed class HourProfile
{
    public static readonly HourProfile
        Shops = new([0, 0, 0, 0, 0, 0, 0, 1, 3, 5, 7, 8, 7, 6, 6, 7, 9, 10, 9, 6, 2, 0.3, 0, 0]),
        Morning = new([0, 0, 0, 0, 0, 0.5, 5, 9, 10, 8, 5, 3, 2, 1, 1, 2, 2, 1, 0.5, 0, 0, 0, 0, 0]),
        Meals = new([0.2, 0, 0, 0, 0, 0, 0, 0.3, 0.5, 0.5, 1, 5, 10, 7, 2, 1, 1, 3, 8, 9, 7, 4, 1.5, 0.5]),
        Evening = new([0.5, 0.2, 0, 0, 0, 0, 0.2, 0.5, 1, 1, 1, 1, 2, 2, 2, 2, 3, 4, 6, 8, 9, 8, 4, 1.5]),
        Night = new([7, 5, 3, 1.5, 0.7, 0.3, 0.2, 0.2, 0.3, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1, 1.2, 2, 3, 5, 7, 9, 10, 9]),
        Commute = new([0, 0, 0, 0, 0.3, 2, 6, 10, 7, 3, 2, 2, 3, 3, 3, 4, 7, 10, 7, 4, 2, 1, 0.6, 0.3]),
        Office = new([0, 0, 0, 0, 0, 0, 0, 1, 6, 9, 9, 7, 4, 4, 7, 7, 4, 1, 0, 0, 0, 0, 0, 0]);

    private readonly double[] _cumulative;

    private HourProfile(double[] weights) => _cumulative = Market.Cumulated(weights);

    /// <summary>Second of the local day, never its first.</summary>
    public int Second(ref Draws draws) => (draws.Pick((ReadOnlySpan<double>)_cumulative) * 3600) + draws.Between(1, 3599);
}
