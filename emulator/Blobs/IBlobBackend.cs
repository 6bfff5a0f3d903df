using Azure;

namespace ServerlessCLM.Emulator;

/// <summary>What is known of a blob beside its content.</summary>
/// <param name="Name">The blob's name.</param>
/// <param name="ETag">Its version.</param>
/// <param name="LastModified">When it was last changed, UTC.</param>
/// <param name="CreatedOn">When it was first written, UTC.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Headers">The headers it is served with.</param>
/// <param name="Metadata">Names and values; empty in a listing that did not ask for them.</param>
sealed record BlobRecord(string Name, ETag ETag, DateTimeOffset LastModified, DateTimeOffset CreatedOn, long Length,
    BlobHttpHeaders Headers, IDictionary<string, string> Metadata);

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
    Task<BlobContentInfo> UploadAsync(string container, string blob, Stream content, BlobUploadOptions options, CancellationToken cancellation);

    /// <summary>Replaces the metadata of a blob.</summary>
    Task<BlobInfo> SetMetadataAsync(string container, string blob, IDictionary<string, string> metadata,
        BlobRequestConditions? conditions, CancellationToken cancellation);

    /// <summary>A blob; 404 BlobNotFound or ContainerNotFound.</summary>
    Task<BlobRecord> GetAsync(string container, string blob, BlobRequestConditions? conditions, CancellationToken cancellation);

    /// <summary>A blob with its content from a byte on, counted from 0; the stream keeps to that version.</summary>
    Task<(BlobRecord Record, Stream Content)> OpenAsync(
        string container, string blob, long position, BlobRequestConditions? conditions, CancellationToken cancellation);

    /// <summary>Deletes a blob; 404 BlobNotFound or ContainerNotFound.</summary>
    Task DeleteAsync(string container, string blob, BlobRequestConditions? conditions, CancellationToken cancellation);

    /// <summary>Up to <paramref name="take"/> blobs whose names start with a prefix, in ordinal order.</summary>
    Task<BlobPage> ListAsync(
        string container, string? prefix, BlobTraits traits, string? continuation, int take, CancellationToken cancellation);
}
