using MathNet.Numerics.Distributions;

namespace ServerlessCLM.Models;

/// <summary>
/// Variance of the AUC and of the difference of two AUCs on the same rows: DeLong, DeLong and Clarke-Pearson (Biometrics 44, 1988), by
/// mid-ranks in O(n log n): Sun and Xu (IEEE Signal Processing Letters 21, 2014).
/// </summary>
public static class DeLong
{
    /// <summary>The AUC and its normal interval, cut to 0…1.</summary>
    /// <param name="scores">One a row; a higher score says that the event is likelier.</param>
    /// <param name="events">Whether the row's event came.</param>
    /// <param name="level">Of confidence.</param>
    /// <exception cref="ArgumentException">As of <see cref="RankedOutcomes"/>; or fewer than two events or non-events.</exception>
    public static Figure Auc(ReadOnlySpan<double> scores, ReadOnlySpan<bool> events, double level = 0.95)
    {
        var placed = new Placements(scores, events);
        var distance = Normal.InvCDF(0, 1, (1 + level) / 2) * Math.Sqrt(Covariance(placed, placed));
        return new Figure(placed.Auc, Math.Max(0, placed.Auc - distance), Math.Min(1, placed.Auc + distance));
    }

    /// <summary>Whether two models that scored the same rows differ in AUC.</summary>
    /// <exception cref="ArgumentException">As of <see cref="Auc"/>.</exception>
    public static DeLongTest Compare(ReadOnlySpan<double> first, ReadOnlySpan<double> second, ReadOnlySpan<bool> events)
    {
        var a = new Placements(first, events);
        var b = new Placements(second, events);
        var variance = Covariance(a, a) + Covariance(b, b) - (2 * Covariance(a, b));
        var error = Math.Sqrt(Math.Max(0, variance));
        var difference = a.Auc - b.Auc;

        // Models that order the rows alike have no variance of difference, up to rounding.
        var z = error > 1e-12 ? difference / error : 0;
        return new DeLongTest(a.Auc, b.Auc, difference, error, z, 2 * Normal.CDF(0, 1, -Math.Abs(z)));
    }

    private static double Covariance(Placements a, Placements b) =>
        (Covariance(a.OfEvents, b.OfEvents, a.Auc, b.Auc) / a.OfEvents.Length)
        + (Covariance(a.OfNonEvents, b.OfNonEvents, a.Auc, b.Auc) / a.OfNonEvents.Length);

    private static double Covariance(double[] a, double[] b, double meanA, double meanB)
    {
        double sum = 0;
        for (var i = 0; i < a.Length; i++)
            sum += (a[i] - meanA) * (b[i] - meanB);
        return sum / (a.Length - 1);
    }

    /// <summary>For each event the share of non-events below it, for each non-event the share of events above it, ties counted half.</summary>
    private sealed class Placements
    {
        public Placements(ReadOnlySpan<double> scores, ReadOnlySpan<bool> events)
        {
            var ranked = new RankedOutcomes(scores, events);
            if (ranked.Events < 2 || ranked.NonEvents < 2)
                throw new ArgumentException("must hold at least two of both outcomes for an interval", nameof(events));

            OfEvents = new double[ranked.Events];
            OfNonEvents = new double[ranked.NonEvents];
            var steps = new Dictionary<double, (double Below, double Above)>(ranked.Steps.Count);
            var before = default(RankStep);
            foreach (var step in ranked.Steps)
            {
                double nonEvents = step.Rows - step.Events - (before.Rows - before.Events);
                var below = ranked.NonEvents - (step.Rows - step.Events) + (nonEvents / 2);
                steps[step.Score] = (below / ranked.NonEvents, (before.Events + step.Events) / 2.0 / ranked.Events);
                before = step;
            }

            int placedEvents = 0, placedNonEvents = 0;
            for (var i = 0; i < scores.Length; i++)
            {
                if (events[i])
                    OfEvents[placedEvents++] = steps[scores[i]].Below;
                else
                    OfNonEvents[placedNonEvents++] = steps[scores[i]].Above;
            }

            Auc = Discrimination.Auc(ranked);
        }

        public double Auc { get; }

        public double[] OfEvents { get; }

        public double[] OfNonEvents { get; }
    }
}

/// <summary>The comparison of two models on the same rows.</summary>
/// <param name="Difference">First less second.</param>
/// <param name="StandardError">Of the difference.</param>
/// <param name="Z">The difference in standard errors; 0 where both order the rows alike.</param>
/// <param name="P">Two-sided.</param>
public readonly record struct DeLongTest(double First, double Second, double Difference, double StandardError, double Z, double P)
{
    /// <summary>Probability of a second model this much better, or more, if the first were at least as good: small where the first is worse.</summary>
    public double POfWorse => Normal.CDF(0, 1, Z);
}
