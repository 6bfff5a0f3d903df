namespace ServerlessCLM.Journeys.Collections;

public enum CollectionsRefusal { NotFound, Invalid, Conflict, Stale, Forbidden }

/// <summary>What was asked for is not done; the field says what stands against it and the reason what would be.</summary>
public sealed class CollectionsRefusedException(CollectionsRefusal refusal, string field, string reason) : Exception($"{field}: {reason}")
{
    public CollectionsRefusal Refusal { get; } = refusal;

    public string Field { get; } = field;

    public string Reason { get; } = reason;
}
