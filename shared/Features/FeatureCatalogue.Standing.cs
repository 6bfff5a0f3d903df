using static ServerlessCLM.Features.Feature;
using static ServerlessCLM.Features.FeatureUnit;
using static ServerlessCLM.Features.Risk;

namespace ServerlessCLM.Features;

public static partial class FeatureCatalogue
{
    private const string Standings = "balance", Limits = "utilisation", Purpose = "spending by purpose";

    private const string Held = " over the daily closing balances of the window; a balance holds until the next one is known.";

    /// <summary>Balance and use of a limit.</summary>
    private static FeatureDefinition[] Standing =>
    [
        Row(Balance, Money, Falls, Standings, "Balance after the latest payment that gave one: the latest second, and within it the one applied last.", "the balance"),
        Row(BalanceMin30d, Money, Falls, Standings, "Lowest of the daily closing balances and of the balances after payments in the window.", "the lowest balance last month"),
        Row(BalanceMin90d, Money, Falls, Standings, "Lowest of the daily closing balances and of the balances after payments in the window.", "the lowest balance in three months"),
        Row(BalanceMean30d, Money, Falls, Standings, "Mean" + Held, "the usual balance last month"),
        Row(BalanceMean90d, Money, Falls, Standings, "Mean" + Held, "the usual balance over three months"),
        Row(BalanceSlope30d, MoneyPerDay, Falls, Standings, "Least-squares slope" + Held, "a falling balance last month"),
        Row(BalanceSlope90d, MoneyPerDay, Falls, Standings, "Least-squares slope" + Held, "a falling balance over three months"),
        Row(BalanceVolatility30d, Money, Open, Standings, "Standard deviation" + Held, "a balance that moved much last month"),
        Row(BalanceVolatility90d, Money, Open, Standings, "Standard deviation" + Held, "a balance that moved much over three months"),
        Row(BelowZeroDays30d, FeatureUnit.Days, Rises, Standings, "Days with a closing balance below zero.", "days overdrawn last month"),
        Row(BelowZeroDays90d, FeatureUnit.Days, Rises, Standings, "Days with a closing balance below zero.", "days overdrawn in three months"),
        Row(BalanceMonthEnd, Money, Falls, Standings, "Closing balance of the last day of the calendar month before.", "the balance at the end of last month"),
        Row(BalanceLowest, Money, Falls, Standings, "Lowest balance after any payment, ever.", "the lowest balance ever"),
        Row(BalanceMonthlyLow, Money, Falls, Standings, "Mean of the lowest balances after payments of eight calendar months: the latest with a balance and the seven before it; months without one are left out.", "how low the balance usually falls in a month"),
        Row(BalanceMonthlyLowVsOutflow, FeatureUnit.Ratio, Falls, Standings, "`balance_monthly_low` over the usual outflow of 30 days: all outflow ever per day since the first payment, that day and the day of the vector included.", "how low the balance falls against usual spending"),
        Row(LowBalanceShare, Share, Rises, Standings, "Share of the balances after payments, ever, that lay in a lower band than half the usual outflow of 30 days (`balance_monthly_low_vs_outflow`). Bands are below 1 unit, and from each power of 2 to the next.", "how often the balance was low against usual spending"),
        Row(BalanceVsMean90d, FeatureUnit.Ratio, Falls, Standings, "`balance` over the absolute value of `balance_mean_90d`.", "a balance below its usual level"),
        Row(BufferDays30d, FeatureUnit.Days, Falls, Standings, "`balance` over `outflow_30d` per day: how long it would last.", "how long the balance would last"),
        Row(BufferDays90d, FeatureUnit.Days, Falls, Standings, "`balance` over `outflow_90d` per day: how long it would last.", "how long the balance would last at your usual spending"),

        Row(Feature.Utilisation, Share, Rises, Limits, "The latest balance below zero over its credit limit; 0 in credit, above 1 over the limit; missing without a limit.", "use of the credit limit"),
        Row(UtilisationMax30d, Share, Rises, Limits, "Largest use of the limit in the window, by the lowest balance of each day and the limit at its close.", "the highest use of the credit limit last month"),
        Row(UtilisationMax90d, Share, Rises, Limits, "Largest use of the limit in the window, by the lowest balance of each day and the limit at its close.", "the highest use of the credit limit in three months"),
        Row(UtilisationMean90d, Share, Rises, Limits, "Mean use of the limit at the close of the days that have one.", "the usual use of the credit limit"),
        Row(UtilisationTrend90d, Share, Rises, Limits, "`utilisation` less `utilisation_mean_90d`.", "rising use of the credit limit"),
        Row(UtilisationHighDays30d, FeatureUnit.Days, Rises, Limits, "Days that closed with more than 90% of the limit used.", "days near the credit limit"),
    ];

    /// <summary>What the money goes on.</summary>
    private static FeatureDefinition[] Spending =>
    [
        .. Enum.GetValues<Transactions.ContentGroup>().Select(ShareOf),
        Row(Feature.SpendConcentration, Share, Open, Purpose, "Sum of the squares of the shares: 1 where all spend has one purpose.", "spending on few things"),
    ];

    private static FeatureDefinition ShareOf(Transactions.ContentGroup group)
    {
        var name = group.ToString().ToLowerInvariant();
        return Row(
            ShareGroceries + (int)group, Share, group == Transactions.ContentGroup.Gambling ? Rises : Open, Purpose,
            $"Share of {name} in spend: payments out other than cash, fees, interest and instalments, each weighted by 2^(−age in days / 30); missing once the weighted sum is under 0.000001.",
            $"spending on {(group == Transactions.ContentGroup.Other ? "other things" : name)}");
    }
}
