using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;

namespace ServerlessCLM.Customers;

/// <summary>A customer to look in on: silence may mean something from this instant on.</summary>
/// <param name="Customer">Who.</param>
/// <param name="Due">The instant, in unix milliseconds.</param>
/// <param name="Announced">When it was last asked for.</param>
/// <param name="PartitionKey">Of the row.</param>
/// <param name="RowKey">Of the row.</param>
/// <param name="ETag">Of the row as found.</param>
public readonly record struct Wake(CustomerId Customer, long Due, DateTimeOffset Announced, string PartitionKey, string RowKey, ETag ETag);

/// <summary>
/// Finds customers whose silence may mean something by now, without scanning them: rows ordered by due day and instant.
/// A row is written only when a customer has none that is early enough; a wake that finds nothing moves it on, so a
/// payment costs no index write.
/// </summary>
public sealed class WakeIndex(CustomerTables tables, ProductOptions options)
{
    /// <summary>Partitions that one day's wakes spread over.</summary>
    public const int Shards = 8;

    private const long Day = 86_400_000;

    /// <summary>Writes a row before the commit that needs it: a row too many is harmless, one too few is not.</summary>
    internal Task ScheduleAsync(string customerKey, long due, CancellationToken cancellation)
    {
        var row = string.Create(CultureInfo.InvariantCulture, $"{due:D15}|{customerKey}");
        return tables.Wakes.UpsertEntityAsync(new TableEntity(Partition(customerKey, due), row), TableUpdateMode.Replace, cancellation);
    }

    /// <summary>Customers due at or before an instant, earliest day first.</summary>
    public async IAsyncEnumerable<Wake> DueAsync(long now, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var first = $"{options.Tenant}|";
        var last = string.Create(CultureInfo.InvariantCulture, $"{options.Tenant}|{now / Day:D6}|~");
        var filter = TableClient.CreateQueryFilter($"PartitionKey ge {first} and PartitionKey le {last}");
        await foreach (var entity in tables.Wakes.QueryAsync<TableEntity>(filter, cancellationToken: cancellation))
        {
            var split = entity.RowKey.IndexOf('|');
            var due = long.Parse(entity.RowKey.AsSpan(0, split), CultureInfo.InvariantCulture);
            if (due <= now)
                yield return new Wake(CustomerId.FromPartitionKey(entity.RowKey[(split + 1)..]), due, entity.Timestamp!.Value, entity.PartitionKey, entity.RowKey, entity.ETag);
        }
    }

    /// <summary>Removes a look that has taken place, unless a commit has asked for it again since it was found.</summary>
    public async Task ClearAsync(Wake wake, CancellationToken cancellation)
    {
        try
        {
            await tables.Wakes.DeleteEntityAsync(wake.PartitionKey, wake.RowKey, wake.ETag, cancellation);
        }
        catch (RequestFailedException again) when (again.Status == 412)
        {
            // Asked for again: it is looked into at the next round.
        }
    }

    private string Partition(string customerKey, long due) =>
        string.Create(CultureInfo.InvariantCulture, $"{options.Tenant}|{due / Day:D6}|{Digest64.Of(customerKey) % Shards:x}");
}
