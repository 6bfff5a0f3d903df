namespace ServerlessCLM.Emulator;

/// <summary>Blobs whose operations meet faults. Making and dropping containers does not: apps do so while they start.</summary>
sealed class FaultyBlobs(IBlobBackend blobs, FaultInjector faults) : IBlobBackend
{
    public Task<BlobContainerInfo?> CreateContainerAsync(string container, CancellationToken cancellation)
    {
        faults.ThrowIfKilled();
        return blobs.CreateContainerAsync(container, cancellation);
    }

    public Task<BlobContainerInfo?> FindContainerAsync(string container, CancellationToken cancellation) =>
        ReadAsync(container, "", () => blobs.FindContainerAsync(container, cancellation), cancellation);

    public Task<bool> DeleteContainerAsync(string container, CancellationToken cancellation)
    {
        faults.ThrowIfKilled();
        return blobs.DeleteContainerAsync(container, cancellation);
    }

    public async Task<BlobContentInfo> UploadAsync(string container, string blob, Stream content, BlobUploadOptions options, CancellationToken cancellation)
    {
        // Kept, because an upload that is repeated reads it again.
        var bytes = await BinaryData.FromStreamAsync(content, cancellation);
        return await WriteAsync(container, blob, () => blobs.UploadAsync(container, blob, bytes.ToStream(), options, cancellation), cancellation);
    }

    public Task<BlobInfo> SetMetadataAsync(string container, string blob, IDictionary<string, string> metadata,
        BlobRequestConditions? conditions, CancellationToken cancellation) =>
        WriteAsync(container, blob, () => blobs.SetMetadataAsync(container, blob, metadata, conditions, cancellation), cancellation);

    public Task<BlobRecord> GetAsync(string container, string blob, BlobRequestConditions? conditions, CancellationToken cancellation) =>
        ReadAsync(container, blob, () => blobs.GetAsync(container, blob, conditions, cancellation), cancellation);

    public Task<(BlobRecord Record, Stream Content)> OpenAsync(
        string container, string blob, long position, BlobRequestConditions? conditions, CancellationToken cancellation) =>
        ReadAsync(container, blob, () => blobs.OpenAsync(container, blob, position, conditions, cancellation), cancellation);

    public Task DeleteAsync(string container, string blob, BlobRequestConditions? conditions, CancellationToken cancellation) =>
        WriteAsync(container, blob, async () =>
        {
            await blobs.DeleteAsync(container, blob, conditions, cancellation);
            return true;
        }, cancellation);

    public Task<BlobPage> ListAsync(string container, string? prefix, BlobTraits traits, string? continuation, int take, CancellationToken cancellation) =>
        ReadAsync(container, "", () => blobs.ListAsync(container, prefix, traits, continuation, take, cancellation), cancellation);

    Task<T> ReadAsync<T>(string container, string blob, Func<Task<T>> read, CancellationToken cancellation) =>
        faults.ReadAsync(FaultPoint.BlobRead, $"{container}/{blob}", read, cancellation);

    Task<T> WriteAsync<T>(string container, string blob, Func<Task<T>> write, CancellationToken cancellation) =>
        faults.WriteAsync(FaultPoint.BlobWrite, $"{container}/{blob}", write, cancellation);
}
