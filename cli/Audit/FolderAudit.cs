using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ServerlessCLM.Customers;
using ServerlessCLM.Emulator;
using ServerlessCLM.Functions;
using ServerlessCLM.Functions.Governance;
using ServerlessCLM.Governance;

namespace ServerlessCLM.Cli.Audit;

/// <summary>Verifies the record in a data folder, without starting a host on it.</summary>
internal static class FolderAudit
{
    public static async Task<JsonObject> VerifyAsync(DirectoryInfo data, string[] customers, ProgressLine progress, CancellationToken cancellation)
    {
        if (!File.Exists(Path.Combine(data.FullName, "master.key")))
            throw new UnusableArgumentException($"{data} is no data folder: it has no master.key, without which no signature can be checked");

        using var host = ServerlessClm.Create([$"--{EmulatorOptions.DataDirectorySetting}={data.FullName}", "--Logging:LogLevel:Default=Warning"]);
        await host.Services.GetRequiredService<CustomerTables>().CreateAsync(cancellation);
        await host.Services.GetRequiredService<Anchors>().CreateAsync(cancellation);
        var verification = host.Services.GetRequiredService<AuditVerification>();
        var done = 0;
        var report = customers.Length == 0
            ? await verification.VerifyAsync(0, byte.MaxValue, cancellation, entries => progress.Add(entries, Interlocked.Increment(ref done) / 256.0))
            : await verification.VerifyAsync([.. customers.Select(Parse)], cancellation);
        return AuditRoutes.Describe(report);
    }

    private static CustomerId Parse(string text) =>
        CustomerId.TryParse(text, out var id) ? id : throw new UnusableArgumentException($"--customer '{text}' {CustomerId.Rule}");
}
