using System.Diagnostics;
using System.Text.Json.Nodes;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator;

/// <summary>One list of steps, one list of answers: from the SDKs for JavaScript and from our clients, on Azurite and on SQLite and files.</summary>
public sealed class StorageScenarioTests(Azurite azurite)
{
    static readonly string[] Expected =
    [
        .. new[] { "tables", "blobs" }.SelectMany(service => StorageScenario.Steps[service]!.AsArray())
            .Select(step => $"{step!["name"]}: {step["expect"]}"),
    ];

    [Fact]
    public async Task The_SDKs_for_JavaScript_on_Azurite()
    {
        var start = new ProcessStartInfo("node", [TestData.Sample("storage", "scenarios.mjs"), "DefaultEndpointsProtocol=http;" + await azurite.NewAccountAsync()])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var node = Process.Start(start)!;
        var errors = node.StandardError.ReadToEndAsync();
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, await errors);

        var answers = JsonNode.Parse(output)!;
        Assert.Equal(Expected, new[] { "tables", "blobs" }.SelectMany(service => StorageScenario.Steps[service]!.AsArray()
            .Zip(answers[service]!.AsArray(), (step, answer) => $"{step!["name"]}: {answer}")));
    }

    [Fact]
    public async Task Our_clients_on_Azurite()
    {
        await using var storage = new EmulatorStorage(await azurite.NewAccountAsync());
        Assert.Equal(Expected, await new StorageScenario(storage.Tables, storage.Blobs).RunAsync());
    }

    [Fact]
    public async Task Our_clients_on_SQLite_and_files()
    {
        using var folder = new TemporaryFolder();
        await using var storage = new EmulatorStorage(folder.Path, new VirtualClock(BlobsInFolder.Start));
        Assert.Equal(Expected, await new StorageScenario(storage.Tables, storage.Blobs).RunAsync());
    }
}
