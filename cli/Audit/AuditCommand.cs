using System.CommandLine;
using System.Text.Json.Nodes;

namespace ServerlessCLM.Cli.Audit;

/// <summary><c>clm audit</c>: whether what was put on record is whole.</summary>
internal static class AuditCommand
{
    public static Command Create() => new("audit", "The audit chain, and decisions made again") { Verify(), Replay() };

    private static Command Verify() => Over(
        "verify", "Find altered, missing or reordered entries; exit status 1 when there are any", [],
        (host, _, named, progress, cancellation) => host.VerifyAsync(named, progress, cancellation),
        (folder, _, named, progress, cancellation) => FolderAudit.VerifyAsync(folder, named, progress, cancellation), "intact", WriteAsync);

    private static Command Replay()
    {
        var decisions = new Option<string[]>("--decision") { Description = "Only these decisions", AllowMultipleArgumentsPerToken = true };
        return Over(
            "replay", "Make decisions again from their records; exit status 1 when one comes out otherwise", [decisions],
            (host, arguments, named, progress, cancellation) => host.ReplayAsync(arguments.GetValue(decisions) ?? [], named, progress, cancellation),
            (folder, arguments, named, progress, cancellation) => FolderAudit.ReplayAsync(folder, arguments.GetValue(decisions) ?? [], named, progress, cancellation),
            "identical", WriteReplayAsync);
    }

    private delegate Task<JsonObject> Looks<in T>(T where, ParseResult arguments, string[] customers, ProgressLine progress, CancellationToken cancellation);

    /// <summary>A command over a running host or the data folder of one that is stopped.</summary>
    private static Command Over(
        string name, string description, IReadOnlyList<Option> more, Looks<HostedAudit> hosted, Looks<DirectoryInfo> stopped, string good, Func<TextWriter, JsonObject, Task> write)
    {
        var url = HostOptions.Url();
        var key = HostOptions.Key();
        var data = new Option<DirectoryInfo?>("--data") { Description = "The data folder of a host that is stopped" };
        var customers = new Option<string[]>("--customer") { Description = "Only these customers", AllowMultipleArgumentsPerToken = true };
        var json = Output.Json();
        var output = Output.File();
        var command = new Command(name, description) { url, key, data, customers, json, output };
        foreach (var option in more)
            command.Add(option);
        command.SetAction(async (arguments, cancellation) =>
        {
            var (address, folder) = (arguments.GetValue(url), arguments.GetValue(data));
            if (address is null == folder is null)
                throw new UnusableArgumentException("name either --url or --data");

            var named = arguments.GetValue(customers) ?? [];
            JsonObject report;
            using (var progress = new ProgressLine($"audit {name}", TimeProvider.System))
            {
                report = address is not null
                    ? await hosted(new HostedAudit(address, HostOptions.KeyOf(arguments.GetValue(key))), arguments, named, progress, cancellation)
                    : await stopped(folder!, arguments, named, progress, cancellation);
            }

            await Output.WriteAsync(arguments.GetValue(output), writer => arguments.GetValue(json) ? writer.WriteLineAsync(report.ToJsonString()) : write(writer, report));
            return (bool)report[good]! ? CommandHost.Done : CommandHost.No;
        });
        return command;
    }

    private static async Task WriteReplayAsync(TextWriter writer, JsonObject report)
    {
        foreach (var replay in report["different"]!.AsArray())
        {
            await writer.WriteLineAsync($"{replay!["decisionId"]}: {replay["reason"] ?? "comes out otherwise"}");
            foreach (var difference in replay["differences"]!.AsArray())
                await writer.WriteLineAsync($"  {difference!["path"]}: {difference["recorded"]?.ToJsonString() ?? "nothing"} → {difference["replayed"]?.ToJsonString() ?? "nothing"}");
        }

        await writer.WriteLineAsync($"{report["decisions"]} decisions of {report["customers"]} customers made again, {report["different"]!.AsArray().Count} of them otherwise");
    }

    private static async Task WriteAsync(TextWriter writer, JsonObject report)
    {
        await writer.WriteLineAsync(
            $"{report["entries"]} entries of {report["customers"]} customers ({report["erased"]} erased), {report["unanchored"]} of them not anchored yet; "
            + $"{report["anchors"]} anchors, the last of {report["lastAnchorAt"] ?? "never"}");
        foreach (var finding in report["findings"]!.AsArray())
            await writer.WriteLineAsync($"{finding!["fault"]}: {finding["chain"]} {finding["sequence"]}: {finding["detail"]}");
        await writer.WriteLineAsync((bool)report["intact"]! ? "The record is whole." : "The record is not whole; see docs/governance.md, \"When the record is not whole\".");
    }
}
