namespace ServerlessCLM.Models;

/// <summary>What was done with a model's versions.</summary>
public enum LedgerAction { Challenged, Promoted, RolledBack, FellBack, Withdrawn }

/// <summary>One entry of a model's history; entries are only ever added.</summary>
/// <param name="At">When.</param>
/// <param name="Action">What was done.</param>
/// <param name="Version">To which version; after a fall back or roll back, the one that is live again.</param>
/// <param name="By">Who asked, where a name was given; <c>watch</c> for the product itself.</param>
/// <param name="Reason">Why, in the words of who asked.</param>
/// <param name="Gates">What the gates found.</param>
public sealed record LedgerEntry(
    DateTimeOffset At, LedgerAction Action, int Version, string? By = null, string? Reason = null, IReadOnlyList<GateResult>? Gates = null);

/// <summary>An operation that the ledger does not allow.</summary>
public sealed class LedgerException(string message) : Exception(message);

/// <summary>The versions of one model through time. What is live follows from the entries alone. Pure.</summary>
/// <param name="Model">Id of the model.</param>
/// <param name="Shipped">Version that came with the product and was live first; null for a model of the bank's own.</param>
/// <param name="Entries">Oldest first.</param>
public sealed record ModelLedger(string Model, int? Shipped, IReadOnlyList<LedgerEntry> Entries)
{
    /// <summary>When each finding of the watch was last told.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Told { get; init; } = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);

    /// <summary>Alerts decided and not yet known to be sent, as CloudEvents.</summary>
    public IReadOnlyList<string> Untold { get; init; } = [];

    /// <summary>The version that is live; null where none is.</summary>
    public int? Champion => Live().LastOrDefault() is > 0 and var version ? version : null;

    /// <summary>The version that a rollback would bring back.</summary>
    public int? Previous => Live() is { Count: > 1 } live ? live[^2] : null;

    /// <summary>Versions that score along until they are promoted or withdrawn.</summary>
    public IReadOnlyList<int> Challengers
    {
        get
        {
            var open = new SortedSet<int>();
            foreach (var entry in Entries)
            {
                if (entry.Action == LedgerAction.Challenged)
                    open.Add(entry.Version);
                else if (entry.Action is LedgerAction.Promoted or LedgerAction.Withdrawn)
                    open.Remove(entry.Version);
            }

            return [.. open];
        }
    }

    /// <summary>The version that was live at an instant.</summary>
    public int? LiveAt(DateTimeOffset at) => (this with { Entries = [.. Entries.TakeWhile(entry => entry.At <= at)] }).Champion;

    public ModelLedger Challenge(int version, DateTimeOffset at, string? by) =>
        version == Champion ? throw new LedgerException($"version {version} of {Model} is live")
        : Challengers.Contains(version) ? this
        : With(new LedgerEntry(Later(at), LedgerAction.Challenged, version, by));

    /// <exception cref="LedgerException">The version is no challenger.</exception>
    public ModelLedger Promote(int version, DateTimeOffset at, string? by, string? reason, IReadOnlyList<GateResult>? gates) =>
        Challengers.Contains(version)
            ? With(new LedgerEntry(Later(at), LedgerAction.Promoted, version, by, reason, gates))
            : throw new LedgerException($"version {version} of {Model} is no challenger; there are {Listed(Challengers)}");

    /// <summary>Puts back the version that was live before.</summary>
    /// <exception cref="LedgerException">There is none.</exception>
    public ModelLedger RollBack(DateTimeOffset at, string? by, string? reason, LedgerAction action = LedgerAction.RolledBack) =>
        Previous is { } previous
            ? With(new LedgerEntry(Later(at), action, previous, by, reason))
            : throw new LedgerException($"no version of {Model} was live before {Champion}");

    public ModelLedger Withdraw(int version, DateTimeOffset at, string? by, string? reason) =>
        Challengers.Contains(version)
            ? With(new LedgerEntry(Later(at), LedgerAction.Withdrawn, version, by, reason))
            : throw new LedgerException($"version {version} of {Model} is no challenger; there are {Listed(Challengers)}");

    /// <summary>Versions in the order in which they went live, those that were taken back left out.</summary>
    private List<int> Live()
    {
        var live = Shipped is { } shipped ? new List<int> { shipped } : [];
        foreach (var entry in Entries)
        {
            if (entry.Action == LedgerAction.Promoted)
                live.Add(entry.Version);
            else if (entry.Action is LedgerAction.RolledBack or LedgerAction.FellBack && live.Count > 1)
                live.RemoveAt(live.Count - 1);
        }

        return live;
    }

    /// <summary>Clocks of two instances may differ; entries never go back in time.</summary>
    private DateTimeOffset Later(DateTimeOffset at) => Entries.Count > 0 && Entries[^1].At > at ? Entries[^1].At : at;

    private ModelLedger With(LedgerEntry entry) => this with { Entries = [.. Entries, entry] };

    private static string Listed(IReadOnlyList<int> versions) => versions.Count == 0 ? "none" : string.Join(", ", versions);
}
