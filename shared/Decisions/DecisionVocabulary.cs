using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Conditions;
using ServerlessCLM.Customers;
using ServerlessCLM.Features;
using ServerlessCLM.Models;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Decisions;

/// <summary>What conditions of strategies can speak of.</summary>
public static class DecisionVocabulary
{
    /// <summary>Behind the name of a score, its change over 30 days.</summary>
    internal const string Change = "_change";

    /// <summary>Marks that a customer may bear, in <c>flags.name</c>.</summary>
    public static IReadOnlyList<string> Flags { get; } = ["hardship", "vulnerable", "deceased", "moratorium", "litigation", "ceaseRequest", "breathingSpace", "staff", "forbearanceOffered", "objectsToProfiling", "objectsToMarketing", "representedByAttorney"];

    /// <summary>The scores that every host has: those by formula, then those of the models that are part of the product.</summary>
    public static IReadOnlyList<string> Scores { get; } = [.. ScoreCatalogue.All.Select(score => score.Name), .. ModelSet.Shipped.All.SelectMany(model => model.ScoreNames)];

    /// <param name="scores">Names of scores, in the order of <see cref="DecisionInputs.Scores"/>.</param>
    public static Vocabulary<DecisionInputs> Of(IEnumerable<string> scores)
    {
        string[] names = [.. scores];
        var members = CelType.Map(CelType.String, CelType.Dyn);
        var vocabulary = new Vocabulary<DecisionInputs>();
        foreach (var name in Flags)
        {
            // A mark that is not there is not set; without a profile nothing is known of marks.
            var key = Value.Of(name);
            vocabulary.Value($"flags.{name}", CelType.Bool, inputs => inputs.Flags is not { } flags ? default : flags.TryGetValue(key, out var set) ? set : Value.Of(value: false));
        }

        foreach (var (name, type) in new[] { ("country", CelType.String), ("language", CelType.String), ("segment", CelType.String), ("timeZone", CelType.String),
            ("birthDate", CelType.String), ("customerSince", CelType.String), ("monthlyIncome", CelType.Double), ("attributes", members) })
        {
            var key = Value.Of(name);
            vocabulary.Value($"profile.{name}", type, inputs => inputs.Profile.GetValueOrDefault(key));
        }

        return vocabulary
            .Vector("features", FeatureCatalogue.All.Select(feature => feature.Name), inputs => inputs.Features)
            .Vector("scores", names, inputs => inputs.Scores)
            .Vector("scores", names.Select(name => name + Change), inputs => inputs.ScoreChanges)
            .Value("arrears.daysPastDue", CelType.Int, inputs => Value.Of((long)inputs.Arrears.DaysPastDue))
            .Value("arrears.pastDue", CelType.Double, inputs => Value.Of((double)inputs.Arrears.PastDue))
            .Value("arrears.balance", CelType.Double, inputs => Value.Of((double)inputs.Arrears.Balance))
            .Value("arrears.stage", CelType.String, inputs => Value.Of(inputs.Arrears.Stage))
            .Value("arrears.promise", CelType.Bool, inputs => Value.Of(inputs.Arrears.Promise))
            .Value("arrears.plan", CelType.Bool, inputs => Value.Of(inputs.Arrears.Plan))
            .Value("arrears.leftAlone", CelType.Bool, inputs => Value.Of(inputs.Arrears.LeftAlone))
            .Value("products", members, inputs => Value.Map(inputs.Products))
            .Value("now", CelType.Timestamp, inputs => Value.Of(inputs.Now))
            .Value("local", CelType.Timestamp, inputs => Value.Of(inputs.Local))
            .Function("consent", [new("purpose", CelType.String, [.. Consent.Purposes]), Channel], CelType.Bool, (inputs, purpose, channel) =>
                inputs.Consents.TryGetValue((purpose.Text, channel.Text), out var granted) ? Value.Of(granted) : default)
            .Function("contacts", [Channel, Window], CelType.Int, (inputs, channel, window) => Value.Of(Contacts(inputs, channel.Text, window.TimeSpan)))
            .Function("accepted", [new("action", CelType.String), Window], CelType.Bool, (inputs, action, window) => Answered(inputs, action, window, accepted: true))
            .Function("declined", [new("action", CelType.String), Window], CelType.Bool, (inputs, action, window) => Answered(inputs, action, window, accepted: false));
    }

    private static Argument Channel { get; } = new("channel", CelType.String, [.. Consent.Channels]);

    private static Argument Window { get; } = new("window", CelType.Duration);

    /// <summary>What strategies are written in on every host.</summary>
    public static Vocabulary<DecisionInputs> Standard { get; } = Of(Scores);

    /// <summary>JSON as values of conditions: numbers are doubles, null and what is absent are unknown.</summary>
    public static IReadOnlyDictionary<Value, Value> Members(JsonObject? members)
    {
        var values = new Dictionary<Value, Value>();
        foreach (var (name, value) in members ?? [])
        {
            if (value is not null)
                values[Value.Of(name)] = Of(value);
        }

        return values;
    }

    private static Value Of(JsonNode node) => node switch
    {
        JsonObject members => Value.Map(Members(members)),
        JsonArray items => Value.List([.. items.Select(item => item is null ? Value.Null : Of(item))]),
        _ => node.GetValueKind() switch
        {
            JsonValueKind.True => Value.Of(value: true),
            JsonValueKind.False => Value.Of(value: false),
            JsonValueKind.Number => Value.Of(node.AsValue().TryGetValue(out double number) ? number : double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture)),
            _ => Value.Of((string)node!),
        },
    };

    private static long Contacts(DecisionInputs inputs, string channel, TimeSpan window)
    {
        var count = 0L;
        for (var place = 0; place < inputs.Contacts.Count; place++)
            count += inputs.Contacts[place].Channel == channel && IsWithin(inputs.Now, inputs.Contacts[place].At, window) ? 1 : 0;
        return count;
    }

    private static Value Answered(DecisionInputs inputs, in Value action, in Value window, bool accepted)
    {
        var length = window.TimeSpan;
        for (var place = 0; place < inputs.Answers.Count; place++)
        {
            var answer = inputs.Answers[place];
            if (answer.Accepted == accepted && answer.Action == action.Text && IsWithin(inputs.Now, answer.At, length))
                return Value.Of(value: true);
        }

        return Value.Of(value: false);
    }

    private static bool IsWithin(DateTimeOffset now, DateTimeOffset at, TimeSpan window) => at <= now && now - at < window;
}
