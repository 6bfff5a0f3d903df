using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ServerlessCLM.Features;

[InlineArray(16)]
internal struct PerGroup<T>
{
    private T _first;
}

[InlineArray(64)]
internal struct MerchantDays
{
    private ushort _first;
}

[InlineArray(16)]
internal struct CountryDays
{
    private ushort _first;
}

[InlineArray(8)]
internal struct PerMonth<T>
{
    private T _first;
}

/// <summary>Everything a state knows that does not belong to one day. All zero for a new customer. Days are numbers
/// since 1970, 0 for never; first days are minima and last days maxima, so that the order of arrival leaves no trace.</summary>
/// <remarks>The fields down to <see cref="LastActive"/> are stored as they lie here: largest first, without gaps.</remarks>
[StructLayout(LayoutKind.Sequential)]
internal struct Lifetime
{
    /// <summary>Decayed counts of active payments, half-lives 14 and 60 days.</summary>
    public double ActiveFast, ActiveSlow;

    /// <summary>Decayed inflow and outflow in currency units, half-life 60 days.</summary>
    public double Inflow, Outflow;

    /// <summary>Decayed count of spend, half-life 30 days.</summary>
    public double SpendCount;

    public uint Currency, Payments, Purchases, Returns, Declines, Penalties, Inflows;

    public ushort FirstDay, NewestDay, LastPayment, LastPurchase, LastInflow, LastCash, LastReturn, LastDecline, LastPenalty;

    /// <summary>The last day on which the customer moved money by hand: a booked card payment, transfer out or cash withdrawal.</summary>
    public ushort LastActive;

    /// <summary>Landmark of the decayed sums (<see cref="HalfLife"/>).</summary>
    public int Landmark;

    /// <summary>Decayed spend by content group in currency units, half-life 30 days.</summary>
    public PerGroup<double> Spend;

    /// <summary>The latest balance on a day that the day records no longer hold: its day, second, amount and limit.</summary>
    public CarriedBalance Carried;

    /// <summary>Lowest balance ever, where <see cref="HasLowest"/>.</summary>
    public long Lowest;

    public bool HasLowest;

    /// <summary>Outflow ever, in ten-thousandths.</summary>
    public long OutflowEver;

    public MonthlyLows Lows;
    public BalanceBands Bands;

    /// <summary>First day by slot: a merchant's digest modulo 64.</summary>
    public MerchantDays Merchants;

    /// <summary>First day by slot: a country code modulo 16 after mixing.</summary>
    public CountryDays Countries;

    public PayRhythm Pay;
    public ObligationRhythm Obligations;
    public SignalMemory Signals;
}

/// <summary>A balance brought forward. <see cref="Day"/> 0 for none.</summary>
internal struct CarriedBalance
{
    public long Closing, Limit;
    public int Second;
    public ushort Day;
}

/// <summary>What signals have been raised, so that none is raised twice, and the episodes that are under way.</summary>
/// <remarks>The fields down to <see cref="Leading"/> are stored as they lie here.</remarks>
[StructLayout(LayoutKind.Sequential)]
internal struct SignalMemory
{
    /// <summary>The last active day for which dormancy was raised.</summary>
    public ushort Dormant60For, Dormant180For;

    /// <summary>The pay day whose landing, whose rise, and whose missing successor were raised.</summary>
    public ushort LandedPay, RaisedPay, MissingAfter;

    /// <summary>Since when the balance has been idle, and the utilisation high; 0 for not.</summary>
    public ushort IdleSince, HighSince;

    /// <summary>Last day of a payment that speaks of buying a home.</summary>
    public ushort LastHome;

    /// <summary>The group led the decayed spend when it was last bought: bit by group.</summary>
    public ushort Leading;

    public bool IdleRaised, HighRaised, DeclineRaised, BalanceRaised;

    /// <summary>Last day and number (up to 255) of card purchases by group.</summary>
    public PerGroup<ushort> GroupLast;
    public PerGroup<byte> GroupCount;

    /// <summary>The three latest declines, newest first.</summary>
    public long Decline1, Decline2, Decline3;

    /// <summary>Exponential means of the balance in currency units, half-lives 14 and 60 days, as of a day.</summary>
    public double BalanceFast, BalanceSlow;

    /// <summary>The latest balance in currency units, which holds from <see cref="BalanceDay"/> on.</summary>
    public double BalanceHeld;
    public ushort BalanceDay, BalanceFirstDay;
}
