using System.Text.Json.Nodes;

namespace ServerlessCLM.Documents;

/// <summary>A document has errors; nothing has changed.</summary>
public sealed class DocumentInvalidException(IReadOnlyList<Finding> findings) : Exception(string.Join("; ", findings))
{
    public IReadOnlyList<Finding> Findings { get; } = findings;
}

/// <summary>How documents change: written, submitted and decided on by different people, and checked at every step.</summary>
public sealed class DocumentWorkflow(DocumentStore store, TimeProvider time)
{
    /// <summary>Saves a draft of the version that the content names.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="id">Its id, which the content repeats.</param>
    /// <param name="content">The document.</param>
    /// <param name="seen">Digest of the draft that is replaced, or null.</param>
    /// <param name="by">The principal.</param>
    /// <param name="why">For the history.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The record, and warnings.</returns>
    /// <exception cref="DocumentInvalidException">The content has errors.</exception>
    /// <exception cref="DocumentRefusedException">The version is not open to this change.</exception>
    public async Task<(DocumentRecord Record, IReadOnlyList<Finding> Warnings)> SaveAsync(
        DocumentKind kind, string id, JsonObject content, string? seen, string by, string? why, CancellationToken cancellation)
    {
        var findings = await kind.CheckAsync(content, cancellation);
        if (content["id"] is JsonValue named && named.GetValueKind() == System.Text.Json.JsonValueKind.String && (string)named! != id)
            findings = [.. findings, new Finding("$.id", $"must be {id}, as in the route")];
        if (findings.Any(finding => !finding.IsWarning))
            throw new DocumentInvalidException(findings);

        var (version, digest) = ((int)content["version"]!, DocumentStore.DigestOf(content));
        DateTimeOffset? effective = Instant.TryParse((string?)content["effective"], out var at) ? at : null;
        var act = new Act(by, time.GetUtcNow(), why);
        DocumentRecord Step(DocumentRecord? known) =>
            known?.Versions.LastOrDefault() is { } last && last.Version == version && last.Digest == digest && last.Status is DocumentStatus.Draft or DocumentStatus.Submitted
                ? known
                : (known ?? DocumentRecord.New(kind.Name, id)).Save(version, effective, digest, seen, act);

        // Refused before anything is written, where it can be; the content before the record that names it.
        Step(await store.FindAsync(kind.Name, id, cancellation));
        await store.KeepAsync(kind.Name, id, content, cancellation);
        return (await store.ChangeAsync(kind.Name, id, Step, cancellation), findings);
    }

    /// <summary>Hands a draft over for approval.</summary>
    /// <exception cref="DocumentInvalidException">What it refers to has changed, and it has errors now.</exception>
    /// <exception cref="DocumentRefusedException">There is no such draft.</exception>
    public async Task<DocumentRecord> SubmitAsync(DocumentKind kind, string id, int version, string by, string? why, CancellationToken cancellation)
    {
        var known = await KnownAsync(kind, id, cancellation);
        await CheckAgainAsync(kind, id, known.Of(version).Digest, cancellation);
        var act = new Act(by, time.GetUtcNow(), why);
        return await store.ChangeAsync(kind.Name, id, record => record!.Of(version).Digest == known.Of(version).Digest
            ? record.Submit(version, act)
            : throw new DocumentRefusedException(DocumentRefusal.Stale, "version", $"version {version} has changed meanwhile"), cancellation);
    }

    /// <summary>Approves or rejects what was submitted.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="id">Its id.</param>
    /// <param name="version">Which version.</param>
    /// <param name="approve">Or reject.</param>
    /// <param name="seen">Digest of the content that the principal looked at.</param>
    /// <param name="by">The principal: another than who wrote or submitted it.</param>
    /// <param name="why">For the history.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="DocumentInvalidException">What it refers to has changed, and it has errors now; it can still be rejected.</exception>
    /// <exception cref="DocumentRefusedException">The step is not allowed.</exception>
    public async Task<DocumentRecord> DecideAsync(
        DocumentKind kind, string id, int version, bool approve, string seen, string by, string? why, CancellationToken cancellation)
    {
        var known = await KnownAsync(kind, id, cancellation);
        var act = new Act(by, time.GetUtcNow(), why);
        DocumentRecord Step(DocumentRecord? record) => approve ? record!.Approve(version, seen, act) : record!.Reject(version, seen, act);
        Step(known);
        if (approve)
            await CheckAgainAsync(kind, id, seen, cancellation);
        return await store.ChangeAsync(kind.Name, id, Step, cancellation);
    }

    /// <summary>What a version changes.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="id">Its id.</param>
    /// <param name="version">Which version; null for the last.</param>
    /// <param name="against">Which other; null for the last approved before it, or nothing where none is.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="DocumentRefusedException">There is no such document or version.</exception>
    public async Task<(DocumentVersion Version, DocumentVersion? Against, IReadOnlyList<JsonChange> Changes)> DifferenceAsync(
        DocumentKind kind, string id, int? version, int? against, CancellationToken cancellation)
    {
        var record = await KnownAsync(kind, id, cancellation);
        var one = version is { } asked ? record.Of(asked) : record.Versions[^1];
        var other = against is { } given ? record.Of(given)
            : record.Versions.LastOrDefault(known => known.Status == DocumentStatus.Approved && known.Version < one.Version);
        var from = other is null ? null : await store.ContentAsync(kind.Name, id, other.Digest, cancellation);
        return (one, other, JsonDifference.Between(from, await store.ContentAsync(kind.Name, id, one.Digest, cancellation)));
    }

    private async Task<DocumentRecord> KnownAsync(DocumentKind kind, string id, CancellationToken cancellation) =>
        await store.FindAsync(kind.Name, id, cancellation)
        ?? throw new DocumentRefusedException(DocumentRefusal.NotFound, "id", $"there is no {kind.Name} {id}");

    private async Task CheckAgainAsync(DocumentKind kind, string id, string digest, CancellationToken cancellation)
    {
        var findings = await kind.CheckAsync(await store.ContentAsync(kind.Name, id, digest, cancellation), cancellation);
        if (findings.Any(finding => !finding.IsWarning))
            throw new DocumentInvalidException(findings);
    }
}
