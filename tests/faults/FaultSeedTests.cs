using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using ServerlessCLM.Cli.Simulate;
using ServerlessCLM.Emulator;
using ServerlessCLM.Simulation;

namespace ServerlessCLM.Tests.Faults;

/// <summary>
/// Everything breaks that can break, at every boundary, as a seed says, while the whole product deals with a workload; then every check of
/// <c>cli/Simulate/Checks</c> holds, and what was told with its own time is as in a run in which nothing breaks.
/// </summary>
public sealed class FaultSeedTests
{
    internal const int Customers = 3, Days = 2;

    /// <summary>Seeds that share a workload, and with it the run in which nothing breaks.</summary>
    private const int Shared = 10;

    /// <summary>CLM_FAULT_SEEDS asks for more or fewer, CLM_FAULT_SEED for one alone.</summary>
    private static readonly int Seeds = KillTests.Setting("CLM_FAULT_SEEDS", 20), Only = KillTests.Setting("CLM_FAULT_SEED", 0);

    [Fact]
    public async Task Whatever_breaks_everything_holds()
    {
        await using var gateway = await SimulatedGateway.StartAsync(TestContext.Current.CancellationToken);
        var kinds = new ConcurrentDictionary<FaultKind, bool>();
        var seeds = Only > 0 ? [Only] : Enumerable.Range(1, Seeds);
        await Parallel.ForEachAsync(seeds.GroupBy(seed => (seed - 1) / Shared), TestContext.Current.CancellationToken, async (group, cancellation) =>
        {
            var of = (ulong)group.Key + 1;
            var faultless = await RunAsync(gateway, of, of, injected: null, twin: null);
            Assert.True(faultless.Violations.Count == 0, $"workload {of} without faults\n{string.Join('\n', faultless.Violations)}");
            foreach (var seed in group)
            {
                var injected = new ConcurrentQueue<InjectedFault>();
                var end = await RunAsync(gateway, (ulong)seed, of, injected, faultless.State);
                Assert.True(end.Violations.Count == 0, Failure(seed, of, end, injected));
                foreach (var fault in injected)
                    kinds[fault.Kind] = true;
            }
        });

        if (Only == 0)
            Assert.Equal(Enum.GetValues<FaultKind>(), kinds.Keys.Order());
    }

    [Fact]
    public async Task A_seed_breaks_the_same_things_each_time()
    {
        await using var gateway = await SimulatedGateway.StartAsync(TestContext.Current.CancellationToken);
        var runs = new List<List<string>>();
        for (var run = 0; run < 2; run++)
        {
            var injected = new ConcurrentQueue<InjectedFault>();
            await RunAsync(gateway, 7, 1, injected, twin: null);
            runs.Add([.. injected.Select(fault => fault.ToString())]);
        }

        Assert.NotEmpty(runs[0]);
        Assert.Equal(runs[0], runs[1]);
    }

    internal static async Task<RunResult> RunAsync(
        SimulatedGateway gateway, ulong seed, ulong of, ConcurrentQueue<InjectedFault>? injected, EndState? twin, Action<IServiceCollection>? plant = null)
    {
        using var folder = new RunFolder();
        var start = new DateOnly(2025, 1, 1);
        var workload = new Workload(new Portfolio(new PortfolioOptions(of, Customers, start, start.AddDays(Days)) { Turbulence = 5 }));
        var faults = injected is null ? null : new FaultInjector(ProductRun.Faults(seed), folder.Path, injected.Enqueue);
        return await new ProductRun(workload, folder.Path, gateway, seed, faults, plant).RunAsync(twin, progress: null, TestContext.Current.CancellationToken);
    }

    private static string Failure(int seed, ulong of, RunResult end, IEnumerable<InjectedFault> injected) => string.Create(CultureInfo.InvariantCulture, $"""
        seed {seed}: replay it by
          dotnet run -c Release --project cli -- simulate --faults --verbose --seed {seed} --workload {of} --customers {Customers} --days {Days}
        or with CLM_FAULT_SEED={seed}
        {string.Join('\n', end.Violations)}
        after
        {string.Join('\n', injected)}
        """);
}
