using System.CommandLine;
using System.Text.Json.Nodes;

namespace ServerlessCLM.Cli.Audit;

/// <summary><c>clm audit</c>: whether what was put on record is whole.</summary>
internal static class AuditCommand
{
    public static Command Create() => new("audit", "The audit chain") { Verify() };

    private static Command Verify()
    {
        var url = HostOptions.Url();
        var key = HostOptions.Key();
        var data = new Option<DirectoryInfo?>("--data") { Description = "The data folder of a host that is stopped" };
        var customers = new Option<string[]>("--customer") { Description = "Only these customers", AllowMultipleArgumentsPerToken = true };
        var json = Output.Json();
        var output = Output.File();
        var command = new Command("verify", "Find altered, missing or reordered entries; exit status 1 when there are any")
        {
            url, key, data, customers, json, output,
        };
        command.SetAction(async (arguments, cancellation) =>
        {
            var (address, folder) = (arguments.GetValue(url), arguments.GetValue(data));
            if (address is null == folder is null)
                throw new UnusableArgumentException("name either --url or --data");

            var named = arguments.GetValue(customers) ?? [];
            JsonObject report;
            using (var progress = new ProgressLine("audit verify", TimeProvider.System))
            {
                report = address is not null
                    ? await new HostedAudit(address, HostOptions.KeyOf(arguments.GetValue(key))).VerifyAsync(named, progress, cancellation)
                    : await FolderAudit.VerifyAsync(folder!, named, progress, cancellation);
            }

            await Output.WriteAsync(arguments.GetValue(output), writer => WriteAsync(writer, report, arguments.GetValue(json)));
            return (bool)report["intact"]! ? CommandHost.Done : CommandHost.No;
        });
        return command;
    }

    private static async Task WriteAsync(TextWriter writer, JsonObject report, bool json)
    {
        if (json)
        {
            await writer.WriteLineAsync(report.ToJsonString());
            return;
        }

        await writer.WriteLineAsync(
            $"{report["entries"]} entries of {report["customers"]} customers ({report["erased"]} erased), {report["unanchored"]} of them not anchored yet; "
            + $"{report["anchors"]} anchors, the last of {report["lastAnchorAt"] ?? "never"}");
        foreach (var finding in report["findings"]!.AsArray())
            await writer.WriteLineAsync($"{finding!["fault"]}: {finding["chain"]} {finding["sequence"]}: {finding["detail"]}");
        await writer.WriteLineAsync((bool)report["intact"]! ? "The record is whole." : "The record is not whole; see docs/governance.md, \"When the record is not whole\".");
    }
}
