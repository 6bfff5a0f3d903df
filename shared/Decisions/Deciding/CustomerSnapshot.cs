using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using ServerlessCLM.Conditions;
using ServerlessCLM.Customers;
using ServerlessCLM.Features;
using ServerlessCLM.Governance;
using ServerlessCLM.Models;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Decisions;

/// <summary>What a model said.</summary>
/// <param name="Id">The model's.</param>
/// <param name="Version">Its version.</param>
/// <param name="Score">Of the features in the snapshot.</param>
/// <param name="LowerBound">What the score lies above, where the model says so.</param>
public sealed record ModelScore(string Id, int Version, float Score, float? LowerBound = null);

/// <summary>What was known of a customer when a decision was made: all that rules, values and the contact gate read, and nothing else.</summary>
public sealed partial record CustomerSnapshot
{
    private static readonly JsonEncodedText[] FeatureNames = [.. FeatureCatalogue.All.Select(feature => JsonEncodedText.Encode(feature.Name))],
        ScoreNames = [.. ScoreCatalogue.All.Select(score => JsonEncodedText.Encode(score.Name))];

    public required DateTimeOffset Now { get; init; }

    /// <summary>The profile's members; of contact details only whether they are there, of names nothing.</summary>
    public required JsonObject Profile { get; init; }

    /// <summary>Whether the bank has told anything about the customer; without it nothing is known of flags.</summary>
    public bool HasProfile { get; init; } = true;

    public required IReadOnlyList<Consent> Consents { get; init; }

    public required ContactLedger Contacts { get; init; }

    public required IReadOnlyList<ActionAnswer> Answers { get; init; }

    /// <summary>In the order of the feature catalogue; NaN where missing.</summary>
    public required float[] Features { get; init; }

    /// <summary>In the order of the score catalogue.</summary>
    public required float[] Scores { get; init; }

    /// <summary>In the order of their ids.</summary>
    public required IReadOnlyList<ModelScore> Models { get; init; }

    /// <summary>Change of scores over 30 days, by name; what is not there is unknown.</summary>
    public IReadOnlyDictionary<string, float> Changes { get; init; } = new Dictionary<string, float>();

    /// <summary>Debts in short.</summary>
    public ArrearsStanding Arrears { get; init; } = ArrearsStanding.None;

    /// <summary>What the contact gate knows.</summary>
    public CustomerStanding Standing() => new(new Profile(0, Profile), Consents, Contacts);

    /// <summary>What conditions read.</summary>
    /// <param name="scores">Names of scores in the order of the vocabulary.</param>
    public DecisionInputs Inputs(IReadOnlyList<string> scores)
    {
        var (values, changes) = (new float[scores.Count], new float[scores.Count]);
        for (var place = 0; place < values.Length; place++)
        {
            var formula = ScoreCatalogue.IndexOf(scores[place]);
            values[place] = formula >= 0 ? Scores[formula] : ScoreOf(scores[place]);
            changes[place] = Changes.GetValueOrDefault(scores[place], float.NaN);
        }

        return new DecisionInputs
        {
            Features = Features, Scores = values, ScoreChanges = changes, Now = Now, Local = Local(),
            Profile = DecisionVocabulary.Members(Profile),
            Products = DecisionVocabulary.Members(Profile["products"] as JsonObject),
            Flags = HasProfile ? DecisionVocabulary.Members(Profile["flags"] as JsonObject) : null,
            Consents = Consents.ToDictionary(consent => (consent.Purpose, consent.Channel), consent => consent.Status == ConsentStatus.Granted),
            Contacts = [.. Contacts.Contacts.Where(contact => contact.Counts(Now)).Select(contact => (contact.Channel, contact.At))],
            Answers = [.. Answers.Select(answer => (answer.Action, answer.Accepted, answer.At))],
            Arrears = Arrears,
        };
    }

    /// <summary>A score by its name among <see cref="LiveModel.ScoreNames"/>; NaN where no model gave it.</summary>
    public float ScoreOf(string name)
    {
        foreach (var score in Models)
        {
            if (score.Id == name)
                return score.Score;
            if (score.LowerBound is { } bound && name.Length == score.Id.Length + LiveModel.LowerSuffix.Length
                && name.StartsWith(score.Id, StringComparison.Ordinal) && name.EndsWith(LiveModel.LowerSuffix, StringComparison.Ordinal))
                return bound;
        }

        return float.NaN;
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("now", Instant.Text(Now));
        if (HasProfile)
        {
            writer.WritePropertyName("profile");
            Profile.WriteTo(writer);
        }

        writer.WriteStartArray("consents");
        foreach (var consent in Consents)
            JsonSerializer.Serialize(writer, consent, CustomersJson.Default.Consent);
        writer.WriteEndArray();
        writer.WritePropertyName("contacts");
        JsonSerializer.Serialize(writer, Contacts, CustomersJson.Default.ContactLedger);
        writer.WritePropertyName("answers");
        JsonSerializer.Serialize(writer, Answers, CustomersJson.Default.IReadOnlyListActionAnswer);
        if (Arrears != ArrearsStanding.None)
        {
            writer.WritePropertyName("arrears");
            JsonSerializer.Serialize(writer, Arrears, DebtJson.Default.ArrearsStanding);
        }

        Write(writer, "features", FeatureNames, Features);
        Write(writer, "scores", ScoreNames, Scores);
        writer.WriteStartObject("changes");
        foreach (var (name, change) in Changes)
            writer.WriteNumber(name, change);
        writer.WriteEndObject();
        writer.WriteStartObject("models");
        foreach (var model in Models)
        {
            writer.WriteStartObject(model.Id);
            writer.WriteNumber("version", model.Version);
            writer.WriteNumber("score", model.Score);
            if (model.LowerBound is { } bound)
                writer.WriteNumber("lowerBound", bound);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write(Utf8JsonWriter)"/> wrote.</summary>
    public static CustomerSnapshot Read(JsonElement element) => new()
    {
        Now = element.GetProperty("now").GetDateTimeOffset(),
        HasProfile = element.TryGetProperty("profile", out var profile),
        Profile = profile.ValueKind == JsonValueKind.Object ? JsonObject.Create(profile.Clone())! : [],
        Consents = [.. element.GetProperty("consents").EnumerateArray().Select(consent => consent.Deserialize(CustomersJson.Default.Consent)!)],
        Contacts = element.GetProperty("contacts").Deserialize(CustomersJson.Default.ContactLedger)!,
        Answers = element.GetProperty("answers").Deserialize(CustomersJson.Default.IReadOnlyListActionAnswer)!,
        Arrears = element.TryGetProperty("arrears", out var arrears) ? arrears.Deserialize(DebtJson.Default.ArrearsStanding)! : ArrearsStanding.None,
        Features = Read(element.GetProperty("features"), [.. FeatureCatalogue.All.Select(feature => feature.Name)]),
        Scores = Read(element.GetProperty("scores"), [.. ScoreCatalogue.All.Select(score => score.Name)]),
        Changes = element.GetProperty("changes").EnumerateObject().ToDictionary(change => change.Name, change => change.Value.GetSingle(), StringComparer.Ordinal),
        Models = [.. element.GetProperty("models").EnumerateObject().Select(model =>
            new ModelScore(model.Name, model.Value.GetProperty("version").GetInt32(), model.Value.GetProperty("score").GetSingle(),
                model.Value.TryGetProperty("lowerBound", out var bound) ? bound.GetSingle() : null))],
    };

    private static void Write(Utf8JsonWriter writer, string name, JsonEncodedText[] names, float[] values)
    {
        writer.WriteStartObject(name);
        for (var place = 0; place < names.Length; place++)
        {
            if (float.IsFinite(values[place]))
                writer.WriteNumber(names[place], values[place]);
        }

        writer.WriteEndObject();
    }

    private static float[] Read(JsonElement values, string[] names) =>
        Array.ConvertAll(names, name => values.TryGetProperty(name, out var value) ? value.GetSingle() : float.NaN);

    /// <summary>The customer's wall clock; UTC where no zone is known.</summary>
    private DateTimeOffset Local()
    {
        var zone = CandidateZones.Of((string?)Profile["timeZone"], (string?)Profile["country"]) is [var first, ..] ? first : DateTimeZone.Utc;
        return new DateTimeOffset(NodaTime.Instant.FromDateTimeOffset(Now).InZone(zone).ToDateTimeUnspecified(), TimeSpan.Zero);
    }
}
