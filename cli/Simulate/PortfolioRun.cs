using System.Globalization;
using System.Text;
using Azure;
using ServerlessCLM.Emulator;
using ServerlessCLM.Scoring;
using ServerlessCLM.Simulation;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Cli.Simulate;

/// <summary>A simulated portfolio streamed through the product, day by day of virtual time.</summary>
/// <param name="portfolio">Whose events.</param>
/// <param name="folder">An empty folder that the run may fill.</param>
/// <param name="order">Seed of the order among what is due at the same time.</param>
/// <param name="faults">What goes wrong; null for nothing.</param>
internal sealed class PortfolioRun(Portfolio portfolio, string folder, ulong order, FaultInjector? faults = null)
{
    /// <summary>A day's events come half an hour after it: between the hourly looks at silence there is time to try again.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(30);

    /// <summary>How long nothing goes wrong any more in the end, so that everything comes to rest; a first commit's intent is kept for a day.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromDays(2);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Events sent.</summary>
    public long Events { get; private set; }

    /// <summary>How often the product was killed.</summary>
    public int Kills { get; private set; }

    /// <param name="progress">Told after each day: the events so far and the share of the days.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public async Task<EndState> RunAsync(Action<long, double>? progress, CancellationToken cancellation)
    {
        var options = portfolio.Options;
        var start = new DateTimeOffset(options.Start, TimeOnly.MinValue, TimeSpan.Zero);
        var end = new DateTimeOffset(options.End, TimeOnly.MinValue, TimeSpan.Zero);
        await using var product = new SimulatedProduct(folder, new VirtualClock(start), order, faults);
        await product.AdvanceToAsync(start, cancellation);
        using var events = portfolio.Merge().Where(each => each is not LifeEvent).GetEnumerator();
        var more = events.MoveNext();
        for (var day = start; day < end; day = day.AddDays(1))
        {
            var today = new List<SimulatedEvent>();
            for (; more && events.Current.Time < day.AddDays(1); more = events.MoveNext())
                today.Add(events.Current);
            await product.AdvanceToAsync(day.AddDays(1) + Late, cancellation);
            await SendAsync(product, today, cancellation);
            await product.AdvanceToAsync(product.Now, cancellation);
            Events += today.Count;
            progress?.Invoke(today.Count, (day.AddDays(1) - start) / (end - start));
        }

        if (faults is not null)
            faults.Enabled = false;
        await product.AdvanceToAsync(end + Rest, cancellation);
        Kills = product.Kills;
        return await EndState.ReadAsync(product, portfolio.Customers.Select(customer => customer.Id), cancellation);
    }

    /// <summary>As a producer does it: again and again until the product has taken all.</summary>
    private static async Task SendAsync(SimulatedProduct product, List<SimulatedEvent> today, CancellationToken cancellation)
    {
        var payments = today.OfType<SimulatedPayment>().Select(each => new ReadOnlyMemory<byte>(CloudEventWriter.ToBytes(each.Payment))).ToList();
        var facts = Encoding.UTF8.GetBytes($"[{string.Join(',', today.OfType<SimulatedFact>().Select(fact => Encoding.UTF8.GetString(fact.ToBytes())))}]");
        await SendAsync(product, () => product.Get<EventIntake>().TakeTransactionsAsync(payments, cancellation), cancellation);
        await SendAsync(product, () => product.Get<EventIntake>().TakeEventsAsync(facts, cancellation), cancellation);
    }

    private static async Task SendAsync(SimulatedProduct product, Func<Task<IntakeResult>> send, CancellationToken cancellation)
    {
        for (var taken = false; !taken;)
        {
            try
            {
                await product.SurviveAsync(async () => Check(await send()), cancellation);
                taken = true;
            }
            catch (Exception failure) when (failure is EventHubsException { IsTransient: true } or RequestFailedException)
            {
                await product.AdvanceToAsync(product.Now + RetryAfter, cancellation);
            }
        }
    }

    private static void Check(IntakeResult result)
    {
        if (result.Refused is [var refused, ..])
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"the simulation's own event {refused.Index} was refused: {refused.Field} {refused.Reason}"));
    }
}
