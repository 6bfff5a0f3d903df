namespace ServerlessCLM.Experiments;

/// <summary>What an experiment compares, who takes part, what is measured, and what follows from the result.</summary>
/// <param name="Id">Names the experiment in strategies and journeys.</param>
/// <param name="Version">Whole number from 1; what has been counted belongs to a version.</param>
/// <param name="Salt">Units are drawn by it.</param>
/// <param name="Traffic">Share of the units outside the universal holdout that take part, above 0, at most 1.</param>
/// <param name="Arms">Two to ten, with their shares, which add up to 1.</param>
/// <param name="Control">The arm that the others are compared with.</param>
/// <param name="Metric">What decides.</param>
/// <param name="Guardrails">What must not get worse.</param>
/// <param name="Decide">How it is decided.</param>
public sealed record ExperimentDocument(
    string Id, int Version, string Salt, double Traffic, IReadOnlyList<ExperimentArm> Arms, string Control, ExperimentMetric Metric,
    IReadOnlyList<Guardrail> Guardrails, DecisionRule Decide)
{
    public const string SchemaName = "/api/schemas/experiment.json";

    /// <summary>What the arms differ in: action, strategy, journey, model or message; null where only readers of arms know.</summary>
    public string? Varies { get; init; }

    /// <summary>Feature whose value at exposure takes variance out of the metric (CUPED).</summary>
    public string? Covariate { get; init; }

    /// <summary>No unit is taken in before.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>No unit is taken in from here on.</summary>
    public DateTimeOffset? Until { get; init; }


    public ExperimentArm? Arm(string name) => Arms.FirstOrDefault(arm => arm.Name == name);

    /// <summary>All metrics, the deciding one first.</summary>
    public IEnumerable<ExperimentMetric> Metrics => Guardrails.Select(guardrail => guardrail.Metric).Prepend(Metric).DistinctBy(metric => metric.Name);
}

/// <summary>An arm.</summary>
/// <param name="Name">What others look up.</param>
/// <param name="Share">Of the units that take part.</param>
/// <param name="Use">Id of the action, strategy, journey, model or message that the arm stands for.</param>
public sealed record ExperimentArm(string Name, double Share, string? Use)
{
    internal void Deconstruct(out string name, out double share) => (name, share) = (Name, Share);
}

/// <summary>Where a metric's events come from.</summary>
public enum MetricSource
{
    /// <summary>An outcome: convert, accept, complaint, opt_out, …</summary>
    Outcome,

    /// <summary>A signal or lifecycle event by name.</summary>
    Signal,

    /// <summary>A journey's goal reached.</summary>
    Goal,
}

/// <summary>What is measured of a unit within a window after its first exposure.</summary>
/// <param name="Source">Where from.</param>
/// <param name="Event">Name of the outcome, signal or goal.</param>
/// <param name="Window">How long after exposure; a unit counts once the day that its window ends in is over.</param>
/// <param name="Amount">False: whether the event came, 0 or 1. True: the sum of the events' amounts.</param>
public sealed record ExperimentMetric(MetricSource Source, string Event, TimeSpan Window, bool Amount)
{
    /// <summary>Names the metric in counts.</summary>
    public string Name => Amount ? $"{Event}.amount" : Event;
}

/// <summary>A metric for which more is worse.</summary>
/// <param name="Metric">What.</param>
/// <param name="Worse">How much more than the control's is too much, per unit.</param>
public sealed record Guardrail(ExperimentMetric Metric, double Worse);

/// <summary>How an experiment is decided.</summary>
/// <param name="Method">Confidence sequence or group-sequential.</param>
/// <param name="Alpha">Chance of declaring a difference where there is none, over all looks and arms.</param>
/// <param name="Units">Units planned in all arms: the interval is tightest there, and group-sequential looks are shares of it.</param>
/// <param name="Looks">Looks of a group-sequential test.</param>
/// <param name="Spending">Its spending function.</param>
/// <param name="OnWin">Whether the winner goes to everybody.</param>
/// <param name="OnHarm">Whether everybody goes back to the control when it is better, or a guardrail is broken.</param>
public sealed record DecisionRule(DecisionMethod Method, double Alpha, long Units, int Looks, Spending Spending, bool OnWin, bool OnHarm);

public enum DecisionMethod { ConfidenceSequence, GroupSequential }
