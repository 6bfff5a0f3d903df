namespace ServerlessCLM.Models;

/// <summary>A model document that cannot be used; nothing of it was taken.</summary>
/// <param name="path">Where, as a JSON path from the document's root: <c>$.model.trees[3][5].left</c>.</param>
/// <param name="reason">What is wrong there, or what would be accepted, in one line.</param>
public sealed class ModelFormatException(string path, string reason, Exception? inner = null) : Exception($"{path}: {reason}", inner)
{
    public string Path { get; } = path;

    public string Reason { get; } = reason;

    /// <summary>The same of a part, said of the whole document.</summary>
    /// <param name="part">Path of the part in the document.</param>
    internal ModelFormatException Within(string part) => new(part + Path[1..], Reason, this);
}
