using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ServerlessCLM.Tests;

/// <summary>What continuous integration restores by hash is what the projects ask for.</summary>
public class SupplyChainTests
{
    private const string Anew = "run dotnet restore ServerlessCLM.sln -p:LockedRestore=true -p:RestoreLockedMode=false and commit the lock files";

    public static TheoryData<string> Projects =>
    [
        .. Regex.Matches(File.ReadAllText(Path.Combine(TestData.Repository, "ServerlessCLM.sln")), "\"(?<path>[^\"]+\\.csproj)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))
            .Select(match => match.Groups["path"].Value.Replace('\\', Path.DirectorySeparatorChar)),
    ];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_is_locked_to_the_versions_it_asks_for(string project)
    {
        var path = Path.Combine(TestData.Repository, project);
        var versions = Items(XDocument.Load(Path.Combine(TestData.Repository, "Directory.Packages.props")), "PackageVersion").ToDictionary(item => Name(item), item => (string)item.Attribute("Version")!);
        var asked = Items(XDocument.Load(path), "PackageReference").Concat(Items(XDocument.Load(Path.Combine(TestData.Repository, "Directory.Build.props")), "PackageReference"))
            .Select(Name).Distinct().Order(StringComparer.Ordinal).Select(name => $"{name} {versions[name]}");
        var file = Path.Combine(Path.GetDirectoryName(path)!, "packages.Emulator.lock.json");
        Assert.True(File.Exists(file), $"{project} has no lock file; {Anew}");
        var locked = JsonNode.Parse(File.ReadAllText(file))!["dependencies"]!.AsObject().SelectMany(framework => framework.Value!.AsObject())
            // What the SDK adds by itself is nobody's choice.
            .Where(package => (string?)package.Value!["type"] == "Direct" && versions.ContainsKey(package.Key)).Select(package => $"{package.Key} {package.Value!["resolved"]}").Order(StringComparer.Ordinal).ToList();
        Assert.True(asked.SequenceEqual(locked), $"{project} asks for {string.Join(", ", asked.Except(locked))}, and is locked to {string.Join(", ", locked.Except(asked))}; {Anew}");
    }

    private static string Name(XElement item) => (string)item.Attribute("Include")!;

    /// <summary>The items of the build that the tests are of.</summary>
    private static IEnumerable<XElement> Items(XDocument project, string kind) => project.Descendants(kind)
        .Where(item => item.Attribute("Include") is not null && !item.AncestorsAndSelf().Any(each => ((string?)each.Attribute("Condition"))?.Contains("== 'Azure'", StringComparison.Ordinal) == true));
}
