using System.Globalization;
using System.Text;
using Microsoft.Extensions.Hosting;
using ServerlessCLM.Customers;
using ServerlessCLM.Scoring;
using ServerlessCLM.Scoring.Lifecycle;
using ServerlessCLM.Simulation;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Functions;

/// <summary>
/// <c>--demo</c>: lets the product live through a quarter of a year of 200 simulated customers, up to now, on its own clock: their payments, two
/// cases of journeys, then a decision for each of them. Prints where to look, and goes on with the machine's clock.
/// </summary>
/// <remarks>A later run goes on where this one ended, because a portfolio with a later end is the same with more at its end.</remarks>
internal sealed class Demo(
    EventIntake intake, CustomerStore store, EmulatorOptions options, VirtualTime clock, DemoMark mark, DemoHost host, DemoCases cases,
    DemoDecisions decisions, DemoMessages messages, StageCensus stages, IHostApplicationLifetime lifetime) : BackgroundService
{
    private const ulong Seed = 20;
    private const int Customers = 200, QuietDays = 8, SentEvery = 7, BatchSize = 5000;

    private static readonly TimeSpan Noon = TimeSpan.FromHours(12), Step = TimeSpan.FromHours(6), KeptEvery = TimeSpan.FromMinutes(1);

    private DemoMark _mark = mark;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var started = lifetime.ApplicationStarted.Register(listening.SetResult);
        await listening.Task.WaitAsync(stoppingToken);

        var now = TimeProvider.System.GetUtcNow();
        var portfolio = new Portfolio(new PortfolioOptions(Seed, Customers, _mark.Start.AddDays(QuietDays), DateOnly.FromDateTime(now.UtcDateTime).AddDays(1)) { IdPrefix = "demo-", Turbulence = 5 });
        var events = portfolio.Merge().Where(each => each is not LifeEvent).TakeWhile(each => each.Time <= now).ToList();
        var strategy = await decisions.PutInForceAsync(stoppingToken);
        await cases.PutInForceAsync(stoppingToken);
        var payments = await LiveAsync(events, now, stoppingToken);
        await stages.GoOnAsync(int.MaxValue, anew: true, stoppingToken);
        var answers = await decisions.DecideAsync(events.Select(each => each.Customer).Distinct(), strategy, stoppingToken);
        await System.Console.Out.WriteLineAsync(await cases.ShowAsync(stoppingToken));
        await System.Console.Out.WriteLineAsync(await DescribeAsync(portfolio, events, payments, text => DemoDecisions.Describe(text, strategy, answers, host.Address, host.KeyHeader), stoppingToken));
        await System.Console.Out.WriteLineAsync(await messages.ShowAsync(CustomerId.Parse(portfolio.Customer(0).Id), stoppingToken));
        await Task.WhenAll(clock.FollowAsync(TimeProvider.System, stoppingToken), KeepAsync(stoppingToken));
    }

    /// <summary>
    /// From where an earlier run stopped until now: week by week while those who left wait, then four times a day. A week's payments come at once.
    /// </summary>
    /// <returns>Payments sent.</returns>
    private async Task<int> LiveAsync(List<SimulatedEvent> events, DateTimeOffset now, CancellationToken cancellation)
    {
        var (began, first, payments, shown) = (TimeProvider.System.GetTimestamp(), _mark.Clock, 0, false);
        while (_mark.Clock < now)
        {
            var next = Next(_mark.Clock, now);
            var day = DateOnly.FromDateTime(next.UtcDateTime).DayNumber - _mark.Start.DayNumber;
            // Kept before: what is stored must not lie in the future of the next run.
            Keep(_mark with { Clock = next });
            await clock.SleepToAsync(next, cancellation);
            if (next == now || (next.TimeOfDay == TimeSpan.Zero && day % SentEvery == 0))
                payments += await SendAsync(events, next, cancellation);
            if (next.TimeOfDay == Noon)
                await cases.LiveAsync(next, cancellation);

            var done = (next - first) / (now - first);
            var left = TimeProvider.System.GetElapsedTime(began).TotalSeconds * (1 - done) / done;
            await System.Console.Error.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"\rdemo: {next:yyyy-MM-dd}, {_mark.Sent:N0} of {events.Count:N0} events, {left:F0} s left   "));
            shown = true;
        }

        if (shown)
            await System.Console.Error.WriteLineAsync();
        return payments;
    }

    private DateTimeOffset Next(DateTimeOffset at, DateTimeOffset now)
    {
        var day = DateOnly.FromDateTime(at.UtcDateTime).DayNumber - _mark.Start.DayNumber;
        var next = day == 0 && at.TimeOfDay < Noon ? at.Date + Noon
            : day < DemoCases.Due ? at.Date.AddDays(SentEvery - (day % SentEvery))
            : new DateTime(((at.UtcTicks / Step.Ticks) + 1) * Step.Ticks, DateTimeKind.Unspecified);
        return new DateTimeOffset(next, TimeSpan.Zero) is var then && then < now ? then : now;
    }

    /// <summary>Sends what has happened by then and has not been sent yet, oldest first.</summary>
    private async Task<int> SendAsync(List<SimulatedEvent> events, DateTimeOffset until, CancellationToken cancellation)
    {
        var payments = 0;
        foreach (var batch in events.Skip(_mark.Sent).TakeWhile(each => each.Time <= until).Chunk(BatchSize))
        {
            var bodies = batch.OfType<SimulatedPayment>().Select(each => new ReadOnlyMemory<byte>(CloudEventWriter.ToBytes(each.Payment)));
            var taken = await intake.TakeTransactionsAsync([.. bodies], cancellation);
            var facts = await intake.TakeEventsAsync(ToArray(batch.OfType<SimulatedFact>()), cancellation);
            if (taken.Refused.Concat(facts.Refused).FirstOrDefault() is { } refused)
                throw new InvalidDataException($"the demo's own event was refused: {refused.Field} {refused.Reason}");

            payments += taken.Accepted;
            Keep(_mark with { Sent = _mark.Sent + batch.Length });
        }

        await clock.SettleAsync(cancellation);
        return payments;
    }

    private async Task KeepAsync(CancellationToken cancellation)
    {
        using var ticks = new PeriodicTimer(KeptEvery, TimeProvider.System);
        while (await ticks.WaitForNextTickAsync(cancellation))
            Keep(_mark with { Clock = clock.Now });
    }

    private void Keep(DemoMark mark)
    {
        _mark = mark;
        mark.Keep(options.DataDirectory);
    }

    private async Task<string> DescribeAsync(
        Portfolio portfolio, List<SimulatedEvent> events, int payments, Action<StringBuilder> decided, CancellationToken cancellation)
    {
        var signals = new List<(string Customer, string Signal)>();
        foreach (var customer in portfolio.Customers)
        {
            if (await store.ReadAsync(CustomerId.Parse(customer.Id), cancellation) is { Erased: null } partition)
                signals.AddRange(partition.Of(CustomerRows.SignalPrefix).Select(signal => (customer.Id, (string)signal["name"]!)));
        }

        var text = new StringBuilder();
        var customers = events.Select(each => each.Customer).Distinct().Count();
        if (payments > 0)
            text.Append(CultureInfo.InvariantCulture, $"\nThe demo portfolio is in: {payments:N0} payments of {customers} customers.\n");
        else
            text.Append(CultureInfo.InvariantCulture, $"\nThe demo portfolio of {customers} customers is there already; nothing new was sent or counted.\n");
        text.Append("Signals about them so far:\n");
        foreach (var kind in signals.CountBy(item => item.Signal).OrderByDescending(kind => kind.Value).ThenBy(kind => kind.Key))
            text.Append(CultureInfo.InvariantCulture, $"  {kind.Value,6:N0}  {kind.Key}\n");

        decided(text);
        text.Append("\nThe console, to look at all of it (sign in with the function key below and a name):\n  ").Append(host.Address).Append("/api/console/\n");
        WriteCommands(text, portfolio, signals);
        return text.ToString();
    }

    private void WriteCommands(StringBuilder text, Portfolio portfolio, List<(string Customer, string Signal)> signals)
    {
        var (address, key) = (host.Address, host.KeyHeader);
        text.Append("\nLook at some of them:\n");
        var seen = new HashSet<string>();
        string[][] interests = [["salary_missing", "direct_debit_returned"], ["travel_booked"], ["dormant_60", "category_lapsed"]];
        foreach (var wanted in interests)
        {
            var found = signals.Where(item => wanted.Contains(item.Signal) && !seen.Contains(item.Customer))
                .OrderBy(item => Array.IndexOf(wanted, item.Signal)).FirstOrDefault();
            if (found.Customer is not null && seen.Add(found.Customer))
                text.Append(CultureInfo.InvariantCulture, $"  # {found.Signal}\n  curl -s {key} {address}/api/customers/{found.Customer}\n");
        }

        var customer = portfolio.Customer(0);
        var now = clock.Now;
        text.Append("\nSend a payment, then one with a wrong amount:\n");
        foreach (var amount in (string[])["-42.10", "\"a lot\""])
        {
            var payment = $$$"""
                {"specversion":"1.0","type":"clm.transaction.v1","source":"/demo/by-hand","id":"hand-{{{now.ToUnixTimeSeconds()}}}",
                "subject":"{{{customer.Id}}}","time":"{{{now:yyyy-MM-ddTHH:mm:ssZ}}}","data":{"accountId":"{{{customer.AccountId}}}","amount":{{{amount}}},
                "currency":"{{{customer.Currency}}}","kind":"card","status":"booked","mcc":"5411","merchant":"Grocer 12"}}
                """.ReplaceLineEndings("");
            text.Append($"  curl -s {key} -H \"content-type: application/json\" -d '{payment}' {address}/api/transactions\n");
        }

        text.Append("\nEverything is kept in ").Append(options.DataDirectory).Append("; stop with Ctrl+C.\n");
    }

    internal static byte[] ToArray(IEnumerable<SimulatedFact> facts)
    {
        using var array = new MemoryStream();
        array.WriteByte((byte)'[');
        foreach (var fact in facts)
        {
            if (array.Length > 1)
                array.WriteByte((byte)',');
            array.Write(fact.ToBytes());
        }

        array.WriteByte((byte)']');
        return array.ToArray();
    }
}
