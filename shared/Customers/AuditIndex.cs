using System.Globalization;
using System.Runtime.CompilerServices;

namespace ServerlessCLM.Customers;

/// <summary>A commit that announced audit entries not yet anchored.</summary>
/// <param name="Customer">Whose chain.</param>
/// <param name="Sequence">The last entry of the commit.</param>
/// <param name="Announced">When.</param>
/// <param name="PartitionKey">Of the index row.</param>
/// <param name="RowKey">Of the index row.</param>
public readonly record struct Unanchored(CustomerId Customer, long Sequence, DateTimeOffset Announced, string PartitionKey, string RowKey);

/// <summary>
/// Finds chains that grew since they were last anchored, without scanning customers. A row is written before the commit it announces,
/// so that no entry escapes its anchor; one whose commit never came is found out by the chain's head and forgotten after a day.
/// </summary>
public sealed class AuditIndex(CustomerTables tables, ProductOptions options)
{
    /// <summary>Partitions that announcements spread over.</summary>
    public const int Shards = 16;

    private const char Separator = '|';

    internal Task AnnounceAsync(string customerKey, long sequence, CancellationToken cancellation)
    {
        var row = string.Create(CultureInfo.InvariantCulture, $"{customerKey}{Separator}{sequence:D12}");
        return tables.Audits.UpsertEntityAsync(
            new TableEntity(Shard((int)(Digest64.Of(customerKey) % Shards)), row), TableUpdateMode.Replace, cancellation);
    }

    /// <summary>All announcements, those of a customer together.</summary>
    public async IAsyncEnumerable<Unanchored> AllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var shard = 0; shard < Shards; shard++)
        {
            var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Shard(shard)}");
            await foreach (var entity in tables.Audits.QueryAsync<TableEntity>(filter, cancellationToken: cancellation))
            {
                var split = entity.RowKey.LastIndexOf(Separator);
                yield return new Unanchored(
                    CustomerId.FromPartitionKey(entity.RowKey[..split]), long.Parse(entity.RowKey.AsSpan(split + 1), CultureInfo.InvariantCulture),
                    entity.Timestamp!.Value, entity.PartitionKey, entity.RowKey);
            }
        }
    }

    public Task ClearAsync(IEnumerable<Unanchored> anchored, CancellationToken cancellation) =>
        Parallel.ForEachAsync(anchored, new ParallelOptions { MaxDegreeOfParallelism = Math.Min(64, options.CommitConcurrency), CancellationToken = cancellation },
            async (each, token) => await CustomerTables.DeleteAsync(tables.Audits, each.PartitionKey, each.RowKey, token));

    private string Shard(int shard) => string.Create(CultureInfo.InvariantCulture, $"{options.Tenant}|{shard:x}");
}
