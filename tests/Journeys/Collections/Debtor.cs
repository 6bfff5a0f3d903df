using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Emulator;
using ServerlessCLM.Scoring;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Journeys.Collections;

/// <summary>A customer with a year of pay and spending and a debt, told through the stream.</summary>
internal sealed class Debtor(Product product, string id = "C-1")
{
    private long _sequence;

    public string Id => id;

    public CustomerId Customer { get; } = CustomerId.Parse(id);

    public string Path => $"api/customers/{id}";

    public string DebtPath => $"{Path}/debts/card-1";

    /// <summary>A year of pay of 2500, rent of 800 and groceries of 90 a week; then an instalment that fell due so many days ago.</summary>
    public static async Task<Debtor> InArrearsAsync(Product product, int daysPastDue, decimal amount = 300, string id = "C-1", string? profile = null)
    {
        var debtor = new Debtor(product, id);
        await debtor.PayAsync(260);
        await debtor.TellAsync("clm.profile.v1", profile ?? """{"timeZone":"Europe/Berlin","country":"DE","phone":"+4915112345678"}""", -30);
        await debtor.DueAsync(daysPastDue, amount);
        await debtor.LookAsync();
        return debtor;
    }

    public async Task PayAsync(int days)
    {
        var events = new List<EventData>();
        for (var day = -days; day < 0; day++)
        {
            var at = Product.Now.AddDays(day);
            if (at.Day == 25)
                Add(at, 2500m, PaymentKind.Salary, null);
            if (at.Day == 1)
                Add(at, -800m, PaymentKind.StandingOrder, null);
            if (at.DayOfWeek == DayOfWeek.Saturday)
                Add(at, -90m, PaymentKind.Card, "5411");
        }

        await product.Get<PaymentScoring>().ScoreAsync(EventStreams.TransactionsHub, "0", events, CancellationToken.None);

        void Add(DateTimeOffset at, decimal amount, PaymentKind kind, string? mcc) =>
            events.Add(Product.Delivered(Product.Payment(id, $"{id}-{at:yyyyMMdd}-{kind}", at, amount, kind: kind, mcc: mcc), ++_sequence));
    }

    /// <summary>An instalment that fell due so many days ago, told a month before.</summary>
    public Task DueAsync(int daysPastDue, decimal amount = 300, string debt = "card-1")
    {
        var due = DateOnly.FromDateTime(Product.Now.UtcDateTime).AddDays(-daysPastDue);
        return TellAsync("clm.lifecycle.v1",
            $$"""{"event":"instalment_due","details":{"debt":"{{debt}}","amount":{{amount}},"currency":"EUR","dueDate":"{{due:yyyy-MM-dd}}","balance":{{amount * 4}}} }""", -daysPastDue - 30);
    }

    public async Task<ScoringSummary> TellAsync(string type, string data, int day = 0)
    {
        var at = day == 0 ? product.Clock.GetUtcNow() : Product.Now.AddDays(day);
        var text = $$"""{"specversion":"1.0","id":"{{Digest64.Of(type + data):x}}-{{++_sequence}}","source":"/bank","type":"{{type}}","subject":"{{id}}","time":"{{Instant.Text(at)}}","data":{{data}} }""";
        return await product.Get<EventIngestion>().IngestAsync(EventStreams.EventsHub, "0",
            [Product.Delivered(System.Text.Encoding.UTF8.GetBytes(text), _sequence, product.Clock.GetUtcNow())], CancellationToken.None);
    }

    public Task FlagAsync(string flag, bool set = true) => TellAsync("clm.profile.v1", $$"""{"flags":{"{{flag}}":{{(set ? "true" : "false")}}} }""");

    /// <summary>The timer of the wake index comes by.</summary>
    public async Task LookAsync() => await product.Get<SilenceScoring>().WakeAsync(CancellationToken.None);

    public async Task<Debt> DebtAsync() => System.Text.Json.JsonSerializer.Deserialize(
        (await product.Get<CustomerStore>().ReadAsync(Customer, CancellationToken.None))!.Rows.Single(row => row.Key == CustomerRows.Debt("card-1")).Value, DebtJson.Default.Debt)!;

    public async Task<List<string>> SignalsAsync() =>
        [.. (await product.Get<CustomerStore>().ReadAsync(Customer, CancellationToken.None))!.Of(CustomerRows.SignalPrefix).Select(row => (string)row["name"]!).Reverse()];

    /// <summary>A request as a person of the bank.</summary>
    public Task<(int Status, JsonNode? Body)> AsAsync(string principal, HttpMethod method, string path, string? json = null, string? ifMatch = null) =>
        product.SendAsync(method, path, json, [("x-ms-client-principal-name", principal), .. ifMatch is null ? [] : new[] { ("If-Match", ifMatch) }]);
}
