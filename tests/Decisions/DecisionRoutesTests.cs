using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Experiments;
using ServerlessCLM.Governance;
using ServerlessCLM.Tests.Cli;

namespace ServerlessCLM.Tests.Decisions;

public sealed class DecisionRoutesTests
{
    private const string Decisions = "api/customers/C-1/decisions";

    [Fact]
    public async Task A_decision_ranks_what_rules_and_gate_allow_and_is_on_record()
    {
        await using var product = await WithCustomerAsync();
        var (status, decision) = await product.SendAsync(HttpMethod.Post, Decisions, """{"placement":"home","limit":2}""");
        Assert.True(status == 200, decision!.ToJsonString());
        Assert.Equal(["gold/app", "cashback/email"], decision["actions"]!.AsArray().Select(action => $"{action!["action"]}/{action["channel"]}"));
        Assert.Equal(("gold", "cards@1", 1.0), ((string)decision["chosen"]!, (string)decision["strategy"]!, (double)decision["probability"]!));
        Assert.Equal("2026-12-04T12:00:00Z", (string)decision["actions"]![0]!["validUntil"]!);

        var (found, record) = await product.SendAsync(HttpMethod.Get, $"api/decisions/{decision["decisionId"]}");
        Assert.True(found == 200, record!.ToJsonString());
        Assert.Equal(
            ["gold ranked 1", "cashback ranked 2", "travel notApplicable ", "statement ranked 3", "nothing nothing "],
            record["actions"]!.AsArray().Select(action => $"{action!["id"]} {action["verdict"]} {action["rank"]}"));
        Assert.Equal("true", record["inputs"]!["profile"]!["email"]!.ToJsonString());
        Assert.DoesNotContain("c1@bank.example", record.ToJsonString(), StringComparison.Ordinal);

        var travel = record["actions"]![2]!;
        Assert.Equal("applicability: features.share_travel > 0.2 does not hold: features.share_travel is missing", (string)travel["whyNot"]!);
        Assert.Equal(("features.share_travel", 0.2f), ((string)travel["change"]![0]!["what"]!, (float)travel["change"]![0]!["to"]!));

        var (_, replay) = await product.SendAsync(HttpMethod.Post, $"api/decisions/{decision["decisionId"]}/replay");
        Assert.True((bool)replay!["identical"]!, replay.ToJsonString());

        var trail = await product.Get<CustomerStore>().ReadAuditAsync(CustomerId.Parse("C-1"), CancellationToken.None);
        var entry = Assert.Single(trail!, each => each.Kind == "decision");
        Assert.Equal(
            ((string)decision["decisionId"]!, "gold", (string)record["recordDigest"]!, (string)record["inputsDigest"]!),
            ((string)entry.Content!["id"]!, (string)entry.Content["action"]!, (string)entry.Content["record"]!, (string)entry.Content["inputs"]!));
        Assert.True((await product.Get<AuditVerification>().VerifyAsync([CustomerId.Parse("C-1")], CancellationToken.None)).Intact);
    }

    [Fact]
    public async Task The_same_key_is_the_same_decision_and_another_request_under_it_is_refused()
    {
        await using var product = await WithCustomerAsync();
        var (_, first) = await product.SendAsync(HttpMethod.Post, Decisions, """{"channel":"app"}""", ("Idempotency-Key", "k1"));
        product.Clock.Advance(TimeSpan.FromDays(9));
        var (_, again) = await product.SendAsync(HttpMethod.Post, Decisions, """{"channel":"app"}""", ("Idempotency-Key", "k1"));
        Assert.Equal(first!.ToJsonString(), again!.ToJsonString());
        var (status, problem) = await product.SendAsync(HttpMethod.Post, Decisions, """{"channel":"email"}""", ("Idempotency-Key", "k1"));
        Assert.Equal((422, "Idempotency-Key"), (status, (string)problem!["field"]!));
        var (_, other) = await product.SendAsync(HttpMethod.Post, Decisions, """{"channel":"app"}""", ("Idempotency-Key", "k2"));
        Assert.NotEqual((string)first["decisionId"]!, (string)other!["decisionId"]!);
        var (_, export) = await product.SendAsync(HttpMethod.Get, "api/customers/C-1/export");
        Assert.Equal(2, export!["decisionRecords"]!.AsArray().Count);
        var (_, view) = await product.SendAsync(HttpMethod.Get, "api/customers/C-1");
        Assert.Equal([(string)other["decisionId"]!, (string)first["decisionId"]!], view!["decisions"]!.AsArray().Select(each => (string)each!["id"]!));
    }

    [Fact]
    public async Task A_consent_withdrawn_ends_a_channel_and_an_answer_an_action()
    {
        await using var product = await WithCustomerAsync();
        await product.SendAsync(HttpMethod.Put, "api/customers/C-1/consents/marketing/email", """{"status":"withdrawn"}""");
        var (_, decision) = await product.SendAsync(HttpMethod.Post, Decisions, """{"limit":9}""");
        Assert.Equal(["gold", "statement"], decision!["actions"]!.AsArray().Select(action => (string)action!["action"]!));
        var (_, record) = await product.SendAsync(HttpMethod.Get, $"api/decisions/{decision["decisionId"]}");
        Assert.StartsWith("refuse:", (string)record!["actions"]![1]!["contacts"]!["email"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_cannot_be_decided_on_names_its_field()
    {
        await using var product = await WithCustomerAsync();
        foreach (var (body, field) in new[]
        {
            ("""{"channel":"pigeon"}""", "channel"), ("""{"strategy":"loans"}""", "strategy"), ("""{"actions":["gold","golb"]}""", "actions[1]"),
            ("""{"actions":[]}""", "actions"), ("""{"limit":0}""", "limit"), ("""{"wish":1}""", "wish"),
        })
        {
            var (status, problem) = await product.SendAsync(HttpMethod.Post, Decisions, body);
            Assert.Equal((400, field), (status, (string)problem!["field"]!));
        }
    }

    [Fact]
    public async Task Nothing_is_decided_for_nobody_for_the_erased_or_without_a_strategy()
    {
        await using var product = await Product.StartAsync();
        await product.SendAsync(HttpMethod.Put, "api/customers/C-1/profile", """{"country":"FR"}""");
        var (none, without) = await product.SendAsync(HttpMethod.Post, Decisions, "{}");
        Assert.Equal((409, "strategy"), (none, (string)without!["field"]!));
        await StrategyInForce.PutAsync(product, StrategyInForce.Cards());
        product.Clock.Advance(LiveStrategies.Patience);
        var (elsewhere, foreign) = await product.SendAsync(HttpMethod.Post, Decisions, "{}");
        Assert.Equal((409, "strategy"), (elsewhere, (string)foreign!["field"]!));
        var (unknown, nobody) = await product.SendAsync(HttpMethod.Post, "api/customers/nobody/decisions", "{}");
        Assert.Equal((404, "customerId"), (unknown, (string)nobody!["field"]!));
        await product.SendAsync(HttpMethod.Delete, "api/customers/C-1");
        var (erased, gone) = await product.SendAsync(HttpMethod.Post, Decisions, "{}");
        Assert.Equal((409, "customerId"), (erased, (string)gone!["field"]!));
        Assert.Equal(404, (await product.SendAsync(HttpMethod.Get, "api/decisions/no-such-decision")).Status);
    }

    [Fact]
    public async Task Actions_of_shipped_journeys_are_decided_by_the_shipped_strategy_and_only_when_named()
    {
        await using var product = await WithCustomerAsync();
        var (_, best) = await product.SendAsync(HttpMethod.Post, Decisions, "{}");
        Assert.Equal("cards@1", (string)best!["strategy"]!);

        var (status, named) = await product.SendAsync(HttpMethod.Post, Decisions, """{"actions":["first-purchase-cashback","nothing"]}""");
        Assert.True(status == 200, named!.ToJsonString());
        Assert.Equal("journey-offers@1", (string)named["strategy"]!);
        var (_, replay) = await product.SendAsync(HttpMethod.Post, $"api/decisions/{named["decisionId"]}/replay");
        Assert.True((bool)replay!["identical"]!, replay.ToJsonString());

        var own = StrategyInForce.Cards();
        own["id"] = "journey-offers";
        own["version"] = 7;
        await StrategyInForce.PutAsync(product, own);
        product.Clock.Advance(LiveStrategies.Patience);
        var (_, after) = await product.SendAsync(HttpMethod.Post, Decisions, """{"strategy":"journey-offers"}""");
        Assert.Equal("journey-offers@7", (string)after!["strategy"]!);
    }

    [Fact]
    public async Task A_record_that_was_altered_comes_out_otherwise_and_the_replay_names_where()
    {
        await using var product = await WithCustomerAsync();
        var (_, decision) = await product.SendAsync(HttpMethod.Post, Decisions, """{"channel":"app"}""");
        var id = (string)decision!["decisionId"]!;
        Assert.Equal((true, 1), Counts(await product.SendAsync(HttpMethod.Post, "api/audit/replay", "{}")));

        var actions = (await product.Get<DecisionRecords>().FindAsync(id, CancellationToken.None))!.Actions.ToArray();
        actions[0] = actions[0] with { Priority = 99 };
        await product.Get<CustomerStore>().UpdateAsync(CustomerId.Parse("C-1"), session =>
        {
            session.Put(CustomerRows.Decision(id), (DecisionRecord.Read(session.GetBytes(CustomerRows.Decision(id)).Span) with { Actions = actions }).Seal().Row);
            return true;
        }, CancellationToken.None, CustomerRows.Decision(id));
        var (_, replay) = await product.SendAsync(HttpMethod.Post, $"api/decisions/{id}/replay");
        var difference = Assert.Single(replay!["differences"]!.AsArray());
        Assert.Equal(("$.actions[?@.id=='gold'].priority", 99.0), ((string)difference!["path"]!, (double)difference["recorded"]!));
        Assert.Equal((false, 1), Counts(await product.SendAsync(HttpMethod.Post, "api/audit/replay", """{"customers":["C-1"]}""")));

        var (exit, said, _) = await Clm.RunAsync("audit", "replay", "--url", product.Client.BaseAddress!.ToString(), "--key", Product.Key);
        Assert.Equal(1, exit);
        Assert.Contains("$.actions[?@.id=='gold'].priority: 99 →", said, StringComparison.Ordinal);
        Assert.Contains("1 decisions of 1 customers made again, 1 of them otherwise", said, StringComparison.Ordinal);

        static (bool, int) Counts((int Status, JsonNode? Body) answer) => ((bool)answer.Body!["identical"]!, (int)answer.Body["decisions"]!);
    }

    [Fact]
    public async Task Experiments_withhold_the_other_arms_action_and_expose_once()
    {
        await using var product = await WithCustomerAsync();
        await StrategyInForce.PutAsync(product, new ExperimentKind(), JsonNode.Parse("""
            { "id": "gold-or-cashback", "version": 1, "unit": "customer", "salt": "t", "traffic": 1.0, "varies": "action",
              "arms": { "control": { "share": 0.5, "use": "gold" }, "cashback": { "share": 0.5, "use": "cashback" } },
              "metric": { "outcome": "convert", "window": "P14D" }, "decide": { "method": "confidence-sequence", "alpha": 0.05, "units": 2000 } }
            """)!.AsObject());
        product.Clock.Advance(LiveExperiments.Patience);
        var (_, decision) = await product.SendAsync(HttpMethod.Post, Decisions, "{}");
        var (_, record) = await product.SendAsync(HttpMethod.Get, $"api/decisions/{decision!["decisionId"]}");
        var arm = Assert.Single(record!["groups"]!["arms"]!.AsArray())!;
        var (has, lacks) = (string)arm["arm"]! == "control" ? (0, 1) : (1, 0);
        Assert.Equal(("ranked", "otherArm"), ((string)record["actions"]![has]!["verdict"]!, (string)record["actions"]![lacks]!["verdict"]!));
        Assert.True((bool)arm["counted"]!);
        await product.SendAsync(HttpMethod.Post, Decisions, "{}");
        var partition = await product.Get<CustomerStore>().ReadAsync(CustomerId.Parse("C-1"), CancellationToken.None);
        Assert.Single(partition!.Of(CustomerRows.Experiments).Single()["units"]!.AsArray());
        Assert.True((bool)(await product.SendAsync(HttpMethod.Post, $"api/decisions/{decision["decisionId"]}/replay")).Body!["identical"]!);
    }

    [Fact]
    public async Task An_objection_to_profiling_ends_marketing_that_looks_at_behaviour_at_once()
    {
        await using var product = await WithCustomerAsync();
        await product.SendAsync(HttpMethod.Put, "api/customers/C-1/consents/profiling/app", """{"status":"withdrawn"}""");
        var (_, decision) = await product.SendAsync(HttpMethod.Post, Decisions, "{}");
        var (_, record) = await product.SendAsync(HttpMethod.Get, $"api/decisions/{decision!["decisionId"]}");
        Assert.Equal("profilingObjection", (string)record!["actions"]![2]!["verdict"]!);
        Assert.Equal("gold", (string)decision["chosen"]!);
    }

    [Fact]
    public async Task An_answer_to_a_decision_is_known_to_the_next()
    {
        var strategy = StrategyInForce.Cards();
        strategy["actions"]![0]!["applicability"] = "!declined('gold', duration('720h'))";
        await using var product = await WithCustomerAsync(strategy);
        var (_, decision) = await product.SendAsync(HttpMethod.Post, Decisions, "{}");
        await product.SendAsync(HttpMethod.Post, "api/events", $$$"""
            {"specversion":"1.0","type":"clm.outcome.v1","source":"/test","id":"o1","subject":"C-1","time":"2026-11-20T12:00:00Z",
             "data":{"outcome":"reject","decisionId":"{{{decision!["decisionId"]}}}"}}
            """);
        await product.DrainAsync(EventStreams.EventsHub);
        var (_, next) = await product.SendAsync(HttpMethod.Post, Decisions, "{}");
        Assert.Equal(("gold", "cashback"), ((string)decision["chosen"]!, (string)next!["chosen"]!));
    }

    internal static async Task<Product> WithCustomerAsync(JsonObject? strategy = null)
    {
        var product = await Product.StartAsync();
        await StrategyInForce.PutAsync(product, strategy ?? StrategyInForce.Cards());
        await product.SendAsync(HttpMethod.Put, "api/customers/C-1/profile", """
            {"givenName":"Cleo","email":"c1@bank.example","country":"DE","timeZone":"Europe/Berlin","products":{"card":"classic"},"address":{"street":"A 1"}}
            """);
        foreach (var channel in (string[])["app", "email"])
            await product.SendAsync(HttpMethod.Put, $"api/customers/C-1/consents/marketing/{channel}", """{"status":"granted"}""");
        return product;
    }
}
