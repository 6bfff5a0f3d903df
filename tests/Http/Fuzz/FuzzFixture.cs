using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Documents;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Scoring;
using ServerlessCLM.Tests.Decisions;
using ServerlessCLM.Tests.Journeys.Collections;

namespace ServerlessCLM.Tests.Http.Fuzz;

/// <summary>A bit of everything, so that requests get past the door, with the ids by the names that routes give them.</summary>
internal sealed class FuzzFixture(Product product)
{
    private const string Customer = "C-1";

    private static readonly Dictionary<string, string> Folders = new(StringComparer.Ordinal)
    {
        ["experiments"] = "experiments/", ["policies"] = "packs/", ["templates"] = "templates/", ["journeys"] = "journeys/", ["strategies"] = "strategies/",
    };

    private static readonly Dictionary<string, JsonObject[]> Documents = Folders.ToDictionary(folder => folder.Key, folder => (JsonObject[])[.. ShippedDocuments.Read(folder.Value).Take(6)], StringComparer.Ordinal);

    private static readonly JsonObject Challenger = Higher(ShippedDocuments.Read("models/").First(document => IdOf(document) == "churn"));

    /// <summary>For a parameter that the fixture has nothing for: what is behind the route is reached better where it has.</summary>
    private static readonly string[] Unknown = ["x-1"];

    private readonly Dictionary<string, IReadOnlyList<string>> _values = new(StringComparer.Ordinal)
    {
        ["customerId"] = [Customer], ["purpose"] = ["marketing"], ["channel"] = ["email"], ["contactId"] = ["k-1", "k-2"], ["hub"] = ["events"], ["file"] = ["strategy.json"], ["collection"] = [.. Folders.Keys],
        ["messageId"] = ["m-1", "m-2"], ["gateway"] = ["email"], ["modelId"] = ["churn"], ["version"] = ["2"], ["journey"] = ["card-first-purchase"], ["name"] = ["card_delivered"], ["queue"] = ["collections"], ["task"] = ["t-1"],
        ["debt"] = ["card-1"], ["path"] = ["index.html"],
    };

    /// <summary>The operation's route with values that exist.</summary>
    public string[] Route(ApiOperation operation, Mutation pick)
    {
        var collection = operation.Path.Contains("{collection}", StringComparison.Ordinal) ? pick.Pick(_values["collection"]) : operation.Path.Split('/')[1];
        return [.. operation.Path.Trim('/').Split('/').Select(part => part switch
        {
            "{collection}" => collection,
            "{id}" when operation.Path.Contains("dead-letters", StringComparison.Ordinal) => pick.Pick(_values["letter"]),
            "{id}" when operation.Path.Contains("strategies", StringComparison.Ordinal) => "cards",
            "{id}" => IdOf(pick.Pick(Documents.GetValueOrDefault(collection, Documents["templates"]))),
            "{token}" => pick.Pick(_values[$"token {operation.Id}"]),
            "{customerId}" when operation.Id == "EraseCustomer" => "C-2",
            ['{', .. var name, '}'] => pick.Pick(_values.GetValueOrDefault(name, Unknown)),
            _ => part,
        })];
    }

    /// <summary>A body that the operation takes; where the schema says only "a document", one that is shipped.</summary>
    public JsonNode? Sample(ApiOperation operation, string[] route, Mutation pick) => operation.Id switch
    {
        "PutDocument" or "ValidateDocument" => Array.Find(Documents[route[1]], document => IdOf(document) == route[2]),
        "PreviewTemplate" => Array.Find(Documents["templates"], document => IdOf(document) == route[2]),
        "PostChallenger" => Challenger,
        _ => FuzzSamples.Of(operation.Id, pick, _values) ?? Named(operation.Sample),
    };

    public async Task FillAsync()
    {
        await StrategyInForce.PutAsync(product, StrategyInForce.Cards());
        foreach (var customer in (string[])[Customer, "C-2"])
            await Debtor.InArrearsAsync(product, 40, id: customer);
        await SendAsync(HttpMethod.Put, $"customers/{Customer}/profile", FuzzSamples.Of("PutProfile", new Mutation(new Rng(1)), _values)!.ToJsonString());
        foreach (var consent in (string[])["marketing/email", "service/email", "service/sms", "arrears/sms"])
            await SendAsync(HttpMethod.Put, $"customers/{Customer}/consents/{consent}", """{"status":"granted"}""");
        await SendAsync(HttpMethod.Put, $"customers/{Customer}/contacts/k-1", """{"channel":"email","purpose":"marketing"}""");
        foreach (var (collection, documents) in Documents)
            await SendAsync(HttpMethod.Put, $"documents/{collection}/{IdOf(documents[0])}", documents[0].ToJsonString());

        _values["decisionId"] = [(string)(await SendAsync(HttpMethod.Post, $"customers/{Customer}/decisions", """{"channel":"app"}"""))["decisionId"]!];
        _values["case"] = [(string)(await SendAsync(HttpMethod.Post, $"customers/{Customer}/cases", """{"kind":"call","debt":"card-1"}"""))["id"]!];
        await SendAsync(HttpMethod.Post, $"customers/{Customer}/messages/m-1", FuzzSamples.Of("WriteMessage", new Mutation(new Rng(1)), _values)!.ToJsonString());
        await FillCreditAsync();
        await FillDebtAsync();

        var rubbish = Product.Delivered("{}"u8.ToArray(), 1);
        await product.Get<EventIngestion>().IngestAsync(EventStreams.EventsHub, "1", [rubbish], CancellationToken.None);
        _values["letter"] = [(string)(await SendAsync(HttpMethod.Get, "dead-letters/events"))["deadLetters"]![0]!["id"]!];
    }

    private async Task FillCreditAsync()
    {
        await SendAsync(HttpMethod.Post, "transactions", $$"""
            {"specversion":"1.0","id":"line-1","source":"/test","type":"clm.transaction.v1","subject":"{{Customer}}","time":"2026-11-20T11:00:00Z",
            "data":{"accountId":"A-C-1","amount":-10.5,"currency":"EUR","kind":"card","status":"booked","mcc":"5411","balanceAfter":-400,"creditLimit":5000} }
            """);
        await product.DrainAsync(EventStreams.TransactionsHub);
        var decided = (string)(await SendAsync(HttpMethod.Post, $"customers/{Customer}/credit-line"))["id"]!;
        _values["notice"] = [decided];
        _values["review"] = [(string)(await SendAsync(HttpMethod.Post, $"customers/{Customer}/reviews", $$"""{"decisionId":"{{decided}}","statement":"I have a new job."}"""))["id"]!];
    }

    private async Task FillDebtAsync()
    {
        var path = $"customers/{Customer}/debts/card-1";
        _values["settlement"] = [(string)(await SendAsync(HttpMethod.Post, $"{path}/settlement", """{"amount":"1150.00"}"""))["settlement"]!["id"]!];
        foreach (var (operation, purpose) in ((string, string)[])[("SeeBalance", "view"), ("StartPayment", "view"), ("PromiseByLink", "promise"), ("PlanByLink", "plan")])
        {
            // A link is used a few times only: each operation has several.
            var tokens = new List<string>();
            for (var hours = 1; hours <= 8; hours++)
                tokens.Add((string)(await SendAsync(HttpMethod.Post, $"{path}/links", $$"""{"purpose":"{{purpose}}","hours":{{hours + (operation == "StartPayment" ? 8 : 0)}} }"""))["token"]!);
            _values[$"token {operation}"] = tokens;
        }

        var payment = await SendAsync(HttpMethod.Post, $"self-service/{_values["token StartPayment"][0]}/payments", """{"amount":"10.00"}""");
        _values["reference"] = [(string)payment["reference"]!];
    }

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, string? json = null)
    {
        var (status, body) = await product.SendAsync(method, $"api/{path}", json, (Principals.Header, "ann"));
        Assert.True(status < 300, $"{method} {path} answered {status}: {body}");
        return body ?? new JsonObject();
    }

    /// <summary>Names that exist, where the schema knows only that they are texts.</summary>
    private static JsonNode? Named(JsonNode? sample)
    {
        foreach (var members in Objects(sample).ToList())
        {
            foreach (var (name, value) in (ReadOnlySpan<(string, string)>)[("customerId", Customer), ("subject", Customer), ("debt", "card-1")])
            {
                if (members[name] is JsonValue)
                    members[name] = value;
            }
        }

        return sample;

        static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
        {
            JsonObject members => members.SelectMany(member => Objects(member.Value)).Append(members),
            JsonArray items => items.SelectMany(Objects),
            _ => [],
        };
    }

    private static JsonObject Higher(JsonObject model)
    {
        model["version"] = 2;
        return model;
    }

    private static string IdOf(JsonObject document) => (string)document["id"]!;
}
