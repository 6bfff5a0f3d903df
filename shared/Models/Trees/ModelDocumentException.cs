namespace ServerlessCLM.Models;

/// <summary>A model document that cannot be used; nothing of it was taken.</summary>
/// <param name="path">Where, as a JSON path from the document's root: <c>$.trees[3][5].left</c>.</param>
/// <param name="reason">What would be accepted, in one line.</param>
public sealed class ModelDocumentException(string path, string reason, Exception? inner = null) : Exception($"{path}: {reason}", inner)
{
    public string Path { get; } = path;

    public string Reason { get; } = reason;
}
