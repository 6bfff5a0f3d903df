namespace ServerlessCLM.Conditions;

/// <summary>Why a text is not a condition, or what is to be said of one.</summary>
/// <param name="Position">Place in the text, counted in UTF-16 units from 0.</param>
/// <param name="Reason">In words that say what would be accepted.</param>
public readonly record struct ConditionFinding(int Position, string Reason)
{
    public override string ToString() => $"at character {Position + 1}: {Reason}";
}

/// <summary>A text is not a condition of the vocabulary.</summary>
public sealed class ConditionException(IReadOnlyList<ConditionFinding> findings) : Exception(string.Join("; ", findings))
{
    /// <summary>At least one, in the order of the text.</summary>
    public IReadOnlyList<ConditionFinding> Findings { get; } = findings;

    internal ConditionException(int position, string reason)
        : this([new ConditionFinding(position, reason)])
    {
    }
}
