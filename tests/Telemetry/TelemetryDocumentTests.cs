using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.Extensions.Logging;
using ServerlessCLM.Emulator;
using ServerlessCLM.Functions;
using ServerlessCLM.Governance;
using ServerlessCLM.Journeys;
using ServerlessCLM.Messages.Channels;
using ServerlessCLM.Scoring;
using ServerlessCLM.Telemetry;

namespace ServerlessCLM.Tests.Telemetry;

/// <summary>docs/operations.md lists every span, metric and log line as the code has it, and the alerts look for what is there.</summary>
public class TelemetryDocumentTests
{
    private static readonly string Operations = File.ReadAllText(Path.Combine(TestData.Repository, "docs", "operations.md"));

    private static readonly (LoggerMessageAttribute Line, string Area)[] Lines =
    [
        .. new[] { typeof(ServerlessClm).Assembly, typeof(ProductMetrics).Assembly, typeof(EmulatorOptions).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => (Line: method.GetCustomAttribute<LoggerMessageAttribute>()!, Area: (method.DeclaringType!.Namespace ?? "").Split('.')[^1]))
            .Where(found => found.Line is not null),
    ];

    [Fact]
    public void Log_lines_are_those_of_the_page()
    {
        var code = Lines.OrderBy(found => found.Line.EventId).Select(found => $"{found.Line.EventId} | {found.Line.Level} | {found.Line.Message}");
        Assert.Equal(Rows("id").Select(row => string.Join(" | ", row)), code);
    }

    [Fact]
    public void Ids_of_log_lines_are_unique_and_in_the_range_of_their_area()
    {
        Assert.Equal(Lines.Length, Lines.Select(found => found.Line.EventId).Distinct().Count());
        var ranges = Rows("ids").Select(row => (From: int.Parse(row[0].Split('–')[0], CultureInfo.InvariantCulture), To: int.Parse(row[0].Split('–')[1], CultureInfo.InvariantCulture), Areas: row[1].Split(", "))).ToList();
        Assert.All(Lines, found => Assert.Contains(found.Area, Assert.Single(ranges, range => found.Line.EventId >= range.From && found.Line.EventId <= range.To).Areas));
    }

    [Fact]
    public void Nothing_is_logged_but_by_lines_with_an_id()
    {
        var loose = new List<string>();
        foreach (var file in ((string[])["functions", "shared", "emulator", "cli"]).SelectMany(folder => Directory.EnumerateFiles(Path.Combine(TestData.Repository, folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)))
        {
            var text = File.ReadAllText(file);
            if (!text.Contains(".Log", StringComparison.Ordinal))
                continue;

            loose.AddRange(CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview)).GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>()
                .Where(call => call.Expression is MemberAccessExpressionSyntax { Name.Identifier.Text: "LogTrace" or "LogDebug" or "LogInformation" or "LogWarning" or "LogError" or "LogCritical" })
                .Select(call => $"{file}: {call}"));
        }

        Assert.Empty(loose);
    }

    [Fact]
    public void Metrics_are_those_of_the_page_with_unit_and_words()
    {
        var found = new ConcurrentDictionary<string, string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == ProductMetrics.MeterName)
                    found[instrument.Name] = $"`{instrument.Name}` | {instrument.Unit} | {instrument.Description}";
            },
        };
        ProductMetrics.Retried(0);
        listener.Start();
        Assert.Equal(Rows("metric").Select(row => $"{row[0]} | {row[1]} | {row[3]}"), found.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => each.Value));
    }

    [Fact]
    public void Metrics_have_the_tags_of_the_page()
    {
        var found = new ConcurrentDictionary<string, string>();
        var record = false;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == ProductMetrics.MeterName)
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Keep(instrument, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Keep(instrument, tags));
        listener.Start();
        record = true;
        ProductMetrics.Scored(new ScoringSummary(1, 0, 0, 0, 0, 0, 1));
        ProductMetrics.Ingested(new ScoringSummary(1, 0, 0, 0, 0, 0, 1));
        ProductMetrics.SetAside("test", 1);
        ProductMetrics.Retried(1);
        ProductMetrics.Relayed(1);
        ProductMetrics.Sent("test", 1);
        ProductMetrics.Batch("test", TimeSpan.Zero, TimeSpan.Zero, failed: true);
        ProductMetrics.Judged("test", "email", new GateResult(VerdictKind.Refuse, "no_consent", null, [], [], []));
        ProductMetrics.HandedOver(GatewayName.Email, DeliveryStatus.Accepted);
        ProductMetrics.Called("test", TimeSpan.Zero, HandOver.Taken);
        ProductMetrics.Passed(new JourneyCount("test", 1, "instance", 1) { Entered = 1, Reached = ["a"], Ended = "completed" });
        ProductMetrics.Found("test", "drift");
        var rows = Rows("metric").ToDictionary(row => row[0].Trim('`'), row => row[2].Replace("`", "", StringComparison.Ordinal), StringComparer.Ordinal);
        // Decisions are counted with their record; the canary makes one.
        Assert.Equal(rows.Keys.Except([ProductMetrics.Decisions, ProductMetrics.DecisionVerdicts, ProductMetrics.DecisionDuration]).Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        Assert.All(found, each => Assert.Equal(rows[each.Key], each.Value));

        void Keep(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            // Other tests count meanwhile, the same instruments with the same tags; decisions are theirs alone.
            if (record && !instrument.Name.StartsWith(ProductMetrics.Decisions, StringComparison.Ordinal))
                found[instrument.Name] = string.Join(", ", tags.ToArray().Select(tag => tag.Key));
        }
    }

    [Fact]
    public void Spans_and_their_tags_are_those_of_the_page()
    {
        var spans = Constants(typeof(ProductTraces)).Where(name => name.StartsWith("clm.", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        Assert.Equal(spans, Rows("span").Select(row => row[0].Trim('`')).Where(name => name.StartsWith("clm.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        var tags = Rows("span").SelectMany(row => row[1].Split(", ").Select(tag => tag.Trim('`'))).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(Constants(typeof(TraceTags)).Order(StringComparer.Ordinal), tags);
    }

    [Fact]
    public void Alerts_and_workbook_ask_for_lines_metrics_and_functions_that_are_there()
    {
        var modules = Path.Combine(TestData.Repository, "infra-bicep", "modules");
        var asked = File.ReadAllText(Path.Combine(modules, "alerts.bicep")) + File.ReadAllText(Path.Combine(modules, "workbook.json"));
        var metrics = Constants(typeof(ProductMetrics)).ToHashSet(StringComparer.Ordinal);
        var names = Regex.Matches(asked, @"clm\.[a-z_.]+[a-z]", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Select(match => match.Value).Distinct().ToList();
        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.Contains(name, metrics));
        var phrases = Regex.Matches(asked, "Message has \"(?<words>[^\"]+)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Select(match => match.Groups["words"].Value).ToList();
        Assert.NotEmpty(phrases);
        Assert.All(phrases, phrase => Assert.Contains(Lines, found => found.Line.Message!.Contains(phrase, StringComparison.Ordinal)));
        Assert.All(Regex.Matches(asked, @"Runbook: (?<runbook>[^.']+)\.", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Select(match => match.Groups["runbook"].Value),
            runbook => Assert.Contains($"**{runbook}", Operations, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Constants(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!);

    /// <summary>The cells of the table whose first column is called so.</summary>
    private static IReadOnlyList<string[]> Rows(string first) =>
    [
        .. Operations.Split('\n').SkipWhile(line => !line.StartsWith($"| {first} |", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Trim().Trim('|').Split(" | ").Select(cell => cell.Trim()).ToArray()),
    ];
}
