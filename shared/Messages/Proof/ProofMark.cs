namespace ServerlessCLM.Messages.Proof;

public enum DraftPart { Subject, Body }

/// <summary>A place of a draft that a check looked at. Marks of a part do not overlap and stand in the order of the text.</summary>
/// <param name="Part">Where it stands.</param>
/// <param name="Start">Index of its first UTF-16 code unit in the part.</param>
/// <param name="Length">In UTF-16 code units, at least 1.</param>
/// <param name="Text">What stands there.</param>
/// <param name="Check">The check, as in <see cref="Verdict.Check"/>.</param>
/// <param name="By">The member of the brief that proves it: <c>facts.amount_due</c>, <c>allowedHosts</c>, <c>disclosures</c>, <c>optOut</c>, <c>automationLabel</c>; null where nothing does.</param>
/// <param name="Value">What the brief says there, in words of its language; null where nothing proves it, and for what identifies the customer.</param>
/// <param name="Reason">Why it is refused; null where it is proven.</param>
public sealed record ProofMark(DraftPart Part, int Start, int Length, string Text, string Check, string? By, string? Value, string? Reason);
