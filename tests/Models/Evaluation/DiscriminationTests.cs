using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Models;

namespace ServerlessCLM.Tests.Models;

public class DiscriminationTests
{
    private static readonly double[] Scores = [.9, .8, .8, .7, .6, .6, .6, .4, .3, .2];
    private static readonly bool[] Events = [true, true, false, true, false, true, false, false, true, false];

    [Fact]
    public void Figures_are_those_of_scipy()
    {
        var ranked = new RankedOutcomes(Scores, Events);
        Assert.Equal(0.7, Discrimination.Auc(ranked), 12);
        Assert.Equal(0.4, Discrimination.Gini(ranked), 12);
        Assert.Equal(0.4, Discrimination.KolmogorovSmirnov(ranked), 12);
    }

    [Fact]
    public void The_auc_is_the_share_of_ordered_pairs() => Prop.ForAll(Outcomes.Any, outcomes =>
    {
        double ordered = 0, pairs = 0;
        for (var i = 0; i < outcomes.Events.Length; i++)
        {
            for (var j = 0; j < outcomes.Events.Length; j++)
            {
                if (!outcomes.Events[i] || outcomes.Events[j])
                    continue;

                pairs++;
                ordered += outcomes.Scores[i] > outcomes.Scores[j] ? 1 : outcomes.Scores[i] == outcomes.Scores[j] ? 0.5 : 0;
            }
        }

        return Math.Abs(Discrimination.Auc(new RankedOutcomes(outcomes.Scores, outcomes.Events)) - (ordered / pairs)) < 1e-12;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Average_precision_and_the_Kolmogorov_Smirnov_distance_are_those_of_every_threshold() => Prop.ForAll(Outcomes.Any, outcomes =>
    {
        double precision = 0, distance = 0, recallBefore = 0;
        double events = outcomes.Events.Count(hit => hit), others = outcomes.Events.Length - events;
        foreach (var threshold in outcomes.Scores.Distinct().OrderDescending())
        {
            double hits = 0, misses = 0;
            for (var i = 0; i < outcomes.Events.Length; i++)
            {
                if (outcomes.Scores[i] >= threshold)
                    _ = outcomes.Events[i] ? hits++ : misses++;
            }

            precision += ((hits / events) - recallBefore) * (hits / (hits + misses));
            recallBefore = hits / events;
            distance = Math.Max(distance, Math.Abs((hits / events) - (misses / others)));
        }

        var ranked = new RankedOutcomes(outcomes.Scores, outcomes.Events);
        return Math.Abs(Discrimination.AveragePrecision(ranked) - precision) < 1e-12
            && Math.Abs(Discrimination.KolmogorovSmirnov(ranked) - distance) < 1e-12;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void DeLong_is_the_variance_of_placements_counted_pair_by_pair() => Prop.ForAll(Outcomes.Any, outcomes =>
    {
        var naive = NaiveDeLong(outcomes.Scores, outcomes.Others, outcomes.Events);
        var test = DeLong.Compare(outcomes.Scores, outcomes.Others, outcomes.Events);
        var single = DeLong.Auc(outcomes.Scores, outcomes.Events);
        var half = 1.959963984540054 * Math.Sqrt(naive.VarianceOfFirst);
        return Math.Abs(test.Difference - naive.Difference) < 1e-12
            && Math.Abs((test.StandardError * test.StandardError) - naive.Variance) < 1e-12
            && Math.Abs(single.Low!.Value - Math.Max(0, single.Value - half)) < 1e-9
            && Math.Abs(single.High!.Value - Math.Min(1, single.Value + half)) < 1e-9
            && test.P is >= 0 and <= 1;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_model_compared_with_itself_does_not_differ()
    {
        var test = DeLong.Compare(Scores, [.. Scores.Select(score => 3 * score)], Events);
        Assert.Equal((0.0, 0.0, 1.0), (test.Difference, test.Z, test.P));
    }

    [Fact]
    public void Order_of_the_rows_changes_nothing() => Prop.ForAll(Outcomes.Any, outcomes =>
    {
        var forward = new RankedOutcomes(outcomes.Scores, outcomes.Events);
        var backward = new RankedOutcomes([.. outcomes.Scores.Reverse()], [.. outcomes.Events.Reverse()]);
        return forward.Steps.SequenceEqual(backward.Steps)
            && Discrimination.Lift(forward).SequenceEqual(Discrimination.Lift(backward));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Deciles_hold_all_events_and_their_lifts_average_to_one() => Prop.ForAll(Outcomes.Any, outcomes =>
    {
        var deciles = Discrimination.Lift(new RankedOutcomes(outcomes.Scores, outcomes.Events));
        return Math.Abs(deciles.Average(decile => decile.Lift) - 1) < 1e-9 && Math.Abs(deciles[9].Captured - 1) < 1e-12
            && Math.Abs(deciles[9].CumulativeLift - 1) < 1e-12;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Deciles_of_distinct_scores_are_counted_rows()
    {
        var scores = Enumerable.Range(0, 100).Select(i => (double)i).ToArray();
        var events = Enumerable.Range(0, 100).Select(i => i >= 95 || i == 3).ToArray();
        var deciles = Discrimination.Lift(new RankedOutcomes(scores, events));
        Assert.Equal(new LiftDecile(1, 0.5, 0.5 / 0.06, 0.5 / 0.06, 5 / 6.0), deciles[0]);
        Assert.Equal(0.1, deciles[9].Rate, 12);
    }

    [Fact]
    public void The_roc_curve_encloses_the_auc()
    {
        var ranked = new RankedOutcomes(Scores, Events);
        var points = Discrimination.Roc(ranked);
        var area = points.Zip(points.Skip(1), (a, b) => (b.FalsePositiveRate - a.FalsePositiveRate) * (a.TruePositiveRate + b.TruePositiveRate) / 2).Sum();
        Assert.Equal(Discrimination.Auc(ranked), area, 12);
        Assert.Equal((1.0, 1.0), (points[^1].FalsePositiveRate, points[^1].TruePositiveRate));
        Assert.InRange(Discrimination.Roc(new RankedOutcomes(
            [.. Enumerable.Range(0, 5000).Select(i => (double)i)], [.. Enumerable.Range(0, 5000).Select(i => i % 3 == 0)]), 100).Count, 90, 110);
    }

    [Fact]
    public void What_cannot_be_ranked_is_refused_with_the_reason()
    {
        Assert.Contains("row 1", Assert.Throws<ArgumentException>(() => new RankedOutcomes([1, double.NaN], [true, false])).Message, StringComparison.Ordinal);
        Assert.Contains("both outcomes", Assert.Throws<ArgumentException>(() => new RankedOutcomes([1, 2], [true, true])).Message, StringComparison.Ordinal);
        Assert.Contains("2 scores", Assert.Throws<ArgumentException>(() => new RankedOutcomes([1, 2], [true])).Message, StringComparison.Ordinal);
        Assert.Contains("two of both", Assert.Throws<ArgumentException>(() => DeLong.Auc([1, 2, 3], [true, false, false])).Message, StringComparison.Ordinal);
    }

    private static (double Difference, double Variance, double VarianceOfFirst) NaiveDeLong(double[] first, double[] second, bool[] events)
    {
        var (eventsOfFirst, othersOfFirst) = Placements(first, events);
        var (eventsOfSecond, othersOfSecond) = Placements(second, events);
        var difference = eventsOfFirst.Average() - eventsOfSecond.Average();
        var variance = Variance([.. eventsOfFirst.Zip(eventsOfSecond, (a, b) => a - b)]) + Variance([.. othersOfFirst.Zip(othersOfSecond, (a, b) => a - b)]);
        return (difference, variance, Variance(eventsOfFirst) + Variance(othersOfFirst));

        static double Variance(double[] values) =>
            values.Sum(value => Math.Pow(value - values.Average(), 2)) / (values.Length - 1) / values.Length;
    }

    private static (double[] OfEvents, double[] OfOthers) Placements(double[] scores, bool[] events)
    {
        double[] hits = [.. scores.Where((_, i) => events[i])], misses = [.. scores.Where((_, i) => !events[i])];
        return ([.. hits.Select(hit => misses.Average(miss => Won(hit, miss)))], [.. misses.Select(miss => hits.Average(hit => Won(hit, miss)))]);

        static double Won(double hit, double miss) => hit > miss ? 1 : hit == miss ? 0.5 : 0;
    }
}
