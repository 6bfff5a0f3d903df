using System.Globalization;
using System.Runtime.CompilerServices;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Journeys.Collections;

/// <summary>Where a case is, and what it was worth when it was last looked at.</summary>
public readonly record struct CaseEntry(string Id, CustomerId Customer, string Queue, double Value);

/// <summary>
/// Finds the cases of a queue without scanning customers. A row is written before the commit that opens the case and removed after the one that ends it:
/// a row too many is found to be one when it is looked at. It holds ids and a figure, nothing of the customer.
/// </summary>
public sealed class CaseIndex(CustomerTables tables, ProductOptions options)
{
    /// <summary>Partitions that cases spread over.</summary>
    private const int Shards = 16;

    private const string Queue = "Queue", Value = "Value";

    public Task PutAsync(CaseEntry entry, CancellationToken cancellation) => tables.Cases.UpsertEntityAsync(
        new TableEntity(Partition(entry.Id), Row(entry.Id, entry.Customer)) { [Queue] = entry.Queue, [Value] = entry.Value }, TableUpdateMode.Replace, cancellation);

    public Task RemoveAsync(string id, CustomerId customer, CancellationToken cancellation) =>
        CustomerTables.DeleteAsync(tables.Cases, Partition(id), Row(id, customer), cancellation);

    /// <summary>Rows by queue: its cases, and at times some more that have just ended.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CountAsync(CancellationToken cancellation)
    {
        var (first, last) = Range();
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var filter = TableClient.CreateQueryFilter($"PartitionKey ge {first} and PartitionKey le {last}");
        await foreach (var entity in tables.Cases.QueryAsync<TableEntity>(filter, select: [Queue], cancellationToken: cancellation))
            counts[entity.GetString(Queue)!] = counts.GetValueOrDefault(entity.GetString(Queue)!) + 1;
        return counts;
    }

    /// <summary>The cases of a queue, in no order.</summary>
    public async IAsyncEnumerable<CaseEntry> OfAsync(string queue, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (first, last) = Range();
        var filter = TableClient.CreateQueryFilter($"PartitionKey ge {first} and PartitionKey le {last} and Queue eq {queue}");
        await foreach (var entity in tables.Cases.QueryAsync<TableEntity>(filter, cancellationToken: cancellation))
        {
            // id|partition key of the customer, which has bars of its own
            var split = entity.RowKey.IndexOf('|');
            yield return new CaseEntry(entity.RowKey[..split], CustomerId.FromPartitionKey(entity.RowKey[(split + 1)..]), queue, entity.GetDouble(Value) ?? 0);
        }
    }

    private (string First, string Last) Range() => ($"{options.Tenant}|", $"{options.Tenant}|~");

    private string Partition(string id) => string.Create(CultureInfo.InvariantCulture, $"{options.Tenant}|{Digest64.Of(id) % Shards:x}");

    private string Row(string id, CustomerId customer) => $"{id}|{customer.PartitionKey(options.Tenant)}";
}
