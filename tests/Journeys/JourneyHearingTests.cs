using System.Net;
using System.Text.Json.Nodes;
using ServerlessCLM.Tests.Decisions;

namespace ServerlessCLM.Tests.Journeys;

/// <summary>What reaches journeys that wait: receipts, outcomes, and flags, whoever sets them.</summary>
public class JourneyHearingTests
{
    private static JsonObject Journey(string id, string nodes, string more = "") => JsonNode.Parse($$"""
        {
          "id": "{{id}}", "version": 1, "stage": "activate", "sector": "card", "purpose": "service",
          "entry": { "call": true, "reentry": "always", "concurrent": 2 }, {{more}} "start": "first", "nodes": {{nodes}}
        }
        """)!.AsObject();

    [Fact]
    public async Task Receipts_and_outcomes_lead_a_journey_on_and_only_those_of_its_message()
    {
        await using var product = await JourneyProduct.StartAsync();
        await product.PutAsync(Journey("tips", """
            {
              "first":     { "message": "first-purchase-tips", "channel": "email", "next": "delivered", "refused": "gone" },
              "delivered": { "waitFor": { "outcome": "delivered", "of": "first" }, "timeout": "P3D", "next": "opened", "late": "gone" },
              "opened":    { "waitFor": { "outcome": "impression", "of": "first" }, "timeout": "P3D", "next": "clicked", "late": "gone" },
              "clicked":   { "waitFor": { "outcome": "click", "of": "first" }, "timeout": "P3D", "next": "replied", "late": "gone" },
              "replied":   { "waitFor": { "outcome": "reply", "of": "first" }, "timeout": "P3D", "next": "accepted", "late": "gone" },
              "accepted":  { "waitFor": { "outcome": "accept", "when": "event.channel == 'email'" }, "timeout": "P3D", "next": "done", "late": "gone" },
              "done": { "end": "heard-everything" }, "gone": { "exit": "gone" }
            }
            """));
        await product.AddCustomerAsync("C-1");
        await product.SendAsync(HttpMethod.Post, "customers/C-1/journeys/tips", "{}", HttpStatusCode.Accepted, key: "k-1");
        await product.SettleAsync();
        var message = (string)(await product.GetAsync("customers/C-1/messages"))["messages"]![0]!["messageId"]!;

        // Another's delivery is not what is waited for, and a receipt told twice leads on once.
        await product.SendAsync(HttpMethod.Post, "customers/C-1/messages/none/receipts", Receipt("r-0", "delivered"), HttpStatusCode.NotFound);
        Assert.Equal("delivered", await NodeAsync());
        foreach (var (receipt, node) in new[] { ("delivered", "opened"), ("opened", "clicked"), ("clicked", "replied") })
        {
            await TellAsync(receipt, "");
            await TellAsync(receipt, "");
            Assert.Equal(node, await NodeAsync());
        }

        await TellAsync("replied", """, "text": "Thank you." """);
        Assert.Equal("accepted", await NodeAsync());
        foreach (var channel in (string[])["sms", "email"])
        {
            await product.SendAsync(HttpMethod.Post, "events", $$"""
                { "specversion": "1.0", "type": "clm.outcome.v1", "source": "/test", "id": "o-{{channel}}", "subject": "C-1", "time": "{{product.Now:yyyy-MM-ddTHH:mm:ssZ}}",
                  "data": { "outcome": "accept", "channel": "{{channel}}" } }
                """);
            await product.SettleAsync();
        }

        Assert.Equal("heard-everything", (string)(await product.JourneyOfAsync("C-1"))["reason"]!);
        Assert.Equal(["first", "delivered", "opened", "clicked", "replied", "accepted", "done"], await product.StepsAsync("C-1"));

        async Task TellAsync(string what, string more)
        {
            await product.SendAsync(HttpMethod.Post, $"customers/C-1/messages/{message}/receipts", Receipt($"r-{what}", what, more));
            await product.SettleAsync();
        }

        string Receipt(string id, string what, string more = "") => $$"""{ "id": "{{id}}", "event": "{{what}}", "at": "{{product.Now:yyyy-MM-ddTHH:mm:ssZ}}"{{more}} }""";

        async Task<string> NodeAsync() => (string)(await product.JourneyOfAsync("C-1"))["node"]!;
    }

    [Fact]
    public async Task The_answer_to_a_decision_answers_the_offer_that_a_journey_made_of_it()
    {
        await using var product = await JourneyProduct.StartAsync();
        await StrategyInForce.PutAsync(product.Parts, StrategyInForce.Cards());
        await product.PutAsync(Journey("offering", """
            {
              "first": { "decide": ["cashback"], "channel": "email", "next": "offer", "none": "gone" },
              "offer": { "offer": "decided", "message": "first-purchase-tips", "channel": "email", "valid": "P3D", "accepted": "done", "declined": "gone", "late": "gone", "refused": "gone" },
              "done": { "goal": "accepted", "value": "20.00" }, "gone": { "exit": "gone" }
            }
            """));
        await product.AddCustomerAsync("C-1");
        await product.SendAsync(HttpMethod.Post, "customers/C-1/journeys/offering", "{}", HttpStatusCode.Accepted);
        await product.SettleAsync();
        Assert.Equal("offer", (string)(await product.JourneyOfAsync("C-1"))["node"]!);
        var decision = (string)Assert.Single((await product.GetAsync("customers/C-1"))["decisions"]!.AsArray())!["id"]!;
        await product.SendAsync(HttpMethod.Post, "outcomes", $$"""
            { "specversion": "1.0", "type": "clm.outcome.v1", "source": "/test", "id": "o-1", "subject": "C-1", "time": "{{product.Now:yyyy-MM-ddTHH:mm:ssZ}}",
              "data": { "outcome": "accept", "channel": "email", "decisionId": "{{decision}}" } }
            """);
        await product.SettleAsync();
        Assert.Equal(("goal", "accepted", 20.0), ((string)(await product.JourneyOfAsync("C-1"))["outcome"]!, (string)(await product.JourneyOfAsync("C-1"))["reason"]!, (double)(await product.JourneyOfAsync("C-1"))["value"]!));
    }

    [Fact]
    public async Task A_flag_ends_a_journey_whoever_sets_it()
    {
        await using var product = await JourneyProduct.StartAsync();
        await product.PutAsync(Journey("patient", """{ "first": { "wait": "P200D", "next": "end" }, "end": { "end": "done" } }""",
            """ "exit": "flags.vulnerable || flags.objectsToProfiling", """));
        foreach (var customer in (string[])["C-1", "C-2", "C-3"])
        {
            await product.AddCustomerAsync(customer);
            await product.SendAsync(HttpMethod.Post, $"customers/{customer}/journeys/patient", "{}", HttpStatusCode.Accepted);
        }

        // By the stream, by the words of a reply, and by neither.
        await product.SendAsync(HttpMethod.Post, "events", Event("clm.profile.v1", "C-1", """{ "flags": { "vulnerable": true } }"""));
        await product.SendAsync(HttpMethod.Post, "events", Event("clm.outcome.v1", "C-2", """{ "outcome": "reply", "channel": "email", "text": "I object to profiling." }"""));
        await product.SendAsync(HttpMethod.Post, "events", Event("clm.profile.v1", "C-3", """{ "segment": "young" }"""));
        await product.SettleAsync();
        Assert.Equal(["exited exit", "exited exit", " "], await Task.WhenAll(((string[])["C-1", "C-2", "C-3"]).Select(EndAsync)));

        async Task<string> EndAsync(string customer)
        {
            var journey = await product.JourneyOfAsync(customer);
            return $"{journey["outcome"]} {journey["reason"]}";
        }

        string Event(string type, string customer, string data) => $$"""
            { "specversion": "1.0", "type": "{{type}}", "source": "/test", "id": "e-{{customer}}", "subject": "{{customer}}", "time": "{{product.Now:yyyy-MM-ddTHH:mm:ssZ}}", "data": {{data}} }
            """;
    }

    [Fact]
    public async Task A_consent_taken_back_ends_a_journey_whoever_tells_of_it()
    {
        await using var product = await JourneyProduct.StartAsync();
        await product.PutAsync(Journey("patient", """{ "first": { "wait": "P200D", "next": "end" }, "end": { "end": "done" } }""", """ "exit": "!consent('service', 'email')", """));
        foreach (var customer in (string[])["C-1", "C-2", "C-3", "C-4"])
        {
            await product.AddCustomerAsync(customer);
            await product.SendAsync(HttpMethod.Post, $"customers/{customer}/journeys/patient", "{}", HttpStatusCode.Accepted);
            await product.SettleAsync();
        }

        // By the bank, by the customer's opt-out, about something else, and by a word that is older than the one that holds.
        await product.SendAsync(HttpMethod.Put, "customers/C-1/consents/service/email", """{ "status": "withdrawn", "source": "call" }""");
        await product.SendAsync(HttpMethod.Post, "events", $$"""
            { "specversion": "1.0", "type": "clm.outcome.v1", "source": "/test", "id": "o-1", "subject": "C-2", "time": "{{product.Now:yyyy-MM-ddTHH:mm:ssZ}}",
              "data": { "outcome": "optOut", "channel": "email", "purpose": "service" } }
            """);
        await product.SendAsync(HttpMethod.Put, "customers/C-3/consents/marketing/email", """{ "status": "withdrawn" }""");
        await product.SendAsync(HttpMethod.Put, "customers/C-4/consents/service/email", """{ "status": "withdrawn", "at": "2020-01-01T00:00:00Z" }""");
        await product.SettleAsync();
        Assert.Equal(["exited exit", "exited exit", " ", " "], await Task.WhenAll(((string[])["C-1", "C-2", "C-3", "C-4"]).Select(async customer =>
            await product.JourneyOfAsync(customer) is var journey ? $"{journey["outcome"]} {journey["reason"]}" : "")));
    }

    [Fact]
    public async Task A_journey_that_another_waited_for_too_long_is_ended()
    {
        await using var product = await JourneyProduct.StartAsync();
        await product.PutAsync(Journey("inner", """{ "first": { "wait": "P200D", "next": "end" }, "end": { "end": "done" } }""", """ "goal": { "signal": "well" }, """));
        await product.PutAsync(Journey("outer", """
            { "first": { "journey": "inner", "timeout": "PT2H", "next": "over", "late": "late" }, "over": { "end": "over" }, "late": { "end": "late" } }
            """));
        await product.AddCustomerAsync("C-1");
        await product.SendAsync(HttpMethod.Post, "customers/C-1/journeys/outer", "{}", HttpStatusCode.Accepted);
        await product.AdvanceAsync(TimeSpan.FromHours(3));
        Assert.Equal(["inner cancelled late for outer", "outer completed late"], (await product.GetAsync("customers/C-1/journeys"))["journeys"]!.AsArray()
            .Select(each => $"{each!["journey"]} {each["outcome"]} {each["reason"]}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_journey_ends_with_the_one_that_it_is_part_of_unless_it_has_outranked_it()
    {
        await using var product = await JourneyProduct.StartAsync();
        const string Inner = """{ "first": { "wait": "P200D", "next": "end" }, "end": { "end": "done" } }""";
        const string Outer = """{ "first": { "journey": "inner", "timeout": "P300D", "next": "over", "late": "over" }, "over": { "end": "over" } }""";
        await product.PutAsync(Journey("inner", Inner));
        await product.PutAsync(Journey("outer", Outer, """ "goal": { "signal": "well" }, "exitOn": ["unwell"], """));
        await product.PutAsync(Journey("help", Inner, """ "lane": "*", "priority": 100, """));
        await product.PutAsync(Journey("asking", Outer.Replace("inner", "help", StringComparison.Ordinal)));
        foreach (var (customer, journey) in new[] { ("C-1", "outer"), ("C-2", "outer"), ("C-3", "outer"), ("C-4", "asking") })
        {
            await product.AddCustomerAsync(customer);
            await product.SendAsync(HttpMethod.Post, $"customers/{customer}/journeys/{journey}", "{}", HttpStatusCode.Accepted);
            await product.SettleAsync();
        }

        await product.SignalAsync("C-1", "well");
        await product.SignalAsync("C-2", "unwell");
        var run = (await JourneysAsync("C-3")).Single(each => (string)each["journey"]! == "outer")["instance"];
        await product.SendAsync(HttpMethod.Delete, $"customers/C-3/journeys/{run}");
        await product.SettleAsync();
        Assert.Equal(["inner cancelled left by outer", "outer goal well"], await EndsAsync("C-1"));
        Assert.Equal(["inner cancelled left by outer", "outer exited unwell"], await EndsAsync("C-2"));
        Assert.Equal(["inner cancelled left by outer", "outer cancelled cancelled by ann"], await EndsAsync("C-3"));
        Assert.Equal(["asking outranked help", "help  "], await EndsAsync("C-4"));
        Assert.Equal((3, 3, 0), await FiguresAsync("inner"));
        await product.AdvanceAsync(TimeSpan.FromDays(201));
        Assert.Equal(["asking outranked help", "help completed done"], await EndsAsync("C-4"));

        async Task<IEnumerable<JsonNode>> JourneysAsync(string customer) => (await product.GetAsync($"customers/{customer}/journeys"))["journeys"]!.AsArray().OfType<JsonNode>();

        async Task<IEnumerable<string>> EndsAsync(string customer) =>
            (await JourneysAsync(customer)).Select(each => $"{each["journey"]} {each["outcome"]} {each["reason"]}").Order(StringComparer.Ordinal);

        async Task<(int Entered, int Cancelled, int Running)> FiguresAsync(string journey) =>
            await product.GetAsync($"journeys/{journey}") is var figures ? ((int)figures["entered"]!, (int)figures["ended"]!["cancelled"]!, (int)figures["running"]!) : default;
    }

    [Fact]
    public async Task A_journey_of_the_catalogue_is_put_in_force_by_approval_as_any_other_document()
    {
        await using var product = await JourneyProduct.StartAsync();
        await product.AddCustomerAsync("C-1");
        await product.SignalAsync("C-1", "card_activated");
        Assert.Empty((await product.GetAsync("customers/C-1/journeys"))["journeys"]!.AsArray());
        Assert.Contains((await product.GetAsync("catalogue/journeys"))["journeys"]!.AsArray(), each => (string)each!["id"]! == "card-first-purchase" && !(bool)each["inForce"]!);
        await product.SendAsync(HttpMethod.Get, "catalogue/journeys/none", status: HttpStatusCode.NotFound);

        await product.PutAsync(await product.GetAsync("catalogue/journeys/card-first-purchase"));
        Assert.Contains((await product.GetAsync("catalogue/journeys"))["journeys"]!.AsArray(), each => (string)each!["id"]! == "card-first-purchase" && (bool)each["inForce"]!);
        await product.SignalAsync("C-1", "card_activated");
        Assert.Equal("card-first-purchase", (string)(await product.JourneyOfAsync("C-1"))["journey"]!);
    }
}
