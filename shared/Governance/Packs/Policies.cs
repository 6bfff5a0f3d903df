using ServerlessCLM.Documents;

namespace ServerlessCLM.Governance;

/// <summary>The packs that hold: those that come with the product, and in their place the institution's own approved documents.</summary>
public sealed class Policies(DocumentStore documents, TimeProvider time)
{
    /// <summary>How long a set is used before the documents are looked at again: an approved change takes effect within it.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

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
        var packs = PolicySet.Defaults.ToDictionary(pack => pack.Id, StringComparer.Ordinal);
        foreach (var record in await documents.ListAsync("policy", cancellation))
        {
            if (record.InForce(now) is { } version)
                packs[record.Id] = PolicyPack.Read(await documents.ContentAsync("policy", record.Id, version.Digest, cancellation));
        }

        return new PolicySet(packs.Values);
    }
}
