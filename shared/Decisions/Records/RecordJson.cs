using System.Text.Json;
using ServerlessCLM.Conditions;
using ServerlessCLM.Governance;

namespace ServerlessCLM.Decisions;

/// <summary>The parts of a record that are many: rows of figures instead of members.</summary>
internal static class RecordJson
{
    /// <summary>Each as [verdict, answer], those ranked as [verdict, answer, channel, propensity, context, value, charge, priority].</summary>
    public static void Write(Utf8JsonWriter writer, ReadOnlySpan<ActionOutcome> actions)
    {
        writer.WriteStartArray("actions");
        foreach (ref readonly var action in actions)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue((int)action.Verdict);
            writer.WriteNumberValue((int)action.Answer);
            if (action.Verdict == ActionVerdict.Ranked)
            {
                writer.WriteNumberValue(action.Channel);
                writer.WriteNumberValue(action.Propensity);
                writer.WriteNumberValue(action.Context);
                writer.WriteNumberValue(action.Value);
                writer.WriteNumberValue(action.Charge);
                writer.WriteNumberValue(action.Priority);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    public static ActionOutcome[] ReadActions(JsonElement actions) => [.. actions.EnumerateArray().Select(action =>
    {
        var (verdict, answer) = ((ActionVerdict)action[0].GetByte(), (Truth)action[1].GetByte());
        return verdict switch
        {
            ActionVerdict.Ranked => new ActionOutcome(
                verdict, answer, action[3].GetDouble(), action[4].GetDouble(), action[5].GetDouble(), action[6].GetDouble(), action[7].GetDouble(), action[2].GetInt32()),
            ActionVerdict.Nothing => new ActionOutcome(verdict, answer, 0, 1, 0, 0, 0),
            _ => new ActionOutcome(verdict, answer, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN),
        };
    })];

    public static void Write(Utf8JsonWriter writer, IReadOnlyList<ContactVerdict> contacts)
    {
        writer.WriteStartArray("contacts");
        foreach (var contact in contacts)
        {
            writer.WriteStartObject();
            writer.WriteString("channel", contact.Channel);
            writer.WriteString("purpose", contact.Purpose);
            if (contact.Journey is not null)
                writer.WriteString("journey", contact.Journey);
            writer.WriteNumber("kind", (int)contact.Result.Kind);
            if (contact.Result.Code is { } code)
                writer.WriteString("code", code);
            if (contact.Result.Until is { } until)
                writer.WriteString("until", Instant.Text(until));
            writer.WriteStartArray("verdicts");
            foreach (var verdict in contact.Result.Verdicts)
                Write(writer, verdict);
            writer.WriteEndArray();
            Write(writer, "obligations", contact.Result.Obligations);
            Write(writer, "policies", contact.Result.Policies);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static IReadOnlyList<ContactVerdict> ReadContacts(JsonElement contacts) => [.. contacts.EnumerateArray().Select(contact => new ContactVerdict(
        contact.GetProperty("channel").GetString()!, contact.GetProperty("purpose").GetString()!, Text(contact, "journey"),
        new GateResult((VerdictKind)contact.GetProperty("kind").GetByte(), Text(contact, "code"), At(Text(contact, "until")),
            [.. contact.GetProperty("verdicts").EnumerateArray().Select(ReadVerdict)], Texts(contact, "obligations"), Texts(contact, "policies"))))];

    /// <summary>[stage, rule], and kind, code and until where it does not allow.</summary>
    private static void Write(Utf8JsonWriter writer, in Verdict verdict)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue((int)verdict.Stage);
        writer.WriteStringValue(verdict.Rule);
        if (verdict.Kind != VerdictKind.Allow)
        {
            writer.WriteNumberValue((int)verdict.Kind);
            writer.WriteStringValue(verdict.Code);
            if (verdict.Until is { } until)
                writer.WriteStringValue(Instant.Text(until));
        }

        writer.WriteEndArray();
    }

    private static Verdict ReadVerdict(JsonElement verdict) => verdict.GetArrayLength() == 2
        ? new Verdict((GateStage)verdict[0].GetByte(), verdict[1].GetString()!, VerdictKind.Allow)
        : new Verdict((GateStage)verdict[0].GetByte(), verdict[1].GetString()!, (VerdictKind)verdict[2].GetByte(), verdict[3].GetString(),
            verdict.GetArrayLength() > 4 ? At(verdict[4].GetString()) : null);

    private static void Write(Utf8JsonWriter writer, string name, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    private static IReadOnlyList<string> Texts(JsonElement contact, string name) => [.. contact.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];

    private static string? Text(JsonElement contact, string name) => contact.TryGetProperty(name, out var text) ? text.GetString() : null;

    private static DateTimeOffset? At(string? text) => Instant.TryParse(text, out var at) ? at : null;
}
