using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessCLM.Customers;

/// <summary>Something to keep on record, in the commit that makes it true.</summary>
/// <param name="Kind">What happened, such as <c>consent</c> or <c>contact</c>.</param>
/// <param name="At">When; for what an event caused, the event's own time, so that a redelivery changes nothing.</param>
/// <param name="Content">What is needed to answer questions about it later. Sealed; at most <see cref="MaxSize"/> bytes of JSON.</param>
public sealed record AuditRecord(string Kind, DateTimeOffset At, JsonObject Content)
{
    /// <summary>Bytes of a record's JSON at the most; a row holds 64 KiB.</summary>
    public const int MaxSize = 60 * 1024;
}

/// <summary>An entry of a customer's audit chain, opened.</summary>
/// <param name="Sequence">From 1.</param>
/// <param name="At">When what it records happened.</param>
/// <param name="Hash">In hexadecimal; the next entry repeats it.</param>
/// <param name="Kind">What happened; null once the customer is erased.</param>
/// <param name="Content">As it was recorded; null once the customer is erased.</param>
public sealed record AuditEntry(long Sequence, DateTimeOffset At, string Hash, string? Kind, JsonObject? Content);

/// <summary>Where a customer's audit chain ends: kept in the state row, so that an entry goes in with the commit or not at all.</summary>
/// <param name="Sequence">Of the last entry; 0 for none.</param>
/// <param name="Hash">Of the last entry; empty for none.</param>
public readonly record struct AuditHead(long Sequence, byte[] Hash)
{
    public static readonly AuditHead None = new(0, []);

    internal const string SequenceName = "AuditSequence", HashName = "AuditHash";

    public static AuditHead Of(TableEntity state) => new(state.GetInt64(SequenceName) ?? 0, state.GetBinary(HashName) ?? []);

    internal void PutInto(TableEntity state)
    {
        if (Sequence == 0)
            return;

        state[SequenceName] = Sequence;
        state[HashName] = Hash;
    }
}

/// <summary>Makes the rows of audit entries: each hashed over the one before, the last of a commit signed.</summary>
public sealed class AuditChain(MasterKeys keys)
{
    /// <summary>Columns of an entry's row.</summary>
    public const string Link = "Link", Data = "Data";

    private readonly byte[] _signing = keys.Derive("audit-chain");

    /// <summary>The key that entries are signed with.</summary>
    public ReadOnlySpan<byte> SigningKey => _signing;

    /// <summary>Adds the rows of a commit's records to its transaction.</summary>
    /// <returns>The new head.</returns>
    /// <exception cref="InvalidOperationException">A record is larger than <see cref="AuditRecord.MaxSize"/>.</exception>
    internal AuditHead Append(
        AuditHead head, string partitionKey, IReadOnlyList<AuditRecord> records, byte[] key, List<TableTransactionAction> actions)
    {
        for (var i = 0; i < records.Count; i++)
        {
            var record = records[i];
            var row = CustomerRows.Audit(head.Sequence + 1);
            var plain = JsonSerializer.SerializeToUtf8Bytes(record, CustomersJson.Default.AuditRecord);
            if (plain.Length > AuditRecord.MaxSize)
                throw new InvalidOperationException($"{row}: the record '{record.Kind}' has {plain.Length} bytes; at most {AuditRecord.MaxSize} fit");

            var content = Sealed.Close(key, plain, partitionKey, row);
            var (link, next) = Next(head, partitionKey, record.At, content, signed: i == records.Count - 1);
            actions.Add(new TableTransactionAction(TableTransactionActionType.Add,
                new TableEntity(partitionKey, row) { [Link] = link, [Data] = content }));
            head = next;
        }

        return head;
    }

    /// <summary>Adds the row that records an erasure; it has no content, as there is no key any more.</summary>
    internal AuditHead AppendErasure(AuditHead head, string partitionKey, DateTimeOffset at, List<TableTransactionAction> actions)
    {
        var (link, next) = Next(head, partitionKey, at, [], signed: true, erasure: true);
        actions.Add(new TableTransactionAction(TableTransactionActionType.Add,
            new TableEntity(partitionKey, CustomerRows.Audit(next.Sequence)) { [Link] = link }));
        return next;
    }

    private (byte[] Link, AuditHead Head) Next(
        AuditHead head, string partitionKey, DateTimeOffset at, ReadOnlySpan<byte> content, bool signed, bool erasure = false)
    {
        var link = AuditLink.Write(head.Sequence + 1, at.ToUnixTimeMilliseconds(), head.Hash, content, signed, erasure);
        var hash = new byte[AuditLink.HashSize];
        AuditLink.Hash(link, partitionKey, hash);
        if (signed)
            AuditLink.Sign(link, hash, _signing);
        return (link, new AuditHead(head.Sequence + 1, hash));
    }
}
