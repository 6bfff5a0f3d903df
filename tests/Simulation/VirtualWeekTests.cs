using ServerlessCLM.Cli.Simulate;
using ServerlessCLM.Simulation;

namespace ServerlessCLM.Tests.Simulation;

/// <summary>
/// A week of the whole product in virtual time: hubs, functions, journeys, requests, hourly looks at silence, the relay of every minute. That
/// another seed is another order is tested by VirtualTimeTests.
/// </summary>
[Collection(nameof(AloneInProcess))] // who listens to traces elsewhere puts them into the rows
public sealed class VirtualWeekTests
{
    [Fact]
    public async Task A_week_is_the_same_each_time_and_in_any_order()
    {
        await using var gateway = await SimulatedGateway.StartAsync(TestContext.Current.CancellationToken);
        // At once, so that threads have every chance to differ.
        var runs = await Task.WhenAll(new ulong[] { 1, 1, 2 }.Select(order => Task.Run(() => RunAsync(gateway, order))));
        Assert.All(runs, run => Assert.Empty(run.Violations));
        Assert.NotEmpty(runs[0].Lines);
        Assert.Equal(runs[0].Lines, runs[1].Lines);
        Assert.Equal(runs[0].Lines.Order(StringComparer.Ordinal), runs[2].Lines.Order(StringComparer.Ordinal));
    }

    private static async Task<RunResult> RunAsync(SimulatedGateway gateway, ulong order)
    {
        using var folder = new RunFolder();
        var start = new DateOnly(2025, 1, 1);
        var workload = new Workload(new Portfolio(new PortfolioOptions(3, 3, start, start.AddDays(7)) { Turbulence = 5 }));
        return await new ProductRun(workload, folder.Path, gateway, order).RunAsync(twin: null, progress: null, TestContext.Current.CancellationToken);
    }
}
