using System.Text.Json.Nodes;

namespace ServerlessCLM.Documents;

/// <summary>Documents embedded in the product: in force until the institution's own take their place.</summary>
public static class ShippedDocuments
{
    /// <summary>Those of a folder of the resources, in the order of their names.</summary>
    /// <param name="folder">With its slash: <c>templates/</c>.</param>
    public static IReadOnlyList<JsonObject> Read(string folder)
    {
        var assembly = typeof(ShippedDocuments).Assembly;
        return [.. assembly.GetManifestResourceNames().Where(name => name.StartsWith(folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(name =>
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                return JsonNode.Parse(stream)!.AsObject();
            })];
    }
}
