using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Azure;

namespace ServerlessCLM.Customers;

public sealed partial class CustomerStore
{
    private static readonly string BehindAudit = CustomerRows.Behind(CustomerRows.AuditPrefix), BehindDecisions = CustomerRows.Behind(CustomerRows.DecisionPrefix);

    /// <summary>Customers whose id has a hash prefix, the erased with them; one whose first commit failed may be among them.</summary>
    public async IAsyncEnumerable<CustomerId> ListAsync(byte prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {DirectoryPartition(prefix)}");
        await foreach (var entity in tables.DirectoryOf(prefix).QueryAsync<TableEntity>(filter, select: ["RowKey"], cancellationToken: cancellation))
            yield return CustomerId.Parse(entity.RowKey);
    }

    /// <summary>What every commit of the customer changes; null where there is none.</summary>
    public async Task<string?> VersionAsync(CustomerId customer, CancellationToken cancellation) =>
        (await LoadAsync(customer, customer.PartitionKey(options.Tenant), cancellation))?.ETag.ToString();

    /// <summary>Lists a customer before the first commit: none is ever missed, and a second listing changes nothing.</summary>
    private Task ListAsync(CustomerId customer, CancellationToken cancellation) => tables.DirectoryOf(customer.HashPrefix).UpsertEntityAsync(
        new TableEntity(DirectoryPartition(customer.HashPrefix), customer.Value), TableUpdateMode.Replace, cancellation);

    private string DirectoryPartition(byte prefix) => string.Create(CultureInfo.InvariantCulture, $"{options.Tenant}|{prefix:x2}");

    /// <summary>Reads a customer's whole partition but the audit chain and the records of decisions; null where there is none.</summary>
    public async Task<CustomerPartition?> ReadAsync(CustomerId customer, CancellationToken cancellation)
    {
        var partitionKey = customer.PartitionKey(options.Tenant);
        var rows = new List<KeyValuePair<string, byte[]>>();
        Loaded? loaded = null;
        var unopened = new List<TableEntity>();
        // Nothing is between what was told of decisions and the audit chain.
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {partitionKey} and (RowKey lt {CustomerRows.AnsweredPrefix} or (RowKey ge {BehindAudit} and RowKey lt {CustomerRows.DecisionPrefix}) or RowKey ge {BehindDecisions})");
        await foreach (var entity in tables.Of(customer).QueryAsync<TableEntity>(filter, cancellationToken: cancellation))
        {
            if (entity.RowKey == CustomerRows.State)
                loaded = Read(partitionKey, entity);
            else
                unopened.Add(entity);
        }

        if (loaded is null)
            return null;

        if (loaded.ErasedAt is not null)
            return new CustomerPartition(customer, null, [], loaded.ErasedAt);

        foreach (var entity in unopened)
            rows.Add(new(entity.RowKey, Open(loaded.Key!, SealedRow.Of(entity), partitionKey, entity.RowKey)));

        return new CustomerPartition(customer, loaded.Block, rows, null);
    }

    /// <summary>Reads one row, opened; null where there is none, or no customer, or the customer was erased.</summary>
    public async Task<byte[]?> ReadRowAsync(CustomerId customer, string row, CancellationToken cancellation)
    {
        await foreach (var found in ReadRowsAsync(customer, row, cancellation))
            return found.Content;
        return null;
    }

    /// <summary>Reads one row, or with a prefix, which ends in <c>|</c>, all rows of a kind, in the order of their keys.</summary>
    /// <exception cref="InvalidDataException">The customer's key does not open.</exception>
    public async IAsyncEnumerable<CustomerRow> ReadRowsAsync(CustomerId customer, string row, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var partitionKey = customer.PartitionKey(options.Tenant);
        if (await LoadAsync(customer, partitionKey, cancellation) is not { Key: { } key })
            yield break;

        foreach (var entity in await FindAsync(customer, partitionKey, row, cancellation))
            yield return new CustomerRow(entity.RowKey, () => Open(key, SealedRow.Of(entity), partitionKey, entity.RowKey));
    }

    /// <summary>Keys of rows of a kind that were last written before an instant, and when that was, by the storage's clock.</summary>
    /// <param name="customer">Whose.</param>
    /// <param name="prefix">Of the kind.</param>
    /// <param name="before">The instant.</param>
    /// <param name="cancellation">Stops between pages.</param>
    public async Task<IReadOnlyList<(string Row, DateTimeOffset Written)>> ListRowsAsync(
        CustomerId customer, string prefix, DateTimeOffset before, CancellationToken cancellation)
    {
        var (partitionKey, rows) = (customer.PartitionKey(options.Tenant), new List<(string, DateTimeOffset)>());
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partitionKey} and RowKey ge {prefix} and RowKey lt {CustomerRows.Behind(prefix)} and Timestamp lt {before}");
        await foreach (var entity in tables.Of(customer).QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey", "Timestamp"], cancellationToken: cancellation))
            rows.Add((entity.RowKey, entity.Timestamp!.Value));
        return rows;
    }

    /// <summary>A customer's audit entries, opened, the oldest first; of an erased customer only that they were. Null where there is no customer.</summary>
    public async Task<IReadOnlyList<AuditEntry>?> ReadAuditAsync(CustomerId customer, CancellationToken cancellation)
    {
        var partitionKey = customer.PartitionKey(options.Tenant);
        if (await LoadAsync(customer, partitionKey, cancellation) is not { } loaded)
            return null;

        var entries = new List<AuditEntry>();
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partitionKey} and RowKey ge {CustomerRows.AuditPrefix} and RowKey lt {BehindAudit}");
        await foreach (var entity in tables.Of(customer).QueryAsync<TableEntity>(filter, cancellationToken: cancellation))
        {
            var link = entity.GetBinary(AuditChain.Link);
            if (!AuditLink.IsOne(link))
                throw Damaged(partitionKey, entity.RowKey, "is not an audit link; verify the chain");

            var hash = new byte[AuditLink.HashSize];
            AuditLink.Hash(link, partitionKey, hash);
            var record = loaded.Key is { } key && entity.GetBinary(AuditChain.Data) is { } data
                ? JsonSerializer.Deserialize(Open(key, data, partitionKey, entity.RowKey), CustomersJson.Default.AuditRecord)
                : null;
            entries.Add(new AuditEntry(AuditLink.Sequence(link), DateTimeOffset.FromUnixTimeMilliseconds(AuditLink.At(link)),
                Convert.ToHexStringLower(hash), AuditLink.IsErasure(link) ? "erasure" : record?.Kind, record?.Content));
        }

        return entries;
    }

    /// <summary>
    /// Erases a customer: the first write destroys the key, so that nothing left anywhere opens again; then the rows go. What
    /// stays is a mark that keeps late events from bringing the customer back, and the links of the audit chain, which still verify
    /// and say nothing but that something was recorded, and when.
    /// </summary>
    /// <returns>Rows removed; null where the customer is unknown. Erasing again finishes what was interrupted.</returns>
    public async Task<int?> EraseAsync(CustomerId customer, CancellationToken cancellation)
    {
        var partitionKey = customer.PartitionKey(options.Tenant);
        var table = tables.Of(customer);
        bool? marked;
        while ((marked = await TryMarkErasedAsync(table, partitionKey, cancellation)) == false)
            _cache.Remove(partitionKey);
        if (marked is null)
            return null;

        _cache.Remove(partitionKey);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partitionKey} and RowKey ne {CustomerRows.State}");
        while (true)
        {
            var rows = new List<TableTransactionAction>();
            await foreach (var entity in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellation))
            {
                if (!entity.RowKey.StartsWith(CustomerRows.AuditPrefix, StringComparison.Ordinal))
                    rows.Add(new TableTransactionAction(TableTransactionActionType.Delete, entity, ETag.All));
                else if (entity.Remove(Data))
                    rows.Add(new TableTransactionAction(TableTransactionActionType.UpdateReplace, entity, ETag.All));
            }

            try
            {
                await CustomerTables.SubmitAsync(table, rows, cancellation);
                return rows.Count;
            }
            catch (RequestFailedException gone) when (gone.Status == 404)
            {
                // A dispatch cleared its outbox row, or somebody else erases the customer too: fewer are left, look again.
            }
        }
    }

    /// <summary>Replaces the state by the mark and puts the erasure on record.</summary>
    /// <returns>Whether the customer is erased now; false where somebody else changed the state first, null where there is none.</returns>
    private async Task<bool?> TryMarkErasedAsync(TableClient table, string partitionKey, CancellationToken cancellation)
    {
        var found = await table.GetEntityIfExistsAsync<TableEntity>(partitionKey, CustomerRows.State, cancellationToken: cancellation);
        if (found is not { HasValue: true, Value: { } state })
            return null;

        if (state.GetDateTimeOffset(ErasedAt) is not null)
            return true;

        var (now, head) = (time.GetUtcNow(), AuditHead.Of(state));
        await audits.AnnounceAsync(partitionKey, head.Sequence + 1, cancellation);
        var mark = new TableEntity(partitionKey, CustomerRows.State) { [ErasedAt] = now };
        var actions = new List<TableTransactionAction> { new(TableTransactionActionType.UpdateReplace, mark, state.ETag) };
        chain.AppendErasure(head, partitionKey, now, actions).PutInto(mark);
        try
        {
            await table.SubmitTransactionAsync(actions, cancellation);
            return true;
        }
        catch (RequestFailedException conflict) when (conflict.Status is 412 or 409 or 404)
        {
            return false;
        }
    }
}
