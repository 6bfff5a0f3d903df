using Azure;

namespace ServerlessCLM.Emulator;

/// <summary>Whether a container may be read without credentials; the emulator keeps every container private.</summary>
public enum PublicAccessType
{
    /// <summary>Private.</summary>
    None = 0,

    /// <summary>Blobs and listing are public.</summary>
    BlobContainer = 1,

    /// <summary>Blobs are public.</summary>
    Blob = 2,
}

/// <summary>What to do with snapshots on a delete; the emulator has none.</summary>
public enum DeleteSnapshotsOption
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Delete them too.</summary>
    IncludeSnapshots = 1,

    /// <summary>Delete only them.</summary>
    OnlySnapshots = 2,
}

/// <summary>What a listing brings beside names and properties.</summary>
[Flags]
public enum BlobTraits
{
    /// <summary>Nothing more.</summary>
    None = 0,

    /// <summary>The metadata.</summary>
    Metadata = 2,
}

/// <summary>Which blobs a listing brings beside the current ones; the emulator has only those.</summary>
[Flags]
public enum BlobStates
{
    /// <summary>Current blobs.</summary>
    None = 0,
}

/// <summary>Conditions on a blob's version: an operation that they refuse is 412 ConditionNotMet, or 409 BlobAlreadyExists.</summary>
public class BlobRequestConditions : RequestConditions
{
    /// <summary>Leases are not emulated; a value is refused.</summary>
    public string? LeaseId { get; set; }
}

/// <summary>The headers a blob is served with.</summary>
public class BlobHttpHeaders
{
    /// <summary>The media type; application/octet-stream when null.</summary>
    public string? ContentType { get; set; }

    /// <summary>The encoding, such as gzip.</summary>
    public string? ContentEncoding { get; set; }

    /// <summary>The language.</summary>
    public string? ContentLanguage { get; set; }

    /// <summary>The disposition.</summary>
    public string? ContentDisposition { get; set; }

    /// <summary>How long it may be cached.</summary>
    public string? CacheControl { get; set; }
}

/// <summary>How a blob is uploaded.</summary>
public class BlobUploadOptions
{
    /// <summary>The headers it is served with.</summary>
    public BlobHttpHeaders? HttpHeaders { get; set; }

    /// <summary>Names and values; a name is an identifier.</summary>
    public IDictionary<string, string>? Metadata { get; set; }

    /// <summary>The version that must be there, or must not.</summary>
    public BlobRequestConditions? Conditions { get; set; }
}

/// <summary>How a blob is downloaded.</summary>
public class BlobDownloadOptions
{
    /// <summary>The version that must be there.</summary>
    public BlobRequestConditions? Conditions { get; set; }
}

/// <summary>How a blob is opened for reading.</summary>
public class BlobOpenReadOptions(bool allowModifications)
{
    /// <summary>Whether the blob may change while it is read; the stream keeps to the version it opened either way.</summary>
    public bool AllowModifications { get; } = allowModifications;

    /// <summary>The first byte to read, from 0.</summary>
    public long Position { get; set; }

    /// <summary>The version that must be there.</summary>
    public BlobRequestConditions? Conditions { get; set; }
}

/// <summary>The version of a container.</summary>
public class BlobContainerInfo(ETag eTag, DateTimeOffset lastModified)
{
    /// <summary>The version.</summary>
    public ETag ETag { get; } = eTag;

    /// <summary>When it was last changed, UTC.</summary>
    public DateTimeOffset LastModified { get; } = lastModified;
}

/// <summary>The version of a blob whose content was written.</summary>
public class BlobContentInfo(ETag eTag, DateTimeOffset lastModified)
{
    /// <summary>The version.</summary>
    public ETag ETag { get; } = eTag;

    /// <summary>When it was last changed, UTC.</summary>
    public DateTimeOffset LastModified { get; } = lastModified;
}

/// <summary>The version of a blob whose metadata or headers were written.</summary>
public class BlobInfo(ETag eTag, DateTimeOffset lastModified)
{
    /// <summary>The version.</summary>
    public ETag ETag { get; } = eTag;

    /// <summary>When it was last changed, UTC.</summary>
    public DateTimeOffset LastModified { get; } = lastModified;
}

/// <summary>What is known of a blob.</summary>
public class BlobProperties
{
    internal BlobProperties(BlobRecord record)
    {
        ETag = record.ETag;
        LastModified = record.LastModified;
        CreatedOn = record.CreatedOn;
        ContentLength = record.Length;
        ContentType = record.Headers.ContentType;
        ContentEncoding = record.Headers.ContentEncoding;
        ContentLanguage = record.Headers.ContentLanguage;
        ContentDisposition = record.Headers.ContentDisposition;
        CacheControl = record.Headers.CacheControl;
        Metadata = new Dictionary<string, string>(record.Metadata, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The version.</summary>
    public ETag ETag { get; }

    /// <summary>When it was last changed, UTC.</summary>
    public DateTimeOffset LastModified { get; }

    /// <summary>When it was first written, UTC.</summary>
    public DateTimeOffset CreatedOn { get; }

    /// <summary>Bytes.</summary>
    public long ContentLength { get; }

    /// <summary>The media type.</summary>
    public string? ContentType { get; }

    /// <summary>The encoding.</summary>
    public string? ContentEncoding { get; }

    /// <summary>The language.</summary>
    public string? ContentLanguage { get; }

    /// <summary>The disposition.</summary>
    public string? ContentDisposition { get; }

    /// <summary>How long it may be cached.</summary>
    public string? CacheControl { get; }

    /// <summary>Names, case-insensitive, and values.</summary>
    public IDictionary<string, string> Metadata { get; }
}

/// <summary>What is known of a blob that was downloaded.</summary>
public class BlobDownloadDetails
{
    internal BlobDownloadDetails(BlobRecord record)
    {
        ETag = record.ETag;
        LastModified = record.LastModified;
        ContentLength = record.Length;
        ContentType = record.Headers.ContentType;
        Metadata = new Dictionary<string, string>(record.Metadata, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The version.</summary>
    public ETag ETag { get; }

    /// <summary>When it was last changed, UTC.</summary>
    public DateTimeOffset LastModified { get; }

    /// <summary>Bytes.</summary>
    public long ContentLength { get; }

    /// <summary>The media type.</summary>
    public string? ContentType { get; }

    /// <summary>Names, case-insensitive, and values.</summary>
    public IDictionary<string, string> Metadata { get; }
}

/// <summary>A downloaded blob.</summary>
public class BlobDownloadResult
{
    internal BlobDownloadResult(BinaryData content, BlobRecord record)
    {
        Content = content;
        Details = new BlobDownloadDetails(record);
    }

    /// <summary>The bytes.</summary>
    public BinaryData Content { get; }

    /// <summary>The version and the headers.</summary>
    public BlobDownloadDetails Details { get; }
}

/// <summary>What a listing knows of a blob.</summary>
public class BlobItemProperties
{
    internal BlobItemProperties(BlobRecord record)
    {
        ETag = record.ETag;
        LastModified = record.LastModified;
        CreatedOn = record.CreatedOn;
        ContentLength = record.Length;
        ContentType = record.Headers.ContentType;
    }

    /// <summary>The version.</summary>
    public ETag? ETag { get; }

    /// <summary>When it was last changed, UTC.</summary>
    public DateTimeOffset? LastModified { get; }

    /// <summary>When it was first written, UTC.</summary>
    public DateTimeOffset? CreatedOn { get; }

    /// <summary>Bytes.</summary>
    public long? ContentLength { get; }

    /// <summary>The media type.</summary>
    public string? ContentType { get; }
}

/// <summary>A blob in a listing.</summary>
public class BlobItem
{
    internal BlobItem(BlobRecord record, BlobTraits traits)
    {
        Name = record.Name;
        Properties = new BlobItemProperties(record);
        Metadata = traits.HasFlag(BlobTraits.Metadata)
            ? new Dictionary<string, string>(record.Metadata, StringComparer.OrdinalIgnoreCase)
            : new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The blob's name.</summary>
    public string Name { get; }

    /// <summary>Its version, size and times.</summary>
    public BlobItemProperties Properties { get; }

    /// <summary>Its metadata; empty unless asked for with <see cref="BlobTraits.Metadata"/>.</summary>
    public IDictionary<string, string> Metadata { get; }
}
