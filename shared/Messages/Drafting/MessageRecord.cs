using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using ServerlessCLM.Customers;
using ServerlessCLM.Messages.Approvals;
using ServerlessCLM.Messages.Channels;
using ServerlessCLM.Messages.Proof;
using ServerlessCLM.Messages.Templates;

namespace ServerlessCLM.Messages.Drafting;

/// <summary>Where the words of a message come from.</summary>
public enum MessageSource { None, Template, Model, Reused }

/// <summary>A text that was written and judged.</summary>
/// <param name="Source">Who wrote it.</param>
/// <param name="Draft">The text with its placeholders; null where none came.</param>
/// <param name="Verdicts">Of every check.</param>
/// <param name="Failure">Why no text came.</param>
/// <param name="Tokens">What it cost.</param>
public sealed record Attempt(MessageSource Source, Draft? Draft, IReadOnlyList<Verdict> Verdicts, string? Failure = null, int Tokens = 0)
{
    [JsonIgnore]
    public bool Passed => Draft is not null && Verdicts.All(verdict => verdict.Passed);
}

/// <summary>All that came of a brief: one row of the customer's partition. Proving the attempts again gives the same verdicts.</summary>
public sealed record MessageRecord
{
    public required string Id { get; init; }

    /// <summary>SHA-256 of the brief and the template.</summary>
    public required string Digest { get; init; }

    /// <summary>The template in force when it was written, as <c>first-purchase@2</c>; null where the words came with the request.</summary>
    public string? Template { get; init; }

    public required Brief Brief { get; init; }

    /// <summary>Digest of what decides the words: nobody's identifiers. Approved words are found again by it.</summary>
    public string Wording { get; init => field = value ?? ""; } = "";

    /// <summary>A person's approval; null where none is needed.</summary>
    public Approval? Approval { get; init; }

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

    /// <summary>The attempt whose words go out.</summary>
    [JsonIgnore]
    public Attempt? Chosen => Attempts.FirstOrDefault(attempt => attempt.Source == Source && attempt.Passed);

    /// <summary>The record at an instant: a wait for approval that is over has ended with the approved template.</summary>
    public MessageRecord Settled(DateTimeOffset now) => Approval is { Status: ApprovalStatus.Waiting } waiting && now >= waiting.Until
        ? With(Attempts.LastOrDefault(attempt => attempt.Source == MessageSource.Template && attempt.Passed), waiting with { Status = ApprovalStatus.Expired })
        : this;

    /// <summary>The record once a person has decided: what a model wrote and nobody wants gives way to the template, what the template says to nothing.</summary>
    internal MessageRecord Decided(Approval decided) => decided.Status == ApprovalStatus.Approved
        ? this with { Approval = decided }
        : With(Source == MessageSource.Template ? null : Attempts.LastOrDefault(attempt => attempt.Source == MessageSource.Template && attempt.Passed), decided);

    private MessageRecord With(Attempt? words, Approval approval) => this with
    {
        Approval = approval,
        Source = words?.Source ?? MessageSource.None,
        Subject = words?.Draft?.Subject is { } subject ? Filling.Fill(subject, Brief) : null,
        Body = words?.Draft is { } draft ? Filling.Fill(draft.Body, Brief) : null,
    };

    /// <summary>The message as it is sent, where it may be.</summary>
    /// <param name="gateway">The way out; null for that of the channel.</param>
    /// <param name="debt">The debt it is about.</param>
    /// <param name="journey">The journey it belongs to.</param>
    /// <param name="now">A wait for approval may be over by it.</param>
    /// <param name="message">What is sent.</param>
    /// <param name="reason">Why nothing is.</param>
    public bool TryAddress(GatewayName? gateway, string? debt, string? journey, DateTimeOffset now, [NotNullWhen(true)] out Dispatched? message, [NotNullWhen(false)] out string? reason)
    {
        var settled = Settled(now);
        reason = settled.Approval is { Status: ApprovalStatus.Waiting, Until: var until } ? $"message {Id} waits for approval until {Instant.Text(until)}"
            : settled.Body is null ? $"message {Id} has no words that may go out"
            : null;
        message = reason is null
            ? new Dispatched(Id, gateway ?? Gateways.For(Brief.Channel), Brief.Purpose, settled.Body!, settled.Subject, Brief.Language, debt, journey)
            : null;
        return message is not null;
    }

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
public sealed record Assignment(Brief Brief, Draft Template, string? TemplateName = null)
{
    /// <summary>When a person must approve the words.</summary>
    [JsonIgnore]
    public ApprovalRule Approval { get; init; } = ApprovalRule.None;

    /// <summary>Who has the message written, where a person does.</summary>
    [JsonIgnore]
    public string? AskedBy { get; init; }
}

/// <summary>How briefs and records are written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true,
    RespectNullableAnnotations = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(Assignment))]
[JsonSerializable(typeof(MessageRecord))]
[JsonSerializable(typeof(Draft))]
public sealed partial class MessagesJson : JsonSerializerContext;
