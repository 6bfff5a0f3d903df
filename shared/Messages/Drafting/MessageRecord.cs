using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using ServerlessCLM.Customers;
using ServerlessCLM.Messages.Proof;

namespace ServerlessCLM.Messages.Drafting;

/// <summary>Where the words of a message come from.</summary>
public enum MessageSource { None, Template, Model, Reused }

/// <summary>A text that was written and judged.</summary>
/// <param name="Source">Who wrote it.</param>
/// <param name="Draft">The text with its placeholders; null where none came.</param>
/// <param name="Verdicts">Of every check.</param>
/// <param name="Failure">Why no text came.</param>
/// <param name="Tokens">What it cost.</param>
public sealed record Attempt(MessageSource Source, Draft? Draft, IReadOnlyList<Verdict> Verdicts, string? Failure = null, int Tokens = 0);

/// <summary>All that came of a brief: one row of the customer's partition. Proving the attempts again gives the same verdicts.</summary>
public sealed record MessageRecord
{
    public required string Id { get; init; }

    /// <summary>SHA-256 of the brief and the template.</summary>
    public required string Digest { get; init; }

    /// <summary>The template in force when it was written, as <c>first-purchase@2</c>; null where the words came with the request.</summary>
    public string? Template { get; init; }

    public required Brief Brief { get; init; }

    /// <summary>What goes out with its placeholders filled; <see cref="MessageSource.None"/> where nothing does.</summary>
    public required MessageSource Source { get; init; }

    public string? Subject { get; init; }

    public string? Body { get; init; }

    /// <summary>In the order in which they were made.</summary>
    public required IReadOnlyList<Attempt> Attempts { get; init; }

    /// <summary>Why no model wrote; null where one did, or was not asked because approved words were there.</summary>
    public string? WithoutModel { get; init; }

    public string? Model { get; init; }

    public required string PromptVersion { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Attempts whose verdicts are not what the checks say now, by place.</summary>
    public IReadOnlyList<int> Differences() =>
    [
        .. Attempts.Select((attempt, place) => (attempt, place))
            .Where(pair => pair.attempt.Draft is { } draft && !MessageProof.Prove(Brief, draft).Verdicts.SequenceEqual(pair.attempt.Verdicts))
            .Select(pair => pair.place),
    ];

    public static string DigestOf(Assignment assignment) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(assignment, MessagesJson.Default.Assignment)));

    /// <summary>Digest of what decides the words: not the message's id, and nobody's identifiers.</summary>
    internal static string WordingDigestOf(Assignment assignment) => DigestOf(assignment with
    {
        Brief = assignment.Brief with
        {
            MessageId = "-",
            Facts = [.. assignment.Brief.Facts.Select(fact => fact is PersonalFact personal ? personal with { Value = "" } : fact)],
        },
    });

    public static string RowOf(string messageId) => $"{CustomerRows.MessagePrefix}{messageId}";
}

/// <summary>What is to be written, and the approved words to fall back on.</summary>
/// <param name="Brief">What may be said.</param>
/// <param name="Template">Approved words, with placeholders.</param>
/// <param name="TemplateName">The template they are of, as <c>first-purchase@2</c>; null where they are of none.</param>
public sealed record Assignment(Brief Brief, Draft Template, string? TemplateName = null);

/// <summary>How briefs and records are written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true,
    RespectNullableAnnotations = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(Assignment))]
[JsonSerializable(typeof(MessageRecord))]
public sealed partial class MessagesJson : JsonSerializerContext;
