using System.Diagnostics;

namespace ServerlessCLM.Tests.ConsolePages;

/// <summary>Runs the files of tests/browser, which look at the running product with a Chromium. A failure has their output.</summary>
public sealed class BrowserTests
{
    private static readonly string Folder = TestData.Sample("browser");

    public static TheoryData<string> Files { get; } = [.. Directory.GetFiles(Folder, "*.test.mjs").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Files))]
    public async Task In_a_browser(string file)
    {
        Assert.True(Directory.Exists(Path.Combine(Folder, "node_modules")), $"The browser tests' packages are not installed; run 'npm ci' in {Folder}, as test.sh does.");
        var start = new ProcessStartInfo("node", ["--test", "--test-reporter=spec", "--test-timeout=180000", file])
        {
            WorkingDirectory = Folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["CLM_APP"] = typeof(Functions.ServerlessClm).Assembly.Location;
        using var node = Process.Start(start)!;
        try
        {
            var output = node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await node.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(node.ExitCode == 0, $"{file}\n{await output}\n{await errors}");
        }
        finally
        {
            if (!node.HasExited)
                node.Kill(entireProcessTree: true);
        }
    }
}
