using System.CommandLine;
using ServerlessCLM.Emulator;
using ServerlessCLM.Simulation;
using Command = System.CommandLine.Command;

namespace ServerlessCLM.Cli.Simulate;

/// <summary><c>clm simulate</c>: a simulated portfolio through the whole product in virtual time, with faults if asked for.</summary>
internal static class SimulateCommand
{
    private static readonly DateOnly Start = new(2025, 1, 1);

    public static Command Create()
    {
        var seed = new Option<ulong>("--seed") { Description = "Of the portfolio, of the order of what is due at once, and of the faults", DefaultValueFactory = _ => 1 };
        var customers = new Option<int>("--customers") { Description = "How many", DefaultValueFactory = _ => 20 };
        var days = new Option<int>("--days") { Description = "Days of their lives", DefaultValueFactory = _ => 60 };
        var faults = new Option<bool>("--faults") { Description = "Break everything that can break, and compare the end with that of a run in which nothing breaks" };
        var verbose = new Option<bool>("--verbose") { Description = "A line on standard error for each fault" };
        var json = Output.Json();
        var output = Output.File();
        var command = new Command("simulate", "Stream a simulated portfolio through the product in virtual time") { seed, customers, days, faults, verbose, json, output };
        command.SetAction(async (arguments, cancellation) =>
        {
            var (people, length) = (InRange("--customers", arguments.GetValue(customers), 10_000), InRange("--days", arguments.GetValue(days), 3650));
            var portfolio = new Portfolio(new PortfolioOptions(arguments.GetValue(seed), people, Start, Start.AddDays(length)) { Turbulence = 5 });
            var summary = await RunAsync(portfolio, arguments.GetValue(seed), arguments.GetValue(faults), arguments.GetValue(verbose), cancellation);
            await Output.WriteAsync(arguments.GetValue(output), writer => writer.WriteLineAsync(arguments.GetValue(json) ? summary.ToJson() : summary.ToText()));
            return summary.Holds ? CommandHost.Done : CommandHost.No;
        });
        return command;
    }

    private static async Task<SimulationSummary> RunAsync(Portfolio portfolio, ulong seed, bool withFaults, bool verbose, CancellationToken cancellation)
    {
        var clock = TimeProvider.System;
        var started = clock.GetTimestamp();
        var folder = Directory.CreateTempSubdirectory("clm-simulate-");
        try
        {
            var run = new PortfolioRun(portfolio, folder.CreateSubdirectory("faultless").FullName, seed);
            var faultless = await FollowAsync(run, withFaults ? "without faults" : "simulate", clock, cancellation);
            if (!withFaults)
                return new SimulationSummary(portfolio.Options, run, faultless, null, [], clock.GetElapsedTime(started));

            var place = folder.CreateSubdirectory("faulty").FullName;
            var faults = new FaultInjector(new FaultPlan(seed), place, verbose ? fault => Console.Error.WriteLine(fault) : null);
            run = new PortfolioRun(portfolio, place, seed, faults);
            var end = await FollowAsync(run, "with faults", clock, cancellation);
            return new SimulationSummary(portfolio.Options, run, end, faults.Counts, end.DifferencesFrom(faultless), clock.GetElapsedTime(started));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<EndState> FollowAsync(PortfolioRun run, string what, TimeProvider clock, CancellationToken cancellation)
    {
        using var progress = new ProgressLine(what, clock);
        return await run.RunAsync(progress.Add, cancellation);
    }

    private static int InRange(string name, int value, int most) =>
        value >= 1 && value <= most ? value : throw new UnusableArgumentException($"{name} must be from 1 to {most}, not {value}");
}
