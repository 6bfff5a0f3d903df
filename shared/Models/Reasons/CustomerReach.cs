using ServerlessCLM.Features;
using static ServerlessCLM.Features.Feature;

namespace ServerlessCLM.Models;

/// <summary>Something that a customer can change by what they do from now on.</summary>
/// <param name="Feature">What changes by it. Its catalogue row says which way lowers the risk.</param>
/// <param name="Advice">What to do, in plain words.</param>
public sealed record Lever(FeatureDefinition Feature, string Advice)
{
    /// <summary>Whether more of it lowers the risk.</summary>
    public bool Raises => Feature.Risk == Risk.Falls;
}

/// <summary>
/// The one table of what lies within a customer's own reach. Not in it: what is past for good (returns ever), what only time changes
/// (tenure), what others decide (pay), and what has no direction of risk.
/// </summary>
public static class CustomerReach
{
    public static IReadOnlyList<Lever> All { get; } =
    [
        Of(OutflowToInflow90d, "spend less of the money that comes in"),
        Of(NetFlow30d, "keep more of the month's money"),
        Of(Balance, "keep more in the account"),
        Of(BalanceMin30d, "keep a reserve in the account all month"),
        Of(BalanceMean30d, "keep more in the account over the month"),
        Of(BufferDays30d, "keep enough in the account for more days"),
        Of(BelowZeroDays30d, "be overdrawn on fewer days"),
        Of(Feature.Utilisation, "use less of the credit limit"),
        Of(UtilisationMax30d, "use less of the credit limit at its highest"),
        Of(UtilisationHighDays30d, "spend fewer days near the credit limit"),
        Of(ShareGambling, "spend less on gambling"),
        Of(Fees30d, "avoid payments that cost a fee"),
        Of(Penalties90d, "avoid interest for an overdrawn account"),
        Of(Returns30d, "have the money ready for payments that are collected"),
        Of(Declines30d, "try fewer payments that the account cannot cover"),
        Of(ObligationsToInflow90d, "take on fewer regular payments"),
        Of(LatePayments90d, "pay by the due date"),
        Of(LateRate90d, "pay more often by the due date"),
        Of(DaysLateMean90d, "pay nearer to the due date"),
        Of(RhythmLateDays, "pay on the usual day of the month"),
    ];

    private static Lever Of(Feature feature, string advice)
    {
        var definition = FeatureCatalogue.All[(int)feature];
        return definition.Risk != Risk.Open
            ? new Lever(definition, advice)
            : throw new InvalidOperationException($"{definition.Name} has no direction of risk, so there is no advice on it.");
    }
}
