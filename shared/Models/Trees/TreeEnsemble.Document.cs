using System.Text.Json;

namespace ServerlessCLM.Models;

public sealed partial class TreeEnsemble
{
    /// <summary>Version of the document that <see cref="WriteTo"/> writes and the highest that <see cref="Read"/> takes.</summary>
    public const int DocumentVersion = 1;

    /// <summary>
    /// Writes the ensemble as an object: <c>version</c>, <c>features</c>, <c>baseMargin</c> and <c>trees</c>, each an array of nodes
    /// in preorder. A split reads <c>{"feature":"balance","below":120.5,"missing":"left","left":1,"right":2,"cover":812.3}</c>,
    /// a leaf <c>{"leaf":-0.012,"cover":61.8}</c>. Numbers are written so that reading gives the same bits.
    /// </summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("version", DocumentVersion);
        writer.WriteStartArray("features");
        foreach (var feature in Features)
            writer.WriteStringValue(feature);
        writer.WriteEndArray();
        writer.WriteNumber("baseMargin", BaseMargin);
        writer.WriteStartArray("trees");
        for (var tree = 0; tree < TreeCount; tree++)
        {
            writer.WriteStartArray();
            foreach (ref readonly var node in Tree(tree))
                WriteNode(writer, in node);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void WriteNode(Utf8JsonWriter writer, in TreeNode node)
    {
        writer.WriteStartObject();
        if (node.IsLeaf)
            writer.WriteNumber("leaf", node.Value);
        else
        {
            writer.WriteString("feature", Features[node.Feature]);
            writer.WriteNumber("below", node.Threshold);
            writer.WriteString("missing", node.MissingLeft ? "left" : "right");
            writer.WriteNumber("left", node.Left);
            writer.WriteNumber("right", node.Right);
        }

        writer.WriteNumber("cover", node.Cover);
        writer.WriteEndObject();
    }

    /// <summary>Reads what <see cref="WriteTo"/> wrote.</summary>
    /// <exception cref="ModelFormatException">The path and the reason; unknown members are refused.</exception>
    public static TreeEnsemble Read(JsonElement element)
    {
        var document = new DocumentPart(element, "$");
        var version = document.Member("version").Int32();
        if (version > DocumentVersion)
            throw new ModelFormatException("$.version", $"is {version}; this program reads up to version {DocumentVersion}");
        if (version < 1)
            throw new ModelFormatException("$.version", "must be 1 or more");

        document.RequireOnly("version", "features", "baseMargin", "trees");
        var names = document.Member("features").Items().Select(item => item.Text()).ToArray();
        var features = TreeLayout.CheckFeatures(names, "$.features");
        var places = features.Index().ToDictionary(feature => feature.Item, feature => feature.Index, StringComparer.Ordinal);
        var trees = document.Member("trees").Items().Select(tree => tree.Items().Select(node => ReadNode(node, places)).ToArray()).ToArray();
        return new TreeEnsemble(features, document.Member("baseMargin").Double(), trees);
    }

    private static TreeNode ReadNode(DocumentPart node, Dictionary<string, int> places)
    {
        if (node.Has("leaf"))
        {
            node.RequireOnly("leaf", "cover");
            return TreeNode.Leaf(node.Member("leaf").Single(), node.Member("cover").Single());
        }

        node.RequireOnly("feature", "below", "missing", "left", "right", "cover");
        var feature = node.Member("feature");
        if (!places.TryGetValue(feature.Text(), out var place))
            throw new ModelFormatException(feature.Path, $"\"{feature.Text()}\" is not in the document's features");

        var missing = node.Member("missing");
        if (missing.Text() is not ("left" or "right"))
            throw new ModelFormatException(missing.Path, "must be \"left\" or \"right\"");

        return TreeNode.Split(
            place, node.Member("below").Single(), missing.Text() == "left",
            node.Member("left").Int32(), node.Member("right").Int32(), node.Member("cover").Single());
    }
}
