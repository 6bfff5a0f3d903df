using Azure;

namespace ServerlessCLM.Emulator;

/// <summary>What is kept of a blob beside its content.</summary>
/// <param name="Name">The blob's name.</param>
/// <param name="Ticks">When it was last changed, UTC ticks; also its version.</param>
/// <param name="CreatedTicks">When it was first written, UTC ticks.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Content">Where the backend keeps the content.</param>
/// <param name="Headers">The headers it is served with.</param>
/// <param name="Metadata">Names and values.</param>
sealed record BlobRecord(string Name, long Ticks, long CreatedTicks, long Length, string Content,
    BlobHttpHeaders Headers, Dictionary<string, string> Metadata)
{
    internal ETag ETag => new($"0x{Ticks:X}");
    internal DateTimeOffset LastModified => new(Ticks, TimeSpan.Zero);
    internal DateTimeOffset CreatedOn => new(CreatedTicks, TimeSpan.Zero);
}

/// <summary>Blobs in order of their names, and the token that continues after them; null when there are no more.</summary>
readonly record struct BlobPage(IReadOnlyList<BlobRecord> Blobs, string? Continuation);

/// <summary>
/// What stands behind the blob clients: files in this process's folder, or a service that speaks the storage REST protocol.
/// Errors are <see cref="RequestFailedException"/> with the service's codes.
/// </summary>
interface IBlobBackend
{
    /// <summary>Creates a container; null when it exists already.</summary>
    Task<BlobContainerInfo?> CreateContainerAsync(string container, CancellationToken cancellation);

    /// <summary>A container; null when there is none.</summary>
    Task<BlobContainerInfo?> FindContainerAsync(string container, CancellationToken cancellation);

    /// <summary>Deletes a container with its blobs; false when there is none.</summary>
    Task<bool> DeleteContainerAsync(string container, CancellationToken cancellation);

    /// <summary>Writes a blob, its headers and metadata as one.</summary>
    Task<BlobRecord> UploadAsync(string container, string blob, Stream content, BlobUploadOptions options, CancellationToken cancellation);

    /// <summary>Replaces the metadata of a blob.</summary>
    Task<BlobRecord> SetMetadataAsync(string container, string blob, IDictionary<string, string> metadata,
        BlobRequestConditions? conditions, CancellationToken cancellation);

    /// <summary>A blob; 404 BlobNotFound or ContainerNotFound.</summary>
    Task<BlobRecord> GetAsync(string container, string blob, BlobRequestConditions? conditions, CancellationToken cancellation);

    /// <summary>A blob with its content; the stream keeps to that version.</summary>
    Task<(BlobRecord Record, Stream Content)> OpenAsync(string container, string blob, BlobRequestConditions? conditions, CancellationToken cancellation);

    /// <summary>Deletes a blob; 404 BlobNotFound or ContainerNotFound.</summary>
    Task DeleteAsync(string container, string blob, BlobRequestConditions? conditions, CancellationToken cancellation);

    /// <summary>Up to <paramref name="take"/> blobs whose names start with a prefix, in ordinal order.</summary>
    Task<BlobPage> ListAsync(string container, string? prefix, string? continuation, int take, CancellationToken cancellation);
}
