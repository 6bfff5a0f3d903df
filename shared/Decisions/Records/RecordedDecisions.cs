using ServerlessCLM.Customers;

namespace ServerlessCLM.Decisions;

/// <summary>What a customer's audit chain tells of their decisions: which records there must be, and the digest of each.</summary>
internal sealed class RecordedDecisions
{
    private readonly Dictionary<string, string> _digests = new(StringComparer.Ordinal);
    private readonly string? _unreadable;

    private RecordedDecisions(string? unreadable) => _unreadable = unreadable;

    /// <summary>Decisions whose record must be there: those that were not forgotten by rule.</summary>
    public IEnumerable<string> Ids => _digests.Keys;

    public static async Task<RecordedDecisions> OfAsync(CustomerStore store, CustomerId customer, CancellationToken cancellation)
    {
        IReadOnlyList<AuditEntry>? entries;
        try
        {
            entries = await store.ReadAuditAsync(customer, cancellation);
        }
        catch (InvalidDataException damaged)
        {
            return new RecordedDecisions(damaged.Message);
        }

        var recorded = new RecordedDecisions(null);
        foreach (var entry in entries ?? [])
        {
            if (entry is { Kind: "decision", Content: { } decision })
                recorded._digests[(string)decision["id"]!] = (string)decision["record"]!;
            else if (entry is { Kind: DecisionRetention.Forgotten, Content: { } forgotten })
                forgotten["decisions"]!.AsArray().ToList().ForEach(id => recorded._digests.Remove((string)id!));
        }

        return recorded;
    }

    /// <summary>Why a record is not the one that was put on record; null where it is.</summary>
    public string? WhyNot(DecisionRecord record) =>
        _unreadable is not null ? $"the audit chain cannot be read: {_unreadable}"
        : !_digests.TryGetValue(record.Id, out var digest) ? "the audit chain does not tell of it"
        : digest != record.Digest ? $"the audit chain tells of another record, with digest {digest}" : null;

    /// <summary>A decision whose record is not there; null where there need be none.</summary>
    public DecisionReplay? Gone(string id) =>
        _digests.TryGetValue(id, out var digest) ? new DecisionReplay(id, Identical: false, digest, null, [], "the record is gone, and the audit chain tells of it") : null;
}
