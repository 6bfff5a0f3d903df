using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Azure;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Governance;

/// <summary>
/// Anchors all chains that grew, hourly: a blob is written once, if no other has its number, and never again. Give the container an
/// immutability policy, and not even its owner can take the last anchors away.
/// </summary>
public sealed class Anchors(BlobServiceClient blobs, CustomerTables tables, AuditIndex index, MasterKeys keys, ProductOptions options, TimeProvider time)
{
    public const string Container = "audit";

    /// <summary>Chains in one anchor at the most; a run that finds more writes several.</summary>
    public const int MaxHeads = 50_000;

    /// <summary>A commit announced longer ago than this and not in its chain never took place.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    private readonly BlobContainerClient _container = blobs.GetBlobContainerClient(Container);
    private readonly string _folder = $"{options.Tenant}/";
    private readonly byte[] _signing = keys.Derive("audit-anchors");
    private readonly byte[] _pseudonyms = keys.Derive("audit-pseudonyms");

    public Task CreateAsync(CancellationToken cancellation) => _container.CreateIfNotExistsAsync(cancellationToken: cancellation);

    /// <summary>The name a chain goes by in anchors. Without the key it leads to nobody.</summary>
    public string PseudonymOf(CustomerId customer)
    {
        var digest = HMACSHA256.HashData(_pseudonyms, Encoding.UTF8.GetBytes(customer.PartitionKey(options.Tenant)));
        return string.Create(CultureInfo.InvariantCulture, $"{customer.HashPrefix:x2}{Convert.ToHexStringLower(digest.AsSpan(0, 16))}");
    }

    /// <summary>Anchors what is not anchored yet.</summary>
    /// <returns>Chains anchored.</returns>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var total = 0;
        var pending = new Dictionary<CustomerId, List<Unanchored>>();
        await foreach (var announced in index.AllAsync(cancellation))
        {
            if (!pending.TryGetValue(announced.Customer, out var known))
            {
                // A customer's announcements come together, so that what was gathered is whole.
                if (pending.Count == MaxHeads)
                {
                    total += await WriteAsync(pending, cancellation);
                    pending.Clear();
                }

                pending[announced.Customer] = known = [];
            }

            known.Add(announced);
        }

        return total + await WriteAsync(pending, cancellation);
    }

    /// <summary>Anchors as stored, in the order of their numbers.</summary>
    public async IAsyncEnumerable<(long Number, BinaryData Content)> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var blob in _container.GetBlobsAsync(BlobTraits.None, BlobStates.None, _folder, cancellation))
        {
            // A blob that is none of ours proves nothing, and hides nothing: the numbers must be without a gap.
            if (NumberOf(blob.Name[_folder.Length..]) is { } number)
                yield return (number, (await _container.GetBlobClient(blob.Name).DownloadContentAsync(cancellation)).Value.Content);
        }
    }

    /// <exception cref="InvalidDataException">The anchor was changed.</exception>
    internal Anchor Open(BinaryData stored) => Anchor.Read(stored, _signing);

    private async Task<int> WriteAsync(Dictionary<CustomerId, List<Unanchored>> pending, CancellationToken cancellation)
    {
        var heads = new ConcurrentBag<AnchoredHead>();
        var done = new ConcurrentBag<Unanchored>();
        await Parallel.ForEachAsync(pending, new ParallelOptions { MaxDegreeOfParallelism = Math.Min(64, options.CommitConcurrency), CancellationToken = cancellation }, async (each, token) =>
        {
            var (customer, announced) = each;
            var head = await HeadAsync(customer, token);
            if (head.Sequence > 0)
                heads.Add(new AnchoredHead(PseudonymOf(customer), head.Sequence, Convert.ToHexStringLower(head.Hash)));

            // A commit that is not in the chain yet may still come: it is looked at again in an hour.
            foreach (var commit in announced.Where(commit => commit.Sequence <= head.Sequence || commit.Announced < time.GetUtcNow() - Patience))
                done.Add(commit);
        });
        if (!heads.IsEmpty)
            await WriteAsync([.. heads.OrderBy(head => head.Chain, StringComparer.Ordinal)], cancellation);

        // The index goes last: a crash before this anchors the same heads once more.
        await index.ClearAsync(done.OrderBy(each => each.RowKey, StringComparer.Ordinal), cancellation);
        return heads.Count;
    }

    private async Task WriteAsync(IReadOnlyList<AnchoredHead> heads, CancellationToken cancellation)
    {
        while (true)
        {
            var last = await LastAsync(cancellation);
            var previous = last == 0 ? "" : Anchor.DigestOf((await Blob(last).DownloadContentAsync(cancellation)).Value.Content);
            var anchor = Anchor.Of(last + 1, time.GetUtcNow(), previous, heads);
            try
            {
                await Blob(anchor.Number).UploadAsync(BinaryData.FromBytes(anchor.Write(_signing)),
                    new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } }, cancellation);
                return;
            }
            catch (RequestFailedException taken) when (taken.Status is 409 or 412)
            {
                // Another run wrote this number first; ours comes after it.
            }
        }
    }

    private async Task<AuditHead> HeadAsync(CustomerId customer, CancellationToken cancellation)
    {
        var found = await tables.Of(customer).GetEntityIfExistsAsync<TableEntity>(
            customer.PartitionKey(options.Tenant), CustomerRows.State, [AuditHead.SequenceName, AuditHead.HashName], cancellation);
        return found is { HasValue: true, Value: { } state } ? AuditHead.Of(state) : AuditHead.None;
    }

    /// <summary>The last anchor's number; 0 for none.</summary>
    private async Task<long> LastAsync(CancellationToken cancellation)
    {
        var last = 0L;
        await foreach (var blob in _container.GetBlobsAsync(BlobTraits.None, BlobStates.None, _folder, cancellation))
            last = NumberOf(blob.Name[_folder.Length..]) ?? last;

        return last;
    }

    private BlobClient Blob(long number) => _container.GetBlobClient(_folder + NameOf(number));

    private static string NameOf(long number) => string.Create(CultureInfo.InvariantCulture, $"anchor-{number:D10}.json");

    private static long? NumberOf(string name) =>
        name.Length == NameOf(0).Length && long.TryParse(name.AsSpan("anchor-".Length, 10), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && name == NameOf(number) ? number : null;
}
