using System.Collections.Concurrent;
using ServerlessCLM.Cli.Simulate;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Faults;

/// <summary>Each planted bug is found within a few seeds by the check that is there for it; without it the same seeds pass (<see cref="FaultSeedTests"/>).</summary>
public sealed class PlantedBugTests(ITestOutputHelper output)
{
    private const int MaxSeeds = 8;

    [Fact]
    public async Task Every_planted_bug_is_found_by_its_check_within_a_few_seeds()
    {
        await using var gateway = await SimulatedGateway.StartAsync(TestContext.Current.CancellationToken);
        var missed = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(PlantedBug.All, TestContext.Current.CancellationToken, async (bug, _) =>
        {
            var others = new SortedSet<string>(StringComparer.Ordinal);
            for (var seed = 1; seed <= MaxSeeds; seed++)
            {
                var (found, told) = await FindAsync(gateway, bug, (ulong)seed);
                if (found)
                {
                    output.WriteLine($"{bug}: found by {bug.FoundBy} at seed {seed}: {told}");
                    return;
                }

                others.Add(told);
            }

            missed.Enqueue($"{bug}: not found by {bug.FoundBy} in {MaxSeeds} seeds; found by others: {string.Join("; ", others)}");
        });

        Assert.True(missed.IsEmpty, string.Join('\n', missed));
    }

    private static async Task<(bool Found, string Told)> FindAsync(SimulatedGateway gateway, PlantedBug bug, ulong seed)
    {
        try
        {
            var result = await FaultSeedTests.RunAsync(gateway, seed, 1, new ConcurrentQueue<InjectedFault>(), twin: null, bug.Plant);
            var violation = result.Violations.FirstOrDefault(violation => violation.Check == bug.FoundBy);
            return (violation is not null, violation?.ToString() ?? string.Join(", ", result.Violations.Select(other => other.Check).Distinct(StringComparer.Ordinal)));
        }
        catch (InvalidDataException refusal)
        {
            return (bug.FoundBy == PlantedBug.Refused, refusal.Message);
        }
    }
}
