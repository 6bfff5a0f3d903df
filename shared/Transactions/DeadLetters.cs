using System.Globalization;
using Azure;
using ServerlessCLM.Customers;
using ServerlessCLM.Telemetry;

namespace ServerlessCLM.Transactions;

/// <summary>An event that could not be taken, as it is set aside.</summary>
/// <param name="Hub">The stream it came by, or was meant for.</param>
/// <param name="Id">Where it stood: partition and sequence number, or a digest for one refused at the edge.</param>
/// <param name="EnqueuedAt">When it arrived.</param>
/// <param name="Rejection">Field and reason.</param>
/// <param name="Body">The event as it came, card numbers tokenised.</param>
/// <param name="ResentAt">When it was sent again.</param>
public sealed record DeadLetter(
    string Hub, string Id, DateTimeOffset EnqueuedAt, Rejection Rejection, ReadOnlyMemory<byte> Body, DateTimeOffset? ResentAt = null)
{
    /// <summary>Id of an event from a stream: the same event is the same dead letter, however often it is delivered.</summary>
    public static string IdOf(string partition, long sequence) => string.Create(CultureInfo.InvariantCulture, $"{partition}-{sequence:D20}");

    /// <summary>Id of an event refused at the edge: instant, place in the request and digest.</summary>
    public static string IdOf(DateTimeOffset at, int index, ReadOnlySpan<byte> body) =>
        string.Create(CultureInfo.InvariantCulture, $"edge-{at.ToUnixTimeMilliseconds():D15}-{index:D5}-{Digest64.Of(body):x16}");

    /// <summary>Whether a text from outside can be an id: nothing in it that a table key may not have.</summary>
    public static bool IsId(string text) => text.Length is > 0 and <= 100 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '$');
}

/// <summary>
/// Events that cannot be read are neither dropped nor allowed to stop their batch: they are kept here, sealed, until someone corrects
/// and sends them again. Large bodies are kept in blobs.
/// </summary>
public sealed class DeadLetters(
    CustomerTables tables, BlobContainerClient blobs, MasterKeys keys, CardNumbers cards, ProductOptions options, TimeProvider time)
{
    /// <summary>Bytes of a sealed body kept in the row; a property holds 64 KiB.</summary>
    private const int InlineSize = 60 * 1024;

    /// <summary>Characters of field and reason kept; both may repeat what came from outside.</summary>
    private const int MaxText = 1000;

    private const string Field = "Field", Reason = "Reason", EnqueuedAt = "EnqueuedAt", Body = "Body", Blob = "Blob", ResentAt = "ResentAt";

    private readonly byte[] _key = keys.Derive("dead-letters");

    /// <summary>Sets an event aside. Doing so again changes nothing, not even when it has been sent again since.</summary>
    public async Task AddAsync(DeadLetter letter, CancellationToken cancellation)
    {
        var partition = Partition(letter.Hub);
        var entity = new TableEntity(partition, letter.Id)
        {
            [Field] = Rejection.Shorten(letter.Rejection.Field, MaxText),
            [Reason] = Rejection.Shorten(letter.Rejection.Reason, MaxText),
            [EnqueuedAt] = letter.EnqueuedAt,
        };
        var body = Sealed.Close(_key, cards.Tokenise(letter.Body).Span, partition, letter.Id);
        if (body.Length <= InlineSize)
            entity[Body] = body;
        else
        {
            var name = $"{options.Tenant}/{letter.Hub}/{letter.Id}";
            await blobs.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(body), overwrite: true, cancellation);
            entity[Blob] = name;
        }

        try
        {
            await tables.DeadLetters.AddEntityAsync(entity, cancellation);
            ProductMetrics.SetAside(letter.Hub, 1);
        }
        catch (RequestFailedException known) when (known.Status == 409)
        {
            // Delivered again; it stands here already.
        }
    }

    public async Task AddAsync(IEnumerable<DeadLetter> letters, CancellationToken cancellation) =>
        await Parallel.ForEachAsync(letters, new ParallelOptions { MaxDegreeOfParallelism = Math.Min(32, options.CommitConcurrency), CancellationToken = cancellation },
            async (letter, token) => await AddAsync(letter, token));

    /// <summary>Dead letters of a stream without their bodies, a page at a time.</summary>
    public async Task<(IReadOnlyList<DeadLetter> Letters, string? Next)> ListAsync(
        string hub, bool open, int size, string? continuation, CancellationToken cancellation)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition(hub)}");
        string[] columns = ["PartitionKey", "RowKey", Field, Reason, EnqueuedAt, ResentAt];
        var letters = new List<DeadLetter>();
        do
        {
            // Sent ones are left out of a list of open ones, so that a page may need more than one read.
            var pages = tables.DeadLetters.QueryAsync<TableEntity>(filter, size, columns, cancellation).AsPages(continuation, size);
            await foreach (var page in pages)
            {
                letters.AddRange(page.Values.Select(entity => Read(hub, entity, default)).Where(letter => !open || letter.ResentAt is null));
                continuation = page.ContinuationToken;
                break;
            }
        }
        while (letters.Count == 0 && !string.IsNullOrEmpty(continuation));
        return (letters, string.IsNullOrEmpty(continuation) ? null : continuation);
    }

    public async Task<DeadLetter?> FindAsync(string hub, string id, CancellationToken cancellation) =>
        await LoadAsync(hub, id, cancellation) is { } entity ? Read(hub, entity, await BodyAsync(entity, cancellation)) : null;

    /// <summary>Takes note that an event was sent again.</summary>
    /// <returns>False where it is unknown or had been sent by somebody else.</returns>
    public async Task<bool> MarkResentAsync(string hub, string id, CancellationToken cancellation)
    {
        if (await LoadAsync(hub, id, cancellation) is not { } entity || entity.ContainsKey(ResentAt))
            return false;

        try
        {
            var change = new TableEntity(entity.PartitionKey, id) { [ResentAt] = time.GetUtcNow() };
            await tables.DeadLetters.UpdateEntityAsync(change, entity.ETag, TableUpdateMode.Merge, cancellation);
            return true;
        }
        catch (RequestFailedException other) when (other.Status is 412 or 404)
        {
            return false;
        }
    }

    private async Task<TableEntity?> LoadAsync(string hub, string id, CancellationToken cancellation)
    {
        var found = await tables.DeadLetters.GetEntityIfExistsAsync<TableEntity>(Partition(hub), id, cancellationToken: cancellation);
        return found.HasValue ? found.Value : null;
    }

    private async Task<byte[]> BodyAsync(TableEntity entity, CancellationToken cancellation)
    {
        var body = entity.GetBinary(Body);
        if (entity.GetString(Blob) is { } name)
            body = (await blobs.GetBlobClient(name).DownloadContentAsync(cancellation)).Value.Content.ToArray();

        return Sealed.Open(_key, body, entity.PartitionKey, entity.RowKey);
    }

    private static DeadLetter Read(string hub, TableEntity entity, ReadOnlyMemory<byte> body) => new(
        hub, entity.RowKey, entity.GetDateTimeOffset(EnqueuedAt) ?? default,
        new Rejection(entity.GetString(Field)!, entity.GetString(Reason)!), body, entity.GetDateTimeOffset(ResentAt));

    private string Partition(string hub) => $"{options.Tenant}|{hub}";
}
