using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ServerlessCLM.Decisions.Learning;
using ServerlessCLM.Documents;

namespace ServerlessCLM.Decisions;

/// <summary>The strategies in force with what they have learned, as this instance knows them: looked up at most every <see cref="Patience"/>, when somebody asks.</summary>
public sealed class LiveStrategies(DocumentStore documents, StrategyLearner learner, TimeProvider time) : IDisposable
{
    /// <summary>How long an answer is used before the documents are looked at again: an approved change takes effect within it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const string Kind = "strategy";

    /// <summary>What the shipped journeys choose among: in force until the bank has a strategy of the same id.</summary>
    private static readonly Dictionary<string, (JsonObject Content, string Digest)> Shipped = ShippedDocuments.Read("journey-strategies/")
        .ToDictionary(content => (string)content["id"]!, content => (content, DocumentStore.DigestOf(content)), StringComparer.Ordinal);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ConcurrentDictionary<string, ReadyStrategy> _byDigest = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (ReadyStrategy Strategy, DateTimeOffset Looked)> _learned = new(StringComparer.Ordinal);
    private volatile Known? _known;

    /// <summary>Whether a strategy is asked only by its name or by that of its actions, as journeys do; never for the best of all.</summary>
    public static bool IsForJourneys(ReadyStrategy strategy) => Shipped.ContainsKey(strategy.Strategy.Source.Id);

    /// <summary>Those in force, by id; the shipped ones come last.</summary>
    /// <exception cref="InvalidDataException">An approved document is not what was approved.</exception>
    public async ValueTask<IReadOnlyList<ReadyStrategy>> GetAsync(CancellationToken cancellation)
    {
        if (_known is { } known && IsFresh(known))
            return known.Strategies;

        await _gate.WaitAsync(cancellation);
        try
        {
            if (_known is { } other && IsFresh(other))
                return other.Strategies;

            var now = time.GetUtcNow();
            var found = new List<ReadyStrategy>();
            foreach (var record in await documents.ListAsync(Kind, cancellation))
            {
                if (record.InForce(now) is { } version)
                    found.Add(await LearnedAsync(await OfAsync(record.Id, version.Digest, cancellation), cancellation));
            }

            foreach (var (id, (content, digest)) in Shipped)
            {
                if (!found.Exists(strategy => strategy.Strategy.Source.Id == id))
                    found.Add(await LearnedAsync(await ShippedAsync(id, content, digest, cancellation), cancellation));
            }

            _known = new Known(now, found);
            return found;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>A shipped strategy, kept with the bank's own so that its decisions can be made again when the product ships another.</summary>
    private async Task<ReadyStrategy> ShippedAsync(string id, JsonObject content, string digest, CancellationToken cancellation)
    {
        if (_byDigest.TryGetValue(digest, out var known))
            return known;

        await documents.KeepAsync(Kind, id, content, cancellation);
        return _byDigest.GetOrAdd(digest, new ReadyStrategy(content));
    }

    /// <summary>A version by its digest, with nothing learned.</summary>
    /// <exception cref="Azure.RequestFailedException">It is not in the store.</exception>
    public async ValueTask<ReadyStrategy> OfAsync(string id, string digest, CancellationToken cancellation) =>
        _byDigest.TryGetValue(digest, out var known) ? known
            : _byDigest.GetOrAdd(digest, new ReadyStrategy(await documents.ContentAsync(Kind, id, digest, cancellation)));

    /// <summary>What an arm of an experiment uses: <c>id</c> for the version in force, or <c>id@version</c> for an approved one; null where there is none.</summary>
    public async ValueTask<ReadyStrategy?> FindAsync(string use, CancellationToken cancellation)
    {
        var at = use.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
            return (await GetAsync(cancellation)).FirstOrDefault(strategy => strategy.Strategy.Source.Id == use);

        return (await documents.FindAsync(Kind, use[..at], cancellation))?.Versions.FirstOrDefault(version =>
            version.Status == DocumentStatus.Approved && use.AsSpan(at + 1).SequenceEqual($"{version.Version}")) is { } found
            ? await LearnedAsync(await OfAsync(use[..at], found.Digest, cancellation), cancellation)
            : null;
    }

    /// <summary>A version with what its strategy has learned.</summary>
    private async ValueTask<ReadyStrategy> LearnedAsync(ReadyStrategy strategy, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (_learned.TryGetValue(strategy.Digest, out var known) && now >= known.Looked && now - known.Looked < Patience)
            return known.Strategy;

        var before = known.Strategy ?? strategy;
        var learning = await learner.LearnAsync(strategy.Strategy.Source, now, cancellation);
        var learned = before.Learning.IsSame(learning) ? before : before.With(learning);
        _learned[strategy.Digest] = (learned, now);
        return learned;
    }

    public void Dispose() => _gate.Dispose();

    private bool IsFresh(Known known) => time.GetUtcNow() is var now && now >= known.Looked && now - known.Looked < Patience;

    private sealed record Known(DateTimeOffset Looked, IReadOnlyList<ReadyStrategy> Strategies);
}
