using System.Text.Json.Nodes;

namespace ServerlessCLM.Customers;

/// <summary>Everything known of one customer, opened: one partition read.</summary>
/// <param name="Customer">Who.</param>
/// <param name="Block">The state block; null when the customer was erased.</param>
/// <param name="Rows">The other rows' JSON, in the order of their keys.</param>
/// <param name="Erased">When the customer was erased.</param>
public sealed record CustomerPartition(
    CustomerId Customer, byte[]? Block, IReadOnlyList<KeyValuePair<string, byte[]>> Rows, DateTimeOffset? Erased)
{
    /// <summary>The JSON of the rows whose key starts with a prefix, in the order of their keys.</summary>
    public IEnumerable<JsonNode> Of(string prefix) => Rows
        .Where(row => row.Key.StartsWith(prefix, StringComparison.Ordinal))
        .Select(row => JsonNode.Parse(row.Value)!);
}
