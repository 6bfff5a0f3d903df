using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessCLM.Messages.Templates;

/// <summary>When a person must approve a message of the template.</summary>
/// <param name="Vulnerable">To vulnerable people.</param>
/// <param name="Sample">This share of all messages, by their ids.</param>
/// <param name="NewWords">Words of a language model that no person has approved yet.</param>
public sealed record ApprovalRule(bool Vulnerable, double Sample, bool NewWords)
{
    public static readonly ApprovalRule None = new(false, 0, false);
}

/// <summary>The words for one language and channel.</summary>
public sealed record TemplateText(string Language, MessageChannel Channel, string? Subject, string Body);

/// <summary>A sample customer: values that stand in for those of the facts; null for a fact that is not there.</summary>
public sealed record TemplateSample(string Name, IReadOnlyDictionary<string, JsonNode?> Values);

/// <summary>A message template as its document says, of a document that its schema has passed.</summary>
public sealed record TemplateDocument
{
    public required string Id { get; init; }

    public required int Version { get; init; }

    public required string Purpose { get; init; }

    public required string Topic { get; init; }

    public required ReadingLevel ReadingLevel { get; init; }

    public required IReadOnlyList<DeclaredFact> Facts { get; init; }

    /// <summary>In the order of the document: the first language is for customers whose own is not there.</summary>
    public required IReadOnlyList<TemplateText> Texts { get; init; }

    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Disclosures { get; init; }

    public required IReadOnlyDictionary<string, string> OptOut { get; init; }

    public required IReadOnlyDictionary<string, string> AutomationLabel { get; init; }

    public required IReadOnlyList<ClaimKind> AllowedClaims { get; init; }

    public required IReadOnlyList<string> ForbiddenTopics { get; init; }

    public required IReadOnlyList<string> AllowedHosts { get; init; }

    /// <summary>The first is made of the samples of the facts.</summary>
    public required IReadOnlyList<TemplateSample> Samples { get; init; }

    public required ApprovalRule Approval { get; init; }

    /// <summary>For records: <c>first-purchase@2</c>.</summary>
    public string Name => $"{Id}@{Version}";

    /// <summary>Languages, the first for everybody whose own is not among them.</summary>
    public IEnumerable<string> Languages => Texts.Select(text => text.Language).Distinct();

    /// <summary>The words for a channel in the language wanted, or in the first that the template has them in; null where it has none.</summary>
    /// <param name="channel">Where the message goes.</param>
    /// <param name="language">As profiles have it: <c>de</c> or <c>de-AT</c>; null where nothing is known.</param>
    public TemplateText? TextFor(MessageChannel channel, string? language)
    {
        var wanted = language is { Length: >= 2 } ? language[..2].ToLowerInvariant() : null;
        return Texts.FirstOrDefault(text => text.Channel == channel && text.Language == wanted) ?? Texts.FirstOrDefault(text => text.Channel == channel);
    }

    public static TemplateDocument Read(JsonObject document)
    {
        var facts = document["facts"]!.AsObject();
        return new TemplateDocument
        {
            Id = (string)document["id"]!,
            Version = (int)document["version"]!,
            Purpose = (string)document["purpose"]!,
            Topic = (string)document["topic"]!,
            ReadingLevel = Of<ReadingLevel>(document["readingLevel"]) ?? ReadingLevel.Standard,
            Facts = [.. facts.Select(fact => Declared(fact.Key, fact.Value!.AsObject()))],
            Texts = [.. document["texts"]!.AsObject().SelectMany(language => language.Value!.AsObject(), (language, channel) => new TemplateText(
                language.Key, Of<MessageChannel>(channel.Key), (string?)channel.Value!["subject"], (string)channel.Value["body"]!))],
            Disclosures = ByLanguage(document["disclosures"], value => (IReadOnlyList<string>)[.. value!.AsArray().Select(text => (string)text!)]),
            OptOut = ByLanguage(document["optOut"], value => (string)value!),
            AutomationLabel = ByLanguage(document["automationLabel"], value => (string)value!),
            AllowedClaims = [.. Items(document["allowedClaims"]).Select(Of<ClaimKind>)],
            ForbiddenTopics = Items(document["forbiddenTopics"]),
            AllowedHosts = Items(document["allowedHosts"]),
            Samples =
            [
                new TemplateSample("sample", facts.ToDictionary(fact => fact.Key, fact => fact.Value!["sample"], StringComparer.Ordinal)),
                .. (document["samples"]?.AsObject() ?? []).Select(sample => new TemplateSample(sample.Key, sample.Value!.AsObject()
                    .ToDictionary(value => value.Key, value => value.Value, StringComparer.Ordinal))),
            ],
            Approval = document["approval"] is JsonObject rule
                ? new ApprovalRule((bool?)rule["vulnerable"] ?? false, (double?)rule["sample"] ?? 0, (bool?)rule["newWords"] ?? false)
                : ApprovalRule.None,
        };
    }

    private static DeclaredFact Declared(string name, JsonObject fact) => new(name, Of<FactKind>((string)fact["kind"]!), Of<CountUnit>(fact["unit"]) ?? CountUnit.None,
        (bool?)fact["optional"] ?? false, [.. (fact["of"]?.AsObject() ?? []).Select(member => Declared(member.Key, member.Value!.AsObject()))]);

    private static Dictionary<string, T> ByLanguage<T>(JsonNode? members, Func<JsonNode?, T> read) =>
        (members?.AsObject() ?? []).ToDictionary(member => member.Key, member => read(member.Value), StringComparer.Ordinal);

    private static string[] Items(JsonNode? list) => [.. (list?.AsArray() ?? []).Select(item => (string)item!)];

    private static T? Of<T>(JsonNode? name) where T : struct, Enum => name is null ? null : Of<T>((string)name!);

    private static T Of<T>(string name) where T : struct, Enum => Enum.Parse<T>(name, ignoreCase: true);
}
