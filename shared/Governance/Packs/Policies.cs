using System.Text.Json.Nodes;
using Azure;
using ServerlessCLM.Documents;

namespace ServerlessCLM.Governance;

/// <summary>The packs that hold: those that come with the product, and in their place the institution's own approved documents.</summary>
public sealed class Policies(DocumentStore documents, TimeProvider time)
{
    /// <summary>How long a set is used before the documents are looked at again: an approved change takes effect within it.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private const string Kind = "policy";

    private readonly SemaphoreSlim _gate = new(1);
    private (PolicySet Set, DateTimeOffset Read)? _known;

    /// <exception cref="InvalidDataException">An approved document is not what was approved.</exception>
    public async ValueTask<PolicySet> GetAsync(CancellationToken cancellation)
    {
        if (_known is { } known && time.GetUtcNow() - known.Read < Kept)
            return known.Set;

        await _gate.WaitAsync(cancellation);
        try
        {
            if (_known is { } other && time.GetUtcNow() - other.Read < Kept)
                return other.Set;

            var now = time.GetUtcNow();
            var set = await ReadAsync(now, cancellation);
            _known = (set, now);
            return set;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<PolicySet> ReadAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var packs = PolicySet.DefaultDocuments.ToDictionary(pack => (string)pack["id"]!, StringComparer.Ordinal);
        foreach (var record in await documents.ListAsync(Kind, cancellation))
        {
            if (record.InForce(now) is { } version)
                packs[record.Id] = await documents.ContentAsync(Kind, record.Id, version.Digest, cancellation);
        }

        return PolicySet.Of(packs.Values);
    }

    /// <summary>The packs as they were, by their digests.</summary>
    /// <exception cref="InvalidDataException">One is neither kept nor part of this version of the product.</exception>
    public async ValueTask<PolicySet> OfAsync(IReadOnlyList<PolicyReference> references, CancellationToken cancellation)
    {
        var current = await GetAsync(cancellation);
        if (current.References.SequenceEqual(references))
            return current;

        var packs = new List<JsonObject>(references.Count);
        foreach (var reference in references)
        {
            try
            {
                packs.Add(PolicySet.DefaultDocuments.FirstOrDefault(pack => DocumentStore.DigestOf(pack) == reference.Digest)
                    ?? await documents.ContentAsync(Kind, reference.Id, reference.Digest, cancellation));
            }
            catch (RequestFailedException missing) when (missing.Status == 404)
            {
                throw new InvalidDataException($"policy {reference.Id} {reference.Version} with digest {reference.Digest} is neither kept nor part of this version of the product", missing);
            }
        }

        return PolicySet.Of(packs);
    }
}
