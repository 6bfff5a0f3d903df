using System.Text.Json.Nodes;
using ServerlessCLM.Conditions;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Models;

namespace ServerlessCLM.Journeys;

/// <summary>What a journey's expressions read of a customer.</summary>
public static class JourneyInputs
{
    public static DecisionInputs Of(CustomerSession session, ModelSet models, DateTimeOffset now, JsonObject signal, JsonObject? happened) =>
        CustomerSnapshot.Of(session, models, now).Inputs(DecisionVocabulary.Scores) with
        {
            Signal = DecisionVocabulary.Members(signal), Event = DecisionVocabulary.Members(happened),
        };

    /// <summary>A value as a template's facts are written: a number without superfluous places, an instant, a day, words; null where it is not known.</summary>
    public static JsonNode? Text(in Value value) => value.Kind switch
    {
        ValueKind.String => value.Text,
        ValueKind.Int => value.Int.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ValueKind.Double => double.IsFinite(value.Double) && Math.Abs(value.Double) < 1e15
            ? ((decimal)value.Double).ToString("0.##########", System.Globalization.CultureInfo.InvariantCulture) : null,
        ValueKind.Bool => value.Bool ? "true" : "false",
        ValueKind.Timestamp => Instant.Text(DateTimeOffset.FromUnixTimeSeconds(value.Seconds)),
        ValueKind.List => new JsonArray([.. value.Items.Select(item => Text(item))]),
        ValueKind.Map => Members(value),
        _ => null,
    };

    private static JsonObject Members(in Value value)
    {
        var members = new JsonObject();
        foreach (var (name, member) in value.Entries)
            members[name.Text] = Text(member);
        return members;
    }
}
