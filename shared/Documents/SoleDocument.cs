using System.Text.Json.Nodes;

namespace ServerlessCLM.Documents;

/// <summary>A document of which there is exactly one: the approved version in force, and until there is one, what comes with the product.</summary>
/// <param name="documents">Where it is kept.</param>
/// <param name="kind">Name of its kind.</param>
/// <param name="id">Its id.</param>
/// <param name="shipped">What comes with the product.</param>
/// <param name="read">Reads what has been approved.</param>
/// <param name="time">The clock.</param>
public sealed class SoleDocument<T>(DocumentStore documents, string kind, string id, T shipped, Func<JsonObject, T> read, TimeProvider time) where T : class
{
    /// <summary>How long a version is used before the documents are looked at again: an approved change takes effect within it.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private volatile Known? _known;

    /// <exception cref="InvalidDataException">The approved document is not what was approved.</exception>
    public async ValueTask<T> GetAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (_known is { } known && now >= known.Looked && now - known.Looked < Kept)
            return known.Document;

        var version = (await documents.FindAsync(kind, id, cancellation))?.InForce(now);
        var document = version is null ? shipped
            : _known?.Digest == version.Digest ? _known.Document
            : read(await documents.ContentAsync(kind, id, version.Digest, cancellation));
        _known = new Known(now, version?.Digest, document);
        return document;
    }

    private sealed record Known(DateTimeOffset Looked, string? Digest, T Document);
}
