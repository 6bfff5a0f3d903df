using System.Text.Json.Nodes;
using ServerlessCLM.Documents;

namespace ServerlessCLM.Governance;

/// <summary>The packs embedded in the product: <c>*.pack.json</c>.</summary>
public static class PolicyDefaults
{
    /// <summary>The documents, in the order of their names.</summary>
    public static IReadOnlyList<JsonObject> Documents() => ShippedDocuments.Read("packs/");

    internal static IReadOnlyList<PolicyPack> Read() => [.. Documents().Select(PolicyPack.Read)];
}
