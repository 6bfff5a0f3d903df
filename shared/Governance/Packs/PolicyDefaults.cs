using System.Text.Json.Nodes;

namespace ServerlessCLM.Governance;

/// <summary>The packs embedded in the product: <c>*.pack.json</c>.</summary>
public static class PolicyDefaults
{
    private const string Folder = "packs/";

    /// <summary>The documents, in the order of their names.</summary>
    public static IReadOnlyList<JsonObject> Documents()
    {
        var assembly = typeof(PolicyDefaults).Assembly;
        return [.. assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(name =>
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                return JsonNode.Parse(stream)!.AsObject();
            })];
    }

    internal static IReadOnlyList<PolicyPack> Read() => [.. Documents().Select(PolicyPack.Read)];
}
