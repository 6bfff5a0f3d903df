using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Decisions;

/// <summary>What is asked of a decision.</summary>
/// <param name="Channel">Where the customer is, or would be contacted; null for the best of each action's channels.</param>
/// <param name="Placement">Where the answer is shown; kept on record.</param>
/// <param name="Strategy">Id; null for the one in force.</param>
/// <param name="Limit">Actions given at the most, 1 to <see cref="MostActions"/>; all are decided on and recorded.</param>
/// <param name="Actions">Ids of the actions to choose among; all of the strategy's when empty.</param>
public sealed record DecisionRequest(string? Channel = null, string? Placement = null, string? Strategy = null, int Limit = 3, params IReadOnlyList<string> Actions)
{
    public const int MostActions = 100;

    private const int MaxText = 100;

    /// <summary>Reads a request, or says which member is wrong and why.</summary>
    public static (DecisionRequest? Request, Rejection? Wrong) Read(JsonObject body)
    {
        foreach (var (name, _) in body)
        {
            if (name is not ("channel" or "placement" or "strategy" or "limit" or "actions"))
                return (null, new Rejection(Rejection.Shorten(name, MaxText), "is not a member of a decision request; it has channel, placement, strategy, limit, actions"));
        }

        if (body["channel"] is not null && !Consent.IsChannel(Text(body["channel"])))
            return (null, new Rejection("channel", $"must be one of {string.Join(", ", Consent.Channels)}"));

        foreach (var name in (string[])["placement", "strategy"])
        {
            if (body[name] is not null && Text(body[name]) is not { Length: > 0 and <= MaxText })
                return (null, new Rejection(name, $"must be a text of 1 to {MaxText} characters"));
        }

        var limit = 3;
        if (body["limit"] is { } given && (given.GetValueKind() != JsonValueKind.Number || !given.AsValue().TryGetValue(out limit) || limit is < 1 or > MostActions))
            return (null, new Rejection("limit", $"must be a whole number from 1 to {MostActions}"));

        var actions = new List<string>();
        if (body["actions"] is { } listed)
        {
            if (listed is not JsonArray { Count: > 0 } items)
                return (null, new Rejection("actions", "must be a list of ids of actions, or left out for all"));

            foreach (var (place, item) in items.Index())
            {
                if (item is null || Text(item) is not { Length: > 0 and <= MaxText } action)
                    return (null, new Rejection($"actions[{place}]", "must be the id of an action"));
                actions.Add(action);
            }
        }

        return (new DecisionRequest(Text(body["channel"]), Text(body["placement"]), Text(body["strategy"]), limit, actions), null);
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        if (Channel is not null)
            writer.WriteString("channel", Channel);
        if (Placement is not null)
            writer.WriteString("placement", Placement);
        if (Strategy is not null)
            writer.WriteString("strategy", Strategy);
        writer.WriteNumber("limit", Limit);
        if (Actions.Count > 0)
        {
            writer.WriteStartArray("actions");
            foreach (var action in Actions)
                writer.WriteStringValue(action);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    public bool IsSame(DecisionRequest other) =>
        Channel == other.Channel && Placement == other.Placement && Strategy == other.Strategy && Limit == other.Limit && Actions.SequenceEqual(other.Actions);

    private static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;
}
