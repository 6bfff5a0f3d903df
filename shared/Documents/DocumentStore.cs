using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;

namespace ServerlessCLM.Documents;

/// <summary>
/// Documents as blobs: one record per document, replaced only under its ETag, and every content that was ever saved under its digest,
/// never replaced.
/// </summary>
/// <remarks>A crash between the two leaves a content that no record names, and nothing else.</remarks>
/// <param name="blobs">The account.</param>
/// <param name="tenant">The institution; documents of others are not seen.</param>
public sealed class DocumentStore(BlobServiceClient blobs, string tenant)
{
    /// <summary>Bytes of a document at the most.</summary>
    public const int MaxSize = 4 << 20;

    private const int Attempts = 8;

    private readonly BlobContainerClient _container = blobs.GetBlobContainerClient("documents");

    public Task CreateAsync(CancellationToken cancellation) => _container.CreateIfNotExistsAsync(cancellationToken: cancellation);

    /// <summary>Digest of a content as it is stored; the blanks of its source do not count, the order of members does.</summary>
    public static string DigestOf(JsonObject content) => Convert.ToHexStringLower(SHA256.HashData(Bytes(content)));

    /// <summary>Whether a document can be called so: 1 to 64 lower-case letters, digits and hyphens.</summary>
    public static bool IsId(string id) =>
        id.Length is > 0 and <= 64 && id.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');

    /// <summary>The record of a document; null when there is none, as where no document can be called so.</summary>
    public async Task<DocumentRecord?> FindAsync(string kind, string id, CancellationToken cancellation) =>
        IsId(id) ? (await ReadAsync(kind, id, cancellation)).Record : null;

    /// <summary>The records of all documents of a kind, by id.</summary>
    public async Task<IReadOnlyList<DocumentRecord>> ListAsync(string kind, CancellationToken cancellation)
    {
        var records = new List<DocumentRecord>();
        var folder = $"{tenant}/records/{kind}/";
        await foreach (var blob in _container.GetBlobsAsync(BlobTraits.None, BlobStates.None, folder, cancellation))
        {
            if (await FindAsync(kind, Path.GetFileNameWithoutExtension(blob.Name), cancellation) is { } record)
                records.Add(record);
        }

        return records;
    }

    /// <summary>The content with this digest.</summary>
    /// <exception cref="InvalidDataException">What is stored is not what was saved.</exception>
    public async Task<JsonObject> ContentAsync(string kind, string id, string digest, CancellationToken cancellation)
    {
        var stored = await _container.GetBlobClient(ContentName(kind, id, digest)).DownloadContentAsync(cancellation);
        var content = JsonNode.Parse(stored.Value.Content.ToMemory().Span)!.AsObject();
        return DigestOf(content) == digest
            ? content
            : throw new InvalidDataException($"The content of {kind} {id} with digest {digest} has been altered in storage.");
    }

    /// <summary>Keeps a content under its digest.</summary>
    public async Task KeepAsync(string kind, string id, JsonObject content, CancellationToken cancellation)
    {
        var name = ContentName(kind, id, DigestOf(content));
        await _container.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(Bytes(content)), overwrite: true, cancellation);
    }

    /// <summary>Takes a step; where another was faster, takes it again from what that one left.</summary>
    /// <exception cref="DocumentRefusedException">The step is not allowed, or there is no such document to take it on.</exception>
    public async Task<DocumentRecord> ChangeAsync(
        string kind, string id, Func<DocumentRecord?, DocumentRecord> step, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (known, version) = await ReadAsync(kind, id, cancellation);
            var changed = step(known);
            if (ReferenceEquals(changed, known))
                return changed;

            var options = new BlobUploadOptions
            {
                Conditions = known is null ? new BlobRequestConditions { IfNoneMatch = ETag.All } : new BlobRequestConditions { IfMatch = version },
            };
            try
            {
                var bytes = JsonSerializer.SerializeToUtf8Bytes(changed, DocumentsJson.Default.DocumentRecord);
                await _container.GetBlobClient(RecordName(kind, id)).UploadAsync(BinaryData.FromBytes(bytes), options, cancellation);
                return changed;
            }
            catch (RequestFailedException faster) when (faster.Status is 409 or 412 && attempt < Attempts)
            {
                // The loop reads what the other wrote.
            }
        }
    }

    private async Task<(DocumentRecord? Record, ETag Version)> ReadAsync(string kind, string id, CancellationToken cancellation)
    {
        try
        {
            var stored = await _container.GetBlobClient(RecordName(kind, id)).DownloadContentAsync(cancellation);
            return (JsonSerializer.Deserialize(stored.Value.Content.ToMemory().Span, DocumentsJson.Default.DocumentRecord), stored.Value.Details.ETag);
        }
        catch (RequestFailedException absent) when (absent.Status == 404)
        {
            return default;
        }
    }

    private static byte[] Bytes(JsonObject content) => JsonSerializer.SerializeToUtf8Bytes(content);

    private string RecordName(string kind, string id) => $"{tenant}/records/{kind}/{id}.json";

    private string ContentName(string kind, string id, string digest) => $"{tenant}/contents/{kind}/{id}/{digest}.json";
}
