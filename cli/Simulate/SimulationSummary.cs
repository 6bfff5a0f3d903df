using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Emulator;
using ServerlessCLM.Simulation;

namespace ServerlessCLM.Cli.Simulate;

/// <summary>What a simulation came to; with faults also which there were, and the verdict.</summary>
/// <param name="options">The portfolio's.</param>
/// <param name="run">The run, with faults if there were any.</param>
/// <param name="end">What it came to.</param>
/// <param name="faults">How many there were; null when none were asked for.</param>
/// <param name="differences">From the end of the run without.</param>
/// <param name="elapsed">Of the machine's time.</param>
internal sealed class SimulationSummary(
    PortfolioOptions options, PortfolioRun run, EndState end, IReadOnlyList<(FaultKind Kind, FaultPoint Point, long Count)>? faults,
    IReadOnlyList<string> differences, TimeSpan elapsed)
{
    private const int Shown = 20;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Whether faults changed nothing.</summary>
    public bool Holds => differences.Count == 0;

    private int Days => options.End.DayNumber - options.Start.DayNumber;

    private int SignalsOnce => end.Signals.Distinct(StringComparer.Ordinal).Count();

    public string ToJson() => new JsonObject
    {
        ["seed"] = options.Seed,
        ["customers"] = options.Customers,
        ["days"] = Days,
        ["events"] = run.Events,
        ["signals"] = SignalsOnce,
        ["signalsSentAgain"] = end.Signals.Count - SignalsOnce,
        ["kills"] = faults is null ? null : run.Kills,
        ["faults"] = faults is null ? null : new JsonArray([.. faults.Select(fault => new JsonObject
        {
            ["kind"] = fault.Kind.ToString(),
            ["point"] = fault.Point.ToString(),
            ["count"] = fault.Count,
        })]),
        ["differences"] = faults is null ? null : new JsonArray([.. differences.Select(difference => (JsonNode)difference)]),
        ["endsAsWithoutFaults"] = faults is null ? null : Holds,
        ["seconds"] = Math.Round(elapsed.TotalSeconds, 3),
    }.ToJsonString(Indented);

    public string ToText()
    {
        var lines = new List<string>
        {
            Text($"seed {options.Seed}: {run.Events:N0} events of {options.Customers:N0} customers in {Days:N0} days, {elapsed.TotalSeconds:N1} s"),
            Text($"  {SignalsOnce:N0} signals, {end.Signals.Count - SignalsOnce:N0} of them sent again"),
        };
        if (faults is null)
            return string.Join(Environment.NewLine, lines);

        lines.Add(Text($"  {faults.Sum(fault => fault.Count):N0} faults, {run.Kills:N0} of them kills"));
        lines.AddRange(faults.Select(fault => Text($"    {fault.Kind,-14}{fault.Point,-16}{fault.Count,8:N0}")));
        lines.Add(Holds ? "  the end is that of the run without faults" : Text($"  the end DIFFERS from that of the run without faults in {differences.Count:N0} places:"));
        lines.AddRange(differences.Take(Shown).Select(difference => $"    {difference}"));
        return string.Join(Environment.NewLine, lines);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
