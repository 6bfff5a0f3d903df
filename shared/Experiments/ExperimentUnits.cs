using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ServerlessCLM.Customers;
using ServerlessCLM.Features;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Experiments;

/// <summary>A customer in an experiment: when they were first exposed, to which arm, and what has been counted of them since.</summary>
/// <param name="Experiment">Its id.</param>
/// <param name="Version">Its version.</param>
/// <param name="Arm">The arm.</param>
/// <param name="At">First exposure.</param>
/// <param name="Covariate">Value of the covariate then.</param>
/// <param name="Values">Value by metric; what is not there is 0.</param>
/// <param name="Counted">Digests of the events counted, as far as one could be counted twice.</param>
public sealed record ExperimentUnit(
    string Experiment, int Version, string Arm, DateTimeOffset At, double Covariate, IReadOnlyDictionary<string, double> Values, IReadOnlyList<ulong> Counted);

/// <summary>All experiments of a customer: one row of the partition, exported and erased with it.</summary>
public sealed record ExperimentUnits(IReadOnlyList<ExperimentUnit> Units)
{
    /// <summary>Experiments kept at the most; the oldest give way.</summary>
    public const int Capacity = 40;

    /// <summary>Events remembered of an amount; a customer has fewer of them within a window.</summary>
    private const int MostCounted = 100;

    public static readonly ExperimentUnits Empty = new([]);

    /// <summary>
    /// The arm a customer gets, and the exposure where it is the first. Control without being counted: held out, outside the traffic or the time. After
    /// the decision everybody gets what it says.
    /// </summary>
    /// <param name="session">The customer, with the row <see cref="CustomerRows.Experiments"/>.</param>
    /// <param name="live">The experiment as it stands.</param>
    /// <param name="holdout">Customers who are never touched.</param>
    /// <param name="now">The clock.</param>
    public static (string Arm, bool Counted) Expose(CustomerSession session, LiveExperiment live, UniversalHoldout holdout, DateTimeOffset now)
    {
        var (experiment, unit) = (live.Document, session.Customer.Value);
        if (holdout.Holds(unit))
            return (experiment.Control, false);

        if (live.State.Winner is { } winner)
            return (winner, false);

        var known = session.Get(CustomerRows.Experiments, ExperimentsJson.Default.ExperimentUnits) ?? Empty;
        if (known.Units.FirstOrDefault(each => each.Experiment == experiment.Id && each.Version == experiment.Version) is { } before)
            return (before.Arm, true);

        if (live.State.Status != ExperimentStatus.Running || now < experiment.From || now >= experiment.Until || !Assignment.TakesPart(experiment, holdout, unit))
            return (experiment.Control, false);

        var covariate = CovariateOf(session, experiment, now);
        var exposed = new ExperimentUnit(experiment.Id, experiment.Version, Assignment.ArmOf(experiment, unit), now, covariate, new Dictionary<string, double>(), []);
        session.Put(CustomerRows.Experiments, new ExperimentUnits([exposed, .. known.Units.Take(Capacity - 1)]), ExperimentsJson.Default.ExperimentUnits);
        Emit(session, exposed, "exposure", experiment.Metrics.Select(metric => (metric.Name, ArmTotals.Of(0, covariate))));
        return (exposed.Arm, true);
    }

    /// <summary>Counts something that happened towards the metrics of the experiments that the customer is in.</summary>
    /// <param name="session">The customer, with the row <see cref="CustomerRows.Experiments"/>.</param>
    /// <param name="experiments">Those in force.</param>
    /// <param name="happened">What happened.</param>
    public static void Measure(CustomerSession session, IReadOnlyList<LiveExperiment> experiments, Happening happened)
    {
        if (session.Erased is not null || session.Get(CustomerRows.Experiments, ExperimentsJson.Default.ExperimentUnits) is not { } known)
            return;

        var units = known.Units.ToArray();
        for (var i = 0; i < units.Length; i++)
        {
            var unit = units[i];
            if (experiments.FirstOrDefault(live => live.Document.Id == unit.Experiment && live.Document.Version == unit.Version) is not { } live)
                continue;

            var changes = new List<(string, ArmTotals)>();
            var values = new Dictionary<string, double>(unit.Values, StringComparer.Ordinal);
            foreach (var metric in live.Document.Metrics.Where(metric => happened.Is(metric) && happened.At >= unit.At && happened.At - unit.At <= metric.Window))
            {
                var before = values.GetValueOrDefault(metric.Name);
                var after = metric.Amount ? before + happened.Amount : 1;
                if (after == before || (metric.Amount && unit.Counted.Contains(happened.Digest)))
                    continue;

                values[metric.Name] = after;
                changes.Add((metric.Name, ArmTotals.Change(before, after, unit.Covariate)));
            }

            if (changes.Count == 0)
                continue;

            units[i] = unit with { Values = values, Counted = [happened.Digest, .. unit.Counted.Take(MostCounted - 1)] };
            session.Put(CustomerRows.Experiments, new ExperimentUnits(units), ExperimentsJson.Default.ExperimentUnits);
            Emit(session, units[i], happened.Digest.ToString("x16", CultureInfo.InvariantCulture), changes);
        }
    }

    private static void Emit(CustomerSession session, ExperimentUnit unit, string cause, IEnumerable<(string Metric, ArmTotals Change)> changes)
    {
        var origin = $"{session.Customer}\n{unit.Experiment}\n{unit.Version}\n{cause}";
        var id = $"{Digest64.Of(origin):x16}{Digest64.Of(origin, 1):x16}";
        var measure = new Measure(unit.Experiment, unit.Version, unit.Arm, unit.At,
            [.. changes.Select(change => new MeasureChange(change.Metric, change.Change.Units, change.Change.Sum, change.Change.Squares,
                change.Change.Covariate, change.Change.CovariateSquares, change.Change.Products))]);
        var body = new JsonObject
        {
            ["specversion"] = "1.0", ["id"] = id, ["source"] = "/clm/experiments", ["type"] = Experiments.Measure.EventType, ["subject"] = session.Customer.Value,
            ["time"] = Instant.Text(unit.At), ["datacontenttype"] = "application/json", ["data"] = JsonSerializer.SerializeToNode(measure, ExperimentsJson.Default.Measure),
        };
        session.Emit(new Effect(id, EventStreams.SignalsHub, body.ToJsonString()));
    }

    private static double CovariateOf(CustomerSession session, ExperimentDocument experiment, DateTimeOffset now)
    {
        if (experiment.Covariate is not { } name)
            return 0;

        var state = new CustomerState();
        state.Read(session.Block.Span);
        var vector = new float[FeatureCatalogue.Count];
        state.Features.Fill(Math.Max(now.ToUnixTimeMilliseconds(), state.Features.NewestDayStart), vector);
        var value = vector[FeatureCatalogue.IndexOf(name)];
        return float.IsFinite(value) ? value : 0;
    }
}

/// <summary>An outcome or signal of a customer.</summary>
/// <param name="Source">Outcome or signal; a journey's goal is the signal <c>goal_JOURNEY</c>.</param>
/// <param name="Name">Which.</param>
/// <param name="At">When.</param>
/// <param name="Amount">Amount of an outcome; 0 without one.</param>
/// <param name="Digest">Identifies it.</param>
public readonly record struct Happening(MetricSource Source, string Name, DateTimeOffset At, double Amount, ulong Digest)
{
    public bool Is(ExperimentMetric metric) => metric.Source == MetricSource.Goal
        ? Source == MetricSource.Signal && Name == $"goal_{metric.Event}"
        : Source == metric.Source && Name == metric.Event;
}

/// <summary>What one commit of a customer adds to an arm's sums; the data of a <c>clm.measure.v1</c> event.</summary>
/// <param name="Experiment">Its id.</param>
/// <param name="Version">Its version.</param>
/// <param name="Arm">The arm.</param>
/// <param name="Exposed">When the customer was exposed: sums are kept by that day.</param>
/// <param name="Changes">By metric.</param>
public sealed record Measure(string Experiment, int Version, string Arm, DateTimeOffset Exposed, IReadOnlyList<MeasureChange> Changes)
{
    public const string EventType = "clm.measure.v1";
}

/// <summary>What is added to the sums of a metric (<see cref="ArmTotals"/>).</summary>
public sealed record MeasureChange(string Metric, long Units, double Sum, double Squares, double Covariate, double CovariateSquares, double Products)
{
    internal ArmTotals Totals => new(Units, Sum, Squares, Covariate, CovariateSquares, Products);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(ExperimentUnits))]
[JsonSerializable(typeof(CoursePoint))]
[JsonSerializable(typeof(Measure))]
public sealed partial class ExperimentsJson : JsonSerializerContext;
