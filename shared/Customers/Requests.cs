using System.Security.Cryptography;

namespace ServerlessCLM.Customers;

/// <summary>An answer given under an idempotency key.</summary>
public sealed record Answer(int Status, string Body);

/// <summary>The key was used with another request.</summary>
public sealed class RequestMismatchException(string key)
    : Exception($"Idempotency-Key '{key}' was used with another request; take a new key for a new request");

/// <summary>Remembers answers by <c>Idempotency-Key</c>: the same request gets the first answer again.</summary>
public sealed class Requests(CustomerTables tables, ProductOptions options, TimeProvider time)
{
    public const int MaxKeyLength = 200;

    /// <summary>How long an answer is remembered.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(2);

    private const string Request = "Request", Status = "Status", Body = "Body", At = "At";

    /// <summary>The answer given before to this request under this key, or null.</summary>
    /// <exception cref="RequestMismatchException">The key was used with another request.</exception>
    public async Task<Answer?> FindAsync(string scope, string key, ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        var (partition, row) = Place(scope, key);
        var found = await tables.Requests.GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: cancellation);
        if (found is not { HasValue: true, Value: { } entity } || entity.GetDateTimeOffset(At) < time.GetUtcNow() - Kept)
            return null;

        return entity.GetString(Request) == Digest(request)
            ? new Answer(entity.GetInt32(Status)!.Value, entity.GetString(Body)!)
            : throw new RequestMismatchException(key);
    }

    /// <summary>Remembers an answer. An answer too large for a row is not remembered: its events' ids still tell a repetition.</summary>
    public async Task RememberAsync(string scope, string key, ReadOnlyMemory<byte> request, Answer answer, CancellationToken cancellation)
    {
        if (answer.Body.Length > 32_000)
            return;

        var (partition, row) = Place(scope, key);
        await tables.Requests.UpsertEntityAsync(new TableEntity(partition, row)
        {
            [Request] = Digest(request), [Status] = answer.Status, [Body] = answer.Body, [At] = time.GetUtcNow(),
        }, TableUpdateMode.Replace, cancellation);
    }

    /// <summary>Removes answers past their time.</summary>
    public async Task<int> PurgeAsync(CancellationToken cancellation)
    {
        var removed = 0;
        var filter = TableClient.CreateQueryFilter($"At lt {time.GetUtcNow() - Kept}");
        await foreach (var entity in tables.Requests.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellation))
        {
            await CustomerTables.DeleteAsync(tables.Requests, entity.PartitionKey, entity.RowKey, cancellation);
            removed++;
        }

        return removed;
    }

    private (string Partition, string Row) Place(string scope, string key)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key)));
        return ($"{options.Tenant}|{scope}|{digest[..2]}", digest);
    }

    private static string Digest(ReadOnlyMemory<byte> request) => Convert.ToHexStringLower(SHA256.HashData(request.Span));
}
