namespace ServerlessCLM.Models;

/// <summary>The pre-trained models that are part of the product; <see cref="ShippedTraining.Command"/> makes them.</summary>
public static class ShippedModels
{
    private const string Prefix = "models/";

    private static readonly Lazy<IReadOnlyList<ModelDocument>> Documents = new(() =>
        [.. Names.Select(name => ModelDocuments.Read(Read(name)))]);

    /// <summary>In the order of their ids.</summary>
    public static IReadOnlyList<ModelDocument> All => Documents.Value;

    public static ModelDocument? Find(string id) => All.FirstOrDefault(document => document.Id == id);

    public static IEnumerable<string> Names => typeof(ShippedModels).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>The bytes of a document.</summary>
    public static byte[] Read(string name)
    {
        using var stream = typeof(ShippedModels).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not part of the build");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
