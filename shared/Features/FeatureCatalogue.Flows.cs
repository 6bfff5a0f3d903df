using static ServerlessCLM.Features.Feature;
using static ServerlessCLM.Features.FeatureUnit;
using static ServerlessCLM.Features.Risk;

namespace ServerlessCLM.Features;

public static partial class FeatureCatalogue
{
    private const string MoneyIn = "money in", MoneyOut = "money out", Income = "income", Cash = "cash";

    private const string PayRule = " Pay is the largest salary of each of the latest eight calendar months; "
        + "without any salary, the largest transfers in between half and twice their lower median, if three months have one and the latest three lie 20 to 41 days apart.";

    /// <summary>Money in and out.</summary>
    private static FeatureDefinition[] Flows =>
    [
        Row(Inflow7d, Money, Open, MoneyIn, "Sum of payments in.", "money coming in last week"),
        Row(Inflow30d, Money, Falls, MoneyIn, "Sum of payments in.", "money coming in last month"),
        Row(Inflow90d, Money, Falls, MoneyIn, "Sum of payments in.", "money coming in over three months"),
        Row(Inflow30dVs90d, FeatureUnit.Ratio, Falls, MoneyIn, "`inflow_30d` over `inflow_90d`" + PerDay + ".", "the change in money coming in"),
        Row(Outflow7d, Money, Open, MoneyOut, "Sum of payments out, positive.", "money going out last week"),
        Row(Outflow30d, Money, Open, MoneyOut, "Sum of payments out, positive.", "money going out last month"),
        Row(Outflow90d, Money, Open, MoneyOut, "Sum of payments out, positive.", "money going out over three months"),
        Row(Outflow30dVs90d, FeatureUnit.Ratio, Open, MoneyOut, "`outflow_30d` over `outflow_90d`" + PerDay + ".", "the change in money going out"),
        Row(PurchaseAmount7d, Money, Open, MoneyOut, "Sum of card payments out.", "card spending last week"),
        Row(PurchaseAmount30d, Money, Open, MoneyOut, "Sum of card payments out.", "card spending last month"),
        Row(PurchaseAmount90d, Money, Open, MoneyOut, "Sum of card payments out.", "card spending over three months"),
        Row(PurchaseAmount30dVs90d, FeatureUnit.Ratio, Open, MoneyOut, "`purchase_amount_30d` over `purchase_amount_90d`" + PerDay + ".", "the change in card spending"),
        Row(PurchaseMean90d, Money, Open, MoneyOut, "`purchase_amount_90d` over `purchases_90d`.", "the size of card purchases"),
        Row(NetFlow30d, Money, Falls, MoneyOut, "`inflow_30d` less `outflow_30d`.", "what was left of the month's money"),
        Row(NetFlow90d, Money, Falls, MoneyOut, "`inflow_90d` less `outflow_90d`.", "what was left of three months' money"),
        Row(OutflowToInflow90d, FeatureUnit.Ratio, Rises, MoneyOut, "`outflow_90d` over `inflow_90d`.", "money going out against money coming in"),
        Row(Inflows30d, FeatureUnit.Count, Open, MoneyIn, "Number of payments in.", "the number of payments received last month"),
        Row(Inflows90d, FeatureUnit.Count, Open, MoneyIn, "Number of payments in.", "the number of payments received in three months"),
        Row(InflowDays90d, FeatureUnit.Days, Open, MoneyIn, "Days with a payment in.", "how many days money came in"),
        Row(InflowVariation90d, FeatureUnit.Ratio, Rises, MoneyIn, "Standard deviation over mean of the inflows of the window's three runs of 30 days; 0 is perfectly regular.", "irregular money coming in"),
        Row(LargestInflow90d, Money, Open, MoneyIn, "Largest payment in; 0 without one.", "the largest payment received"),
        Row(LargestInflowShare90d, Share, Open, MoneyIn, "`largest_inflow_90d` over `inflow_90d`.", "dependence on one payment received"),
        Row(LargestOutflow90d, Money, Open, MoneyOut, "Largest payment out, positive; 0 without one.", "the largest payment made"),
        Row(CashInShare90d, Share, Open, Cash, "Cash paid in over `inflow_90d`.", "cash paid in"),

        Row(SalaryAmount, Money, Falls, Income, "The latest pay." + PayRule, "the amount of your pay"),
        Row(SalaryMean, Money, Falls, Income, "Mean of the latest eight months' pay.", "your usual pay"),
        Row(SalaryChange, FeatureUnit.Ratio, Falls, Income, "The latest pay over the one before it, less 1.", "the change in your pay"),
        Row(SalaryVariation, FeatureUnit.Ratio, Rises, Income, "Standard deviation over mean of the latest eight months' pay; 0 is perfectly steady.", "varying pay"),
        Row(SalaryMonths, FeatureUnit.Count, Falls, Income, "Months with pay among the latest eight.", "how long pay has been coming in"),
        Row(SalaryDayOfMonth, DayOfMonth, Open, Income, "Day of the month of the latest pay.", "the day of your pay"),
        Row(DaysSinceSalary, FeatureUnit.Days, Rises, Income, "Days since the latest pay.", "how recently pay came in"),
        Row(SalaryOverdueDays, FeatureUnit.Days, Rises, Income, "Days since the latest pay beyond 31; 0 while it is not overdue.", "pay that has not come in"),

        Row(CashWithdrawals30d, FeatureUnit.Count, Open, Cash, "Number of cash withdrawals.", "cash withdrawals last month"),
        Row(CashWithdrawals90d, FeatureUnit.Count, Open, Cash, "Number of cash withdrawals.", "cash withdrawals in three months"),
        Row(CashAmount90d, Money, Open, Cash, "Sum of cash withdrawals.", "the amount of cash withdrawn"),
        Row(CashShare30d, Share, Open, Cash, "Cash withdrawals over `outflow_30d`.", "the share of cash in last month's spending"),
        Row(CashShare90d, Share, Open, Cash, "Cash withdrawals over `outflow_90d`.", "the share of cash in spending"),
    ];
}
