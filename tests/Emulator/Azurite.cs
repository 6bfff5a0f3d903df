using System.Diagnostics;
using System.Globalization;
using ServerlessCLM.Tests.Emulator;

[assembly: AssemblyFixture(typeof(Azurite))]

namespace ServerlessCLM.Tests.Emulator;

/// <summary>
/// Azurite, started when the first test asks for it and stopped after the last. Each test gets an account of its own, so that
/// tests run at the same time and see only what they wrote.
/// </summary>
public sealed class Azurite : IAsyncDisposable
{
    /// <summary>How many accounts a run can hand out; Azurite wants to know them all at its start.</summary>
    const int Accounts = 500;

    static readonly string Key = Convert.ToBase64String("the key of every test account"u8);

    const string Listening = " service is successfully listening at ";

    readonly Lock _gate = new();
    Task<Dictionary<string, string>>? _started;
    Process? _process;
    int _given;

    /// <summary>The connection string of an account that no other test uses.</summary>
    public async Task<string> NewAccountAsync()
    {
        Task<Dictionary<string, string>> started;
        int number;
        lock (_gate)
        {
            started = _started ??= StartAsync();
            number = ++_given;
        }
        var endpoints = await started;
        Assert.True(number <= Accounts, $"All {Accounts} accounts are given out; raise the number.");
        var name = NameOf(number);
        return $"AccountName={name};AccountKey={Key};TableEndpoint={endpoints["Table"]}/{name};BlobEndpoint={endpoints["Blob"]}/{name}";
    }

    async Task<Dictionary<string, string>> StartAsync()
    {
        var folder = TestData.Sample("storage");
        Assert.True(Directory.Exists(Path.Combine(folder, "node_modules")), $"Azurite is not installed; run 'npm ci' in {folder}, as test.sh does.");
        var start = new ProcessStartInfo("node", [Path.Combine(folder, "azurite.mjs")])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = folder,
        };
        start.Environment["AZURITE_ACCOUNTS"] = string.Join(';', Enumerable.Range(1, Accounts).Select(number => $"{NameOf(number)}:{Key}"));
        _process = Process.Start(start)!;
        var (endpoints, said) = (new Dictionary<string, string>(), new List<string>());
        while (endpoints.Count < 3)
        {
            var line = await _process.StandardOutput.ReadLineAsync()
                ?? throw new InvalidOperationException($"Azurite did not start:\n{string.Join('\n', said)}");
            said.Add(line);
            if (line.Split(Listening) is [var service, var address]) endpoints[service["Azurite ".Length..]] = address;
        }
        // Whatever else it says must not fill the pipe.
        _ = _process.StandardOutput.ReadToEndAsync();
        return endpoints;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null) return;
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"account{number:D4}");
}
