using static ServerlessCLM.Features.Feature;
using static ServerlessCLM.Features.FeatureUnit;
using static ServerlessCLM.Features.Risk;

namespace ServerlessCLM.Features;

public static partial class FeatureCatalogue
{
    private const string Tenure = "tenure", Recency = "recency", Activity = "activity", Habits = "habits", Novelty = "novelty",
        Failures = "failed payments", Charges = "charges", Timing = "obligations";

    private const string PerDay = ", each per day of its window";

    /// <summary>When and how often.</summary>
    private static FeatureDefinition[] Behaviour =>
    [
        Row(TenureDays, FeatureUnit.Days, Falls, Tenure, "Days since the first payment of any status.", "how long you have been with us"),
        Row(DaysSincePayment, FeatureUnit.Days, Open, Recency, "Days since the latest payment.", "how recently the account was used"),
        Row(DaysSincePurchase, FeatureUnit.Days, Open, Recency, "Days since the latest card payment out.", "how recently the card was used"),
        Row(DaysSinceInflow, FeatureUnit.Days, Rises, Recency, "Days since money last came in.", "how recently money came in"),
        Row(DaysSinceCash, FeatureUnit.Days, Open, Recency, "Days since the latest cash withdrawal.", "how recently cash was withdrawn"),
        Row(DaysSinceReturn, FeatureUnit.Days, Falls, Failures, "Days since a payment was last returned.", "a recently returned payment"),
        Row(DaysSinceDecline, FeatureUnit.Days, Falls, Failures, "Days since a payment was last declined.", "a recently declined payment"),
        Row(DaysSincePenalty, FeatureUnit.Days, Falls, Charges, "Days since penalty interest was last charged.", "recent interest for an overdrawn account"),
        Row(Payments7d, FeatureUnit.Count, Open, Activity, "Number of payments, in and out.", "the number of payments last week"),
        Row(Payments30d, FeatureUnit.Count, Open, Activity, "Number of payments, in and out.", "the number of payments last month"),
        Row(Payments90d, FeatureUnit.Count, Open, Activity, "Number of payments, in and out.", "the number of payments in three months"),
        Row(Payments7dVs30d, Ratio, Open, Activity, "`payments_7d` over `payments_30d`" + PerDay + ".", "the change in payments last week"),
        Row(Payments30dVs90d, Ratio, Open, Activity, "`payments_30d` over `payments_90d`" + PerDay + ".", "the change in payments last month"),
        Row(Purchases7d, FeatureUnit.Count, Open, Activity, "Number of card payments out.", "the number of card purchases last week"),
        Row(Purchases30d, FeatureUnit.Count, Open, Activity, "Number of card payments out.", "the number of card purchases last month"),
        Row(Purchases90d, FeatureUnit.Count, Open, Activity, "Number of card payments out.", "the number of card purchases in three months"),
        Row(Purchases30dVs90d, Ratio, Open, Activity, "`purchases_30d` over `purchases_90d`" + PerDay + ".", "the change in card purchases"),
        Row(ActiveDays7d, FeatureUnit.Days, Open, Activity, "Days with a payment.", "how many days of last week had payments"),
        Row(ActiveDays30d, FeatureUnit.Days, Open, Activity, "Days with a payment.", "how many days of last month had payments"),
        Row(ActiveDays90d, FeatureUnit.Days, Open, Activity, "Days with a payment.", "how many days in three months had payments"),

        Row(Fees30d, FeatureUnit.Count, Rises, Charges, "Number of fees.", "fees last month"),
        Row(Fees90d, FeatureUnit.Count, Rises, Charges, "Number of fees.", "fees in three months"),
        Row(FeeAmount90d, Money, Rises, Charges, "Sum of fees.", "the amount of fees in three months"),
        Row(Penalties90d, FeatureUnit.Count, Rises, Charges, "Number of interest payments out (penalty interest).", "interest for an overdrawn account"),
        Row(PenaltyAmount90d, Money, Rises, Charges, "Sum of interest payments out.", "the amount of interest for an overdrawn account"),
        Row(PenaltiesEver, FeatureUnit.Count, Rises, Charges, "Number of interest payments out, ever.", "past interest for an overdrawn account"),
        Row(Returns30d, FeatureUnit.Count, Rises, Failures, "Number of returned payments.", "payments returned last month"),
        Row(Returns90d, FeatureUnit.Count, Rises, Failures, "Number of returned payments.", "payments returned in three months"),
        Row(ReturnsEver, FeatureUnit.Count, Rises, Failures, "Number of returned payments, ever.", "payments returned in the past"),
        Row(Declines7d, FeatureUnit.Count, Rises, Failures, "Number of declined payments.", "payments declined last week"),
        Row(Declines30d, FeatureUnit.Count, Rises, Failures, "Number of declined payments.", "payments declined last month"),
        Row(Declines90d, FeatureUnit.Count, Rises, Failures, "Number of declined payments.", "payments declined in three months"),
        Row(DeclineRate90d, Share, Rises, Failures, "Declined payments over declined and booked ones.", "the share of payments declined"),

        Row(NightShare90d, Share, Open, Habits, "Card payments and cash withdrawals from 0:00 to 5:59 local time, over those whose time of day is known (not exactly midnight).", "payments at night"),
        Row(WeekendShare90d, Share, Open, Habits, "Share of card payments and cash withdrawals on a Saturday or Sunday, local time.", "payments at weekends"),
        Row(MerchantSlots, FeatureUnit.Count, Open, Novelty, "Merchants known, in 64 slots: slots (digest modulo 64) with any payment, ever.", "how many merchants you buy from"),
        Row(NewMerchants30d, FeatureUnit.Count, Open, Novelty, "Merchant slots (digest modulo 64) whose first payment lies in the window.", "new merchants last month"),
        Row(NewMerchants90d, FeatureUnit.Count, Open, Novelty, "Merchant slots (digest modulo 64) whose first payment lies in the window.", "new merchants in three months"),
        Row(CountrySlots, FeatureUnit.Count, Open, Novelty, "Countries known, in 16 slots by a hash of the code: slots with any payment, ever.", "how many countries you pay in"),
        Row(NewCountries90d, FeatureUnit.Count, Open, Novelty, "Country slots whose first payment lies in the window.", "payments in new countries"),

        Row(Obligations90d, FeatureUnit.Count, Open, Timing, "Number of direct debits, standing orders and loan instalments.", "the number of regular obligations"),
        Row(ObligationAmount90d, Money, Open, Timing, "Sum of direct debits, standing orders and loan instalments.", "the amount of regular obligations"),
        Row(ObligationsToInflow90d, Ratio, Rises, Timing, "`obligation_amount_90d` over `inflow_90d`.", "regular obligations against money coming in"),
        Row(LatePayments90d, FeatureUnit.Count, Rises, Timing, "Payments that carry a due date and came after it.", "late payments"),
        Row(LateRate90d, Share, Rises, Timing, "Late payments over payments that carry a due date.", "the share of payments made late"),
        Row(DaysLateMean90d, FeatureUnit.Days, Rises, Timing, "Mean days after the due date over payments that carry one; early ones count 0.", "how late payments were made"),
        Row(RhythmLateDays, FeatureUnit.Days, Rises, Timing, "Loan instalments and standing orders without a due date: how many days after the customer's own rhythm the first of the month was paid, or has been missing. The rhythm is the lower median day of the month over the earlier ones of the latest eight months with one; missing with fewer than two, and once a whole month has passed without any.", "regular payments later in the month than usual"),
    ];
}
