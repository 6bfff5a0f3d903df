using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Cli.Simulate.Checks;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Cli.Simulate;

/// <summary>What a simulation came to; with faults also which there were.</summary>
/// <param name="seed">Of the run.</param>
/// <param name="workload">What went on.</param>
/// <param name="run">The run, with faults if there were any.</param>
/// <param name="result">What it came to.</param>
/// <param name="faults">How many there were; null when none were asked for.</param>
/// <param name="elapsed">Of the machine's time.</param>
internal sealed class SimulationSummary(
    ulong seed, Workload workload, ProductRun run, RunResult result, IReadOnlyList<(FaultKind Kind, FaultPoint Point, long Count)>? faults, TimeSpan elapsed)
{
    private const int Shown = 20;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Whether all is as it should be.</summary>
    public bool Holds => result.Violations.Count == 0;

    private int Days => workload.Options.End.DayNumber - workload.Options.Start.DayNumber;

    public string ToJson() => new JsonObject
    {
        ["seed"] = seed,
        ["workload"] = workload.Options.Seed,
        ["customers"] = workload.Customers.Count,
        ["days"] = Days,
        ["requests"] = run.Requests,
        ["kills"] = faults is null ? null : run.Kills,
        ["faults"] = faults is null ? null : new JsonArray([.. faults.Select(fault => new JsonObject
        {
            ["kind"] = fault.Kind.ToString(),
            ["point"] = fault.Point.ToString(),
            ["count"] = fault.Count,
        })]),
        ["checks"] = new JsonArray([.. Check.All.Select(check => (JsonNode)check.GetType().Name)]),
        ["violations"] = new JsonArray([.. result.Violations.Select(finding => (JsonNode)finding.ToString())]),
        ["holds"] = Holds,
        ["seconds"] = Math.Round(elapsed.TotalSeconds, 3),
    }.ToJsonString(Indented);

    public string ToText()
    {
        var lines = new List<string> { Text($"seed {seed}: {run.Requests:N0} requests about {workload.Customers.Count:N0} customers in {Days:N0} days, {elapsed.TotalSeconds:N1} s") };
        if (faults is not null)
        {
            lines.Add(Text($"  {faults.Sum(fault => fault.Count):N0} faults, {run.Kills:N0} of them kills"));
            lines.AddRange(faults.Select(fault => Text($"    {fault.Kind,-14}{fault.Point,-16}{fault.Count,8:N0}")));
        }

        lines.Add(Holds ? Text($"  {Check.All.Count} checks find nothing wrong") : Text($"  {result.Violations.Count:N0} things are WRONG:"));
        lines.AddRange(result.Violations.Take(Shown).Select(finding => $"    {finding}"));
        return string.Join(Environment.NewLine, lines);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
