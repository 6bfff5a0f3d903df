using System.CommandLine;
using ServerlessCLM.Emulator;
using ServerlessCLM.Simulation;
using Command = System.CommandLine.Command;

namespace ServerlessCLM.Cli.Simulate;

/// <summary><c>clm simulate</c>: what goes on with a simulated portfolio, dealt with by the whole product in virtual time, with faults if asked for.</summary>
internal static class SimulateCommand
{
    private static readonly DateOnly Start = new(2025, 1, 1);

    public static Command Create()
    {
        var seed = new Option<ulong>("--seed") { Description = "Of the workload, of the order of what is due at once, and of the faults", DefaultValueFactory = _ => 1 };
        var of = new Option<ulong?>("--workload") { Description = "Seed of the portfolio and of what goes on with it, where it is not that of the run" };
        var customers = new Option<int>("--customers") { Description = "How many", DefaultValueFactory = _ => 20 };
        var days = new Option<int>("--days") { Description = "Days of their lives", DefaultValueFactory = _ => 60 };
        var faults = new Option<bool>("--faults") { Description = "Break everything that can break, look the end through, and compare it with that of a run in which nothing breaks" };
        var verbose = new Option<bool>("--verbose") { Description = "A line on standard error for each fault" };
        var json = Output.Json();
        var output = Output.File();
        var command = new Command("simulate", "Deal with a simulated portfolio by the whole product in virtual time") { seed, of, customers, days, faults, verbose, json, output };
        command.SetAction(async (arguments, cancellation) =>
        {
            var (people, length) = (InRange("--customers", arguments.GetValue(customers), 10_000), InRange("--days", arguments.GetValue(days), 3650));
            var workload = new Workload(new Portfolio(new PortfolioOptions(arguments.GetValue(of) ?? arguments.GetValue(seed), people, Start, Start.AddDays(length)) { Turbulence = 5 }));
            var summary = await RunAsync(workload, arguments.GetValue(seed), arguments.GetValue(faults), arguments.GetValue(verbose), cancellation);
            await Output.WriteAsync(arguments.GetValue(output), writer => writer.WriteLineAsync(arguments.GetValue(json) ? summary.ToJson() : summary.ToText()));
            return summary.Holds ? CommandHost.Done : CommandHost.No;
        });
        return command;
    }

    private static async Task<SimulationSummary> RunAsync(Workload workload, ulong seed, bool withFaults, bool verbose, CancellationToken cancellation)
    {
        var clock = TimeProvider.System;
        var started = clock.GetTimestamp();
        using var folder = new RunFolder();
        await using var gateway = await SimulatedGateway.StartAsync(cancellation);
        var run = new ProductRun(workload, folder.Sub("faultless"), gateway, seed);
        var faultless = await FollowAsync(run, null, withFaults ? "without faults" : "simulate", clock, cancellation);
        if (!withFaults)
            return new SimulationSummary(seed, workload, run, faultless, null, clock.GetElapsedTime(started));

        var place = folder.Sub("faulty");
        var faults = new FaultInjector(ProductRun.Faults(seed), place, verbose ? fault => Console.Error.WriteLine(fault) : null);
        run = new ProductRun(workload, place, gateway, seed, faults);
        var end = await FollowAsync(run, faultless.State, "with faults", clock, cancellation);
        return new SimulationSummary(seed, workload, run, end, faults.Counts, clock.GetElapsedTime(started));
    }

    private static async Task<RunResult> FollowAsync(ProductRun run, EndState? twin, string what, TimeProvider clock, CancellationToken cancellation)
    {
        using var progress = new ProgressLine(what, clock);
        return await run.RunAsync(twin, progress.Add, cancellation);
    }

    private static int InRange(string name, int value, int most) =>
        value >= 1 && value <= most ? value : throw new UnusableArgumentException($"{name} must be from 1 to {most}, not {value}");
}
