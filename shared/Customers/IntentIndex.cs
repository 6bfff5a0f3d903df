using System.Globalization;

namespace ServerlessCLM.Customers;

/// <summary>
/// Where commits with effects announce themselves, before they happen: what a crash left undone is found here in
/// order of time, without scanning customers.
/// </summary>
public sealed class IntentIndex(CustomerTables tables, ProductOptions options, TimeProvider time)
{
    /// <summary>Partitions that the intents of an account spread over.</summary>
    public const int Shards = 16;

    private const char Separator = '|';

    /// <summary>Writes an intent and returns its row key.</summary>
    internal async Task<string> DeclareAsync(string customerKey, string outboxId, CancellationToken cancellation)
    {
        var row = string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow().ToUnixTimeMilliseconds():D15}{Separator}{outboxId}{Separator}{customerKey}");
        await tables.IntentsOf(CustomerId.FromPartitionKey(customerKey)).UpsertEntityAsync(new TableEntity(Partition(customerKey), row), TableUpdateMode.Replace, cancellation);
        return row;
    }

    internal Task ClearAsync(IEnumerable<string> intents, CancellationToken cancellation) =>
        Parallel.ForEachAsync(intents, new ParallelOptions { MaxDegreeOfParallelism = Math.Min(64, options.CommitConcurrency), CancellationToken = cancellation },
            async (row, token) =>
            {
                var customer = CustomerKey(row);
                await CustomerTables.DeleteAsync(tables.IntentsOf(CustomerId.FromPartitionKey(customer)), Partition(customer), row, token);
            });

    /// <summary>Intents older than the relay's patience, oldest first within a shard.</summary>
    public async IAsyncEnumerable<Intent> OverdueAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var before = (time.GetUtcNow() - options.RelayAfter).ToUnixTimeMilliseconds().ToString("D15", CultureInfo.InvariantCulture);
        var first = $"{options.Tenant}|";
        var last = $"{options.Tenant}|~";
        // One query over all shards of an account: it runs every minute, and in most of them finds nothing.
        var filter = TableClient.CreateQueryFilter($"PartitionKey ge {first} and PartitionKey le {last} and RowKey lt {before}");
        foreach (var intents in tables.Intents)
        {
            await foreach (var entity in intents.QueryAsync<TableEntity>(filter, cancellationToken: cancellation))
            {
                var parts = entity.RowKey.Split(Separator, 3);
                yield return new Intent(CustomerId.FromPartitionKey(parts[2]), parts[1], entity.RowKey);
            }
        }
    }

    private static string CustomerKey(string row) => row.Split(Separator, 3)[2];

    private string Partition(string customerKey) =>
        string.Create(CultureInfo.InvariantCulture, $"{options.Tenant}|{Digest64.Of(customerKey) % Shards:x}");
}

/// <summary>A commit that announced effects: whose, which outbox row, and the intent's own key.</summary>
public readonly record struct Intent(CustomerId Customer, string OutboxId, string Key)
{
    public DateTimeOffset At => DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(Key.AsSpan(0, 15), CultureInfo.InvariantCulture));
}
