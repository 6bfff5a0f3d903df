using System.Text.Json.Nodes;
using ServerlessCLM.Journeys;

namespace ServerlessCLM.Tests.Journeys;

/// <summary>Journeys for tests: those of docs/journeys.md, and the least around some nodes.</summary>
internal static class SampleJourney
{
    public static JourneyNames Names { get; } = new(
        ["first-purchase", "first-purchase-reminder"], ["first-purchase-cashback", "nothing"],
        new Dictionary<string, IReadOnlyList<string>> { ["first-purchase-offer"] = ["control", "cashback"] },
        new Dictionary<string, JourneyDocument>
        {
            ["welcome"] = JourneyJson.Read(Of([])),
            ["returning"] = JourneyJson.Read(Of(new JsonObject
            {
                ["back"] = new JsonObject { ["journey"] = "card-first-purchase", ["timeout"] = "P7D", ["next"] = "after", ["late"] = "after" },
            })),
        },
        ["core"]);

    public static JourneyKind Kind(JourneyNames? names = null) =>
        new(JourneyVocabulary.Default, names is null ? null : _ => Task.FromResult(names), TimeProvider.System);

    public static JsonObject Example() => Blocks("journey").Single();

    /// <summary>The examples of nodes, each by name.</summary>
    public static IEnumerable<JsonObject> DocumentedNodes() =>
        [.. Blocks("node").Select(node => new JsonObject { ["first"] = node }), .. Blocks("nodes")];

    /// <summary>A journey of some nodes, the first of which starts it, and an end named after.</summary>
    public static JsonObject Of(JsonObject nodes)
    {
        var journey = new JsonObject
        {
            ["id"] = "sample", ["version"] = 1, ["stage"] = "activate", ["sector"] = "card", ["purpose"] = "marketing", ["entry"] = new JsonObject { ["call"] = true },
            ["start"] = nodes.Count == 0 ? "after" : nodes.First().Key, ["nodes"] = nodes,
        };
        if (nodes.Count == 0 || nodes.Any(node => node.Value!.ToJsonString().Contains("\"after\"", StringComparison.Ordinal)))
            nodes["after"] = new JsonObject { ["end"] = "completed" };
        return journey;
    }

    /// <summary>The fenced blocks of docs/journeys.md that are labelled so.</summary>
    private static IEnumerable<JsonObject> Blocks(string label)
    {
        var start = $"```json {label}\n";
        var text = File.ReadAllText(Path.Combine(TestData.Repository, "docs/journeys.md"));
        for (var at = text.IndexOf(start, StringComparison.Ordinal); at >= 0; at = text.IndexOf(start, at, StringComparison.Ordinal))
        {
            at += start.Length;
            yield return JsonNode.Parse(text[at..text.IndexOf("```", at, StringComparison.Ordinal)])!.AsObject();
        }
    }
}
