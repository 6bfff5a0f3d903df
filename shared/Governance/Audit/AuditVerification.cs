using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Governance;

/// <summary>What a verification looked at and found.</summary>
public sealed record AuditReport
{
    /// <summary>Customers who have a chain.</summary>
    public int Customers { get; init; }

    public long Entries { get; init; }

    /// <summary>Customers whose chain ends in their erasure.</summary>
    public int Erased { get; init; }

    /// <summary>Entries that no anchor vouches for yet: those of the current hour, when <c>AnchorAudit</c> runs.</summary>
    public long Unanchored { get; init; }

    public long Anchors { get; init; }

    public DateTimeOffset? LastAnchorAt { get; init; }

    public IReadOnlyList<AuditFinding> Findings { get; init; } = [];

    public bool Intact => Findings.Count == 0;
}

/// <summary>Reads chains and anchors and holds one against the other.</summary>
public sealed class AuditVerification(CustomerTables tables, Anchors anchors, AuditChain chain, ProductOptions options)
{
    private const int MaxReads = 5;
    private const string BehindAudit = "audit}";

    private static readonly string[] Columns =
        ["PartitionKey", "RowKey", AuditChain.Link, AuditChain.Data, AuditHead.SequenceName, AuditHead.HashName];

    /// <summary>Verifies the chains of all customers whose hash prefix lies in a range; 0 and 255 for everybody.</summary>
    /// <param name="from">First hash prefix.</param>
    /// <param name="to">Last hash prefix.</param>
    /// <param name="cancellation">Stops in the middle.</param>
    /// <param name="progress">Told of each hash prefix that is done: its entries.</param>
    public async Task<AuditReport> VerifyAsync(byte from, byte to, CancellationToken cancellation, Action<long>? progress = null)
    {
        var walk = await StartAsync(name => PrefixOf(name) >= from && PrefixOf(name) <= to, cancellation);
        var lanes = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation };
        await Parallel.ForAsync(from, to + 1, lanes, async (prefix, token) =>
        {
            var entries = 0L;
            await foreach (var rows in PartitionsAsync((byte)prefix, token))
            {
                entries += rows.Entries.Count;
                var customer = CustomerId.FromPartitionKey(rows.PartitionKey!);
                // The chain may have grown while it was read: what is wrong must still be so when it is read alone, at rest.
                if (!rows.IsEmpty && !Check(walk, customer, rows))
                    await VerifyAsync(walk, customer, token);
            }

            progress?.Invoke(entries);
        });

        // Whom anchors saw and nobody has: even the state row is gone.
        foreach (var (name, witnesses) in walk.Witnesses.Where(chain => !walk.Seen.Contains(chain.Key)))
            ChainWalk.Verify(name, "", null, [], witnesses, chain.SigningKey, walk.Findings);
        return walk.Report();
    }

    /// <summary>Verifies the chains of some customers. One that is unknown and that no anchor saw counts as having none.</summary>
    public async Task<AuditReport> VerifyAsync(IReadOnlyCollection<CustomerId> customers, CancellationToken cancellation)
    {
        var names = customers.Select(anchors.PseudonymOf).ToHashSet(StringComparer.Ordinal);
        var walk = await StartAsync(names.Contains, cancellation);
        foreach (var customer in customers.Distinct())
            await VerifyAsync(walk, customer, cancellation);

        return walk.Report();
    }

    private async Task VerifyAsync(Walk walk, CustomerId customer, CancellationToken cancellation)
    {
        var partitionKey = customer.PartitionKey(options.Tenant);
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {partitionKey} and RowKey ge {CustomerRows.AuditPrefix} and RowKey lt {BehindAudit}");
        for (var read = 1; ; read++)
        {
            var rows = new Rows { PartitionKey = partitionKey };
            var before = await StateAsync(customer, partitionKey, cancellation);
            await foreach (var entity in tables.Of(customer).QueryAsync<TableEntity>(filter, select: Columns, cancellationToken: cancellation))
                rows.Add(entity);
            if (before is not null)
                rows.Add(before);

            var after = await StateAsync(customer, partitionKey, cancellation);
            if (before?.ETag != after?.ETag && read < MaxReads)
                continue;

            Check(walk, customer, rows, final: true);
            return;
        }
    }

    /// <summary>Chains and heads of the customers under a hash prefix, one after the other.</summary>
    private async IAsyncEnumerable<Rows> PartitionsAsync(byte prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (first, behind) = ($"{options.Tenant}|{prefix:x2}|", $"{options.Tenant}|{prefix:x2}}}");
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey ge {first} and PartitionKey lt {behind} and (RowKey eq {CustomerRows.State} or (RowKey ge {CustomerRows.AuditPrefix} and RowKey lt {BehindAudit}))");
        var rows = new Rows();
        await foreach (var entity in tables.Of(prefix).QueryAsync<TableEntity>(filter, select: Columns, cancellationToken: cancellation))
        {
            if (rows.PartitionKey != entity.PartitionKey)
            {
                if (rows.PartitionKey is not null)
                    yield return rows;
                rows = new Rows { PartitionKey = entity.PartitionKey };
            }

            rows.Add(entity);
        }

        if (rows.PartitionKey is not null)
            yield return rows;
    }

    /// <returns>False where something is wrong; it is kept only when that is final.</returns>
    private bool Check(Walk walk, CustomerId customer, Rows rows, bool final = false)
    {
        var name = anchors.PseudonymOf(customer);
        var witnesses = walk.Witnesses.GetValueOrDefault(name) ?? [];
        var found = new List<AuditFinding>();
        ChainWalk.Verify(customer.Value, rows.PartitionKey!, rows.Head, rows.Entries, witnesses, chain.SigningKey, found);
        if (found.Count > 0 && !final)
            return false;

        walk.Add(name, rows, witnesses.Count == 0 ? 0 : witnesses.Max(witness => witness.Sequence), found);
        return true;
    }

    private async Task<Walk> StartAsync(Func<string, bool> wanted, CancellationToken cancellation)
    {
        var walk = new Walk();
        var (expected, previous) = (1L, "");
        await foreach (var (number, content) in anchors.ReadAsync(cancellation))
        {
            if (number != expected)
                walk.Findings.Add(new("anchors", expected, AuditFault.Missing, string.Create(CultureInfo.InvariantCulture, $"the next that is there is {number}")));

            try
            {
                var anchor = anchors.Open(content);
                if (anchor.Number != number)
                    walk.Findings.Add(new("anchors", number, AuditFault.Reordered, string.Create(CultureInfo.InvariantCulture, $"in its place stands anchor {anchor.Number}")));
                else if (number == expected && anchor.Previous != previous)
                    walk.Findings.Add(new("anchors", number, AuditFault.Anchor, "does not follow the anchor before it"));

                walk.LastAnchorAt = anchor.At;
                foreach (var head in anchor.Heads.Where(head => wanted(head.Chain)))
                    walk.Witness(head.Chain, new Witness(number, head.Sequence, Convert.FromHexString(head.Hash)));
            }
            catch (InvalidDataException altered)
            {
                walk.Findings.Add(new("anchors", number, AuditFault.Anchor, altered.Message));
            }

            walk.Anchors++;
            (expected, previous) = (number + 1, Anchor.DigestOf(content));
        }

        return walk;
    }

    private async Task<TableEntity?> StateAsync(CustomerId customer, string partitionKey, CancellationToken cancellation)
    {
        var found = await tables.Of(customer).GetEntityIfExistsAsync<TableEntity>(partitionKey, CustomerRows.State, cancellationToken: cancellation);
        return found.HasValue ? found.Value : null;
    }

    private static int PrefixOf(string pseudonym) => int.Parse(pseudonym.AsSpan(0, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>A customer's rows as far as they are read.</summary>
    private sealed class Rows
    {
        public string? PartitionKey { get; init; }

        public AuditHead? Head { get; private set; }

        public List<StoredEntry> Entries { get; } = [];

        public bool IsEmpty => Entries.Count == 0 && Head is not { Sequence: > 0 };

        public void Add(TableEntity entity)
        {
            if (entity.RowKey == CustomerRows.State)
                Head = AuditHead.Of(entity);
            else
                Entries.Add(new StoredEntry(entity.RowKey, entity.GetBinary(AuditChain.Link), entity.GetBinary(AuditChain.Data)));
        }
    }

    private sealed class Walk
    {
        private readonly Lock _gate = new();
        private int _customers, _erased;
        private long _entries, _unanchored;

        public Dictionary<string, List<Witness>> Witnesses { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Seen { get; } = new(StringComparer.Ordinal);

        public List<AuditFinding> Findings { get; } = [];

        public long Anchors { get; set; }

        public DateTimeOffset? LastAnchorAt { get; set; }

        public void Witness(string chain, Witness witness)
        {
            if (!Witnesses.TryGetValue(chain, out var known))
                Witnesses[chain] = known = [];
            known.Add(witness);
        }

        public void Add(string name, Rows rows, long anchored, List<AuditFinding> found)
        {
            lock (_gate)
            {
                Seen.Add(name);
                Findings.AddRange(found);
                _customers += rows.IsEmpty ? 0 : 1;
                _entries += rows.Entries.Count;
                _unanchored += Math.Max(0, rows.Entries.Count - anchored);
                if (rows.Entries is [.., { Link: { } link }] && AuditLink.IsOne(link) && AuditLink.IsErasure(link))
                    _erased++;
            }
        }

        public AuditReport Report() => new()
        {
            Customers = _customers, Entries = _entries, Erased = _erased, Unanchored = _unanchored, Anchors = Anchors, LastAnchorAt = LastAnchorAt,
            Findings = Findings,
        };
    }
}
