namespace ServerlessCLM.Tests;

/// <summary>The reference data beside the repository, and the samples inside it.</summary>
public static class TestData
{
    /// <summary>The folder of ServerlessCLM.sln.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Path of a file or folder of <c>../shared/data</c>; leaves the running test out where it is missing.</summary>
    public static string Shared(params string[] parts)
    {
        var path = Path.Combine([Repository, "..", "shared", "data", .. parts]);
        if (!Path.Exists(path))
            Assert.Skip($"The reference data are not here: {Path.Combine(["..", "shared", "data", .. parts])}");
        return Path.GetFullPath(path);
    }

    /// <summary>Path of a sample under tests/, such as <c>Sample("Transactions", "samples", "camt053.xml")</c>.</summary>
    public static string Sample(params string[] parts) => Path.Combine([Repository, "tests", .. parts]);

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ServerlessCLM.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No ServerlessCLM.sln above {AppContext.BaseDirectory}");
    }
}
