using System.Text.Json.Nodes;
using ServerlessCLM.Documents;

namespace ServerlessCLM.Decisions;

/// <summary>What came of making a decision again.</summary>
/// <param name="Identical">Whether it is the same, byte for byte.</param>
/// <param name="RecordDigest">Of what was recorded; null where that cannot be read.</param>
/// <param name="ReplayDigest">Of what came out now; null where it could not be made.</param>
/// <param name="Differences">By JSON path, what was recorded and what came out.</param>
/// <param name="Reason">Why it could not be made, or is not what the audit chain tells of.</param>
public sealed record DecisionReplay(
    string DecisionId, bool Identical, string? RecordDigest, string? ReplayDigest, IReadOnlyList<JsonChange> Differences, string? Reason)
{
    public JsonObject ToJson()
    {
        var answer = new JsonObject
        {
            ["decisionId"] = DecisionId, ["identical"] = Identical, ["recordDigest"] = RecordDigest, ["replayDigest"] = ReplayDigest,
            ["differences"] = new JsonArray([.. Differences.Select(difference => (JsonNode)new JsonObject
            {
                ["path"] = difference.Path, ["recorded"] = difference.From?.DeepClone(), ["replayed"] = difference.To?.DeepClone(),
            })]),
        };
        if (Reason is not null)
            answer["reason"] = Reason;
        return answer;
    }
}

/// <summary>What came of making many decisions again.</summary>
/// <param name="Customers">Looked at.</param>
/// <param name="Decisions">Made again.</param>
/// <param name="Different">Those that came out otherwise.</param>
public sealed record ReplayReport(int Customers, long Decisions, IReadOnlyList<DecisionReplay> Different)
{
    public static readonly ReplayReport None = new(0, 0, []);

    public static ReplayReport operator +(ReplayReport one, ReplayReport other) =>
        new(one.Customers + other.Customers, one.Decisions + other.Decisions, [.. one.Different, .. other.Different]);

    public JsonObject ToJson() => new()
    {
        ["identical"] = Different.Count == 0, ["customers"] = Customers, ["decisions"] = Decisions,
        ["different"] = new JsonArray([.. Different.Select(replay => (JsonNode)replay.ToJson())]),
    };
}
