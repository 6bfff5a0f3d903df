using ServerlessCLM.Experiments;

namespace ServerlessCLM.Tests.Experiments;

public sealed class ExperimentEvaluationTests
{
    private static readonly ExperimentDocument Experiment = ExperimentOf.Json("{}");

    [Fact]
    public void A_better_treatment_that_keeps_its_guardrails_wins_and_is_rolled_out()
    {
        var result = Evaluate(Experiment, (20_000, 1000, 100, 40), (20_000, 1400, 100, 40));
        Assert.Equal((ExperimentStatus.Won, "cashback"), (result.Status, result.Winner));
        Assert.InRange(result.Comparisons[0].Sequential.Low, 0.001, 0.02);
        Assert.All(result.Guardrails, guardrail => Assert.True(guardrail.Kept));
    }

    [Fact]
    public void A_better_treatment_whose_guardrail_is_not_sure_has_to_wait()
    {
        var result = Evaluate(Experiment with { Decide = Experiment.Decide with { Units = 100_000 } }, (20_000, 1000, 300, 40), (20_000, 1400, 360, 40));
        Assert.Equal(ExperimentStatus.Running, result.Status);
        Assert.True(result.Comparisons[0].Sequential.Low > 0);
        Assert.False(result.Guardrails[0].Kept || result.Guardrails[0].Broken);
    }

    [Fact]
    public void A_broken_guardrail_stops_even_a_better_treatment()
    {
        var result = Evaluate(Experiment, (20_000, 1000, 100, 40), (20_000, 1400, 500, 40));
        Assert.Equal((ExperimentStatus.Harmed, "control"), (result.Status, result.Winner));
        Assert.Contains("guardrail optOut", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_worse_treatment_is_stopped_and_without_a_difference_nothing_is_concluded()
    {
        Assert.Equal(ExperimentStatus.Harmed, Evaluate(Experiment, (20_000, 1400, 100, 40), (20_000, 1000, 100, 40)).Status);
        Assert.Equal(ExperimentStatus.Inconclusive, Evaluate(Experiment, (20_000, 1000, 100, 40), (20_000, 1000, 100, 40)).Status);
        Assert.Equal(ExperimentStatus.Running, Evaluate(Experiment, (2_000, 100, 10, 4), (2_000, 100, 10, 4)).Status);
        Assert.Equal(ExperimentStatus.Running, ExperimentEvaluation.Evaluate(Experiment, [], []).Status);
    }

    [Fact]
    public void Units_that_came_into_the_wrong_arm_void_the_result()
    {
        var result = Evaluate(Experiment, (20_000, 1000, 100, 40), (21_500, 1500, 100, 40));
        Assert.Equal((ExperimentStatus.Mismatch, null), (result.Status, result.Winner));
        Assert.InRange(result.SampleRatioP, 0, SampleRatio.Alpha);
    }

    [Fact]
    public void A_winner_that_is_only_to_be_told_changes_nothing()
    {
        var told = Experiment with { Decide = Experiment.Decide with { OnWin = false } };
        var result = Evaluate(told, (20_000, 1000, 100, 40), (20_000, 1400, 100, 40));
        Assert.Equal((ExperimentStatus.Won, null), (result.Status, result.Winner));
    }

    [Fact]
    public void A_group_sequential_test_looks_only_when_a_look_is_due()
    {
        var experiment = ExperimentOf.Json("""{"guardrails":[],"decide":{"method":"group-sequential","alpha":0.05,"units":40000,"looks":2}}""");
        var early = Evaluate(experiment, (9_000, 400, 0, 0), (9_000, 700, 0, 0));
        Assert.Equal(ExperimentStatus.Running, early.Status);
        Assert.Empty(early.Looks);
        var first = Evaluate(experiment, (10_000, 500, 0, 0), (10_000, 540, 0, 0));
        Assert.Equal((ExperimentStatus.Running, 0.5), (first.Status, Assert.Single(first.Looks)));
        var between = ExperimentEvaluation.Evaluate(experiment, Counts(experiment, (11_000, 500, 0, 0), (11_000, 900, 0, 0)), first.Looks);
        Assert.Equal((ExperimentStatus.Running, 1), (between.Status, between.Looks.Count));
        var last = ExperimentEvaluation.Evaluate(experiment, Counts(experiment, (20_000, 1000, 0, 0), (20_000, 1200, 0, 0)), first.Looks);
        Assert.Equal((ExperimentStatus.Won, 2), (last.Status, last.Looks.Count));
    }

    /// <summary>A guardrail without a single event used to be unknown for ever, and nothing could win.</summary>
    [Fact]
    public void A_guardrail_that_never_happens_is_kept_once_there_are_units_enough()
    {
        var result = Evaluate(Experiment, (20_000, 1000, 0, 0), (20_000, 1400, 0, 1));
        Assert.Equal(ExperimentStatus.Won, result.Status);
        Assert.Equal(ExperimentStatus.Running, Evaluate(Experiment, (1_000, 50, 0, 0), (1_000, 150, 0, 0)).Status);
    }

    [Theory]
    [InlineData(0.002)]
    [InlineData(0.3)]
    public void The_sequence_of_a_proportion_hardly_ever_leaves_it_out(double rate)
    {
        const int Tests = 500, Units = 1000;
        var left = 0;
        for (var test = 0; test < Tests; test++)
        {
            var rng = new Rng((ulong)test);
            var events = 0;
            for (var unit = 1; unit <= Units; unit++)
            {
                events += (rng.Next() >> 11) * (1.0 / (1L << 53)) < rate ? 1 : 0;
                var (low, high) = ProportionSequence.Of(events, unit, 0.05);
                Assert.InRange((double)events / unit, low, high);
                if (rate < low || rate > high)
                {
                    left++;
                    break;
                }
            }
        }

        Assert.InRange(left / (double)Tests, 0, 0.05);
    }

    /// <summary>
    /// A/A tests peeked at after every unit: no more than the nominal 5% may ever find a difference, give or take what two thousand tests can
    /// tell (three standard errors). `bench experiments` does it with ten thousand.
    /// </summary>
    [Theory]
    [InlineData(0.05)]
    [InlineData(0.3)]
    public void Peeking_after_every_unit_wins_no_more_often_than_it_may(double rate)
    {
        const int Tests = 2000, Units = 5000;
        var sequence = new ConfidenceSequence(0.05, Units);
        var won = 0;
        for (var test = 0; test < Tests; test++)
        {
            var rng = new Rng((ulong)test);
            var (control, treatment) = (default(ArmTotals), default(ArmTotals));
            for (var unit = 0; unit < Units; unit++)
            {
                var draw = rng.Next();
                ref var arm = ref (draw & 1) == 0 ? ref control : ref treatment;
                arm += ArmTotals.Of((draw >> 11) * (1.0 / (1L << 53)) < rate ? 1 : 0);
                if (Math.Min(control.Units, treatment.Units) < ConfidenceSequence.LeastUnits || control.Sum + treatment.Sum < ConfidenceSequence.LeastEvents)
                    continue;

                var seen = sequence.Compare(ArmMean.Of(control), ArmMean.Of(treatment));
                if (seen.Low > 0 || seen.High < 0)
                {
                    won++;
                    break;
                }
            }
        }

        Assert.InRange(won / (double)Tests, 0.005, 0.05 + (3 * Math.Sqrt(0.05 * 0.95 / Tests)));
    }

    private static ExperimentResult Evaluate(ExperimentDocument experiment, params (long Units, long Converted, long OptOuts, long Complaints)[] arms) =>
        ExperimentEvaluation.Evaluate(experiment, Counts(experiment, arms), []);

    private static ArmCounts[] Counts(ExperimentDocument experiment, params (long Units, long Converted, long OptOuts, long Complaints)[] arms) =>
        [.. arms.Select((arm, i) => new ArmCounts(experiment.Arms[i].Name, arm.Units,
            [.. ((long[])[arm.Converted, arm.OptOuts, arm.Complaints]).Take(experiment.Metrics.Count()).Select(events => ArmTotals.OfProportion(events, arm.Units))]))];
}
