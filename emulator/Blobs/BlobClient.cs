using Azure;

namespace ServerlessCLM.Emulator;

/// <summary>
/// One blob. Errors are <see cref="RequestFailedException"/> with the service's status and error code: 404 ContainerNotFound or
/// BlobNotFound, 409 BlobAlreadyExists, 412 ConditionNotMet. An upload is durable, and visible whole, when its task completes.
/// </summary>
public class BlobClient
{
    readonly IBlobBackend? _backend;

    /// <summary>For test doubles.</summary>
    protected BlobClient() { }

    internal BlobClient(IBlobBackend backend, string container, string name)
    {
        _backend = backend;
        BlobContainerName = container;
        Name = name;
    }

    /// <summary>The container's name.</summary>
    public virtual string BlobContainerName { get; } = "";

    /// <summary>The blob's name.</summary>
    public virtual string Name { get; } = "";

    IBlobBackend Backend => _backend ?? throw new NotSupportedException("A test double without a backend must override what it is asked.");

    /// <summary>Writes a new blob.</summary>
    /// <exception cref="RequestFailedException">409 BlobAlreadyExists.</exception>
    public virtual Task<Response<BlobContentInfo>> UploadAsync(BinaryData content) => UploadAsync(content, overwrite: false);

    /// <summary>Writes a new blob.</summary>
    /// <exception cref="RequestFailedException">409 BlobAlreadyExists.</exception>
    public virtual Task<Response<BlobContentInfo>> UploadAsync(BinaryData content, CancellationToken cancellationToken) =>
        UploadAsync(content, overwrite: false, cancellationToken);

    /// <summary>Writes a blob; an existing one only if <paramref name="overwrite"/>.</summary>
    /// <exception cref="RequestFailedException">409 BlobAlreadyExists.</exception>
    public virtual Task<Response<BlobContentInfo>> UploadAsync(BinaryData content, bool overwrite = false, CancellationToken cancellationToken = default) =>
        UploadAsync(content, OptionsFor(overwrite), cancellationToken);

    /// <summary>Writes a blob, over an existing one unless the conditions refuse.</summary>
    /// <exception cref="RequestFailedException">412 ConditionNotMet; 409 BlobAlreadyExists for IfNoneMatch of <see cref="ETag.All"/>.</exception>
    public virtual async Task<Response<BlobContentInfo>> UploadAsync(BinaryData content, BlobUploadOptions? options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        await using var stream = content.ToStream();
        return await UploadAsync(stream, options, cancellationToken);
    }

    /// <summary>Writes a new blob.</summary>
    /// <exception cref="RequestFailedException">409 BlobAlreadyExists.</exception>
    public virtual Task<Response<BlobContentInfo>> UploadAsync(Stream content) => UploadAsync(content, overwrite: false);

    /// <summary>Writes a new blob.</summary>
    /// <exception cref="RequestFailedException">409 BlobAlreadyExists.</exception>
    public virtual Task<Response<BlobContentInfo>> UploadAsync(Stream content, CancellationToken cancellationToken) =>
        UploadAsync(content, overwrite: false, cancellationToken);

    /// <summary>Writes a blob; an existing one only if <paramref name="overwrite"/>.</summary>
    /// <exception cref="RequestFailedException">409 BlobAlreadyExists.</exception>
    public virtual Task<Response<BlobContentInfo>> UploadAsync(Stream content, bool overwrite = false, CancellationToken cancellationToken = default) =>
        UploadAsync(content, OptionsFor(overwrite), cancellationToken);

    /// <summary>Writes a blob, over an existing one unless the conditions refuse.</summary>
    /// <exception cref="RequestFailedException">412 ConditionNotMet; 409 BlobAlreadyExists for IfNoneMatch of <see cref="ETag.All"/>.</exception>
    public virtual async Task<Response<BlobContentInfo>> UploadAsync(Stream content, BlobUploadOptions? options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        var written = await Backend.UploadAsync(BlobContainerName, Name, content, options ?? new BlobUploadOptions(), cancellationToken);
        return Response.FromValue(written, new VersionedResponse(201, "Created", written.ETag));
    }

    /// <summary>Reads a blob into memory.</summary>
    /// <exception cref="RequestFailedException">404 BlobNotFound.</exception>
    public virtual Task<Response<BlobDownloadResult>> DownloadContentAsync() => DownloadContentAsync(options: null);

    /// <summary>Reads a blob into memory.</summary>
    /// <exception cref="RequestFailedException">404 BlobNotFound.</exception>
    public virtual Task<Response<BlobDownloadResult>> DownloadContentAsync(CancellationToken cancellationToken) =>
        DownloadContentAsync(options: null, cancellationToken);

    /// <summary>Reads a blob into memory.</summary>
    /// <exception cref="RequestFailedException">404 BlobNotFound; 412, or 304 when IfNoneMatch still holds, both ConditionNotMet.</exception>
    public virtual async Task<Response<BlobDownloadResult>> DownloadContentAsync(BlobDownloadOptions? options, CancellationToken cancellationToken = default)
    {
        var (record, content) = await Backend.OpenAsync(BlobContainerName, Name, position: 0, options?.Conditions, cancellationToken);
        await using (content)
        {
            var bytes = new byte[record.Length];
            await content.ReadExactlyAsync(bytes, cancellationToken);
            return Response.FromValue(new BlobDownloadResult(BinaryData.FromBytes(bytes), record), new VersionedResponse(200, "OK", record.ETag));
        }
    }

    /// <summary>Opens a blob; the stream keeps to the version it opened, whatever is written meanwhile.</summary>
    /// <exception cref="RequestFailedException">404 BlobNotFound; 412 or 304 ConditionNotMet.</exception>
    public virtual async Task<Stream> OpenReadAsync(BlobOpenReadOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var (_, content) = await Backend.OpenAsync(BlobContainerName, Name, options.Position, options.Conditions, cancellationToken);
        return content;
    }

    /// <summary>Opens a blob; the stream keeps to the version it opened, whatever is written meanwhile.</summary>
    /// <exception cref="RequestFailedException">404 BlobNotFound; 412 or 304 ConditionNotMet.</exception>
    public virtual Task<Stream> OpenReadAsync(long position = 0, int? bufferSize = null, BlobRequestConditions? conditions = null,
        CancellationToken cancellationToken = default) =>
        OpenReadAsync(new BlobOpenReadOptions(allowModifications: false) { Position = position, Conditions = conditions }, cancellationToken);

    /// <summary>Whether the blob exists; false too when its container does not.</summary>
    public virtual async Task<Response<bool>> ExistsAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            var record = await Backend.GetAsync(BlobContainerName, Name, conditions: null, cancellationToken);
            return Response.FromValue(true, new VersionedResponse(200, "OK", record.ETag));
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
            return Response.FromValue(false, new StorageResponse(404, "Not Found"));
        }
    }

    /// <summary>The blob's version, size, headers and metadata.</summary>
    /// <exception cref="RequestFailedException">404 BlobNotFound; 412 or 304 ConditionNotMet.</exception>
    public virtual async Task<Response<BlobProperties>> GetPropertiesAsync(BlobRequestConditions? conditions = null, CancellationToken cancellationToken = default)
    {
        var record = await Backend.GetAsync(BlobContainerName, Name, conditions, cancellationToken);
        return Response.FromValue(new BlobProperties(record), new VersionedResponse(200, "OK", record.ETag));
    }

    /// <summary>Replaces the blob's metadata.</summary>
    /// <exception cref="RequestFailedException">404 BlobNotFound; 412 ConditionNotMet.</exception>
    public virtual async Task<Response<BlobInfo>> SetMetadataAsync(IDictionary<string, string> metadata, BlobRequestConditions? conditions = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        var written = await Backend.SetMetadataAsync(BlobContainerName, Name, metadata, conditions, cancellationToken);
        return Response.FromValue(written, new VersionedResponse(200, "OK", written.ETag));
    }

    /// <summary>Deletes the blob.</summary>
    /// <exception cref="RequestFailedException">404 BlobNotFound; 412 ConditionNotMet.</exception>
    public virtual async Task<Response> DeleteAsync(DeleteSnapshotsOption snapshotsOption = DeleteSnapshotsOption.None,
        BlobRequestConditions? conditions = null, CancellationToken cancellationToken = default)
    {
        if (snapshotsOption == DeleteSnapshotsOption.OnlySnapshots) throw new NotSupportedException("Snapshots are not emulated.");
        await Backend.DeleteAsync(BlobContainerName, Name, conditions, cancellationToken);
        return new StorageResponse(202, "Accepted");
    }

    /// <summary>Deletes the blob; false when there was none.</summary>
    /// <exception cref="RequestFailedException">412 ConditionNotMet.</exception>
    public virtual async Task<Response<bool>> DeleteIfExistsAsync(DeleteSnapshotsOption snapshotsOption = DeleteSnapshotsOption.None,
        BlobRequestConditions? conditions = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return Response.FromValue(true, await DeleteAsync(snapshotsOption, conditions, cancellationToken));
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
            return Response.FromValue(false, new StorageResponse(404, "Not Found"));
        }
    }

    static BlobUploadOptions OptionsFor(bool overwrite) => new()
    {
        Conditions = overwrite ? null : new BlobRequestConditions { IfNoneMatch = ETag.All },
    };
}
