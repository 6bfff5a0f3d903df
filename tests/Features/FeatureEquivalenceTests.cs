using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Features;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Features;

/// <summary>Streaming features against a naive recomputation from the full list.</summary>
public class FeatureEquivalenceTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(400);

    [Fact]
    public void Features_equal_a_recomputation_from_all_payments() =>
        Prop.ForAll(RandomHistory.Arrivals.ToArbitrary(), Gen.Choose(0, 100).ToArbitrary(), (arrivals, daysLater) =>
        {
            var state = new FeatureState();
            foreach (var payment in arrivals)
                state.Apply(payment);

            AssertEqualsNaive(state, arrivals, arrivals.Max(payment => payment.Time) + daysLater * Payments.Day);
        }).Check(Thorough);

    [Fact]
    public void The_order_of_arrival_leaves_no_trace() =>
        Prop.ForAll(RandomHistory.Arrivals.ToArbitrary(), arrivals =>
        {
            // One balance a second, or the last one applied would hold.
            var distinct = arrivals.DistinctBy(payment => payment.Time / 1000).ToArray();
            var asOf = distinct.Max(payment => payment.Time);
            var inTime = VectorOf(distinct.OrderBy(payment => payment.Time), asOf);
            var backwards = VectorOf(distinct.OrderByDescending(payment => payment.Time), asOf);
            AssertSame(inTime, backwards);
        }).Check(Thorough);

    internal static void AssertEqualsNaive(FeatureState state, IReadOnlyList<Payment> payments, long asOf)
    {
        var vector = new float[FeatureCatalogue.Count];
        state.Fill(asOf, vector);
        var naive = new NaiveFeatures(payments, DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(asOf).UtcDateTime));
        AssertSame([.. FeatureCatalogue.All.Select(feature => naive[feature.Name])], vector);
    }

    /// <summary>Counts, days and sums exactly; what divides, decays or takes a root to 1e-6 of its size.</summary>
    private static void AssertSame(float[] expected, float[] actual)
    {
        foreach (var feature in FeatureCatalogue.All)
        {
            var (one, other) = (expected[(int)feature.Feature], actual[(int)feature.Feature]);
            var same = float.IsNaN(one) ? float.IsNaN(other)
                : IsExact(feature) ? one.Equals(other) : Math.Abs(one - other) <= 1e-6 * Math.Max(Scale(feature), Math.Abs(one));
            Assert.True(same, $"{feature.Name}: expected {one:R}, got {other:R}");
        }
    }

    private static bool IsExact(FeatureDefinition feature) => feature.Feature is not (Feature.SalaryMean or Feature.PurchaseMean90d or Feature.DaysLateMean90d
            or Feature.BufferDays30d or Feature.BufferDays90d)
        && (feature.Unit is FeatureUnit.Count or FeatureUnit.Days or FeatureUnit.DayOfMonth
            || (feature.Unit == FeatureUnit.Money && feature.Feature != Feature.BalanceMonthlyLow && !feature.Name.StartsWith("balance_mean", StringComparison.Ordinal)
                && !feature.Name.StartsWith("balance_volatility", StringComparison.Ordinal)));

    /// <summary>Below this a difference is rounding: balances are of the order of thousands.</summary>
    private static double Scale(FeatureDefinition feature) => feature.Unit is FeatureUnit.Money or FeatureUnit.MoneyPerDay ? 1 : 0.1;

    private static float[] VectorOf(IEnumerable<Payment> payments, long asOf)
    {
        var state = new FeatureState();
        foreach (var payment in payments)
            state.Apply(payment);

        var vector = new float[FeatureCatalogue.Count];
        state.Fill(asOf, vector);
        return vector;
    }
}
