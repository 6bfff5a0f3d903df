using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Models;

namespace ServerlessCLM.Tests.Models;

public class ProbabilityErrorTests
{
    [Fact]
    public void Figures_of_a_worked_example()
    {
        double[] probabilities = [0.9, 0.2, 0.6, 1];
        bool[] events = [true, false, false, true];
        Assert.Equal((-Math.Log(0.9) - Math.Log(0.8) - Math.Log(0.4)) / 4, ProbabilityError.LogLoss(probabilities, events), 12);
        Assert.Equal((0.01 + 0.04 + 0.36) / 4, ProbabilityError.Brier(probabilities, events), 12);
        Assert.Equal((0.1 + 0.2 + 0.6) / 4, ProbabilityError.ExpectedCalibrationError(probabilities, events, 4), 12);
    }

    [Fact]
    public void A_certain_wrong_probability_costs_much_and_stays_finite() =>
        Assert.Equal(-Math.Log(1e-15), ProbabilityError.LogLoss([0], [true]), 6);

    [Fact]
    public void Bins_hold_every_row_once_and_equal_probabilities_together() => Prop.ForAll(Outcomes.Any, outcomes =>
    {
        var curve = ProbabilityError.CalibrationCurve(outcomes.Scores, outcomes.Events, 5);
        return curve.Sum(bin => bin.Rows) == outcomes.Events.Length && curve.Count <= 5
            && Math.Abs(curve.Sum(bin => bin.Rows * bin.Observed) - outcomes.Events.Count(hit => hit)) < 1e-9
            && Math.Abs(curve.Sum(bin => bin.Rows * bin.Predicted) - outcomes.Scores.Sum()) < 1e-9
            && curve.Zip(curve.Skip(1)).All(pair => pair.First.Predicted < pair.Second.Predicted)
            && curve.All(bin => bin.Low <= bin.Observed && bin.Observed <= bin.High);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Bins_are_of_equal_count_where_probabilities_differ() =>
        Assert.All(
            ProbabilityError.CalibrationCurve([.. Enumerable.Range(0, 1003).Select(i => i / 1003.0)], new bool[1003]),
            bin => Assert.InRange(bin.Rows, 100, 101));

    [Fact]
    public void What_is_no_probability_is_refused()
    {
        Assert.Throws<ArgumentException>(() => ProbabilityError.Brier([1.1], [true]));
        Assert.Throws<ArgumentException>(() => ProbabilityError.LogLoss([double.NaN], [true]));
        Assert.Throws<ArgumentException>(() => ProbabilityError.LogLoss([], []));
    }

    [Fact]
    public void The_card_holds_the_same_figures()
    {
        double[] probabilities = [0.9, 0.2, 0.6, 0.7, 0.1];
        bool[] events = [true, false, false, true, true];
        var performance = BinaryPerformance.Measure(probabilities, events);
        Assert.Equal((5, 3, 4 / 6.0), (performance.Rows, performance.Events, performance.Auc.Value));
        Assert.Equal(ProbabilityError.Brier(probabilities, events), performance.Brier);
        Assert.Equal((2 * performance.Auc.Value) - 1, performance.Gini, 12);
    }
}
