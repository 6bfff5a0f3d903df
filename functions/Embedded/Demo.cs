using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;
using ServerlessCLM.Customers;
using ServerlessCLM.Scoring;
using ServerlessCLM.Scoring.Lifecycle;
using ServerlessCLM.Simulation;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Functions;

/// <summary>
/// <c>--demo</c>: streams 60 days of history and a month of 200 simulated customers' lives, up to now, into the running product,
/// decides for each of them, and prints where to look.
/// </summary>
/// <remarks>
/// <c>demo.json</c> in the data folder keeps the portfolio's first day and how many of its events have been sent: a later run
/// sends only what has happened since, because a portfolio with a later end is the same with more at its end.
/// </remarks>
internal sealed class Demo(
    EventIntake intake, SilenceScoring silence, CustomerStore store, EventHubsNamespace hubs, EmulatorOptions options, IServer server,
    DemoDecisions decisions, DemoMessages messages, StageCensus stages, IHostApplicationLifetime lifetime, TimeProvider time) : BackgroundService
{
    private const ulong Seed = 20;
    private const int Customers = 200, Days = 90, HistoryDays = 60, BatchSize = 1000;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    private string MarkPath => Path.Combine(options.DataDirectory, "demo.json");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var started = lifetime.ApplicationStarted.Register(listening.SetResult);
        await listening.Task.WaitAsync(stoppingToken);

        var now = time.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var mark = ReadMark() ?? new Mark(today.AddDays(-Days), 0);
        var portfolio = new Portfolio(new PortfolioOptions(Seed, Customers, mark.Start, today.AddDays(1)) { IdPrefix = "demo-", Turbulence = 5 });
        var events = portfolio.Merge().Where(each => each is not LifeEvent).TakeWhile(each => each.Time <= now).ToList();
        var payments = await SendAsync(events, mark, now, stoppingToken);
        await silence.WakeAsync(stoppingToken);
        await stages.GoOnAsync(int.MaxValue, anew: true, stoppingToken);
        var strategy = await decisions.PutInForceAsync(stoppingToken);
        var answers = await decisions.DecideAsync(events.Select(each => each.Customer).Distinct(), strategy, stoppingToken);
        await System.Console.Out.WriteLineAsync(await DescribeAsync(portfolio, events, payments, text => DemoDecisions.Describe(text, strategy, answers, Address(), KeyHeader()), stoppingToken));
        await System.Console.Out.WriteLineAsync(await messages.ShowAsync(CustomerId.Parse(portfolio.Customer(0).Id), stoppingToken));
    }

    /// <summary>Sends what has not been sent yet, oldest first.</summary>
    /// <returns>Payments sent.</returns>
    private async Task<int> SendAsync(List<SimulatedEvent> events, Mark mark, DateTimeOffset now, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var shown = began;
        var (sent, total) = (0, events.Count - mark.Sent);
        var payments = 0;
        foreach (var batch in events.Skip(mark.Sent).Chunk(BatchSize))
        {
            var bodies = batch.OfType<SimulatedPayment>().Select(each => new ReadOnlyMemory<byte>(CloudEventWriter.ToBytes(each.Payment)));
            var taken = await intake.TakeTransactionsAsync([.. bodies], cancellation);
            var facts = await intake.TakeEventsAsync(ToArray(batch.OfType<SimulatedFact>()), cancellation);
            if (taken.Refused.Concat(facts.Refused).FirstOrDefault() is { } refused)
                throw new InvalidDataException($"the demo's own event was refused: {refused.Field} {refused.Reason}");

            payments += taken.Accepted;
            sent += batch.Length;
            WriteMark(mark with { Sent = mark.Sent + sent });
            if (time.GetElapsedTime(shown) < Tick)
                continue;

            shown = time.GetTimestamp();
            Progress(batch[^1].Time < now.AddDays(HistoryDays - Days) ? "history" : "the month", sent, total, began);
        }

        var drained = Task.WhenAll(
            hubs.WaitUntilDrainedAsync(EventStreams.TransactionsHub, cancellationToken: cancellation),
            hubs.WaitUntilDrainedAsync(EventStreams.EventsHub, cancellationToken: cancellation));
        using var ticks = new PeriodicTimer(Tick, time);
        while (!drained.IsCompleted)
        {
            Progress("scoring", total, total, began);
            await Task.WhenAny(drained, ticks.WaitForNextTickAsync(cancellation).AsTask());
        }

        await drained;
        await System.Console.Error.WriteLineAsync();
        return payments;
    }

    /// <summary>One line on standard error, written over: how many are dealt with, how fast, and how long it will take.</summary>
    private void Progress(string what, int sent, int total, long began)
    {
        var lag = hubs.GetLag(EventStreams.TransactionsHub) + hubs.GetLag(EventStreams.EventsHub);
        var done = Math.Max(0, sent - lag);
        var rate = done / Math.Max(0.001, time.GetElapsedTime(began).TotalSeconds);
        var left = rate > 0 ? string.Create(CultureInfo.InvariantCulture, $"{(total - done) / rate:F0} s left") : "";
        System.Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\rdemo: {what}, {done:N0} of {total:N0} events, {rate:N0}/s, {left}   "));
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
        text.Append("\nThe console, to look at all of it (sign in with the function key below and a name):\n  ").Append(Address()).Append("/api/console/\n");
        WriteCommands(text, portfolio, signals);
        return text.ToString();
    }

    private void WriteCommands(StringBuilder text, Portfolio portfolio, List<(string Customer, string Signal)> signals)
    {
        var (address, key) = (Address(), KeyHeader());
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
        var now = time.GetUtcNow();
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

    private string Address() => server.Features.Get<IServerAddressesFeature>()!.Addresses.Single().TrimEnd('/');

    private string KeyHeader() => $"-H \"x-functions-key: {FunctionKey()}\"";

    /// <summary>The key that requests need: the one set, or the one that the host made at its first start.</summary>
    private string FunctionKey()
    {
        if (options.FunctionKey is { } set)
            return set;

        using var keys = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(options.DataDirectory, "keys.json")));
        return keys.RootElement.GetProperty("functionKey").GetString()!;
    }

    private Mark? ReadMark() => File.Exists(MarkPath) ? JsonSerializer.Deserialize<Mark>(File.ReadAllBytes(MarkPath)) : null;

    private void WriteMark(Mark mark)
    {
        var draft = MarkPath + ".new";
        File.WriteAllBytes(draft, JsonSerializer.SerializeToUtf8Bytes(mark));
        File.Move(draft, MarkPath, overwrite: true);
    }

    private static byte[] ToArray(IEnumerable<SimulatedFact> facts)
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

    /// <summary>How far an earlier run has come.</summary>
    /// <param name="Start">First day of the portfolio.</param>
    /// <param name="Sent">Events sent, oldest first.</param>
    private sealed record Mark(DateOnly Start, int Sent);
}
