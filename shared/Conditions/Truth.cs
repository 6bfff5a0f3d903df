namespace ServerlessCLM.Conditions;

/// <summary>
/// The answer of a condition, in Kleene's three-valued logic with a fourth for what cannot be computed. Only <see cref="True"/> permits.
/// </summary>
/// <remarks>
/// <c>false &amp;&amp; x</c> is false and <c>true || x</c> is true whatever x is, on either side. Otherwise unknown outweighs an error,
/// and both outweigh a truth: hence the order.
/// </remarks>
public enum Truth : byte
{
    False,
    True,

    /// <summary>An operation has no result: division by zero, overflow, a place outside a list.</summary>
    Error,

    /// <summary>A value that decides is missing.</summary>
    Unknown,
}
