using MathNet.Numerics.Statistics;

namespace ServerlessCLM.Journeys;

/// <summary>Counts what happens in a dry run of one version.</summary>
internal sealed class ForecastTally(JourneyDocument journey)
{
    private readonly Dictionary<string, Counts> _nodes = journey.Nodes.Keys.ToDictionary(node => node, _ => new Counts(), StringComparer.Ordinal);
    private readonly Dictionary<(string From, string By, string To), int> _ways = [];
    private readonly SortedDictionary<string, int> _ended = new(StringComparer.Ordinal), _messages = new(StringComparer.Ordinal), _refused = new(StringComparer.Ordinal);
    private readonly List<double> _hours = [];
    private readonly List<DryRunExample> _examples = [];
    private int _looked, _entered, _running;
    private double _value;

    public IReadOnlyList<DryRunExample> Examples => _examples;

    public void Looked() => _looked++;

    public void Entered() => _entered++;

    public void Passed(JourneyStep step)
    {
        _nodes[step.Node].Entries++;
        if (step is { From: { } from, By: { } by })
            _ways[(from, by, step.Node)] = _ways.GetValueOrDefault((from, by, step.Node)) + 1;
    }

    /// <param name="node">Null for a node of a journey that this one started.</param>
    /// <param name="channel">Over which.</param>
    public void Sent(string? node, string channel)
    {
        Count(_messages, channel);
        if (node is not null)
            Count(_nodes[node].Messages, channel);
    }

    /// <inheritdoc cref="Sent"/>
    public void Refused(string? node, string code)
    {
        Count(_refused, code);
        if (node is not null)
            Count(_nodes[node].Refused, code);
    }

    public void PutOff(string? node)
    {
        if (node is not null)
            _nodes[node].PutOff++;
    }

    /// <summary>The time is over for a customer who entered.</summary>
    public void Over(JourneyState state, (TimeSpan After, double? Value)? goal, DryRunExample lived)
    {
        foreach (var node in state.Visits.Keys)
        {
            _nodes[node].Customers++;
            _nodes[node].Converted += goal is null ? 0 : 1;
            _nodes[node].Dropped += goal is null && state.Outcome is not null ? 1 : 0;
        }

        if (state.Outcome is { } outcome)
            Count(_ended, System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(outcome.Kind.ToString()));
        else
            (_running, _nodes[state.Node].There) = (_running + 1, _nodes[state.Node].There + 1);
        if (goal is { } reached)
        {
            _hours.Add(reached.After.TotalHours);
            _value += reached.Value ?? 0;
        }

        if (_examples.Count < DryRunResult.MostExamples)
            _examples.Add(lived);
    }

    public JourneyForecast Forecast() => new(
        journey.Version, _looked, _entered, _running, _hours.Count, _entered == 0 ? null : Math.Round((double)_hours.Count / _entered, 4), Math.Round(_value, 2),
        _hours.Count == 0 ? null : new TimeToGoal(Math.Round(_hours.Median(), 2), Math.Round(_hours.Quantile(0.9), 2)), _ended, _messages, _refused,
        [.. _nodes.Select(node => new NodeForecast(
            node.Key, journey.Nodes[node.Key].Kind, node.Value.Entries, node.Value.Customers, node.Value.Converted, node.Value.There, node.Value.Dropped,
            node.Value.Messages, node.Value.PutOff, node.Value.Refused))],
        [.. _ways.OrderBy(way => way.Key).Select(way => new WayForecast(way.Key.From, way.Key.By, way.Key.To, way.Value))]);

    private static void Count(SortedDictionary<string, int> counts, string name) => counts[name] = counts.GetValueOrDefault(name) + 1;

    private sealed class Counts
    {
        public int Entries, Customers, Converted, There, Dropped, PutOff;

        public SortedDictionary<string, int> Messages { get; } = new(StringComparer.Ordinal);

        public SortedDictionary<string, int> Refused { get; } = new(StringComparer.Ordinal);
    }
}
