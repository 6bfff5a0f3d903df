using System.Net;
using System.Text.Json.Nodes;

namespace ServerlessCLM.Tests.Journeys;

public class JourneyTests
{
    private const string Catalogue = "--Clm:Journeys:Catalogue=card-first-purchase";

    private static JsonObject Welcome(int version = 1, string? lane = null, int priority = 50, string id = "welcome") => new()
    {
        ["id"] = id, ["version"] = version, ["stage"] = "activate", ["sector"] = "card", ["purpose"] = "marketing", ["priority"] = priority, ["lane"] = lane,
        ["entry"] = new JsonObject { ["signal"] = $"{id}_due", ["reentry"] = "P30D" }, ["goal"] = new JsonObject { ["signal"] = "logged_in", ["within"] = "P20D", ["value"] = "5.00" },
        ["start"] = "greet",
        ["nodes"] = new JsonObject
        {
            ["greet"] = new JsonObject { ["message"] = "first-purchase-reminder", ["channel"] = "email", ["next"] = "rest", ["refused"] = "rest" },
            ["rest"] = new JsonObject { ["wait"] = "P5D", ["next"] = "again" },
            ["again"] = new JsonObject { ["message"] = "first-purchase-tips", ["channel"] = "email", ["purpose"] = "service", ["next"] = "end", ["refused"] = "end" },
            ["end"] = new JsonObject { ["end"] = "completed" },
        },
    };

    private static JsonObject Plain(JsonObject journey)
    {
        foreach (var name in journey.Where(member => member.Value is null).Select(member => member.Key).ToList())
            journey.Remove(name);
        return journey;
    }

    [Fact]
    public async Task A_signal_starts_a_journey_that_writes_waits_and_ends()
    {
        await using var product = await JourneyProduct.StartAsync();
        await product.PutAsync(Plain(Welcome()));
        await product.AddCustomerAsync("C-1");
        await product.SignalAsync("C-1", "welcome_due");

        var journey = await product.JourneyOfAsync("C-1");
        Assert.Equal(("welcome", true, "rest"), ((string)journey["journey"]!, (bool)journey["running"]!, (string)journey["node"]!));
        Assert.Single(await ContactsAsync(product, "C-1"));

        await product.AdvanceAsync(TimeSpan.FromDays(6));
        journey = await product.JourneyOfAsync("C-1");
        Assert.Equal((false, "completed", "completed"), ((bool)journey["running"]!, (string)journey["outcome"]!, (string)journey["reason"]!));
        Assert.Equal(["greet", "rest", "again", "end"], await product.StepsAsync("C-1"));
        Assert.Equal(2, (await ContactsAsync(product, "C-1")).Count);

        // The goal still counts within its time, though the journey has ended.
        await product.SignalAsync("C-1", "logged_in");
        await product.SettleAsync();
        var figures = await product.GetAsync("journeys/welcome");
        Assert.Equal((1, 0, 1, 5.0), ((int)figures["entered"]!, (int)figures["running"]!, (int)figures["goals"]!, (double)figures["value"]!));
        Assert.All(figures["steps"]!.AsArray(), step => Assert.Equal((1, 1, 0), ((int)step!["customers"]!, (int)step["converted"]!, (int)step["there"]!)));
    }

    [Fact]
    public async Task A_goal_ends_a_journey_the_instant_it_arrives()
    {
        await using var product = await JourneyProduct.StartAsync();
        await product.PutAsync(Plain(Welcome()));
        await product.AddCustomerAsync("C-1");
        await product.SignalAsync("C-1", "welcome_due");
        await product.AdvanceAsync(TimeSpan.FromDays(1));
        var before = product.Now;
        await product.SignalAsync("C-1", "logged_in");

        var journey = await product.JourneyOfAsync("C-1");
        Assert.Equal(("goal", "logged_in", 5.0), ((string)journey["outcome"]!, (string)journey["reason"]!, (double)journey["value"]!));
        Assert.Equal(before, (DateTimeOffset)journey["ended"]!);
        await product.AdvanceAsync(TimeSpan.FromDays(10));
        Assert.Single(await ContactsAsync(product, "C-1"));
    }

    [Fact]
    public async Task Without_consent_the_way_is_refused_and_quiet_hours_put_a_message_off()
    {
        await using var product = await JourneyProduct.StartAsync();
        var welcome = Plain(Welcome());
        welcome["nodes"]!["greet"] = new JsonObject
        {
            ["message"] = "first-purchase", ["channel"] = "push", ["facts"] = new JsonObject { ["card"] = "'Card Classic'", ["cashback"] = "10.0", ["until"] = "now + duration('168h')" },
            ["next"] = "rest", ["refused"] = "rest",
        };
        await product.PutAsync(welcome);
        await product.SendAsync(HttpMethod.Put, "customers/C-1/profile", """{ "country": "DE", "timeZone": "Europe/Berlin", "email": "a@example.com" }""");
        await product.SignalAsync("C-1", "welcome_due");
        Assert.Equal(["greet", "rest"], await product.StepsAsync("C-1"));
        Assert.Empty(await ContactsAsync(product, "C-1"));

        await product.AddCustomerAsync("C-2");
        await product.SendAsync(HttpMethod.Put, "customers/C-2/consents/marketing/push", """{ "status": "granted", "source": "form" }""");
        await product.AdvanceAsync(TimeSpan.FromHours(11));
        await product.SignalAsync("C-2", "welcome_due");
        Assert.Equal(["greet"], await product.StepsAsync("C-2"));
        Assert.Equal("reserved", (string)Assert.Single(await ContactsAsync(product, "C-2"))!["status"]!);
        await product.AdvanceAsync(TimeSpan.FromHours(12));
        Assert.Equal(["greet", "rest"], await product.StepsAsync("C-2"));
        Assert.Equal("sent", (string)Assert.Single(await ContactsAsync(product, "C-2"))!["status"]!);
    }

    [Fact]
    public async Task The_same_cause_enters_once_and_rules_of_entry_are_told()
    {
        await using var product = await JourneyProduct.StartAsync();
        await product.PutAsync(Plain(Welcome()));
        await product.AddCustomerAsync("C-1");
        var first = await product.SendAsync(HttpMethod.Post, "customers/C-1/journeys/welcome", "{}", HttpStatusCode.Accepted, key: "k-1");
        var again = await product.SendAsync(HttpMethod.Post, "customers/C-1/journeys/welcome", "{}", HttpStatusCode.Accepted, key: "k-1");
        Assert.Equal((string)first["instance"]!, (string)again["instance"]!);
        var refused = await product.SendAsync(HttpMethod.Post, "customers/C-1/journeys/welcome", "{}", HttpStatusCode.Conflict, key: "k-2");
        Assert.Equal("concurrent", (string)refused["rule"]!);

        await product.AdvanceAsync(TimeSpan.FromDays(7));
        Assert.Equal((string)first["instance"]!, (string)(await product.SendAsync(HttpMethod.Post, "customers/C-1/journeys/welcome", "{}", HttpStatusCode.Accepted, key: "k-1"))["instance"]!);
        Assert.Equal("reentry", (string)(await product.SendAsync(HttpMethod.Post, "customers/C-1/journeys/welcome", "{}", HttpStatusCode.Conflict, key: "k-3"))["rule"]!);
        await product.SendAsync(HttpMethod.Post, "customers/C-1/journeys/welcom", "{}", HttpStatusCode.NotFound);
        await product.SendAsync(HttpMethod.Post, "customers/C-9/journeys/welcome", "{}", HttpStatusCode.NotFound);
        await product.SendAsync(HttpMethod.Post, "customers/C-1/signals/NotAName", "{}", HttpStatusCode.BadRequest);
        await product.SendAsync(HttpMethod.Delete, $"customers/C-1/journeys/{first["instance"]}", status: HttpStatusCode.Conflict);
        await product.SendAsync(HttpMethod.Delete, "customers/C-1/journeys/none", status: HttpStatusCode.NotFound);
        Assert.Single((await product.GetAsync("customers/C-1/journeys"))["journeys"]!.AsArray());
    }

    [Fact]
    public async Task A_run_can_be_cancelled_and_one_with_the_priority_ends_the_others_of_its_lane()
    {
        await using var product = await JourneyProduct.StartAsync();
        await product.PutAsync(Plain(Welcome(lane: "activation")));
        await product.PutAsync(Plain(Welcome(lane: "*", priority: 90, id: "hardship")));
        await product.AddCustomerAsync("C-1");
        await product.AddCustomerAsync("C-2");
        await product.SignalAsync("C-1", "welcome_due");
        await product.SignalAsync("C-1", "hardship_due");
        var journeys = (await product.GetAsync("customers/C-1/journeys"))["journeys"]!.AsArray();
        Assert.Equal(["hardship true ", "welcome false outranked"], journeys.Select(each => $"{each!["journey"]} {each["running"]} {each["outcome"]}"));

        await product.SignalAsync("C-2", "welcome_due");
        var instance = (string)(await product.JourneyOfAsync("C-2"))["instance"]!;
        await product.SendAsync(HttpMethod.Delete, $"customers/C-2/journeys/{instance}", status: HttpStatusCode.Accepted);
        await product.SettleAsync();
        var cancelled = await product.JourneyOfAsync("C-2");
        Assert.Equal(("cancelled", "cancelled by ann"), ((string)cancelled["outcome"]!, (string)cancelled["reason"]!));
    }

    [Fact]
    public async Task A_journey_of_the_catalogue_runs_once_it_is_switched_on()
    {
        await using var product = await JourneyProduct.StartAsync(Catalogue);
        await product.AddCustomerAsync("C-1");
        await product.SignalAsync("C-1", "card_activated");
        Assert.Equal("patience", (string)(await product.JourneyOfAsync("C-1"))["node"]!);
        await product.AdvanceAsync(TimeSpan.FromDays(20));
        var ended = await product.JourneyOfAsync("C-1");
        Assert.Equal(("completed", "not-used"), ((string)ended["outcome"]!, (string)ended["reason"]!));
        Assert.Equal(["card-first-purchase"], (await product.GetAsync("journeys"))["journeys"]!.AsArray().Select(each => (string)each!["id"]!));
    }

    private static async Task<IReadOnlyList<JsonNode?>> ContactsAsync(JourneyProduct product, string customer) =>
        [.. (await product.GetAsync($"customers/{customer}"))["contacts"]!.AsArray()];
}
