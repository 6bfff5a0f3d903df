namespace ServerlessCLM.Documents;

public enum DocumentStatus { Draft, Submitted, Approved, Rejected }

/// <summary>One version of a document.</summary>
/// <param name="Version">A whole number; versions follow one another without a gap.</param>
/// <param name="Status">Only an approved version is ever in force, and it never changes.</param>
/// <param name="Effective">When it is meant to take effect; null for at its approval.</param>
/// <param name="InForceFrom">The later of effect and approval; null unless approved.</param>
/// <param name="Digest">SHA-256 of its content, in hexadecimal; what a reader has seen.</param>
public sealed record DocumentVersion(int Version, DocumentStatus Status, DateTimeOffset? Effective, DateTimeOffset? InForceFrom, string Digest);

public enum DocumentStep { Saved, Submitted, Approved, Rejected }

/// <summary>Who did what to a document, when and why. Events are added, never changed.</summary>
public sealed record DocumentEvent(int Version, DocumentStep Step, string By, DateTimeOffset At, string? Why, string Digest);

public enum DocumentRefusal { NotFound, Conflict, Stale, SamePrincipal }

/// <summary>A step that the document's state or the four eyes do not allow; nothing has changed.</summary>
public sealed class DocumentRefusedException(DocumentRefusal refusal, string field, string reason) : Exception($"{field}: {reason}")
{
    public DocumentRefusal Refusal { get; } = refusal;

    public string Field { get; } = field;

    public string Reason { get; } = reason;
}

/// <summary>
/// A document through its versions: at most one, the last, is open to change; the others are approved. A step is a pure function that
/// gives the record after it, or refuses.
/// </summary>
public sealed record DocumentRecord(string Kind, string Id, IReadOnlyList<DocumentVersion> Versions, IReadOnlyList<DocumentEvent> History)
{
    public static DocumentRecord New(string kind, string id) => new(kind, id, [], []);

    /// <summary>The version in force at an instant: of those approved, the last that was in force by then.</summary>
    public DocumentVersion? InForce(DateTimeOffset at) => Versions.LastOrDefault(version => version.InForceFrom <= at);

    public DocumentVersion? LastApproved => Versions.LastOrDefault(version => version.Status == DocumentStatus.Approved);

    /// <exception cref="DocumentRefusedException">There is no such version.</exception>
    public DocumentVersion Of(int version) => Versions.FirstOrDefault(known => known.Version == version)
        ?? throw new DocumentRefusedException(DocumentRefusal.NotFound, "version", $"{Id} has no version {version}");

    /// <summary>Saves the next version, or the open one again, as a draft.</summary>
    /// <param name="seen">Digest of the content that is replaced; null where there is none yet.</param>
    /// <exception cref="DocumentRefusedException">The version is not open, another has been saved meanwhile, or its time overlaps.</exception>
    public DocumentRecord Save(int version, DateTimeOffset? effective, string digest, string? seen, Act act)
    {
        var last = Versions.Count > 0 ? Versions[^1] : null;
        if (last is not null && version < last.Version)
            throw Conflict("$.version", $"version {version} is past; the last is {last.Version}");

        if (last?.Version == version)
        {
            if (last.Status == DocumentStatus.Approved)
                throw Conflict("$.version", $"version {version} is approved and never changes; write version {version + 1}");
            if (last.Digest != seen)
                throw Stale(version, last.Digest, seen);
        }
        else if (last is { Status: not DocumentStatus.Approved })
            throw Conflict("$.version", $"version {last.Version} is still open; change or approve it first");
        else if (last is not null && version != last.Version + 1)
            throw Conflict("$.version", $"must be {last.Version + 1}, the next after {last.Version}");

        var draft = new DocumentVersion(version, DocumentStatus.Draft, effective, InForceFrom: null, digest);
        CheckOverlap(draft, act.At);
        return With(draft, DocumentStep.Saved, act);
    }

    /// <summary>Hands the draft over for approval.</summary>
    /// <exception cref="DocumentRefusedException">There is no such draft.</exception>
    public DocumentRecord Submit(int version, Act act)
    {
        var draft = Of(version);
        return draft.Status == DocumentStatus.Draft
            ? With(draft with { Status = DocumentStatus.Submitted }, DocumentStep.Submitted, act)
            : throw Conflict("version", $"version {version} is {draft.Status}, not a draft");
    }

    /// <summary>Approves what was submitted.</summary>
    /// <param name="seen">Digest of the content that the approver looked at.</param>
    /// <exception cref="DocumentRefusedException">It is not submitted, has changed since it was seen, overlaps, or the approver had a hand in it.</exception>
    public DocumentRecord Approve(int version, string seen, Act act)
    {
        var submitted = Decidable(version, seen, act);
        if (submitted.Status != DocumentStatus.Submitted)
            throw Conflict("version", $"version {version} is {submitted.Status}, not submitted");

        CheckOverlap(submitted, act.At);
        var from = submitted.Effective > act.At ? submitted.Effective : act.At;
        return With(submitted with { Status = DocumentStatus.Approved, InForceFrom = from }, DocumentStep.Approved, act);
    }

    /// <summary>Rejects what was submitted, or takes back an approval before the version is in force; it can then be saved again.</summary>
    /// <exception cref="DocumentRefusedException">As for an approval; or the version is in force already.</exception>
    public DocumentRecord Reject(int version, string seen, Act act)
    {
        var submitted = Decidable(version, seen, act);
        if (submitted.Status is not (DocumentStatus.Submitted or DocumentStatus.Approved))
            throw Conflict("version", $"version {version} is {submitted.Status}, not submitted");
        if (submitted.InForceFrom <= act.At || submitted != Versions[^1])
            throw Conflict("version", $"version {version} is in force since {Instant.Text(submitted.InForceFrom!.Value)}; approve a version {version + 1} in its place");

        return With(submitted with { Status = DocumentStatus.Rejected, InForceFrom = null }, DocumentStep.Rejected, act);
    }

    private DocumentVersion Decidable(int version, string seen, Act act)
    {
        var submitted = Of(version);
        if (submitted.Digest != seen)
            throw Stale(version, submitted.Digest, seen);

        return History.Any(past => past.Version == version && past.Step is DocumentStep.Saved or DocumentStep.Submitted && SamePrincipal(past.By, act.By))
            ? throw new DocumentRefusedException(DocumentRefusal.SamePrincipal, "principal",
                $"{act.By} wrote or submitted version {version}; somebody else must decide on it")
            : submitted;
    }

    /// <summary>Names of sign-ins do not tell upper from lower case.</summary>
    private static bool SamePrincipal(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private void CheckOverlap(DocumentVersion version, DateTimeOffset now)
    {
        var before = Versions.LastOrDefault(known => known.Status == DocumentStatus.Approved && known.Version < version.Version);
        if (before?.InForceFrom is { } taken && (version.Effective is { } given && given > now ? given : now) <= taken)
            throw Conflict("$.effective", $"must be after {Instant.Text(taken)}, when version {before!.Version} takes effect: versions do not overlap");
    }

    private DocumentRecord With(DocumentVersion version, DocumentStep step, Act act) => this with
    {
        Versions = [.. Versions.Where(known => known.Version != version.Version), version],
        History = [.. History, new DocumentEvent(version.Version, step, act.By, act.At, act.Why, version.Digest)],
    };

    private static DocumentRefusedException Conflict(string field, string reason) => new(DocumentRefusal.Conflict, field, reason);

    private static DocumentRefusedException Stale(int version, string digest, string? seen) => new(DocumentRefusal.Stale, "If-Match",
        seen is null ? $"version {version} exists; read it and send its ETag, \"{digest}\"" : $"version {version} has changed; read it again");
}

/// <summary>Who takes a step, when and why.</summary>
public readonly record struct Act(string By, DateTimeOffset At, string? Why);
