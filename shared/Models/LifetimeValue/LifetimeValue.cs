namespace ServerlessCLM.Models;

/// <summary>What a customer's purchases to come are worth today.</summary>
public static class LifetimeValue
{
    /// <summary>
    /// Expected purchases of each period to come times the expected amount, discounted from the period's end:
    /// Σ (E(t) − E(t − 1))·m ⁄ (1 + d)^t.
    /// </summary>
    /// <param name="buying">Fitted in periods: their unit is the unit of the history.</param>
    /// <param name="spending">Fitted on amounts or on margins; the value is of the same kind.</param>
    /// <param name="history">The customer's purchases.</param>
    /// <param name="amounts">The customer's amounts.</param>
    /// <param name="periods">How far to look.</param>
    /// <param name="discount">A period's rate, for example 0.0019 a week for 10% a year.</param>
    public static double Of(BgNbd buying, GammaGamma spending, PurchaseHistory history, Spending amounts, int periods, double discount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(periods);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(discount, -1);
        double value = 0, before = 0, factor = 1;
        for (var period = 1; period <= periods; period++)
        {
            factor /= 1 + discount;
            var until = buying.ExpectedPurchases(history, period);
            value += (until - before) * factor;
            before = until;
        }

        return value * spending.ExpectedMean(amounts);
    }
}
