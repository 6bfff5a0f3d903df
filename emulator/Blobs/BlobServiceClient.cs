using Azure;

namespace ServerlessCLM.Emulator;

/// <summary>The blob containers of an account.</summary>
public class BlobServiceClient
{
    readonly IBlobBackend? _backend;

    /// <summary>For test doubles.</summary>
    protected BlobServiceClient() { }

    /// <summary>The blob containers of a storage account, over its REST protocol.</summary>
    /// <param name="connectionString"><c>UseDevelopmentStorage=true</c>, or an account's name and key with endpoints or their suffix.</param>
    /// <exception cref="FormatException">A part is missing, unknown or malformed.</exception>
    public BlobServiceClient(string connectionString) : this(new RestBlobs(StorageAccount.Parse(connectionString))) { }

    internal BlobServiceClient(IBlobBackend backend) => _backend = backend;

    /// <summary>A client for one container, which need not exist yet.</summary>
    public virtual BlobContainerClient GetBlobContainerClient(string blobContainerName)
    {
        ArgumentException.ThrowIfNullOrEmpty(blobContainerName);
        return new BlobContainerClient(
            _backend ?? throw new NotSupportedException("A test double without a backend must override what it is asked."), blobContainerName);
    }
}
