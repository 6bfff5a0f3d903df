using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;

namespace ServerlessCLM.Customers;

public sealed partial class CustomerStore
{
    /// <summary>Customers whose id has a hash prefix.</summary>
    public async IAsyncEnumerable<CustomerId> ListAsync(byte prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var first = string.Create(CultureInfo.InvariantCulture, $"{options.Tenant}|{prefix:x2}|");
        var filter = TableClient.CreateQueryFilter($"PartitionKey ge {first} and PartitionKey lt {first + "~~"} and RowKey eq {CustomerRows.State}");
        await foreach (var entity in tables.Of(prefix).QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellation))
            yield return CustomerId.FromPartitionKey(entity.PartitionKey);
    }

    /// <summary>Reads a customer's whole partition; null where there is none.</summary>
    public async Task<CustomerPartition?> ReadAsync(CustomerId customer, CancellationToken cancellation)
    {
        var partitionKey = customer.PartitionKey(options.Tenant);
        var rows = new List<KeyValuePair<string, byte[]>>();
        Loaded? loaded = null;
        var unopened = new List<TableEntity>();
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partitionKey}");
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
            rows.Add(new(entity.RowKey, Sealed.Open(loaded.Key!, entity.GetBinary(Data), partitionKey, entity.RowKey)));

        return new CustomerPartition(customer, loaded.Block, rows, null);
    }

    /// <summary>
    /// Erases a customer: the first write destroys the key, so that nothing left anywhere opens again; then the rows go. What
    /// stays is a mark that keeps late events from bringing the customer back.
    /// </summary>
    /// <returns>Rows removed; null where the customer is unknown. Erasing again finishes what was interrupted.</returns>
    public async Task<int?> EraseAsync(CustomerId customer, CancellationToken cancellation)
    {
        var partitionKey = customer.PartitionKey(options.Tenant);
        var table = tables.Of(customer);
        var found = await table.GetEntityIfExistsAsync<TableEntity>(partitionKey, CustomerRows.State, cancellationToken: cancellation);
        if (found is not { HasValue: true, Value: { } state })
            return null;

        if (state.GetDateTimeOffset(ErasedAt) is null)
        {
            var mark = new TableEntity(partitionKey, CustomerRows.State) { [ErasedAt] = time.GetUtcNow() };
            await table.UpdateEntityAsync(mark, ETag.All, TableUpdateMode.Replace, cancellation);
        }

        _cache.Remove(partitionKey);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partitionKey} and RowKey ne {CustomerRows.State}");
        while (true)
        {
            var rows = new List<TableTransactionAction>();
            await foreach (var entity in table.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellation))
                rows.Add(new TableTransactionAction(TableTransactionActionType.Delete, entity, ETag.All));

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
}
