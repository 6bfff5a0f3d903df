using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessCLM.Tests.Messages;

namespace ServerlessCLM.Tests.Journeys;

/// <summary>Ways into a journey beside signals and calls, calls to the bank's endpoints, and what is no journey.</summary>
public class JourneyEntriesTests
{
    private static JsonObject Journey(string id, string entry, string nodes, string more = "") => JsonNode.Parse($$"""
        { "id": "{{id}}", "version": 1, "stage": "activate", "sector": "card", "purpose": "service", "entry": {{entry}}, {{more}} "start": "first", "nodes": {{nodes}} }
        """)!.AsObject();

    private const string Waiting = """{ "first": { "wait": "P200D", "next": "end" }, "end": { "end": "done" } }""";

    [Fact]
    public async Task By_schedule_and_segment_those_enter_whom_the_condition_holds_for_once_a_look()
    {
        await using var product = await JourneyProduct.StartAsync();
        foreach (var customer in (string[])["C-1", "C-2", "C-3"])
            await product.AddCustomerAsync(customer);
        await product.SendAsync(HttpMethod.Post, "transactions", $"[{string.Join(',', ((string[])["C-1", "C-2"]).Select(customer => Encoding.UTF8.GetString(Product.Payment(customer, $"p-{customer}", product.Now.AddDays(-1), -20m))))}]");
        await product.SettleAsync();
        await product.PutAsync(Journey("monthly", $$"""{ "schedule": { "time": "{{product.Now.AddMinutes(20):HH:mm}}" }, "when": "features.purchases_30d > 0.0", "reentry": "always", "concurrent": 5 }""", Waiting));
        await product.PutAsync(Journey("shoppers", """{ "segment": "features.purchases_30d > 0.0" }""", Waiting));
        await product.AdvanceAsync(TimeSpan.FromMinutes(40));
        Assert.Equal(["monthly", "shoppers"], await JourneysAsync("C-1"));
        Assert.Equal(["monthly", "shoppers"], await JourneysAsync("C-2"));
        Assert.Empty(await JourneysAsync("C-3"));

        // Looked at again, nobody enters a second time for the same look.
        await product.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal(["monthly", "shoppers"], await JourneysAsync("C-1"));
        Assert.Equal((2, 2), ((int)(await product.GetAsync("journeys/monthly"))["entered"]!, (int)(await product.GetAsync("journeys/shoppers"))["running"]!));

        async Task<IEnumerable<string>> JourneysAsync(string customer) =>
            (await product.GetAsync($"customers/{customer}/journeys"))["journeys"]!.AsArray().Select(each => (string)each!["journey"]!).Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_webhook_is_signed_tried_again_under_its_id_and_fails_when_it_is_not_wanted()
    {
        JourneyProduct? product = null;
        await using var endpoint = await FakeProvider.StartAsync(() => product!.Now);
        await using var started = product = await JourneyProduct.StartAsync(
            $"--Clm:Journeys:Webhooks:core:Endpoint={endpoint.Address}", $"--Clm:Journeys:Webhooks:core:Secrets={FakeProvider.Secret}", "--Clm:Gateways:AllowPrivateAddresses=true");
        await product.PutAsync(Journey("booking", """{ "call": true, "reentry": "always" }""", """
            { "first": { "webhook": "core", "facts": { "account": "signal.account" }, "next": "booked", "failed": "failed" }, "booked": { "end": "booked" }, "failed": { "end": "failed" } }
            """));
        await product.AddCustomerAsync("C-1");
        endpoint.Answers(500).Answers(429);
        await EnterAsync("k-1");
        Assert.True((bool)(await product.JourneyOfAsync("C-1"))["running"]!);
        await product.AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.Equal("booked", (string)(await product.JourneyOfAsync("C-1"))["reason"]!);
        Assert.Equal((3, 1), (endpoint.Calls.Count, endpoint.Calls.Distinct().Count()));
        var (_, call) = Assert.Single(endpoint.Messages);
        Assert.Equal(("C-1", "booking", "A-1"), ((string)call["data"]!["customerId"]!, (string)call["data"]!["journey"]!, (string)call["data"]!["facts"]!["account"]!));

        endpoint.Answers(422);
        await product.AdvanceAsync(TimeSpan.FromMinutes(1));
        await EnterAsync("k-2");
        Assert.Equal(["booked", "failed"], (await product.GetAsync("customers/C-1/journeys"))["journeys"]!.AsArray().Select(each => (string)each!["reason"]!).Order(StringComparer.Ordinal));
        Assert.Equal(4, endpoint.Calls.Count);

        async Task EnterAsync(string key)
        {
            await product.SendAsync(HttpMethod.Post, "customers/C-1/journeys/booking", """{ "account": "A-1" }""", HttpStatusCode.Accepted, key);
            await product.SettleAsync();
        }
    }

    [Theory]
    [InlineData("$.nodes", """{ "first": { "wait": "P1D", "next": "first" } }""")]
    [InlineData("$.nodes.first.wait.at", """{ "first": { "wait": { "at": "2020-01-01T09:00:00Z" }, "next": "end" }, "end": { "end": "done" } }""")]
    [InlineData("$.nodes.first.channel", """{ "first": { "message": "first-purchase", "channel": "fax", "next": "end", "refused": "end" }, "end": { "end": "done" } }""")]
    [InlineData("$.nodes.first.message", """{ "first": { "message": "no-such-template", "channel": "email", "next": "end", "refused": "end" }, "end": { "end": "done" } }""")]
    [InlineData("times", """{ "first": { "loop": "rest", "next": "end" }, "rest": { "wait": "P1D", "next": "first" }, "end": { "end": "done" } }""")]
    [InlineData("late", """{ "first": { "waitFor": { "signal": "paid" }, "timeout": "P1D", "next": "end" }, "end": { "end": "done" } }""")]
    [InlineData("$.nodes.first.waitFor.outcome", """{ "first": { "waitFor": { "outcome": "applause" }, "timeout": "P1D", "next": "end", "late": "end" }, "end": { "end": "done" } }""")]
    public async Task What_is_no_journey_is_refused_with_its_place_and_leaves_nothing(string place, string nodes)
    {
        await using var product = await Product.StartAsync();
        var answer = await product.SendAsync(HttpMethod.Put, "api/documents/journeys/wrong", Journey("wrong", """{ "call": true }""", nodes).ToJsonString(), ("x-ms-client-principal-name", "ann"));
        Assert.Equal(400, answer.Status);
        Assert.Contains(place, answer.Body!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(404, (await product.SendAsync(HttpMethod.Get, "api/documents/journeys/wrong")).Status);
        Assert.Equal(404, (await product.SendAsync(HttpMethod.Post, "api/customers/C-1/journeys/wrong", "{}")).Status);
    }

    [Fact]
    public async Task What_comes_after_a_journeys_end_changes_nothing()
    {
        await using var product = await JourneyProduct.StartAsync();
        await product.PutAsync(Journey("short", """{ "call": true }""", """
            { "first": { "waitFor": { "signal": "paid_up" }, "timeout": "P5D", "next": "tips", "late": "tips" }, "tips": { "message": "first-purchase-tips", "channel": "email", "next": "end", "refused": "end" }, "end": { "end": "done" } }
            """));
        await product.AddCustomerAsync("C-1");
        await product.SendAsync(HttpMethod.Post, "customers/C-1/journeys/short", "{}", HttpStatusCode.Accepted, "k-1");
        await product.SettleAsync();
        await product.SignalAsync("C-1", "paid_up", key: "once");
        var ended = await product.JourneyOfAsync("C-1");
        Assert.Equal("done", (string)ended["reason"]!);
        await product.SignalAsync("C-1", "paid_up", key: "once");
        await product.SignalAsync("C-1", "paid_up", key: "twice");
        await product.SendAsync(HttpMethod.Post, "customers/C-1/journeys/short", "{}", HttpStatusCode.Accepted, "k-1");
        await product.SettleAsync();
        Assert.Equal(ended.ToJsonString(), (await product.JourneyOfAsync("C-1")).ToJsonString());
        Assert.Single((await product.GetAsync("customers/C-1/messages"))["messages"]!.AsArray());
    }
}
