using System.Net;
using System.Text.Json.Nodes;

namespace ServerlessCLM.Tests.Journeys;

/// <summary>Nodes that wait for somebody else: a person, a plan, another journey; and versions that change meanwhile.</summary>
public class JourneyNodesTests
{
    private static JsonObject Journey(string id, string nodes, string more = "", int version = 1) => JsonNode.Parse($$"""
        {
          "id": "{{id}}", "version": {{version}}, "stage": "collections", "sector": "bank", "purpose": "service",
          "entry": { "call": true, "reentry": "always", "concurrent": 2 }, {{more}}
          "start": "first", "nodes": {{nodes}}
        }
        """)!.AsObject();

    private const string Approval = """
        {
          "first": { "task": "approve", "queue": "leads", "brief": "Settlement", "facts": { "share": "signal.share" }, "due": "P2D", "outcomes": { "approved": "yes", "rejected": "no" }, "late": "late" },
          "yes": { "end": "approved" }, "no": { "end": "rejected" }, "late": { "exit": "nobody-answered" }
        }
        """;

    [Fact]
    public async Task A_person_answers_a_task_once_and_the_journey_goes_their_way()
    {
        await using var product = await JourneyProduct.StartAsync();
        await product.PutAsync(Journey("settlement", Approval));
        await product.AddCustomerAsync("C-1");
        await EnterAsync(product, "settlement", """{ "share": 0.6 }""");
        var task = Assert.Single((await product.GetAsync("tasks/leads"))["tasks"]!.AsArray())!;
        Assert.Equal(("C-1", "Settlement", "0.6"), ((string)task["customerId"]!, (string)task["brief"]!, (string)task["facts"]!["share"]!));

        var path = $"customers/C-1/tasks/{task["id"]}/answer";
        await product.SendAsync(HttpMethod.Post, path, """{ "outcome": "perhaps" }""", HttpStatusCode.BadRequest);
        await product.SendAsync(HttpMethod.Post, "customers/C-1/tasks/none/answer", """{ "outcome": "approved" }""", HttpStatusCode.NotFound);
        await product.SendAsync(HttpMethod.Post, path, """{ "outcome": "approved" }""", HttpStatusCode.OK);
        await product.SendAsync(HttpMethod.Post, path, """{ "outcome": "approved" }""", HttpStatusCode.OK);
        await product.SendAsync(HttpMethod.Post, path, """{ "outcome": "rejected" }""", HttpStatusCode.Conflict);
        await product.SettleAsync();
        Assert.Equal("approved", (string)(await product.JourneyOfAsync("C-1"))["reason"]!);
        Assert.Empty((await product.GetAsync("tasks/leads"))["tasks"]!.AsArray());
    }

    [Fact]
    public async Task A_task_that_nobody_answers_is_late_and_one_whose_journey_ends_is_withdrawn()
    {
        await using var product = await JourneyProduct.StartAsync();
        await product.PutAsync(Journey("settlement", Approval, """ "goal": { "signal": "paid_up" }, """));
        await product.AddCustomerAsync("C-1");
        await EnterAsync(product, "settlement", """{ "share": 0.6 }""");
        await product.AdvanceAsync(TimeSpan.FromDays(3));
        Assert.Equal("nobody-answered", (string)(await product.JourneyOfAsync("C-1"))["reason"]!);

        await EnterAsync(product, "settlement", """{ "share": 0.5 }""");
        Assert.Single((await product.GetAsync("tasks/leads"))["tasks"]!.AsArray());
        await product.SignalAsync("C-1", "paid_up");
        Assert.Empty((await product.GetAsync("tasks/leads"))["tasks"]!.AsArray());
        Assert.Equal("goal", (string)(await product.GetAsync("customers/C-1/journeys"))["journeys"]![0]!["outcome"]!);
    }

    [Fact]
    public async Task A_plan_is_kept_when_every_instalment_comes_and_broken_when_one_does_not()
    {
        await using var product = await JourneyProduct.StartAsync();
        await product.PutAsync(Journey("plan", """
            {
              "first": { "paymentPlan": { "amount": "signal.owed", "instalments": 3, "every": "P1M", "grace": "P3D", "signal": "payment_received", "match": ["account"] }, "next": "kept", "broken": "broken" },
              "kept": { "goal": "repaid", "value": "signal.owed" }, "broken": { "end": "broken" }
            }
            """));
        await product.AddCustomerAsync("C-1");
        await EnterAsync(product, "plan", """{ "owed": 100.0, "account": "A-1" }""");
        await product.SignalAsync("C-1", "payment_received", """{ "amount": 50.0, "account": "A-1" }""");
        await product.SignalAsync("C-1", "payment_received", """{ "amount": 500.0, "account": "A-2" }""");
        await product.AdvanceAsync(TimeSpan.FromDays(40));
        await product.SignalAsync("C-1", "payment_received", """{ "amount": 20.0, "account": "A-1" }""");
        await product.AdvanceAsync(TimeSpan.FromDays(30));
        Assert.True((bool)(await product.JourneyOfAsync("C-1"))["running"]!);
        await product.SignalAsync("C-1", "payment_received", """{ "amount": 30.0, "account": "A-1" }""");
        var kept = await product.JourneyOfAsync("C-1");
        Assert.Equal(("goal", "repaid", 100.0), ((string)kept["outcome"]!, (string)kept["reason"]!, (double)kept["value"]!));

        await product.AddCustomerAsync("C-2");
        await product.SendAsync(HttpMethod.Post, "customers/C-2/journeys/plan", """{ "owed": 100.0, "account": "A-9" }""", HttpStatusCode.Accepted);
        await product.AdvanceAsync(TimeSpan.FromDays(32));
        Assert.True((bool)(await product.JourneyOfAsync("C-2"))["running"]!);
        await product.AdvanceAsync(TimeSpan.FromDays(3));
        Assert.Equal("broken", (string)(await product.JourneyOfAsync("C-2"))["reason"]!);
    }

    [Fact]
    public async Task A_journey_waits_for_another_and_goes_on_by_how_that_ended()
    {
        await using var product = await JourneyProduct.StartAsync();
        await product.PutAsync(Journey("inner", """{ "first": { "wait": "P2D", "next": "end" }, "end": { "end": "done" } }""", """ "goal": { "signal": "well" }, """));
        await product.PutAsync(Journey("outer", """
            {
              "first": { "journey": "inner", "timeout": "P10D", "next": "over", "goal": "reached", "late": "late" },
              "over": { "end": "over" }, "reached": { "end": "reached" }, "late": { "end": "late" }
            }
            """));
        await product.AddCustomerAsync("C-1");
        await EnterAsync(product, "outer", "{}");
        await product.SignalAsync("C-1", "well");
        Assert.Equal(["inner goal well", "outer completed reached"], await EndsAsync(product));
        await product.AdvanceAsync(TimeSpan.FromHours(1));
        await EnterAsync(product, "outer", "{}");
        await product.AdvanceAsync(TimeSpan.FromDays(3));
        Assert.Equal(["inner completed done", "inner goal well", "outer completed over", "outer completed reached"], await EndsAsync(product));
    }

    [Fact]
    public async Task An_exit_condition_ends_a_journey_as_soon_as_the_profile_says_so()
    {
        await using var product = await JourneyProduct.StartAsync();
        await product.PutAsync(Journey("patient", """{ "first": { "wait": "P200D", "next": "end" }, "end": { "end": "done" } }""", """ "exit": "flags.hardship", """));
        await product.AddCustomerAsync("C-1");
        await EnterAsync(product, "patient", "{}");
        await product.SendAsync(HttpMethod.Put, "customers/C-1/profile", """{ "country": "DE", "flags": { "hardship": true } }""");
        await product.SettleAsync();
        Assert.Equal(["patient exited exit"], await EndsAsync(product));
    }

    [Fact]
    public async Task A_migration_says_who_would_move_where_and_who_would_be_written_to_again_and_then_moves_them()
    {
        await using var product = await JourneyProduct.StartAsync();
        const string Message = """ "message": "first-purchase-tips", "channel": "email" """;
        await product.PutAsync(Journey("moving", $$"""
            { "first": { {{Message}}, "next": "rest", "refused": "rest" }, "rest": { "wait": "P10D", "next": "end" }, "end": { "end": "old" } }
            """));
        await product.AddCustomerAsync("C-1");
        await EnterAsync(product, "moving", "{}");
        await product.PutAsync(Journey("moving", $$"""
            { "first": { "wait": "P1D", "next": "pause" }, "pause": { "wait": "P5D", "next": "more" }, "more": { {{Message}}, "next": "end", "refused": "end" }, "end": { "end": "new" } }
            """, version: 2));

        await product.SendAsync(HttpMethod.Post, "journeys/moving/migration", """{ "from": 1, "to": 2, "map": { "rest": "paus" } }""", HttpStatusCode.BadRequest);
        await product.SendAsync(HttpMethod.Post, "journeys/moving/migration", """{ "from": 1, "to": 3 }""", HttpStatusCode.BadRequest);
        var stays = await product.SendAsync(HttpMethod.Post, "journeys/moving/migration", """{ "from": 1, "to": 2 }""");
        Assert.Equal((0, "version 2 has no node rest; name one in map"), ((int)stays["moving"]!, (string)Assert.Single(stays["stays"]!.AsArray())!["reason"]!));
        var plan = await product.SendAsync(HttpMethod.Post, "journeys/moving/migration", """{ "from": 1, "to": 2, "map": { "rest": "pause" } }""");
        var move = Assert.Single(plan["moves"]!.AsArray())!;
        Assert.Equal(("C-1", "rest", "pause", "first-purchase-tips", 1), ((string)move["customerId"]!, (string)move["from"]!, (string)move["to"]!, (string)move["messagedAgain"]![0]!, (int)plan["messagedAgain"]!));
        Assert.Equal(1, (int)(await product.JourneyOfAsync("C-1"))["version"]!);

        await product.SendAsync(HttpMethod.Post, "journeys/moving/migration", """{ "from": 1, "to": 2, "map": { "rest": "pause" }, "dryRun": false }""");
        await product.SettleAsync();
        var moved = await product.JourneyOfAsync("C-1");
        Assert.Equal((2, "pause"), ((int)moved["version"]!, (string)moved["node"]!));
        await product.AdvanceAsync(TimeSpan.FromDays(6));
        Assert.Equal(["moving completed new"], await EndsAsync(product));
        Assert.Equal(2, (await product.GetAsync("customers/C-1"))["contacts"]!.AsArray().Count);
        Assert.Equal((1, 1), ((int)(await product.GetAsync("journeys/moving"))["ended"]!["completed"]!, (int)(await product.GetAsync("journeys/moving?version=1"))["ended"]!["moved"]!));
    }

    [Fact]
    public async Task A_call_of_a_journey_is_the_agents_case_and_ending_one_ends_the_other()
    {
        await using var product = await JourneyProduct.StartAsync();
        await product.PutAsync(Journey("calling", """
            {
              "first": { "task": "call", "queue": "collections", "brief": "Ask how things are.", "due": "P2D", "outcomes": { "helped": "helped", "unreachable": "gone" }, "late": "late", "refused": "not-allowed" },
              "helped": { "end": "helped" }, "gone": { "end": "gone" }, "late": { "end": "late" }, "not-allowed": { "end": "not-allowed" }
            }
            """));
        await product.AddCustomerAsync("C-1");
        await product.SendAsync(HttpMethod.Put, "customers/C-1/profile", """{ "country": "DE", "timeZone": "Europe/Berlin", "language": "en", "phone": "+491701234567" }""");

        // Answered at the tasks, then at the agents' queue.
        await EnterAsync(product, "calling", "{}");
        var task = Assert.Single((await product.GetAsync("tasks/collections"))["tasks"]!.AsArray())!;
        var known = Assert.Single((await product.GetAsync("collections/queue"))["cases"]!.AsArray())!;
        Assert.Equal(("Ask how things are.", (string)task["id"]!), ((string)known["instructions"]!, (string)known["task"]!));
        Assert.Equal(["call reserved"], await CallsAsync());
        await product.SendAsync(HttpMethod.Post, $"customers/C-1/tasks/{task["id"]}/answer", """{ "outcome": "unreachable" }""");
        Assert.Empty((await product.GetAsync("collections/queue"))["cases"]!.AsArray());
        Assert.Equal(("Completed", "unreachable"), await CaseAsync(known));
        Assert.Equal(["call sent"], await CallsAsync());

        await product.AdvanceAsync(TimeSpan.FromHours(4));
        await EnterAsync(product, "calling", "{}");
        known = Assert.Single((await product.GetAsync("collections/queue"))["cases"]!.AsArray())!;
        await product.SendAsync(HttpMethod.Post, $"customers/C-1/cases/{known["id"]}/claim");
        await product.SendAsync(HttpMethod.Post, $"customers/C-1/cases/{known["id"]}/completion", """{ "outcome": "paid" }""", HttpStatusCode.BadRequest);
        await product.SendAsync(HttpMethod.Post, $"customers/C-1/cases/{known["id"]}/completion", """{ "outcome": "helped" }""");
        await product.SettleAsync();
        Assert.Empty((await product.GetAsync("tasks/collections"))["tasks"]!.AsArray());
        Assert.Equal(["calling completed gone", "calling completed helped"], await EndsAsync(product));
        Assert.Equal(["call conversation", "call sent"], await CallsAsync());

        // Who wants no calls gets none: there is nothing to do, and nobody is asked to.
        await product.SendAsync(HttpMethod.Put, "customers/C-1/consents/service/call", """{ "status": "withdrawn", "source": "form" }""");
        await product.AdvanceAsync(TimeSpan.FromMinutes(1));
        await EnterAsync(product, "calling", "{}");
        Assert.Contains("calling completed not-allowed", await EndsAsync(product));
        Assert.Empty((await product.GetAsync("tasks/collections"))["tasks"]!.AsArray());

        async Task<IEnumerable<string>> CallsAsync() => (await product.GetAsync("customers/C-1"))["contacts"]!.AsArray().Select(contact => $"{contact!["channel"]} {contact["status"]}").Order(StringComparer.Ordinal);

        async Task<(string, string)> CaseAsync(JsonNode of)
        {
            var found = await product.GetAsync($"customers/C-1/cases/{of["id"]}");
            return ((string)found["status"]!, (string)found["outcome"]!);
        }
    }

    [Fact]
    public async Task An_appointment_passes_the_gate_and_counts_as_a_call_does()
    {
        await using var product = await JourneyProduct.StartAsync();
        await product.PutAsync(Journey("meeting", """
            {
              "first": { "task": "appointment", "queue": "advisers", "purpose": "marketing", "due": "P2D", "outcomes": { "held": "held" }, "late": "late", "refused": "not-allowed" },
              "held": { "end": "held" }, "late": { "end": "late" }, "not-allowed": { "end": "not-allowed" }
            }
            """));
        await product.AddCustomerAsync("C-1");
        await product.SendAsync(HttpMethod.Put, "customers/C-1/profile", """{ "country": "DE", "timeZone": "Europe/Berlin", "language": "en", "phone": "+491701234567" }""");

        // Marketing over the telephone needs the customer's word in Germany.
        await EnterAsync(product, "meeting", "{}");
        Assert.Equal(["meeting completed not-allowed"], await EndsAsync(product));
        Assert.Empty((await product.GetAsync("tasks/advisers"))["tasks"]!.AsArray());

        await product.SendAsync(HttpMethod.Put, "customers/C-1/consents/marketing/call", """{ "status": "granted", "source": "form" }""");
        await product.AdvanceAsync(TimeSpan.FromMinutes(1));
        await EnterAsync(product, "meeting", "{}");
        Assert.Equal("call reserved", await CallAsync());
        var task = Assert.Single((await product.GetAsync("tasks/advisers"))["tasks"]!.AsArray())!;
        await product.SendAsync(HttpMethod.Post, $"customers/C-1/tasks/{task["id"]}/answer", """{ "outcome": "held" }""");
        await product.SettleAsync();
        Assert.Contains("meeting completed held", await EndsAsync(product));
        Assert.Equal("call conversation", await CallAsync());

        async Task<string> CallAsync() => Assert.Single((await product.GetAsync("customers/C-1"))["contacts"]!.AsArray()) is { } contact ? $"{contact["channel"]} {contact["status"]}" : "";
    }

    [Fact]
    public async Task An_agent_takes_gives_back_and_ends_the_tasks_of_any_queue()
    {
        await using var product = await JourneyProduct.StartAsync();
        await product.PutAsync(Journey("asking", """
            {
              "first": { "task": "approve", "queue": "leads", "brief": "Decide.", "facts": { "amount": "signal.amount" }, "due": "P2D", "outcomes": { "yes": "second", "no": "no" }, "late": "no" },
              "second": { "task": "call", "queue": "support-team", "purpose": "service", "due": "P2D", "outcomes": { "helped": "helped" }, "late": "no" },
              "helped": { "end": "helped" }, "no": { "end": "no" }
            }
            """));
        await product.AddCustomerAsync("C-1");
        await product.SendAsync(HttpMethod.Put, "customers/C-1/profile",
            """{ "country": "DE", "timeZone": "Europe/Berlin", "language": "en", "phone": "+491701234567", "flags": { "hardship": true } }""");
        await EnterAsync(product, "asking", """{ "amount": 12.5 }""");

        var known = Assert.Single(await QueueAsync("leads"))!;
        Assert.Empty(await QueueAsync("collections"));
        Assert.Equal(("Decide.", "12.5"), ((string)known["instructions"]!, (string)(await CaseAsync(known))["facts"]!["amount"]!));
        await StepAsync(known, "claim");
        Assert.Empty(await QueueAsync("leads"));
        await StepAsync(known, "release");
        Assert.Single(await QueueAsync("leads"));
        await StepAsync(known, "completion", """{ "outcome": "yes" }""", HttpStatusCode.Conflict);
        await StepAsync(known, "claim");
        await StepAsync(known, "completion", """{ "outcome": "yes" }""");
        await product.SettleAsync();

        // Hardship stops what pursues the customer, not the help that the gate allows; what the gate forbids since is not to be done.
        known = Assert.Single(await QueueAsync("support-team"))!;
        await product.SendAsync(HttpMethod.Put, "customers/C-1/consents/service/call", """{ "status": "withdrawn" }""");
        Assert.Empty(await QueueAsync("support-team"));
        Assert.Contains("contact gate", (string)(await StepAsync(known, "claim", status: HttpStatusCode.Conflict))["reason"]!, StringComparison.Ordinal);
        await product.AdvanceAsync(TimeSpan.FromSeconds(1));
        await product.SendAsync(HttpMethod.Put, "customers/C-1/consents/service/call", """{ "status": "granted" }""");
        await StepAsync(known, "claim");
        await StepAsync(known, "completion", """{ "outcome": "helped" }""");
        await product.SettleAsync();
        Assert.Equal(["asking completed helped"], await EndsAsync(product));

        async Task<JsonArray> QueueAsync(string queue) => (await product.GetAsync($"collections/queue?queue={queue}"))["cases"]!.AsArray();

        Task<JsonObject> CaseAsync(JsonNode of) => product.GetAsync($"customers/C-1/cases/{of["id"]}");

        Task<JsonObject> StepAsync(JsonNode of, string step, string? body = null, HttpStatusCode? status = null) =>
            product.SendAsync(HttpMethod.Post, $"customers/C-1/cases/{of["id"]}/{step}", body, status);
    }

    [Fact]
    public async Task An_offer_waits_for_the_hour_in_which_the_customer_answers_and_says_why()
    {
        await using var product = await JourneyProduct.StartAsync();
        await product.PutAsync(Journey("offering", """
            { "first": { "message": "first-purchase-reminder", "channel": "best", "purpose": "marketing", "next": "end", "refused": "no" }, "end": { "end": "sent" }, "no": { "exit": "refused" } }
            """));
        await product.AddCustomerAsync("C-1");
        await product.SendAsync(HttpMethod.Post, "transactions", $"[{string.Join(',', Enumerable.Range(1, 9).Select(day => System.Text.Encoding.UTF8.GetString(Product.Payment("C-1", $"p-{day}", product.Now.AddDays(-day), -20m))))}]");
        await product.SettleAsync();
        await EnterAsync(product, "offering", "{}");
        var audit = await product.Parts.Get<ServerlessCLM.Customers.CustomerStore>().ReadAuditAsync(ServerlessCLM.Customers.CustomerId.Parse("C-1"), CancellationToken.None);
        var why = Assert.Single(audit!, entry => entry.Kind == "sendTime").Content!;
        var at = (DateTimeOffset)why["at"]!;
        Assert.Equal(("email", TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")).Hour), ((string)why["channel"]!, (int)why["hour"]!));
        Assert.InRange(at, product.Now.AddTicks(1), product.Now.AddDays(1));
        Assert.Equal("reserved", (string)Assert.Single((await product.GetAsync("customers/C-1"))["contacts"]!.AsArray())!["status"]!);
        await product.AdvanceAsync(at - product.Now);
        Assert.Equal(["offering completed sent"], await EndsAsync(product));
        Assert.Equal(at, (DateTimeOffset)Assert.Single((await product.GetAsync("customers/C-1/messages"))["messages"]!.AsArray())!["at"]!);
    }

    private static async Task EnterAsync(JourneyProduct product, string journey, string signal)
    {
        await product.SendAsync(HttpMethod.Post, $"customers/C-1/journeys/{journey}", signal, HttpStatusCode.Accepted, key: $"{journey} {product.Now:O}");
        await product.SettleAsync();
    }

    private static async Task<IEnumerable<string>> EndsAsync(JourneyProduct product) => (await product.GetAsync("customers/C-1/journeys"))["journeys"]!.AsArray()
        .Select(each => $"{each!["journey"]} {each["outcome"]} {each["reason"]}").Order(StringComparer.Ordinal);
}
