using System.Globalization;
using System.Xml.Linq;
using Azure;
using Azure.Core;

namespace ServerlessCLM.Emulator;

/// <summary>Blobs of a storage account over its REST protocol; a blob is one block blob, put as a whole.</summary>
sealed class RestBlobs(StorageAccount account, StorageClientOptions? options = null) : IBlobBackend
{
    const string Version = "2021-12-02";
    const string MetadataPrefix = "x-ms-meta-";

    readonly StorageService _service = new(Version, new BlobSharedKeyPolicy(account), options);

    public async Task<BlobContainerInfo?> CreateContainerAsync(string container, CancellationToken cancellation)
    {
        using var message = Message(RequestMethod.Put, container, null, "restype=container");
        try
        {
            var response = await _service.SendAsync(message, Subject(container), cancellation);
            return new BlobContainerInfo(ETagOf(response), ModifiedOf(response));
        }
        catch (RequestFailedException error) when (error.ErrorCode == "ContainerAlreadyExists")
        {
            return null;
        }
    }

    public async Task<BlobContainerInfo?> FindContainerAsync(string container, CancellationToken cancellation)
    {
        using var message = Message(RequestMethod.Head, container, null, "restype=container");
        try
        {
            var response = await _service.SendAsync(message, Subject(container), cancellation);
            return new BlobContainerInfo(ETagOf(response), ModifiedOf(response));
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
            return null;
        }
    }

    public async Task<bool> DeleteContainerAsync(string container, CancellationToken cancellation)
    {
        using var message = Message(RequestMethod.Delete, container, null, "restype=container");
        try
        {
            await _service.SendAsync(message, Subject(container), cancellation);
            return true;
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
            return false;
        }
    }

    public async Task<BlobContentInfo> UploadAsync(
        string container, string blob, Stream content, BlobUploadOptions options, CancellationToken cancellation)
    {
        if (!content.CanSeek)
        {
            // A try that failed sends the content again, and the signature covers its length.
            var copy = new MemoryStream();
            await content.CopyToAsync(copy, cancellation);
            copy.Position = 0;
            content = copy;
        }
        using var message = Message(RequestMethod.Put, container, blob, null, options.Conditions);
        var headers = message.Request.Headers;
        headers.SetValue("x-ms-blob-type", "BlockBlob");
        headers.SetValue("Content-Type", "application/octet-stream");
        Set(headers, "x-ms-blob-content-type", options.HttpHeaders?.ContentType);
        Set(headers, "x-ms-blob-content-encoding", options.HttpHeaders?.ContentEncoding);
        Set(headers, "x-ms-blob-content-language", options.HttpHeaders?.ContentLanguage);
        Set(headers, "x-ms-blob-content-disposition", options.HttpHeaders?.ContentDisposition);
        Set(headers, "x-ms-blob-cache-control", options.HttpHeaders?.CacheControl);
        SetMetadata(headers, options.Metadata ?? new Dictionary<string, string>());
        message.Request.Content = RequestContent.Create(content);
        var response = await _service.SendAsync(message, Subject(container, blob), cancellation);
        return new BlobContentInfo(ETagOf(response), ModifiedOf(response));
    }

    public async Task<BlobInfo> SetMetadataAsync(string container, string blob, IDictionary<string, string> metadata,
        BlobRequestConditions? conditions, CancellationToken cancellation)
    {
        using var message = Message(RequestMethod.Put, container, blob, "comp=metadata", conditions);
        SetMetadata(message.Request.Headers, metadata);
        var response = await _service.SendAsync(message, Subject(container, blob), cancellation);
        return new BlobInfo(ETagOf(response), ModifiedOf(response));
    }

    public async Task<BlobRecord> GetAsync(string container, string blob, BlobRequestConditions? conditions, CancellationToken cancellation)
    {
        using var message = Message(RequestMethod.Head, container, blob, null, conditions);
        return RecordOf(blob, await _service.SendAsync(message, Subject(container, blob), cancellation), 0);
    }

    public async Task<(BlobRecord Record, Stream Content)> OpenAsync(
        string container, string blob, long position, BlobRequestConditions? conditions, CancellationToken cancellation)
    {
        using var message = Message(RequestMethod.Get, container, blob, null, conditions);
        if (position > 0) message.Request.Headers.SetValue("x-ms-range", string.Create(CultureInfo.InvariantCulture, $"bytes={position}-"));
        message.BufferResponse = false;
        var response = await _service.SendAsync(message, Subject(container, blob), cancellation);
        return (RecordOf(blob, response, position), message.ExtractResponseContent() ?? new MemoryStream());
    }

    public async Task DeleteAsync(string container, string blob, BlobRequestConditions? conditions, CancellationToken cancellation)
    {
        using var message = Message(RequestMethod.Delete, container, blob, null, conditions);
        await _service.SendAsync(message, Subject(container, blob), cancellation);
    }

    public async Task<BlobPage> ListAsync(
        string container, string? prefix, BlobTraits traits, string? continuation, int take, CancellationToken cancellation)
    {
        var query = StorageService.QueryOf(("restype", "container"), ("comp", "list"), ("prefix", prefix), ("marker", continuation),
            ("maxresults", take.ToString(CultureInfo.InvariantCulture)), ("include", traits.HasFlag(BlobTraits.Metadata) ? "metadata" : null));
        using var message = Message(RequestMethod.Get, container, null, query[1..]);
        var listing = XDocument.Load((await _service.SendAsync(message, Subject(container), cancellation)).Content.ToStream()).Root!;
        return new BlobPage(listing.Element("Blobs")?.Elements("Blob").Select(ItemOf).ToArray() ?? [],
            (string?)listing.Element("NextMarker") is { Length: > 0 } next ? next : null);
    }

    HttpMessage Message(RequestMethod method, string container, string? blob, string? query, BlobRequestConditions? conditions = null)
    {
        if (conditions?.LeaseId is not null) throw new NotSupportedException("Blob leases are not emulated.");
        // The slash is escaped too, or '..' between two of them would be resolved on the way.
        var path = blob is null ? Uri.EscapeDataString(container) : $"{Uri.EscapeDataString(container)}/{Uri.EscapeDataString(blob)}";
        var message = _service.Message(method, new Uri($"{account.Blobs.AbsoluteUri.TrimEnd('/')}/{path}{(query is null ? "" : "?" + query)}"));
        if (conditions is null) return message;
        var headers = message.Request.Headers;
        Set(headers, "If-Match", conditions.IfMatch?.ToString("H"));
        Set(headers, "If-None-Match", conditions.IfNoneMatch?.ToString("H"));
        Set(headers, "If-Modified-Since", conditions.IfModifiedSince?.ToString("R", CultureInfo.InvariantCulture));
        Set(headers, "If-Unmodified-Since", conditions.IfUnmodifiedSince?.ToString("R", CultureInfo.InvariantCulture));
        return message;
    }

    static void Set(RequestHeaders headers, string name, string? value)
    {
        if (value is not null) headers.SetValue(name, value);
    }

    /// <exception cref="RequestFailedException">400 InvalidMetadata or MetadataTooLarge: what no header could carry is refused before it is sent.</exception>
    static void SetMetadata(RequestHeaders headers, IDictionary<string, string> metadata)
    {
        BlobNames.CheckMetadata(metadata);
        foreach (var (name, value) in metadata) headers.SetValue(MetadataPrefix + name, value);
    }

    /// <param name="blob">The blob's name.</param>
    /// <param name="response">Its headers.</param>
    /// <param name="position">The byte its content starts from, which its length then leaves out.</param>
    static BlobRecord RecordOf(string blob, Response response, long position)
    {
        var headers = response.Headers;
        var metadata = headers.Where(header => header.Name.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase))
            .ToDictionary(header => header.Name[MetadataPrefix.Length..], header => header.Value, StringComparer.OrdinalIgnoreCase);
        return new BlobRecord(blob, ETagOf(response), ModifiedOf(response),
            InstantOf(ValueOf("x-ms-creation-time")), position + (headers.ContentLengthLong ?? 0), new BlobHttpHeaders
            {
                ContentType = headers.ContentType,
                ContentEncoding = ValueOf("Content-Encoding"),
                ContentLanguage = ValueOf("Content-Language"),
                ContentDisposition = ValueOf("Content-Disposition"),
                CacheControl = ValueOf("Cache-Control"),
            }, metadata);

        string? ValueOf(string name) => headers.TryGetValue(name, out var value) ? value : null;
    }

    static BlobRecord ItemOf(XElement item)
    {
        var name = item.Element("Name")!;
        var properties = item.Element("Properties")!;
        var metadata = item.Element("Metadata")?.Elements().ToDictionary(entry => entry.Name.LocalName, entry => entry.Value, StringComparer.OrdinalIgnoreCase);
        return new BlobRecord((bool?)name.Attribute("Encoded") == true ? Uri.UnescapeDataString(name.Value) : name.Value,
            new ETag(((string)properties.Element("Etag")!).Trim('"')), InstantOf((string?)properties.Element("Last-Modified")),
            InstantOf((string?)properties.Element("Creation-Time")), (long)properties.Element("Content-Length")!,
            new BlobHttpHeaders { ContentType = (string?)properties.Element("Content-Type") }, metadata ?? []);
    }

    static ETag ETagOf(Response response) => response.Headers.ETag ?? default;

    static DateTimeOffset ModifiedOf(Response response) => response.Headers.TryGetValue("Last-Modified", out var text) ? InstantOf(text) : default;

    static DateTimeOffset InstantOf(string? text) => text is null ? default : DateTimeOffset.ParseExact(text, "R", CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    static string Subject(string container, string? blob = null) => blob is null ? $"Container '{container}'" : $"Blob '{container}/{blob}'";
}
