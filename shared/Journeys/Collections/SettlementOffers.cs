using ServerlessCLM.Scoring;

namespace ServerlessCLM.Journeys.Collections;

/// <summary>What may be let off of a debt, and by whom.</summary>
public static class SettlementOffers
{
    /// <summary>
    /// The largest share of the balance that may be let off: that of the band, and no more than leaves what would be expected without it. With a chance p of
    /// being paid in full, (1 − d)·B ≥ p·B asks for d ≤ 1 − p.
    /// </summary>
    /// <param name="rules">The policy's.</param>
    /// <param name="daysPastDue">Of the debt.</param>
    /// <param name="chance">Of being paid in full; null where no model tells it.</param>
    public static double Largest(SettlementRules rules, int daysPastDue, double? chance)
    {
        var band = rules.Bands.Last(each => each.FromDaysPastDue <= daysPastDue).Largest;
        return chance is { } p ? Math.Min(band, Math.Max(0, 1 - p)) : band;
    }

    /// <summary>Whether a second person must approve: above what one may let off alone, or where no model says what would be expected.</summary>
    public static bool NeedsApproval(SettlementRules rules, Settlement settlement, double? chance) =>
        chance is null || settlement.Discount > rules.Alone.Discount || settlement.Balance - settlement.Amount > rules.Alone.Amount;

    /// <summary>The least that settles a balance at a discount, in whole cents.</summary>
    public static decimal Least(decimal balance, double discount) => decimal.Ceiling(balance * (1 - (decimal)discount) * 100) / 100;
}
