namespace ServerlessCLM.Experiments;

/// <summary>Where an experiment stands.</summary>
public enum ExperimentStatus
{
    /// <summary>Units are taken in, and nothing is decided.</summary>
    Running,

    /// <summary>A treatment is better than the control, and no guardrail speaks against it.</summary>
    Won,

    /// <summary>The control is better than every treatment, or guardrails rule out those that are left.</summary>
    Harmed,

    /// <summary>All planned units are in, and no difference was found.</summary>
    Inconclusive,

    /// <summary>Units did not come into the arms as meant: nothing measured counts.</summary>
    Mismatch,
}

/// <summary>An arm's counts.</summary>
/// <param name="Arm">Its name.</param>
/// <param name="Exposed">Units exposed so far.</param>
/// <param name="Metrics">What is known by metric, of units whose window is over, in the order of <see cref="ExperimentDocument.Metrics"/>.</param>
public sealed record ArmCounts(string Arm, long Exposed, IReadOnlyList<ArmTotals> Metrics);

/// <summary>How a treatment stands on a metric.</summary>
/// <param name="Metric">Which.</param>
/// <param name="Arm">The treatment.</param>
/// <param name="Sequential">The comparison that decides, valid at whatever time one looks.</param>
/// <param name="OneLook">The fixed-horizon interval beside it, valid only for whoever looks once.</param>
public sealed record MetricComparison(string Metric, string Arm, Comparison Sequential, Comparison OneLook);

/// <summary>A guardrail of a treatment.</summary>
/// <param name="Comparison">The metric, more being worse.</param>
/// <param name="Worse">How much is too much.</param>
/// <param name="Broken">The treatment is worse by more than that.</param>
/// <param name="Kept">It is not worse by that much.</param>
public sealed record GuardrailComparison(MetricComparison Comparison, double Worse, bool Broken, bool Kept);

/// <summary>The result at a look, and what follows.</summary>
/// <param name="Status">Where the experiment stands.</param>
/// <param name="Winner">The arm that everybody gets from now on, where that is decided.</param>
/// <param name="Reason">In words.</param>
/// <param name="SampleRatioP">Sequential p-value that units came into the arms as meant.</param>
/// <param name="Theta">Weight of the covariate; null without one.</param>
/// <param name="Comparisons">Each treatment on the deciding metric.</param>
/// <param name="Guardrails">Each treatment on each guardrail.</param>
/// <param name="Looks">Shares of the planned units at the looks of a group-sequential test so far, this one included.</param>
public sealed record ExperimentResult(
    ExperimentStatus Status, string? Winner, string Reason, double SampleRatioP, double? Theta,
    IReadOnlyList<MetricComparison> Comparisons, IReadOnlyList<GuardrailComparison> Guardrails, IReadOnlyList<double> Looks);

/// <summary>From counts to the verdict. Pure.</summary>
/// <remarks>
/// The level is shared by the treatments (Bonferroni) and each guardrail has the whole of it to itself: guardrails are there to stop. A win needs
/// every guardrail kept, that is, worse by less than its margin at the whole of the interval.
/// </remarks>
public static class ExperimentEvaluation
{
    /// <param name="experiment">The document.</param>
    /// <param name="arms">Counts by arm; an arm without any may be missing.</param>
    /// <param name="looks">Looks taken before, of a group-sequential test; each has used up its part of the level.</param>
    public static ExperimentResult Evaluate(ExperimentDocument experiment, IReadOnlyList<ArmCounts> arms, IReadOnlyList<double> looks)
    {
        var ordered = experiment.Arms.Select(arm => arms.FirstOrDefault(counts => counts.Arm == arm.Name)
            ?? new ArmCounts(arm.Name, 0, [.. experiment.Metrics.Select(_ => default(ArmTotals))])).ToArray();
        var control = Array.FindIndex(ordered, counts => counts.Arm == experiment.Control);
        var alpha = experiment.Decide.Alpha / (ordered.Length - 1);
        var (means, theta) = MeansOf(experiment, ordered);
        var bound = experiment.Decide.Method == DecisionMethod.GroupSequential ? NextLook(experiment.Decide, alpha, ordered, ref looks) : null;
        var comparisons = new List<MetricComparison>();
        for (var i = 0; i < ordered.Length; i++)
        {
            if (i != control)
                comparisons.Add(Compare(experiment, alpha, experiment.Metric, ordered, means, control, i, bound));
        }

        var guardrails = GuardrailsOf(experiment, ordered, control);
        var split = SampleRatio.Sequential([.. ordered.Select(arm => arm.Exposed)], [.. experiment.Arms.Select(arm => arm.Share)]);
        var (status, winner, reason) = Verdict(experiment, ordered, split, comparisons, guardrails);
        return new ExperimentResult(status, winner, reason, split, theta, comparisons, guardrails, looks);
    }

    private static (ArmMean[] Means, double? Theta) MeansOf(ExperimentDocument experiment, ArmCounts[] arms)
    {
        var totals = arms.Select(arm => arm.Metrics[0]).ToArray();
        if (experiment.Covariate is null)
            return ([.. totals.Select(total => ArmMean.Of(total))], null);

        var (means, theta) = ArmMean.Adjusted(totals);
        return (means, theta);
    }

    private static List<GuardrailComparison> GuardrailsOf(ExperimentDocument experiment, ArmCounts[] arms, int control)
    {
        var names = experiment.Metrics.Select(metric => metric.Name).ToList();
        var found = new List<GuardrailComparison>();
        foreach (var guardrail in experiment.Guardrails)
        {
            var place = names.IndexOf(guardrail.Metric.Name);
            var seen = arms.Select(arm => arm with { Metrics = [arm.Metrics[place]] }).ToArray();
            var means = seen.Select(arm => ArmMean.Of(arm.Metrics[0])).ToArray();
            for (var i = 0; i < arms.Length; i++)
            {
                if (i == control)
                    continue;

                var comparison = Compare(experiment, experiment.Decide.Alpha, guardrail.Metric, seen, means, control, i, look: null);
                found.Add(new GuardrailComparison(comparison, guardrail.Worse,
                    Broken: comparison.Sequential.Low > guardrail.Worse, Kept: comparison.Sequential.High < guardrail.Worse));
            }
        }

        return found;
    }

    /// <param name="look">Interval of a group-sequential test at a look, from the two means; null for the confidence sequence.</param>
    private static MetricComparison Compare(
        ExperimentDocument experiment, double alpha, ExperimentMetric metric, ArmCounts[] arms, ArmMean[] means, int control, int treatment,
        Func<ArmMean, ArmMean, Comparison>? look)
    {
        var (a, b) = (means[control], means[treatment]);
        var (totalsA, totalsB) = (arms[control].Metrics[0], arms[treatment].Metrics[0]);
        if (Math.Min(a.Units, b.Units) < ConfidenceSequence.LeastUnits)
            return new MetricComparison(metric.Name, arms[treatment].Arm, Comparison.Unknown, Comparison.Unknown);

        var adjusted = experiment.Covariate is not null && ReferenceEquals(metric, experiment.Metric);
        var oneLook = metric.Amount || adjusted
            ? FixedHorizon.Means(a, b, 1 - alpha)
            : FixedHorizon.Proportions(((long)totalsA.Sum, totalsA.Units), ((long)totalsB.Sum, totalsB.Units), 1 - alpha);
        var events = totalsA.Sum + totalsB.Sum;
        if (!metric.Amount && look is null && Math.Min(events, a.Units + b.Units - events) < ConfidenceSequence.LeastEvents)
        {
            return new MetricComparison(metric.Name, arms[treatment].Arm,
                ProportionSequence.Compare(((long)totalsA.Sum, totalsA.Units), ((long)totalsB.Sum, totalsB.Units), alpha), oneLook);
        }

        var sequential = look is null
            ? new ConfidenceSequence(alpha, experiment.Decide.Units * 2.0 / arms.Length).Compare(a, b)
            : look(a, b);
        return new MetricComparison(metric.Name, arms[treatment].Arm, sequential, oneLook);
    }

    /// <summary>The interval at a look that has come due; between looks, which spend nothing, the whole line.</summary>
    private static Func<ArmMean, ArmMean, Comparison> NextLook(DecisionRule rule, double alpha, ArmCounts[] arms, ref IReadOnlyList<double> looks)
    {
        var reached = Math.Min(1, arms.Sum(arm => arm.Metrics[0].Units) / (double)rule.Units);
        if (looks.Count >= rule.Looks || reached + 1e-9 < (looks.Count + 1.0) / rule.Looks || (looks.Count > 0 && reached <= looks[^1]))
            return (control, treatment) => Comparison.Unknown with { Difference = treatment.Mean - control.Mean };

        looks = [.. looks, reached];
        var bound = GroupSequential.Bounds([.. looks], alpha, rule.Spending)[^1];
        return (control, treatment) =>
        {
            var radius = bound * Math.Sqrt((control.Variance / control.Units) + (treatment.Variance / treatment.Units));
            var difference = treatment.Mean - control.Mean;
            return new Comparison(difference, difference - radius, difference + radius, FixedHorizon.Means(control, treatment).P);
        };
    }

    private static (ExperimentStatus, string?, string) Verdict(
        ExperimentDocument experiment, ArmCounts[] arms, double split, List<MetricComparison> comparisons, List<GuardrailComparison> guardrails)
    {
        if (split < SampleRatio.Alpha)
        {
            return (ExperimentStatus.Mismatch, null,
                $"units came into the arms {string.Join(", ", arms.Select(arm => $"{arm.Arm} {arm.Exposed}"))}, which the shares do not explain: find out why before anything is concluded");
        }

        var broken = guardrails.Where(guardrail => guardrail.Broken).ToLookup(guardrail => guardrail.Comparison.Arm);
        var unsure = guardrails.Where(guardrail => !guardrail.Kept).Select(guardrail => guardrail.Comparison.Arm).ToHashSet();
        var best = comparisons.Where(each => each.Sequential.Low > 0 && !unsure.Contains(each.Arm)).MaxBy(each => each.Sequential.Difference);
        if (best is not null)
            return (ExperimentStatus.Won, experiment.Decide.OnWin ? best.Arm : null, $"{best.Arm} is better than {experiment.Control} on {best.Metric}, and every guardrail is kept");

        var ruledOut = comparisons.Where(each => each.Sequential.High < 0 || broken.Contains(each.Arm)).ToList();
        if (ruledOut.Count == comparisons.Count)
        {
            var words = ruledOut.Select(each => broken[each.Arm].FirstOrDefault() is { } guardrail
                ? $"{each.Arm} breaks the guardrail {guardrail.Comparison.Metric}"
                : $"{each.Arm} is worse than {experiment.Control} on {each.Metric}");
            return (ExperimentStatus.Harmed, experiment.Decide.OnHarm ? experiment.Control : null, string.Join("; ", words));
        }

        var units = arms.Sum(arm => arm.Metrics[0].Units);
        return units >= experiment.Decide.Units
            ? (ExperimentStatus.Inconclusive, null, $"all {experiment.Decide.Units} planned units are in, and no difference was found")
            : (ExperimentStatus.Running, null, $"{units} of {experiment.Decide.Units} planned units are in");
    }
}
