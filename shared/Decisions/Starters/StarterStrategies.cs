using System.Text.Json.Nodes;

namespace ServerlessCLM.Decisions;

/// <summary>Strategies to begin with, embedded in the product: <c>*.strategy.json</c>. They are in force nowhere until written and approved.</summary>
public static class StarterStrategies
{
    private const string Folder = "strategies/";

    /// <summary>The documents, in the order of their names.</summary>
    public static IReadOnlyList<JsonObject> Documents()
    {
        var assembly = typeof(StarterStrategies).Assembly;
        return [.. assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(name =>
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            return JsonNode.Parse(stream)!.AsObject();
        })];
    }
}
