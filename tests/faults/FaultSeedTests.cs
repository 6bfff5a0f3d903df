using ServerlessCLM.Cli.Simulate;
using ServerlessCLM.Emulator;
using ServerlessCLM.Simulation;

namespace ServerlessCLM.Tests.Faults;

/// <summary>
/// Everything breaks that can break, at every boundary, as a seed says, and the end must be that of a run in which nothing breaks: no
/// payment counted twice or lost, no signal missing or sent under two ids. <c>clm simulate --faults --seed N</c> replays such a run.
/// </summary>
public sealed class FaultSeedTests
{
    private const int Customers = 12, Days = 21;

    /// <summary>4 seeds from 1; CLM_FAULT_SEEDS asks for more.</summary>
    private static readonly int Seeds = int.TryParse(Environment.GetEnvironmentVariable("CLM_FAULT_SEEDS"), out var seeds) ? seeds : 4;

    [Fact]
    public async Task Whatever_breaks_the_end_is_the_same()
    {
        var kinds = new HashSet<FaultKind>();
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var faultless = await RunAsync((ulong)seed, faults: null);
            using var folder = new TemporaryFolder();
            var injected = new List<InjectedFault>();
            var end = await RunAsync((ulong)seed, new FaultInjector(new FaultPlan((ulong)seed), folder.Path, injected.Add), folder.Path);

            var differences = end.DifferencesFrom(faultless);
            Assert.True(differences.Count == 0, $"seed {seed}\n{string.Join('\n', differences)}\nafter\n{string.Join('\n', injected)}");
            Assert.NotEmpty(faultless.Signals);
            Assert.Equal(faultless.Signals.Count, faultless.Signals.Distinct(StringComparer.Ordinal).Count());
            kinds.UnionWith(injected.Select(fault => fault.Kind));
        }

        Assert.Equal(Enum.GetValues<FaultKind>(), kinds.Order());
    }

    [Fact]
    public async Task A_seed_breaks_the_same_things_each_time()
    {
        var runs = new List<(List<string> Injected, EndState End)>();
        for (var run = 0; run < 2; run++)
        {
            using var folder = new TemporaryFolder();
            var injected = new List<string>();
            var end = await RunAsync(7, new FaultInjector(new FaultPlan(7), folder.Path, fault => injected.Add(fault.ToString())), folder.Path);
            runs.Add((injected, end));
        }

        Assert.NotEmpty(runs[0].Injected);
        Assert.Equal(runs[0].Injected, runs[1].Injected);
        Assert.Equal(runs[0].End.Signals, runs[1].End.Signals);
    }

    private static async Task<EndState> RunAsync(ulong seed, FaultInjector? faults, string? folder = null)
    {
        using var own = folder is null ? new TemporaryFolder() : null;
        var start = new DateOnly(2025, 1, 1);
        var portfolio = new Portfolio(new PortfolioOptions(seed, Customers, start, start.AddDays(Days)) { Turbulence = 5 });
        return await new PortfolioRun(portfolio, folder ?? own!.Path, seed, faults).RunAsync(progress: null, CancellationToken.None);
    }
}
