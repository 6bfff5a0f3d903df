using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Journeys;
using ServerlessCLM.Scoring;
using ServerlessCLM.Simulation;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Functions;

/// <summary>
/// Two things that happen to customers of the demo, by journeys of the catalogue and over the product's own routes: some have closed their account and
/// are won back, some fall behind with a payment, promise, and pay. What they do follows from what has reached them; run again it is the same.
/// </summary>
internal sealed class DemoCases(DemoHost host, DemoDecisions documents, EventIntake intake, CustomerStore store, VirtualTime clock, DemoMark mark)
{
    private const string Winback = "winback", Nudge = "past-due-nudge", Promise = "promise-keeper", Debt = "card-1";

    /// <summary>Days of payments before the account was closed; the day from which the leavers are written to, and that on which an instalment is missed.</summary>
    public const int Before = 90, Written = 90, Due = 84;

    private const int Each = 3;

    private readonly List<(DateTimeOffset At, string Customer, string What)> _told = [];

    private readonly Portfolio _leavers = new(new PortfolioOptions(7, Each, mark.Start.AddDays(-Before), mark.Start) { IdPrefix = "demo-left-", Turbulence = 0, NewCustomerShare = 0 });

    private IEnumerable<string> Leavers => _leavers.Customers.Select(customer => customer.Id);

    /// <summary>Customers of the portfolio who miss an instalment.</summary>
    public IReadOnlyList<string> Debtors { get; init; } = ["demo-000001", "demo-000002", "demo-000003"];

    public async Task PutInForceAsync(CancellationToken cancellation)
    {
        foreach (var id in (string[])[Winback, Nudge, Promise])
            await documents.PutInForceAsync("journey", JourneyCatalogue.Documents.First(document => (string?)document["id"] == id), cancellation);
    }

    /// <summary>Does what is to be done by the customers at noon of a day.</summary>
    public async Task LiveAsync(DateTimeOffset noon, CancellationToken cancellation)
    {
        var day = DateOnly.FromDateTime(noon.UtcDateTime).DayNumber - mark.Start.DayNumber;
        foreach (var customer in day == 0 ? Leavers : [])
            await LeaveAsync(customer, cancellation);
        foreach (var customer in day >= Written ? Leavers : [])
            await ComeBackAsync(customer, noon, cancellation);
        foreach (var customer in day >= Due ? Debtors : [])
            await FallBehindAsync(customer, noon, cancellation);
        await clock.SettleAsync(cancellation);
    }

    private async Task LeaveAsync(string customer, CancellationToken cancellation)
    {
        var lived = _leavers.Merge().Where(each => each.Customer == customer).ToList();
        await intake.TakeTransactionsAsync([.. lived.OfType<SimulatedPayment>().Select(each => new ReadOnlyMemory<byte>(CloudEventWriter.ToBytes(each.Payment)))], cancellation);
        await intake.TakeEventsAsync(Demo.ToArray(lived.OfType<SimulatedFact>()), cancellation);
        await host.SendAsync(HttpMethod.Post, "events", Event(customer, "clm.profile.v1", "phone", new JsonObject { ["phone"] = "+491701234567" }), cancellation);
        await clock.SettleAsync(cancellation);
        await host.SendAsync(HttpMethod.Put, $"customers/{customer}/consents/marketing/email", new JsonObject { ["status"] = "granted", ["source"] = "form" }, cancellation);
        await TellAsync(customer, "clm.lifecycle.v1", "left", new JsonObject { ["event"] = "account_closed" }, cancellation);
    }

    /// <summary>Whoever was made an offer looks at it and accepts; the next day the bank opens the account.</summary>
    private async Task ComeBackAsync(string customer, DateTimeOffset noon, CancellationToken cancellation)
    {
        foreach (var task in await OpenAsync("onboarding", customer, cancellation))
        {
            await host.SendAsync(HttpMethod.Post, $"customers/{customer}/tasks/{task}/answer", new JsonObject { ["outcome"] = "reopened" }, cancellation);
            Note(customer, $"{DemoDecisions.Author} opens the account and answers the task");
        }

        var known = await host.SendAsync(HttpMethod.Get, $"customers/{customer}", null, cancellation);
        if (await UnreadAsync(customer, Winback, noon, cancellation) is not { } message
            || known["decisions"]!.AsArray().FirstOrDefault(each => ((string?)each!["action"])?.StartsWith(Winback, StringComparison.Ordinal) == true) is not { } decision)
            return;

        foreach (var seen in (string[])["opened", "clicked"])
            await host.SendAsync(HttpMethod.Post, $"customers/{customer}/messages/{message}/receipts", new JsonObject { ["id"] = $"{message}-{seen}", ["event"] = seen, ["at"] = Instant.Text(noon) }, cancellation);
        await host.SendAsync(HttpMethod.Post, "outcomes", Event(customer, "clm.outcome.v1", $"accept-{message}",
            new JsonObject { ["outcome"] = "accept", ["channel"] = "email", ["decisionId"] = (string)decision["id"]! }), cancellation);
        Note(customer, $"opens the message and accepts {decision["action"]}");
        await clock.SettleAsync(cancellation);
    }

    /// <summary>Misses an instalment, promises by the link in a reminder, and pays on the day.</summary>
    private async Task FallBehindAsync(string customer, DateTimeOffset noon, CancellationToken cancellation)
    {
        var today = DateOnly.FromDateTime(noon.UtcDateTime);
        var debts = (await host.SendAsync(HttpMethod.Get, $"customers/{customer}/debts", null, cancellation))["debts"]!.AsArray();
        if (debts.Count == 0)
        {
            await TellAsync(customer, "clm.lifecycle.v1", "instalment", new JsonObject { ["event"] = "instalment_due", ["details"] = new JsonObject
            {
                ["debt"] = Debt, ["amount"] = 120, ["currency"] = "EUR", ["dueDate"] = Text(today.AddDays(1)), ["balance"] = 480,
            } }, cancellation);
            return;
        }

        if (debts[0]!["promise"] is { } promise)
        {
            if ((string?)promise["status"] == "Open" && DateOnly.Parse((string)promise["by"]!, CultureInfo.InvariantCulture) <= today)
                await TellAsync(customer, "clm.lifecycle.v1", "payment", new JsonObject { ["event"] = "debt_payment", ["details"] = new JsonObject { ["debt"] = Debt, ["amount"] = 120, ["currency"] = "EUR" } }, cancellation);
        }
        else if (await UnreadAsync(customer, Nudge, noon, cancellation) is not null)
        {
            var link = await host.SendAsync(HttpMethod.Post, $"customers/{customer}/debts/{Debt}/links", new JsonObject { ["purpose"] = "promise" }, cancellation);
            await host.SendAsync(HttpMethod.Post, $"self-service/{link["token"]}/promise", new JsonObject { ["amount"] = "120.00", ["by"] = Text(today.AddDays(3)) }, cancellation);
            Note(customer, $"promises by the self-service link to pay EUR 120.00 by {Text(today.AddDays(3))}");
        }
    }

    /// <summary>The journeys of one who got through from trigger to goal, step by step, and where to see it.</summary>
    public async Task<string> ShowAsync(CancellationToken cancellation)
    {
        var text = new StringBuilder();
        await ShowAsync(text, "Won back: from the closed account to the open one", Winback, Leavers, cancellation);
        await ShowAsync(text, "Collected: from the missed instalment to the kept promise", Promise, Debtors, cancellation);
        text.Append("What journeys sent, as the gateways of the emulator keep it:\n").Append(CultureInfo.InvariantCulture, $"  curl -s {host.KeyHeader} {host.Address}/api/messages/outbox\n");
        return text.ToString();
    }

    private async Task ShowAsync(StringBuilder text, string title, string journey, IEnumerable<string> customers, CancellationToken cancellation)
    {
        var ended = new List<(string Customer, string? Outcome)>();
        foreach (var customer in customers)
        {
            var run = (await host.SendAsync(HttpMethod.Get, $"customers/{customer}/journeys", null, cancellation))["journeys"]!.AsArray().FirstOrDefault(each => (string?)each!["journey"] == journey);
            ended.Add((customer, run is null ? null : (string?)run["outcome"] ?? $"at {run["node"]}"));
        }

        text.Append(CultureInfo.InvariantCulture, $"\n{title}. {journey} by now: {string.Join(", ", ended.CountBy(each => each.Outcome ?? "never entered").Select(kind => $"{kind.Value} {kind.Key}"))}.\n");
        var shown = ended.Find(each => each.Outcome == "goal").Customer ?? ended[0].Customer;
        foreach (var (at, what) in await TimelineAsync(shown, cancellation))
            text.Append(CultureInfo.InvariantCulture, $"  {at:yyyy-MM-dd HH:mm}  {what}\n");
        text.Append(CultureInfo.InvariantCulture, $"  curl -s {host.KeyHeader} {host.Address}/api/customers/{shown}/journeys\n")
            .Append(CultureInfo.InvariantCulture, $"  curl -s {host.KeyHeader} {host.Address}/api/journeys/{journey}\n");
    }

    /// <summary>What happened, the nodes that were reached, and the messages that were sent.</summary>
    private async Task<IEnumerable<(DateTimeOffset At, string What)>> TimelineAsync(string customer, CancellationToken cancellation)
    {
        var partition = (await store.ReadAsync(CustomerId.Parse(customer), cancellation))!;
        var steps = partition.Of(CustomerRows.JourneyStepPrefix).Select(row => row.Deserialize(JourneysJson.Default.JourneyStepRow)!)
            .GroupBy(step => (step.Journey, step.Step.At)).Select(group => (group.Key.At, $"{group.Key.Journey}: {string.Join(", ", group.OrderBy(step => step.Step.Number).Select(step => step.Step.Node))}"));
        var messages = (await host.SendAsync(HttpMethod.Get, $"customers/{customer}/messages", null, cancellation))["messages"]!.AsArray()
            .Select(message => (Read(message!["at"]), $"{message["gateway"]}: \"{(string?)message["subject"] ?? Rejection.Shorten((string)message["body"]!, 80)}\""));
        var ends = (await host.SendAsync(HttpMethod.Get, $"customers/{customer}/journeys", null, cancellation))["journeys"]!.AsArray().Where(run => run!["ended"] is not null)
            .Select(run => (Read(run!["ended"]), $"{run["journey"]} ends: {run["outcome"]} {run["reason"]}{(run["value"] is { } value ? $", worth {value}" : "")}"));
        return _told.Where(each => each.Customer == customer).Select(each => (each.At, each.What)).Concat(steps).Concat(messages).Concat(ends).OrderBy(each => each.Item1);

        static DateTimeOffset Read(JsonNode? at) => DateTimeOffset.Parse((string)at!, CultureInfo.InvariantCulture);
    }

    /// <summary>A journey's message that came yesterday or before and was not looked at yet.</summary>
    private async Task<string?> UnreadAsync(string customer, string journey, DateTimeOffset noon, CancellationToken cancellation) =>
        (string?)(await host.SendAsync(HttpMethod.Get, $"customers/{customer}/messages", null, cancellation))["messages"]!.AsArray().FirstOrDefault(message =>
            (string?)message!["journey"] == journey && message["receipts"]!.AsArray().Count == 0
            && DateTimeOffset.Parse((string)message["at"]!, CultureInfo.InvariantCulture) < noon.AddHours(-1))?["messageId"];

    private async Task<IReadOnlyList<string>> OpenAsync(string queue, string customer, CancellationToken cancellation) =>
        [.. (await host.SendAsync(HttpMethod.Get, $"tasks/{queue}", null, cancellation))["tasks"]!.AsArray().Where(task => (string?)task!["customerId"] == customer).Select(task => (string)task!["id"]!)];

    private async Task TellAsync(string customer, string type, string id, JsonObject data, CancellationToken cancellation)
    {
        await host.SendAsync(HttpMethod.Post, "events", Event(customer, type, id, data), cancellation);
        Note(customer, $"the bank tells {data["event"]}");
        await clock.SettleAsync(cancellation);
    }

    private JsonObject Event(string customer, string type, string id, JsonObject data) => new()
    {
        ["specversion"] = "1.0", ["type"] = type, ["source"] = "/demo/cases", ["id"] = $"{id}-{customer}", ["subject"] = customer, ["time"] = Instant.Text(clock.Now), ["data"] = data,
    };

    private void Note(string customer, string what) => _told.Add((clock.Now, customer, what));

    private static string Text(DateOnly day) => day.ToString("O", CultureInfo.InvariantCulture);
}
