using Azure;

namespace ServerlessCLM.Emulator;

/// <summary>The blob containers of an account.</summary>
public class BlobServiceClient
{
    readonly IBlobBackend? _backend;

    /// <summary>For test doubles.</summary>
    protected BlobServiceClient() { }

    internal BlobServiceClient(IBlobBackend backend) => _backend = backend;

    /// <summary>A client for one container, which need not exist yet.</summary>
    public virtual BlobContainerClient GetBlobContainerClient(string blobContainerName)
    {
        ArgumentException.ThrowIfNullOrEmpty(blobContainerName);
        return new BlobContainerClient(
            _backend ?? throw new NotSupportedException("A test double without a backend must override what it is asked."), blobContainerName);
    }
}
