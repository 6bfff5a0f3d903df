using ServerlessCLM.Cli.Simulate;
using ServerlessCLM.Simulation;

namespace ServerlessCLM.Tests.Simulation;

/// <summary>
/// A year of the whole product in virtual time: hub, functions, hourly looks at silence, the relay of every minute. That another seed is
/// another order is tested by VirtualTimeTests.
/// </summary>
public sealed class VirtualYearTests
{
    [Fact]
    public async Task A_year_is_the_same_each_time_and_in_any_order()
    {
        // At once, so that threads have every chance to differ.
        var runs = await Task.WhenAll(new ulong[] { 1, 1, 2 }.Select(order => Task.Run(() => RunAsync(order))));
        var (one, again, other) = (runs[0], runs[1], runs[2]);

        Assert.NotEmpty(one.Signals);
        Assert.Equal(Lines(one), Lines(again));
        Assert.Equal(one.Signals, again.Signals);
        Assert.Equal(Lines(one), Lines(other));
        Assert.Equal(one.Signals.Order(StringComparer.Ordinal), other.Signals.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Lines(EndState state) => state.Customers.SelectMany(customer => customer.Value.Select(row => $"{customer.Key} {row}"));

    private static async Task<EndState> RunAsync(ulong order)
    {
        using var folder = new TemporaryFolder();
        var start = new DateOnly(2025, 1, 1);
        var portfolio = new Portfolio(new PortfolioOptions(3, 12, start, start.AddDays(365)) { Turbulence = 5 });
        return await new PortfolioRun(portfolio, folder.Path, order).RunAsync(progress: null, CancellationToken.None);
    }
}
