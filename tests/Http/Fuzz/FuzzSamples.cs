using System.Text.Json.Nodes;

namespace ServerlessCLM.Tests.Http.Fuzz;

/// <summary>Bodies of requests that pass, for operations whose schema alone does not lead to one.</summary>
internal static class FuzzSamples
{
    private const string Facts = """[{"kind":"money","name":"amount_due","amount":120.00,"currency":"EUR"},{"kind":"date","name":"due","date":"2026-11-25"},{"kind":"contact","name":"hotline","text":"+49 30 1234567"},{"kind":"rate","name":"rate","percent":3.5},{"kind":"count","name":"term","count":14,"unit":"day"},{"kind":"personal","name":"given_name","value":"Ann"}]""";

    private static readonly Dictionary<string, string[]> Bodies = new(StringComparer.Ordinal)
    {
        ["PutProfile"] = ["""{"givenName":"Ann","familyName":"Obermayer","email":"a@example.com","phone":"+4915112345678","address":{"line1":"Road 1","city":"Berlin","country":"DE"},"birthDate":"1980-02-29","customerSince":"2020-01-01","country":"DE","language":"de","timeZone":"Europe/Berlin","segment":"retail","monthlyIncome":2500.00,"products":{"card":"classic"},"flags":{"hardship":false},"attributes":{"a":"b"},"suppressions":{},"unreachable":{}}"""],
        ["VerifyAudit"] = ["""{"customers":["C-1"]}""", """{"from":"00","to":"0f"}"""],
        ["ReplayDecisions"] = ["""{"customers":["C-1"]}""", """{"from":"00","to":"0f"}"""],
        ["ResendDeadLetter"] = ["""{"specversion":"1.0","id":"again-1","source":"/cards","type":"clm.lifecycle.v1","subject":"C-1","time":"2026-11-20T09:30:00Z","data":{"event":"card_delivered"}}"""],
        ["DraftMessage"] = [$$$"""{"customerId":"C-1","brief":{"messageId":"d-1","purpose":"service","channel":"email","language":"en","sendDate":"2027-03-10","facts":{{{Facts}}}},"template":{"subject":"Your payment","body":"Dear {{given_name}}, {{amount_due}} is due on {{due}}."} }"""],
        ["WriteMessage"] = [$$"""{"template":"payment-due","channel":"sms","facts":{{Facts}} }"""],
        ["SendMessage"] = ["{}", """{"gateway":"sms","debt":"card-1","journey":"payment-reminder"}"""],
        ["TellReceipt"] = ["""{"id":"x-1","event":"opened","at":"2026-11-20T11:00:00Z"}""", """{"id":"x-2","event":"replied","at":"2026-11-20T11:00:00Z","text":"STOP"}""", """{"id":"x-3","event":"bounced","at":"2026-11-20T11:00:00Z","reason":"unknown address"}"""],
        ["TakeReceipt"] = ["""{"type":"clm.receipt.v1","data":{"customerId":"C-1","messageId":"m-1","event":"opened","at":"2026-11-20T11:00:00Z"}}""", """{"type":"clm.receipt.v1","data":{"customerId":"C-1","messageId":"m-1","event":"replied","at":"2026-11-20T11:00:00Z","text":"Who are you?"}}"""],
        ["PostOutcomes"] = ["""{"specversion":"1.0","id":"o-1","source":"/test","type":"clm.outcome.v1","subject":"C-1","time":"2026-11-20T11:00:00Z","data":{"outcome":"convert","decisionId":"{decisionId}","amount":12.5,"currency":"EUR"}}""", """[{"specversion":"1.0","id":"o-2","source":"/test","type":"clm.outcome.v1","subject":"C-1","time":"2026-11-20T11:00:00Z","data":{"outcome":"reply","decisionId":"{decisionId}","channel":"email","text":"stop it"}}]"""],
        ["Decide"] = ["""{"channel":"app","placement":"home","strategy":"cards","limit":3,"actions":["gold","nothing"]}""", """{"channel":"email"}""", "{}"],
        ["AskForReview"] = ["""{"decisionId":"{notice}","statement":"I have a new job."}"""],
        ["SendNotice"] = ["""{"channel":"letter"}"""],
        ["ResolveReview"] = ["""{"outcome":"upheld","note":"as before"}""", """{"outcome":"overturned","line":4000,"note":"a new job"}"""],
        ["MigrateJourney"] = ["""{"from":1,"to":2,"map":{"a":"b"},"dryRun":true}"""],
        ["EnterJourney"] = ["{}", """{"amount":12.5,"name":"call"}"""],
        ["PostSignal"] = ["{}", """{"debt":"card-1","amount":300,"currency":"EUR","at":"2026-11-20T11:00:00Z"}"""],
        ["AgreePlan"] = ["""{"months":6}""", """{"months":12,"income":"2500.00","spending":"900.00"}"""],
        ["ProposeSettlement"] = ["""{"amount":"1150.00"}"""],
        ["CompleteCase"] = ["""{"outcome":"reached","note":"spoke"}"""],
        ["ExposeCustomer"] = ["""{"customerId":"C-1"}"""],
        ["ReceivePayment"] = ["""{"type":"payment.succeeded","data":{"id":"p-1","reference":"{reference}","amount":"10.00","currency":"EUR"}}"""],
    };

    /// <param name="operation">Its id.</param>
    /// <param name="pick">Which of them.</param>
    /// <param name="values">Ids that stand in braces, by their names.</param>
    public static JsonNode? Of(string operation, Mutation pick, IReadOnlyDictionary<string, IReadOnlyList<string>> values) => Bodies.TryGetValue(operation, out var bodies)
        ? JsonNode.Parse(((string[])["decisionId", "notice", "reference"]).Aggregate(pick.Pick(bodies),
            (body, name) => body.Replace($"{{{name}}}", values.GetValueOrDefault(name)?[0], StringComparison.Ordinal)))
        : null;
}
