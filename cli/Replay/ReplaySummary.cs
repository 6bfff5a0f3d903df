using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessCLM.Cli.Replay;

/// <summary>What came of a replay: counts by outcome and by signal, and how fast it went.</summary>
internal sealed class ReplaySummary(string format, string target, ReplayPlan plan, int rejectedRows)
{
    private readonly ConcurrentDictionary<string, long> _outcomes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _signals = new(StringComparer.Ordinal);

    public TimeSpan Elapsed { get; set; }

    public void Outcome(string name, long count) => _outcomes.AddOrUpdate(name, count, (_, known) => known + count);

    public void Signal(string name, long count) => _signals.AddOrUpdate(name, count, (_, known) => known + count);

    public async Task WriteAsync(TextWriter writer, bool json) => await writer.WriteLineAsync(json ? ToJson() : ToText());

    private double Rate => plan.Events / Math.Max(Elapsed.TotalSeconds, 1e-9);

    private string ToJson() => new JsonObject
    {
        ["format"] = format,
        ["target"] = target,
        ["events"] = plan.Events,
        ["customers"] = plan.Customers,
        ["rejectedRows"] = rejectedRows,
        ["seconds"] = Math.Round(Elapsed.TotalSeconds, 3),
        ["eventsPerSecond"] = Math.Round(Rate),
        ["outcomes"] = Counts(_outcomes),
        ["signals"] = Counts(_signals),
    }.ToJsonString(new JsonSerializerOptions { WriteIndented = true });

    private static JsonObject Counts(IEnumerable<KeyValuePair<string, long>> counts) =>
        new(counts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => KeyValuePair.Create(count.Key, (JsonNode?)count.Value)));

    private string ToText()
    {
        var lines = new List<string>
        {
            string.Create(CultureInfo.InvariantCulture,
                $"{plan.Events:N0} payments of {plan.Customers:N0} customers into {target} in {Elapsed.TotalSeconds:N1} s: {Rate:N0}/s"),
        };
        if (rejectedRows > 0)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"  {"rows rejected",-24}{rejectedRows,14:N0}"));
        foreach (var (title, counts) in new[] { ("outcomes", _outcomes), ("signals", _signals) })
        {
            if (counts.IsEmpty)
                continue;

            lines.Add(title);
            lines.AddRange(counts.OrderByDescending(count => count.Value).ThenBy(count => count.Key, StringComparer.Ordinal)
                .Select(count => string.Create(CultureInfo.InvariantCulture, $"  {count.Key,-24}{count.Value,14:N0}")));
        }

        return string.Join(Environment.NewLine, lines);
    }
}
