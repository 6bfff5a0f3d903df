namespace ServerlessCLM;

/// <summary>Why an event cannot be taken: the field, as a path from the event's root, and the reason in words that
/// say what would be accepted.</summary>
/// <param name="Field">For example <c>data.amount</c>; <c>$</c> for the whole event.</param>
/// <param name="Reason">For example <c>must be a number with at most four decimals</c>.</param>
public readonly record struct Rejection(string Field, string Reason)
{
    public override string ToString() => $"{Field}: {Reason}";

    /// <summary>A text from outside, cut to a length between two characters.</summary>
    public static string Shorten(string text, int most) =>
        text.Length <= most ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[most - 1]) ? most - 1 : most), "…");
}
