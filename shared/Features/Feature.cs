namespace ServerlessCLM.Features;

/// <summary>The places of the features in a vector. A name in the catalogue is the member in snake case
/// (<see cref="Purchases30d"/> is <c>purchases_30d</c>). Models refer to features by name, so members may be added anywhere.</summary>
public enum Feature
{
    // Recency and tenure.
    TenureDays, DaysSincePayment, DaysSincePurchase, DaysSinceInflow, DaysSinceCash,
    DaysSinceReturn, DaysSinceDecline, DaysSincePenalty,

    // Activity.
    Payments7d, Payments30d, Payments90d, Payments7dVs30d, Payments30dVs90d,
    Purchases7d, Purchases30d, Purchases90d, Purchases30dVs90d,
    ActiveDays7d, ActiveDays30d, ActiveDays90d,

    // Money in and out.
    Inflow7d, Inflow30d, Inflow90d, Inflow30dVs90d,
    Outflow7d, Outflow30d, Outflow90d, Outflow30dVs90d,
    PurchaseAmount7d, PurchaseAmount30d, PurchaseAmount90d, PurchaseAmount30dVs90d, PurchaseMean90d,
    NetFlow30d, NetFlow90d, OutflowToInflow90d,
    Inflows30d, Inflows90d, InflowDays90d, InflowVariation90d,
    LargestInflow90d, LargestInflowShare90d, LargestOutflow90d, CashInShare90d,

    // Income.
    SalaryAmount, SalaryMean, SalaryChange, SalaryVariation, SalaryMonths, SalaryDayOfMonth, DaysSinceSalary, SalaryOverdueDays,

    // Balance.
    Balance, BalanceMin30d, BalanceMin90d, BalanceMean30d, BalanceMean90d, BalanceSlope30d, BalanceSlope90d,
    BalanceVolatility30d, BalanceVolatility90d, BelowZeroDays30d, BelowZeroDays90d,
    BalanceMonthEnd, BalanceLowest, BalanceMonthlyLow, BalanceMonthlyLowVsOutflow, LowBalanceShare, BalanceVsMean90d, BufferDays30d, BufferDays90d,

    // Utilisation of a credit limit.
    Utilisation, UtilisationMax30d, UtilisationMax90d, UtilisationMean90d, UtilisationTrend90d, UtilisationHighDays30d,

    // What the money goes on, in the order of ContentGroup.
    ShareGroceries, ShareDining, ShareFuel, ShareTransport, ShareTravel, ShareHome, ShareHousing, ShareUtilities,
    ShareHealth, ShareFashion, ShareElectronics, ShareEntertainment, ShareEducation, ShareFinancial, ShareGambling, ShareOther,
    SpendConcentration,

    // Cash.
    CashWithdrawals30d, CashWithdrawals90d, CashAmount90d, CashShare30d, CashShare90d,

    // Charges.
    Fees30d, Fees90d, FeeAmount90d, Penalties90d, PenaltyAmount90d, PenaltiesEver,

    // Payments that failed.
    Returns30d, Returns90d, ReturnsEver, Declines7d, Declines30d, Declines90d, DeclineRate90d,

    // Habits and novelty.
    NightShare90d, WeekendShare90d, MerchantSlots, NewMerchants30d, NewMerchants90d, CountrySlots, NewCountries90d,

    // Obligations and their timing.
    Obligations90d, ObligationAmount90d, ObligationsToInflow90d, LatePayments90d, LateRate90d, DaysLateMean90d, RhythmLateDays,
}
