namespace ServerlessCLM.Documents;

/// <summary>What is wrong with a document, or worth a look.</summary>
/// <param name="Path">JSON path (RFC 9535), such as <c>$.actions[0].eligibility</c>.</param>
/// <param name="Reason">In words that say what would be accepted.</param>
/// <param name="Position">Character within a condition, from 0; null elsewhere.</param>
/// <param name="IsWarning">Whether the document can be used all the same.</param>
public sealed record Finding(string Path, string Reason, int? Position = null, bool IsWarning = false)
{
    public override string ToString() =>
        $"{Path}{(Position is { } at ? $" at character {at + 1}" : "")}: {(IsWarning ? "warning: " : "")}{Reason}";
}

/// <summary>Collects findings, as many as a person reads.</summary>
public sealed class Findings
{
    /// <summary>Findings kept at the most; a document of another kind would have thousands.</summary>
    public const int Most = 100;

    private readonly List<Finding> _all = [];

    public IReadOnlyList<Finding> All => _all;

    public bool HasErrors { get; private set; }

    public void Error(string path, string reason, int? position = null) => Add(new(path, reason, position));

    public void Warning(string path, string reason, int? position = null) => Add(new(path, reason, position, IsWarning: true));

    private void Add(Finding finding)
    {
        HasErrors |= !finding.IsWarning;
        if (_all.Count < Most)
            _all.Add(finding);
    }
}
