using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Journeys;

namespace ServerlessCLM.Tests.Journeys.DryRuns;

/// <summary>Dry runs of journeys: the product's interpreter, gate and templates on a virtual clock, without anything being written.</summary>
public sealed class DryRunTests : IAsyncLifetime
{
    private JourneyProduct _product = null!;

    public async ValueTask InitializeAsync() => _product = await JourneyProduct.StartAsync();

    public ValueTask DisposeAsync() => _product.DisposeAsync();

    /// <summary>Two messages, a wait between them, a condition and ends.</summary>
    private static JsonObject Journey(int version = 1, string wait = "PT3H") => JsonNode.Parse($$"""
        {
          "id": "sample", "version": {{version}}, "stage": "activate", "sector": "card", "purpose": "service", "entry": { "call": true }, "start": "first",
          "goal": { "signal": "card_activated", "within": "P30D" },
          "nodes": {
            "first": { "message": "first-purchase-tips", "channel": "email", "next": "pause", "refused": "lost" },
            "pause": { "wait": "{{wait}}", "next": "known" },
            "known": { "branch": [{ "when": "profile.country == 'DE'", "next": "listen" }], "else": "lost" },
            "listen": { "waitFor": { "signal": "purchase" }, "timeout": "PT2H", "next": "won", "late": "again" },
            "again": { "message": "first-purchase-tips", "channel": ["email", "sms"], "next": "done", "refused": "lost" },
            "won": { "goal": "purchase" }, "lost": { "exit": "unreachable" }, "done": { "end": "completed" }
          }
        }
        """)!.AsObject();

    private static JsonObject Quiet() => new()
    {
        ["signals"] = new JsonObject { ["card_activated"] = new JsonObject(), ["purchase"] = new JsonObject() },
        ["outcomes"] = new JsonObject(new[] { "delivered", "bounced", "impression", "click", "reply", "conversation", "accept", "reject", "complaint", "opt_out" }
            .Select(outcome => KeyValuePair.Create(outcome, (JsonNode?)0))),
    };

    private Task<JsonObject> RunAsync(JsonObject body, HttpStatusCode? status = null, string id = "sample") =>
        _product.SendAsync(HttpMethod.Post, $"documents/journeys/{id}/dry-run", body.ToJsonString(), status);

    [Fact]
    public async Task Where_nothing_happens_a_customer_goes_the_way_that_the_product_goes()
    {
        await _product.AddCustomerAsync("C-1");
        await _product.PutAsync(Journey());
        var before = await RowsAsync("C-1");
        var run = await RunAsync(new JsonObject { ["segment"] = "sample", ["customers"] = 10, ["days"] = 30, ["assume"] = Quiet() });
        Assert.Equal(before, await RowsAsync("C-1"));

        await _product.SendAsync(HttpMethod.Post, "customers/C-1/journeys/sample", "{}", key: "enter");
        await _product.AdvanceAsync(TimeSpan.FromHours(12));
        var example = Assert.Single(run["examples"]!.AsArray())!;
        Assert.Equal(await _product.StepsAsync("C-1"), example["path"]!.AsArray().Select(node => (string)node!));
        Assert.Equal("Completed: completed", (string)example["end"]!);
        Assert.Equal(["email first-purchase-tips", "email first-purchase-tips"], example["messages"]!.AsArray().Select(message => (string)message!));
        Assert.Equal(2, (int)run["draft"]!["messages"]!["email"]!);
        Assert.Equal(1, (int)run["draft"]!["ended"]!["completed"]!);
        Assert.True(JsonNode.DeepEquals(run["draft"], run["inForce"]));
    }

    [Fact]
    public async Task Two_versions_meet_the_same_luck()
    {
        await _product.PutAsync(Journey());
        var body = new JsonObject { ["document"] = Journey(2, "P1D"), ["customers"] = 60, ["days"] = 60, ["seed"] = 3 };
        var run = await RunAsync(body);
        Assert.True(JsonNode.DeepEquals(run, await RunAsync((JsonObject)body.DeepClone())));
        Assert.Equal(["pause"], run["structure"]!["changed"]!.AsArray().Select(node => (string)node!));
        Assert.Equal((2, 1), ((int)run["draft"]!["version"]!, (int)run["inForce"]!["version"]!));

        var same = await RunAsync(new JsonObject { ["document"] = Journey(2), ["customers"] = 60, ["days"] = 60, ["seed"] = 3 });
        same["draft"]!["version"] = 1;
        Assert.True(JsonNode.DeepEquals(same["draft"], run["inForce"]));
        body["seed"] = 4;
        Assert.False(JsonNode.DeepEquals(run["draft"], (await RunAsync(body))["draft"]));
    }

    [Fact]
    public async Task What_it_is_told_to_assume_happens()
    {
        var assumed = Quiet();
        assumed["consents"] = 1;
        assumed["signals"]!["card_activated"] = new JsonObject { ["afterContact"] = 1 };
        var run = (await RunAsync(new JsonObject { ["document"] = Journey(), ["customers"] = 20, ["days"] = 30, ["assume"] = assumed }))["draft"]!;
        Assert.Equal((20, 20, 1.0), ((int)run["entered"]!, (int)run["goals"]!, (double)run["conversion"]!));
        Assert.InRange((double)run["timeToGoal"]!["nineTenths"]!, 0.03, 72 + 24);

        assumed["consents"] = 0;
        var refused = (await RunAsync(new JsonObject { ["document"] = Journey() is var journey && (journey["purpose"] = "marketing") is not null ? journey : null, ["customers"] = 20, ["days"] = 30, ["assume"] = assumed.DeepClone() }))["draft"]!;
        Assert.Equal((0, 20), ((int)refused["goals"]!, refused["refused"]!.AsObject().Sum(code => (int)code.Value!)));
        Assert.Equal(20, (int)refused["nodes"]!.AsArray().Single(node => (string)node!["node"]! == "lost")!["dropped"]!);
    }

    /// <summary>Whatever kind of node: everybody who entered is counted once, and came, stays or left.</summary>
    [Fact]
    public async Task Every_journey_of_the_catalogue_runs_dry()
    {
        var runs = _product.Parts.Get<JourneyDryRuns>();
        foreach (var content in JourneyCatalogue.Documents)
        {
            var journey = CompiledJourney.Of(content);
            var (result, fault) = await runs.RunAsync(
                journey, new DryRunRequest(null, null, DryRunSegment.Simulated, 3, 150, 5, Everyone: true, new DryRunAssumptions()), TestContext.Current.CancellationToken);
            Assert.True(fault is null, journey.Document.Id);
            var draft = result!.Draft;
            Assert.Equal((3, 3), (draft.Looked, draft.Entered));
            Assert.Equal(3, draft.Running + draft.Ended.Values.Sum());
            Assert.Equal(draft.Nodes.Sum(node => node.Entries), 3 + draft.Ways.Sum(way => way.Count));
            Assert.All(draft.Nodes, node =>
            {
                Assert.InRange(node.Converted + node.Dropped, 0, node.Customers);
                Assert.InRange(node.There, 0, node.Customers - node.Dropped);
            });
            Assert.Equal(draft.Running, draft.Nodes.Sum(node => node.There));
        }
    }

    [Fact]
    public async Task A_document_with_errors_is_answered_with_them()
    {
        var journey = Journey();
        journey["nodes"]!["pause"]!["next"] = "nowhere";
        var problem = await RunAsync(new JsonObject { ["document"] = journey }, HttpStatusCode.BadRequest);
        Assert.Contains("$.nodes.pause.next", problem["findings"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("document.id", (string)(await RunAsync(new JsonObject { ["document"] = Journey() }, HttpStatusCode.BadRequest, "other"))["field"]!);
        Assert.Equal("days", (string)(await RunAsync(new JsonObject { ["days"] = 0 }, HttpStatusCode.BadRequest))["field"]!);
        await RunAsync([], HttpStatusCode.NotFound, "unheard-of");
    }

    private async Task<string> RowsAsync(string customer) => JsonSerializer.Serialize(
        (await _product.Parts.Get<CustomerStore>().ReadAsync(CustomerId.Parse(customer), CancellationToken.None))!.Of("").Select(row => row.ToJsonString()));
}
