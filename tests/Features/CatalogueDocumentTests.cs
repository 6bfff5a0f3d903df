using System.Runtime.CompilerServices;
using ServerlessCLM.Features;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Tests.Features;

/// <summary>docs/features.md and docs/signals.md are what the catalogues say. CLM_ACCEPT=1 writes them anew.</summary>
public class CatalogueDocumentTests
{
    [Fact]
    public void The_features_document_is_the_catalogue() => Check("features.md", FeatureCatalogue.ToMarkdown());

    [Fact]
    public void The_signals_document_is_the_catalogue() => Check("signals.md", SignalCatalogue.ToMarkdown());

    private static void Check(string name, string expected)
    {
        var path = Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "docs", name);
        if (Environment.GetEnvironmentVariable("CLM_ACCEPT") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, expected);
        }

        var actual = File.Exists(path) ? File.ReadAllText(path) : "";
        Assert.True(
            string.Equals(expected, actual, StringComparison.Ordinal),
            $"docs/{name} is not what the catalogue says: run this test with CLM_ACCEPT=1 in the environment and commit the file.");
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
