using Azure;

namespace ServerlessCLM.Emulator;

/// <summary>
/// One container of blobs. Errors are <see cref="RequestFailedException"/> with the service's status and error code:
/// 404 ContainerNotFound or BlobNotFound, 409 BlobAlreadyExists, 412 ConditionNotMet.
/// </summary>
public class BlobContainerClient
{
    const int PageSize = 5000;

    readonly IBlobBackend? _backend;

    /// <summary>For test doubles.</summary>
    protected BlobContainerClient() { }

    internal BlobContainerClient(IBlobBackend backend, string name)
    {
        _backend = backend;
        Name = name;
    }

    /// <summary>The container's name.</summary>
    public virtual string Name { get; } = "";

    IBlobBackend Backend => _backend ?? throw new NotSupportedException("A test double without a backend must override what it is asked.");

    /// <summary>A client for one blob, which need not exist yet.</summary>
    public virtual BlobClient GetBlobClient(string blobName)
    {
        ArgumentException.ThrowIfNullOrEmpty(blobName);
        return new BlobClient(Backend, Name, blobName);
    }

    /// <summary>Creates the container.</summary>
    /// <exception cref="RequestFailedException">409 ContainerAlreadyExists; 400 for a name against the rules.</exception>
    public virtual async Task<Response<BlobContainerInfo>> CreateAsync(PublicAccessType publicAccessType = PublicAccessType.None,
        IDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default)
    {
        CheckPrivate(publicAccessType, metadata);
        return await Backend.CreateContainerAsync(Name, cancellationToken) is { } created
            ? Response.FromValue(created, new VersionedResponse(201, "Created", created.ETag))
            : throw BlobErrors.ContainerAlreadyExists(Name);
    }

    /// <summary>Creates the container if there is none; null, as from the service's client, when it was there.</summary>
    public virtual async Task<Response<BlobContainerInfo>?> CreateIfNotExistsAsync(PublicAccessType publicAccessType = PublicAccessType.None,
        IDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default)
    {
        CheckPrivate(publicAccessType, metadata);
        return await Backend.CreateContainerAsync(Name, cancellationToken) is { } created
            ? Response.FromValue(created, new VersionedResponse(201, "Created", created.ETag))
            : null;
    }

    /// <summary>Deletes the container with its blobs.</summary>
    /// <exception cref="RequestFailedException">404 ContainerNotFound.</exception>
    public virtual async Task<Response> DeleteAsync(BlobRequestConditions? conditions = null, CancellationToken cancellationToken = default) =>
        (await DeleteIfExistsAsync(conditions, cancellationToken)).Value
            ? new StorageResponse(202, "Accepted")
            : throw BlobErrors.ContainerNotFound(Name);

    /// <summary>Deletes the container with its blobs; false when there was none.</summary>
    public virtual async Task<Response<bool>> DeleteIfExistsAsync(BlobRequestConditions? conditions = null, CancellationToken cancellationToken = default)
    {
        if (conditions is not null) throw new NotSupportedException("Conditions on deleting a container are not emulated.");
        return await Backend.DeleteContainerAsync(Name, cancellationToken)
            ? Response.FromValue(true, new StorageResponse(202, "Accepted"))
            : Response.FromValue(false, new StorageResponse(404, "Not Found"));
    }

    /// <summary>Whether the container exists.</summary>
    public virtual async Task<Response<bool>> ExistsAsync(CancellationToken cancellationToken = default) =>
        await Backend.FindContainerAsync(Name, cancellationToken) is not null
            ? Response.FromValue(true, new StorageResponse(200, "OK"))
            : Response.FromValue(false, new StorageResponse(404, "Not Found"));

    /// <summary>The blobs whose names start with a prefix (null for all), in the ordinal order of their names.</summary>
    /// <remarks>Of the package's overloads only the one that all its versions have.</remarks>
    /// <exception cref="RequestFailedException">404 ContainerNotFound.</exception>
    public virtual AsyncPageable<BlobItem> GetBlobsAsync(BlobTraits traits, BlobStates states, string? prefix, CancellationToken cancellationToken) =>
        new StoragePageable<BlobItem>(async (continuation, hint, cancellation) =>
        {
            var page = await Backend.ListAsync(Name, prefix, traits, continuation, Math.Clamp(hint ?? PageSize, 1, PageSize), cancellation);
            return Page<BlobItem>.FromValues(page.Blobs.Select(record => new BlobItem(record, traits)).ToArray(),
                page.Continuation, new StorageResponse(200, "OK"));
        }, cancellationToken);

    /// <summary>Writes a new blob.</summary>
    /// <exception cref="RequestFailedException">409 BlobAlreadyExists.</exception>
    public virtual Task<Response<BlobContentInfo>> UploadBlobAsync(string blobName, BinaryData content, CancellationToken cancellationToken = default) =>
        GetBlobClient(blobName).UploadAsync(content, overwrite: false, cancellationToken);

    /// <summary>Writes a new blob.</summary>
    /// <exception cref="RequestFailedException">409 BlobAlreadyExists.</exception>
    public virtual Task<Response<BlobContentInfo>> UploadBlobAsync(string blobName, Stream content, CancellationToken cancellationToken = default) =>
        GetBlobClient(blobName).UploadAsync(content, overwrite: false, cancellationToken);

    /// <summary>Deletes a blob.</summary>
    /// <exception cref="RequestFailedException">404 BlobNotFound; 412 ConditionNotMet.</exception>
    public virtual Task<Response> DeleteBlobAsync(string blobName, DeleteSnapshotsOption snapshotsOption = DeleteSnapshotsOption.None,
        BlobRequestConditions? conditions = null, CancellationToken cancellationToken = default) =>
        GetBlobClient(blobName).DeleteAsync(snapshotsOption, conditions, cancellationToken);

    /// <summary>Deletes a blob; false when there was none.</summary>
    /// <exception cref="RequestFailedException">412 ConditionNotMet.</exception>
    public virtual Task<Response<bool>> DeleteBlobIfExistsAsync(string blobName, DeleteSnapshotsOption snapshotsOption = DeleteSnapshotsOption.None,
        BlobRequestConditions? conditions = null, CancellationToken cancellationToken = default) =>
        GetBlobClient(blobName).DeleteIfExistsAsync(snapshotsOption, conditions, cancellationToken);

    static void CheckPrivate(PublicAccessType access, IDictionary<string, string>? metadata)
    {
        if (access != PublicAccessType.None) throw new NotSupportedException("Public containers are not emulated.");
        if (metadata is { Count: > 0 }) throw new NotSupportedException("Metadata of containers are not emulated.");
    }
}
