using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text.Json.Nodes;
using ServerlessCLM.Conditions;
using ServerlessCLM.Decisions;
using ServerlessCLM.Documents;

namespace ServerlessCLM.Journeys;

/// <summary>A version of a journey with its expressions compiled.</summary>
public sealed class CompiledJourney
{
    private readonly FrozenDictionary<string, Expression<DecisionInputs>> _expressions;

    /// <exception cref="ConditionException">An expression speaks of what the vocabulary does not have.</exception>
    public CompiledJourney(JourneyDocument document, string digest, string content)
    {
        (Document, Digest, Content) = (document, digest, content);
        _expressions = JourneyExpression.Of(document).Select(each => each.Text).Distinct(StringComparer.Ordinal)
            .ToFrozenDictionary(text => text, JourneyVocabulary.Default.Compile, StringComparer.Ordinal);
    }

    public JourneyDocument Document { get; }

    public string Digest { get; }

    /// <summary>As JSON.</summary>
    public string Content { get; }

    /// <summary>An expression of the document.</summary>
    public Expression<DecisionInputs> this[string text] => _expressions[text];

    public static CompiledJourney Of(JsonObject content) => new(JourneyJson.Read(content), DocumentStore.DigestOf(content), content.ToJsonString());
}

/// <summary>
/// The journeys in force, as this instance knows them: the institution's approved documents, and in place of what it has none of, those that come with
/// the product and are switched on.
/// </summary>
public sealed class LiveJourneys(DocumentStore documents, JourneyOptions options, TimeProvider time)
{
    /// <summary>How long the set is used before the documents are looked at again: an approved change takes effect within it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly IReadOnlyList<CompiledJourney> Shipped = [.. JourneyCatalogue.Documents.Select(CompiledJourney.Of)];

    private readonly ConcurrentDictionary<string, CompiledJourney> _versions = new(StringComparer.Ordinal);
    private volatile InForce? _known;

    /// <summary>All in force, by id.</summary>
    public async ValueTask<IReadOnlyDictionary<string, CompiledJourney>> GetAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (_known is { } known && now >= known.Looked && now - known.Looked < Patience)
            return known.Journeys;

        var found = new Dictionary<string, CompiledJourney>(StringComparer.Ordinal);
        foreach (var shipped in Shipped.Where(each => options.IsOn(each.Document.Id)))
        {
            // A later release may ship another content; who is on this one must still find it.
            if (_versions.TryAdd(shipped.Digest, shipped))
                await documents.KeepAsync(JourneyDocument.Kind, shipped.Document.Id, JsonNode.Parse(shipped.Content)!.AsObject(), cancellation);
            found[shipped.Document.Id] = shipped;
        }

        foreach (var record in await documents.ListAsync(JourneyDocument.Kind, cancellation))
        {
            if (record.InForce(now) is { } version)
                found[record.Id] = await VersionAsync(record.Id, version.Digest, cancellation);
        }

        _known = new InForce(found, now);
        return found;
    }

    /// <summary>A version by its digest, in force or not.</summary>
    /// <exception cref="InvalidDataException">What is stored is not what was approved.</exception>
    public async ValueTask<CompiledJourney> VersionAsync(string id, string digest, CancellationToken cancellation) => _versions.TryGetValue(digest, out var known)
        ? known
        : _versions.GetOrAdd(digest, CompiledJourney.Of(await documents.ContentAsync(JourneyDocument.Kind, id, digest, cancellation)));

    /// <summary>Every version there is or was: of the institution's documents, and of those that come with the product.</summary>
    public async Task<IReadOnlyCollection<(string Id, int Version)>> VersionsAsync(CancellationToken cancellation) =>
    [
        .. Shipped.Select(shipped => (shipped.Document.Id, shipped.Document.Version))
            .Union((await documents.ListAsync(JourneyDocument.Kind, cancellation)).SelectMany(record => record.Versions.Select(version => (record.Id, version.Version)))),
    ];

    /// <summary>A version that was read before; null where it was not.</summary>
    public CompiledJourney? Known(string digest) => _versions.GetValueOrDefault(digest);

    private sealed record InForce(IReadOnlyDictionary<string, CompiledJourney> Journeys, DateTimeOffset Looked);
}

/// <summary>Settings of journeys: <c>Clm:Journeys</c>.</summary>
public sealed record JourneyOptions
{
    public const string Everything = "*";

    /// <summary>Ids of shipped journeys that are switched on; <c>*</c> for all.</summary>
    public IReadOnlyList<string> Catalogue { get; init; } = [];

    /// <summary>Endpoints that webhook nodes may call, by name, and the secrets that sign the calls.</summary>
    public IReadOnlyDictionary<string, WebhookTarget> Webhooks { get; init; } = new Dictionary<string, WebhookTarget>();

    public bool IsOn(string journey) => Catalogue.Contains(Everything) || Catalogue.Contains(journey);
}

/// <summary>An endpoint of the bank's.</summary>
public sealed record WebhookTarget(Uri Endpoint, IReadOnlyList<byte[]> Secrets);
