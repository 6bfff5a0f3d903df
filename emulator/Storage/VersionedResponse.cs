using Azure;

namespace ServerlessCLM.Emulator;

/// <summary>A response with the ETag of what was read or written.</summary>
sealed class VersionedResponse(int status, string reasonPhrase, ETag etag) : StorageResponse(status, reasonPhrase)
{
    protected override string? ETagText => etag.ToString("H");
}
