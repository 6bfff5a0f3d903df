using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Models;

namespace ServerlessCLM.Tests.Models;

public class CalibrationTests
{
    [Fact]
    public void Pooling_adjacent_violators_on_a_worked_example()
    {
        var fitted = IsotonicRegression.Fit([1, 2, 3, 4, 5, 6], [false, true, false, false, true, true]);
        Assert.Equal([1, 2, 4, 5, 6], fitted.Scores!);
        Assert.Equal([0, 1 / 3.0, 1 / 3.0, 1, 1], fitted.Probabilities!);
        Assert.Equal((0.0, 1 / 6.0, 1 / 3.0, 1.0), (fitted.Apply(-10), fitted.Apply(1.5), fitted.Apply(3), fitted.Apply(60)));
    }

    [Fact]
    public void Isotonic_is_the_minimax_formula_of_the_least_squares_fit() => Prop.ForAll(Outcomes.Any, outcomes =>
    {
        // Robertson, Wright and Dykstra (1988): the fit at s is max over a ≤ s of min over b ≥ s of the mean from a to b.
        var fitted = IsotonicRegression.Fit(outcomes.Scores, outcomes.Events);
        var levels = outcomes.Scores.Distinct().Order().ToArray();
        return levels.All(level => Math.Abs(fitted.Apply(level) - levels.Where(a => a <= level).Max(a => levels.Where(b => b >= level).Min(b => Mean(a, b)))) < 1e-12);

        double Mean(double low, double high) =>
            outcomes.Scores.Zip(outcomes.Events).Where(row => row.First >= low && row.First <= high).Average(row => row.Second ? 1.0 : 0);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Order_is_kept() => Prop.ForAll(Outcomes.Any, outcomes =>
    {
        ModelCalibration[] both = [IsotonicRegression.Fit(outcomes.Scores, outcomes.Events), PlattScaling.Fit(outcomes.Scores, outcomes.Events)];
        double[] asked = [.. outcomes.Scores.Concat(outcomes.Others).Concat(outcomes.Scores.Zip(outcomes.Others, (a, b) => (a + b) / 2)).Append(-1).Append(2).Order()];
        return both.All(calibration =>
        {
            double[] answers = [.. asked.Select(calibration.Apply)];
            return answers.Zip(answers.Skip(1)).All(pair => pair.First <= pair.Second) && answers.All(answer => answer is >= 0 and <= 1) && calibration.Check() is null;
        });
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Isotonic_means_and_Platt_targets_keep_the_rate_of_events() => Prop.ForAll(Outcomes.Any, outcomes =>
    {
        int hits = outcomes.Events.Count(hit => hit), misses = outcomes.Events.Length - hits;
        var isotonic = IsotonicRegression.Fit(outcomes.Scores, outcomes.Events);
        var platt = PlattScaling.Fit(outcomes.Scores, outcomes.Events);
        var targets = (hits * (hits + 1) / (hits + 2.0)) + (misses / (misses + 2.0));
        return Math.Abs(outcomes.Scores.Sum(isotonic.Apply) - hits) < 1e-9 && Math.Abs(outcomes.Scores.Sum(platt.Apply) - targets) < 1e-6;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Platt_finds_the_curve_that_made_the_outcomes()
    {
        var random = new Rng(3);
        var scores = new double[50_000];
        var events = new bool[scores.Length];
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = (random.Below(6000) / 1000.0) - 3;
            events[i] = random.Below(1_000_000) < 1e6 / (1 + Math.Exp(-((1.5 * scores[i]) - 0.7)));
        }

        var fitted = PlattScaling.Fit(scores, events);
        Assert.InRange(fitted.Slope!.Value, 1.45, 1.55);
        Assert.InRange(fitted.Offset!.Value, -0.75, -0.65);
    }

    [Fact]
    public void Separated_outcomes_and_huge_scores_stay_finite()
    {
        var fitted = PlattScaling.Fit([-1e6, -2e6, 3e6, 4e6], [false, false, true, true]);
        Assert.InRange(fitted.Apply(4e6), 0.7, 1);
        Assert.Equal(0.5, PlattScaling.Fit([5, 5], [true, false]).Apply(17), 12);
    }

    [Fact]
    public void Scores_that_point_the_wrong_way_get_the_rate_of_all_rows()
    {
        var fitted = PlattScaling.Fit([1, 2, 3, 4], [true, true, false, false]);
        Assert.Equal((0.5, 0.5), (fitted.Apply(-3), fitted.Apply(30)));
        Assert.Null(fitted.Check());
    }

    [Fact]
    public void What_cannot_be_fitted_is_refused()
    {
        Assert.Throws<ArgumentException>(() => IsotonicRegression.Fit([double.NaN], [true]));
        Assert.Throws<ArgumentException>(() => PlattScaling.Fit([1, 2], [true]));
    }
}
