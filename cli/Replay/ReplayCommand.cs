using System.CommandLine;

namespace ServerlessCLM.Cli.Replay;

/// <summary><c>clm replay</c>: payments from a file, through the code that scores the stream.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var source = new SourceOptions();
        var url = HostOptions.Url();
        var key = HostOptions.Key();
        var inProcess = new Option<bool>("--in-process") { Description = "In this process, states in memory" };
        var data = new Option<DirectoryInfo?>("--data") { Description = "With --in-process: through the event hub and the durable store in this folder" };
        var repeat = new Option<int>("--repeat") { Description = "How many times, each under fresh customer ids", DefaultValueFactory = _ => 1 };
        var batch = new Option<int>("--batch") { Description = "Events of one request", DefaultValueFactory = _ => 1000 };
        var json = Output.Json();
        var output = Output.File();
        var command = new Command("replay", "Replay payments from a file and sum up what came of them") { url, key, inProcess, data, repeat, batch, json, output };
        source.AddTo(command);
        command.SetAction(async (arguments, cancellation) =>
        {
            var address = arguments.GetValue(url);
            if (address is null == !arguments.GetValue(inProcess))
                throw new UnusableArgumentException("name either --url or --in-process");

            var folder = arguments.GetValue(data);
            if (folder is not null && address is not null)
                throw new UnusableArgumentException("--data goes with --in-process; a running host has its own folder");

            var times = InRange("--repeat", arguments.GetValue(repeat), 1, 100_000);
            var size = InRange("--batch", arguments.GetValue(batch), 1, 10_000);
            var (format, payments) = source.Open(arguments);
            var (records, rejectedRows) = SourceOptions.ReadAll(payments);
            var plan = new ReplayPlan(records, times);
            var summary = new ReplaySummary(format, Target(address, folder), plan, rejectedRows);
            var clock = TimeProvider.System;
            var started = clock.GetTimestamp();
            using (var progress = new ProgressLine("replay", clock))
            {
                await (address is not null
                    ? new HttpReplay(address, HostOptions.KeyOf(arguments.GetValue(key)), size)
                        .RunAsync(plan, summary, progress, cancellation)
                    : folder is not null
                        ? new HostedReplay(folder, size).RunAsync(plan, summary, progress, cancellation)
                        : InMemoryReplay.RunAsync(plan, summary, progress, cancellation));
            }

            summary.Elapsed = clock.GetElapsedTime(started);
            await Output.WriteAsync(arguments.GetValue(output), writer => summary.WriteAsync(writer, arguments.GetValue(json)));
            return CommandHost.Done;
        });
        return command;
    }

    private static string Target(Uri? address, DirectoryInfo? folder) =>
        address?.ToString() ?? (folder is null ? "memory" : $"the durable store in {folder}");

    private static int InRange(string name, int value, int least, int most) =>
        value >= least && value <= most ? value : throw new UnusableArgumentException($"{name} must be from {least} to {most}, not {value}");
}
