using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Documents;
using ServerlessCLM.Emulator;
using ServerlessCLM.Functions;
using ServerlessCLM.Functions.Governance;
using ServerlessCLM.Governance;

namespace ServerlessCLM.Cli.Audit;

/// <summary>Verifies the record in a data folder, and makes its decisions again, without starting a host on it.</summary>
internal static class FolderAudit
{
    public static async Task<JsonObject> VerifyAsync(DirectoryInfo data, string[] customers, ProgressLine progress, CancellationToken cancellation)
    {
        using var host = await OpenAsync(data, cancellation);
        var verification = host.Services.GetRequiredService<AuditVerification>();
        var done = 0;
        var report = customers.Length == 0
            ? await verification.VerifyAsync(0, byte.MaxValue, cancellation, entries => progress.Add(entries, Interlocked.Increment(ref done) / 256.0))
            : await verification.VerifyAsync([.. customers.Select(Parse)], cancellation);
        return AuditRoutes.Describe(report);
    }

    /// <summary>Makes decisions again: those named, those of customers, or all.</summary>
    public static async Task<JsonObject> ReplayAsync(
        DirectoryInfo data, string[] decisions, string[] customers, ProgressLine progress, CancellationToken cancellation)
    {
        using var host = await OpenAsync(data, cancellation);
        var records = host.Services.GetRequiredService<DecisionRecords>();
        var report = ReplayReport.None;
        foreach (var id in decisions)
        {
            var replay = await records.ReplayAsync(id, cancellation) ?? throw new UnusableArgumentException($"there is no decision {id}");
            report += new ReplayReport(1, 1, replay.Identical ? [] : [replay]);
        }

        if (customers.Length > 0)
            report += await records.ReplayAsync(customers.Select(Parse), cancellation);
        for (var prefix = 0; decisions.Length == 0 && customers.Length == 0 && prefix <= byte.MaxValue; prefix++)
        {
            var share = prefix / 256.0;
            report += await records.ReplayAsync((byte)prefix, cancellation, () => progress.Add(1, share));
        }

        return report.ToJson();
    }

    private static async Task<IHost> OpenAsync(DirectoryInfo data, CancellationToken cancellation)
    {
        if (!File.Exists(Path.Combine(data.FullName, "master.key")))
            throw new UnusableArgumentException($"{data} is no data folder: it has no master.key, without which nothing in it opens");

        var host = ServerlessClm.Create([$"--{EmulatorOptions.DataDirectorySetting}={data.FullName}", $"--{EmulatorOptions.PortSetting}=0", "--Logging:LogLevel:Default=Warning"]);
        await host.Services.GetRequiredService<CustomerTables>().CreateAsync(cancellation);
        await host.Services.GetRequiredService<DocumentStore>().CreateAsync(cancellation);
        await host.Services.GetRequiredService<Anchors>().CreateAsync(cancellation);
        return host;
    }

    private static CustomerId Parse(string text) =>
        CustomerId.TryParse(text, out var id) ? id : throw new UnusableArgumentException($"--customer '{text}' {CustomerId.Rule}");
}
