namespace ServerlessCLM.Messages.Proof;

/// <summary>What one check found.</summary>
/// <param name="Check">Name of the check.</param>
/// <param name="Passed">Whether the text may go out as far as this check knows.</param>
/// <param name="Reason">Why not, in words for the writer and for who audits; null where it passed.</param>
/// <param name="Evidence">The place in the text that decided; null where it passed or something is missing.</param>
public sealed record Verdict(string Check, bool Passed, string? Reason = null, string? Evidence = null)
{
    internal static Verdict Pass(string check) => new(check, Passed: true);

    internal static Verdict Refuse(string check, string reason, string? evidence = null) => new(check, Passed: false, reason, evidence);
}

/// <summary>The verdict of every check, in the order in which they ran.</summary>
public sealed record ProofResult(IReadOnlyList<Verdict> Verdicts)
{
    /// <summary>Whether every check passed.</summary>
    public bool Accepted => Verdicts.All(verdict => verdict.Passed);

    public IEnumerable<Verdict> Refusals => Verdicts.Where(verdict => !verdict.Passed);
}
