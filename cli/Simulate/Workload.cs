using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessCLM.Emulator;
using ServerlessCLM.Simulation;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Cli.Simulate;

/// <summary>
/// What goes on with a portfolio's customers, in small numbers: their payments and facts; decisions and what comes of them; authorizations, contacts
/// up to and beyond their caps, messages, complaints; debts with promises; and the erasure of one of them. It follows from the seed alone.
/// </summary>
internal sealed class Workload
{
    /// <summary>Journeys of the catalogue that are on: one that writes and asks a person, one that thanks and waits for a day, one that waits for a week.</summary>
    public const string Journeys = "complaint-recovery,promise-keeper,card-first-purchase";

    public static readonly IReadOnlyList<string> Signals = ["complaint_received", "card_activated"];

    /// <summary>What a debt amounts to when it is first told; an instalment of it is due.</summary>
    public const decimal Balance = 1200, Instalment = 300;

    /// <summary>What is promised, and paid in two parts.</summary>
    public const decimal Promised = 100, Paid = 60;

    /// <summary>Payments reach the product so long after the end of half a day.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(30);

    private readonly List<Dealing> _dealings = [];
    private readonly Dictionary<string, List<Dealing>> _between = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _currencies;
    private readonly ulong _seed;
    private readonly DateTimeOffset _start;

    public Workload(Portfolio portfolio)
    {
        Options = portfolio.Options;
        _seed = Options.Seed;
        _start = new DateTimeOffset(Options.Start, TimeOnly.MinValue, TimeSpan.Zero);
        _currencies = portfolio.Customers.ToDictionary(customer => customer.Id, customer => customer.Currency, StringComparer.Ordinal);
        Customers = [.. portfolio.Customers.Select(customer => customer.Id)];
        Erased = Customers.Count > 1 ? Customers[^1] : null;
        TakeEvents(portfolio);
        for (var place = 0; place < Customers.Count; place++)
            Live(Customers[place], place);
        _dealings = [.. _dealings.OrderBy(dealing => dealing.At).ThenBy(dealing => dealing.Key, StringComparer.Ordinal)];
    }

    public PortfolioOptions Options { get; }

    public IReadOnlyList<string> Customers { get; }

    /// <summary>Who is erased on the last day.</summary>
    public string? Erased { get; }

    /// <summary>In the order of time.</summary>
    public IReadOnlyList<Dealing> Dealings => _dealings;

    /// <summary>What others want of a customer while something else is done with them.</summary>
    public IReadOnlyDictionary<string, List<Dealing>> Between => _between;

    public static string DebtOf(string customer) => $"{customer}-loan";

    public static bool HasDebt(int place) => place % 2 == 0;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static DateTimeOffset WindowOf(DateTimeOffset time) =>
        new DateTimeOffset(time.UtcDateTime.Date, TimeSpan.Zero).AddHours(time.Hour < 12 ? 12 : 24) + Late;

    private void TakeEvents(Portfolio portfolio)
    {
        foreach (var window in portfolio.Merge().Where(each => each is not LifeEvent && each.Time >= _start).GroupBy(each => WindowOf(each.Time)))
        {
            var payments = window.OfType<SimulatedPayment>().Select(each => Encoding.UTF8.GetString(CloudEventWriter.ToBytes(each.Payment))).ToList();
            var facts = window.OfType<SimulatedFact>().Select(each => Encoding.UTF8.GetString(each.ToBytes())).ToList();
            if (payments.Count > 0)
                Add(window.Key, "", DealingKind.Payments, Text($"payments-{window.Key:yyyyMMddHH}"), HttpMethod.Post, "transactions", $"[{string.Join(',', payments)}]");
            if (facts.Count > 0)
                Add(window.Key, "", DealingKind.Events, Text($"events-{window.Key:yyyyMMddHH}"), HttpMethod.Post, "events", $"[{string.Join(',', facts)}]");
        }
    }

    private void Live(string customer, int place)
    {
        Add(At(0, 0.2, customer), customer, DealingKind.Profile, $"{customer}-profile", HttpMethod.Put, $"customers/{customer}/profile",
            """{"country":"DE","timeZone":"Europe/Berlin","language":"en","email":"a@example.com","phone":"+4915112345678"}""");
        foreach (var purpose in (string[])["marketing", "service"])
            Add(At(0, 0.6, customer + purpose), customer, DealingKind.Consent, $"{customer}-{purpose}", HttpMethod.Put, $"customers/{customer}/consents/{purpose}/email", """{"status":"granted","source":"form"}""");
        // The limit of the card, which a credit line decision goes by, comes with a payment.
        var paid = At(0, 2, customer);
        Add(paid, customer, DealingKind.Payments, $"{customer}-limit", HttpMethod.Post, "transactions", "[" + Event($"{customer}-limit", "clm.transaction.v1", customer, Instant.Text(paid),
            $$"""{"accountId":"A-{{customer}}","amount":-12.00,"currency":"{{_currencies[customer]}}","kind":"card","status":"booked","mcc":"5411","merchant":"Grocer 12","country":"DE","balanceAfter":-400.00,"creditLimit":3000.00}""") + "]");
        if (HasDebt(place))
            Owe(customer);
        if (place % 3 == 1)
            Signal(customer, Signals[0], At(0, 14, customer));
        else
            Signal(customer, Signals[1], At(0, 8, customer));
        for (var day = 0; day < Options.End.DayNumber - Options.Start.DayNumber; day++)
            LiveDay(customer, day);
        if (customer == Erased)
            Add(At(Options.End.DayNumber - Options.Start.DayNumber - 1, 16, customer), customer, DealingKind.Erasure, $"{customer}-erasure", HttpMethod.Delete, $"customers/{customer}", "");
        _between[customer] = [.. Enumerable.Range(0, 40).Select(number => number % 2 == 0 ? Contact(customer, $"between-{number}", "service", _start) : Authorization(customer, $"between-{number}", _start))];
    }

    private void LiveDay(string customer, int day)
    {
        if (customer != Erased)
            Decide(customer, day);
        _dealings.Add(Authorization(customer, Text($"card-{day}"), At(day, 11, customer)));
        foreach (var part in (string[])["a", "b"])
        {
            var id = Text($"offer-{day}{part}");
            var at = At(day, part == "a" ? 10 : 15, customer + part);
            _dealings.Add(Contact(customer, id, "marketing", at));
            _dealings.Add(new Dealing(at.AddMinutes(2), customer, DealingKind.Call, $"{customer}-{id}-made", HttpMethod.Post, $"customers/{customer}/contacts/{customer}-{id}/dispatch",
                answers => (string?)answers[$"{customer}-{id}"]?.Body?["verdict"] is null or "refuse" ? null : ""));
        }

        var message = Text($"{customer}-due-{day}");
        var written = At(day, 12, customer);
        Add(written, customer, DealingKind.Message, message, HttpMethod.Post, $"customers/{customer}/messages/{message}", Text($$"""
            {"template":"payment-due","channel":"email","facts":[{"kind":"money","name":"amount_due","amount":{{20 + day}}.00,"currency":"EUR"},
            {"kind":"date","name":"due","date":"{{_start.AddDays(day + 5):yyyy-MM-dd}}"},{"kind":"contact","name":"hotline","text":"+49 30 1234567"}]}
            """));
        Add(written.AddMinutes(5), customer, DealingKind.Dispatch, $"{message}-sent", HttpMethod.Post, $"customers/{customer}/messages/{message}/dispatch", "{}");
        if (day == 1)
            Add(At(day, 13, customer), customer, DealingKind.CreditLine, $"{customer}-line", HttpMethod.Post, $"customers/{customer}/credit-line", "");
    }

    private void Decide(string customer, int day)
    {
        var key = Text($"{customer}-decision-{day}");
        var at = At(day, 9, customer);
        Add(at, customer, DealingKind.Decision, key, HttpMethod.Post, $"customers/{customer}/decisions", """{"strategy":"simulated"}""");
        var accepted = SeededHash.Share(SeededHash.Of(_seed, key, 1)) < 0.5;
        foreach (var (outcome, minutes) in ((string, int)[])[("impression", 20), (accepted ? "accept" : "reject", 40)])
        {
            var id = $"{key}-{outcome}";
            _dealings.Add(new Dealing(at.AddMinutes(minutes), customer, DealingKind.Outcome, id, HttpMethod.Post, "outcomes", answers =>
                answers[key]?.Body is { } decision && decision["chosen"] is not null
                    ? Event(id, "clm.outcome.v1", customer, (string)decision["at"]!, $$"""{"outcome":"{{outcome}}","decisionId":"{{decision["decisionId"]}}"}""")
                    : null));
        }
    }

    private void Owe(string customer)
    {
        var debt = DebtOf(customer);
        Tell(At(0, 1, customer), customer, "instalment_due", Text($$"""{"debt":"{{debt}}","amount":{{Instalment}},"currency":"EUR","dueDate":"{{_start.AddDays(-10):yyyy-MM-dd}}","balance":{{Balance}}}"""));
        Add(At(0, 13, customer), customer, DealingKind.Promise, $"{customer}-promise", HttpMethod.Post, $"customers/{customer}/debts/{debt}/promise",
            Text($$"""{"amount":"{{Promised}}.00","by":"{{_start.AddDays(5):yyyy-MM-dd}}"}"""));
        foreach (var hour in (int[])[15, 17])
            Tell(At(0, hour, customer), customer, "debt_payment", Text($$"""{"debt":"{{debt}}","amount":{{Paid / 2}},"currency":"EUR"}"""));
        Tell(At(0, 18, customer), customer, "debt_payment", """{"debt":"nobody-s","amount":1,"currency":"EUR"}""");
    }

    private Dealing Authorization(string customer, string id, DateTimeOffset at) => new(at, customer, DealingKind.Authorization, $"{customer}-{id}", HttpMethod.Post, "authorizations", _ => $$"""
        {"customerId":"{{customer}}","id":"{{customer}}-{{id}}","accountId":"A-{{customer}}","amount":4.00,"currency":"{{_currencies[customer]}}","mcc":"5411","merchant":"Grocer 12","country":"DE","channel":"chip"}
        """);

    private static Dealing Contact(string customer, string id, string purpose, DateTimeOffset at) => new(at, customer, DealingKind.Contact, $"{customer}-{id}", HttpMethod.Put,
        $"customers/{customer}/contacts/{customer}-{id}", _ => $$"""{"channel":"email","purpose":"{{purpose}}","journey":"offers"}""");

    private void Tell(DateTimeOffset at, string customer, string name, string details)
    {
        // No long row of digits: that would be taken for a card number.
        var id = Text($"{customer}-{name}-{at:MMdd}-{at:HHmmss}");
        Add(at, customer, DealingKind.Events, id, HttpMethod.Post, "events", Event(id, "clm.lifecycle.v1", customer, Instant.Text(at), $$"""{"event":"{{name}}","details":{{details}}}"""));
    }

    private void Signal(string customer, string name, DateTimeOffset at) =>
        Add(at, customer, DealingKind.Signal, $"{customer}-{name}", HttpMethod.Post, $"customers/{customer}/signals/{name}", "{}");

    private static string Event(string id, string type, string customer, string time, string data) => new JsonObject
    {
        ["specversion"] = "1.0", ["type"] = type, ["source"] = "/simulated", ["id"] = id, ["subject"] = customer, ["time"] = time, ["data"] = JsonNode.Parse(data),
    }.ToJsonString();

    private void Add(DateTimeOffset at, string customer, DealingKind kind, string key, HttpMethod method, string path, string body) =>
        _dealings.Add(new Dealing(at, customer, kind, key, method, path, _ => body));

    /// <summary>An instant within half an hour of an hour.</summary>
    private DateTimeOffset At(int day, double hour, string what) =>
        _start.AddDays(day).AddHours(hour).AddSeconds((int)(1800 * SeededHash.Share(SeededHash.Of(_seed, what, (day * 24) + (int)hour))));
}
