using System.Text.Json.Nodes;
using ServerlessCLM.Documents;

namespace ServerlessCLM.Messages.Templates;

/// <summary>The templates in force: those that come with the product, and in their place the institution's own approved documents.</summary>
public sealed class TemplateLibrary(DocumentStore documents, TimeProvider time)
{
    /// <summary>How long the set is used before the documents are looked at again: an approved change takes effect within it.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private volatile Known? _known;

    /// <summary>Templates that come with the product, by id.</summary>
    public static IReadOnlyList<JsonObject> Shipped { get; } = ShippedDocuments.Read("templates/");

    /// <summary>All in force, by id.</summary>
    /// <exception cref="InvalidDataException">An approved document is not what was approved.</exception>
    public async ValueTask<IReadOnlyDictionary<string, TemplateDocument>> GetAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (_known is { } known && now >= known.Read && now - known.Read < Kept)
            return known.Templates;

        var all = Shipped.Select(TemplateDocument.Read).ToDictionary(template => template.Id, StringComparer.Ordinal);
        foreach (var record in await documents.ListAsync("template", cancellation))
        {
            if (record.InForce(now) is { } version)
                all[record.Id] = TemplateDocument.Read(await documents.ContentAsync("template", record.Id, version.Digest, cancellation));
        }

        _known = new Known(all, now);
        return all;
    }

    /// <summary>The template in force; null where there is none.</summary>
    public async ValueTask<TemplateDocument?> FindAsync(string id, CancellationToken cancellation) =>
        (await GetAsync(cancellation)).GetValueOrDefault(id);

    private sealed record Known(IReadOnlyDictionary<string, TemplateDocument> Templates, DateTimeOffset Read);
}
