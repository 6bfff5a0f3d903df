namespace ServerlessCLM.Governance;

/// <summary>A contact that somebody wants to make.</summary>
/// <param name="Id">Of the message; derived from what caused it, so that asking again is the same.</param>
/// <param name="Channel">One of <see cref="Customers.Consent.Channels"/>.</param>
/// <param name="Purpose">One of <see cref="Customers.Consent.Purposes"/>, but not profiling.</param>
/// <param name="Debt">The debt it is about, where it is about one.</param>
/// <param name="Journey">The journey it belongs to.</param>
public sealed record ContactRequest(string Id, string Channel, string Purpose, string? Debt = null, string? Journey = null);

/// <summary>The gate's steps, in their order.</summary>
public enum GateStage : byte { Existence, LegalStop, Vulnerability, Consent, Suppression, Identity, Jurisdiction, Conflict, Caps, QuietHours }

public enum VerdictKind : byte { Allow, Postpone, Refuse }

/// <summary>What one rule says of one contact.</summary>
/// <param name="Stage">The step.</param>
/// <param name="Rule">Pack and rule, such as <c>us-reg-f/seven-in-seven</c>; a rule of the gate's own has no pack.</param>
/// <param name="Kind">Allow, postpone or refuse.</param>
/// <param name="Code">Of a refusal.</param>
/// <param name="Until">Of a postponement.</param>
public readonly record struct Verdict(GateStage Stage, string Rule, VerdictKind Kind, string? Code = null, DateTimeOffset? Until = null);

/// <summary>The gate's answer.</summary>
/// <param name="Kind">Refused by any rule, else postponed by any, else allowed.</param>
/// <param name="Code">Of the first refusal in the order of the steps.</param>
/// <param name="Until">The first instant at which no quiet hours hold.</param>
/// <param name="Verdicts">Every rule's, in the order of the steps.</param>
/// <param name="Obligations">What the message must carry.</param>
/// <param name="Policies">The packs that applied, as <c>id@version</c>.</param>
public sealed record GateResult(
    VerdictKind Kind, string? Code, DateTimeOffset? Until, IReadOnlyList<Verdict> Verdicts, IReadOnlyList<string> Obligations, IReadOnlyList<string> Policies);
