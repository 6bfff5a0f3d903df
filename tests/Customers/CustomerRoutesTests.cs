using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Tests.Emulator;

namespace ServerlessCLM.Tests.Customers;

public class CustomerRoutesTests : ProductTests
{
    private const string Event = """
        {"specversion":"1.0","id":"ID","source":"/cards","type":"TYPE","subject":"C-1","time":"2026-11-20T09:30:00Z","data":DATA}
        """;

    [Fact]
    public async Task A_customer_is_seen_whole_after_payments_events_profile_and_consent()
    {
        await using var product = await StartAsync();
        var payments = new JsonArray([.. Enumerable.Range(0, 20).Select(i => JsonNode.Parse(Product.Payment("C-1", $"{i}", Product.Now.AddDays(-i))))]);
        var (status, taken) = await product.SendAsync(HttpMethod.Post, "api/transactions", payments.ToJsonString());
        Assert.Equal((202, 20), (status, (int)taken!["accepted"]!));
        Assert.Equal(202, (await product.SendAsync(HttpMethod.Post, "api/events", Of("clm.lifecycle.v1", """{"event":"card_delivered"}"""))).Status);
        Assert.Equal(202, (await product.SendAsync(HttpMethod.Post, "api/events", Of("clm.outcome.v1", """{"outcome":"click","channel":"email"}"""))).Status);
        Assert.Equal(200, (await product.SendAsync(HttpMethod.Put, "api/customers/C-1/profile", """{"timeZone":"Europe/Berlin"}""")).Status);
        Assert.Equal(200, (await product.SendAsync(HttpMethod.Put, "api/customers/C-1/consents/marketing/email", """{"status":"granted","source":"form"}""")).Status);
        await product.DrainAsync(EventStreams.TransactionsHub);
        await product.DrainAsync(EventStreams.EventsHub);

        var (seen, view) = await product.SendAsync(HttpMethod.Get, "api/customers/C-1");
        Assert.Equal(200, seen);
        Assert.Equal(20, (int)view!["features"]!["purchases_30d"]!);
        Assert.InRange((float)view["scores"]!["activity_level"]!["value"]!, 0.01f, 1f);
        Assert.Contains("first_use", view["signals"]!.AsArray().Select(signal => (string)signal!["name"]!));
        Assert.Contains("card_delivered", view["signals"]!.AsArray().Select(signal => (string)signal!["name"]!));
        Assert.Equal("Europe/Berlin", (string)view["profile"]!["timeZone"]!);
        Assert.Equal("Granted", (string)view["consents"]![0]!["status"]!);
        Assert.Equal("click", (string)view["contacts"]![0]!["status"]!);
        var (_, export) = await product.SendAsync(HttpMethod.Get, "api/customers/C-1/export");
        Assert.Equal(1, (int)export!["profileVersion"]!);
    }

    [Fact]
    public async Task Erasure_leaves_404_behind()
    {
        await using var product = await StartAsync();
        await product.SendAsync(HttpMethod.Put, "api/customers/C-1/profile", """{"country":"DE"}""");
        Assert.Equal(204, (await product.SendAsync(HttpMethod.Delete, "api/customers/C-1")).Status);
        var (status, problem) = await product.SendAsync(HttpMethod.Get, "api/customers/C-1");
        Assert.Equal(404, status);
        Assert.Contains("erased", (string)problem!["detail"]!, StringComparison.Ordinal);
        Assert.Equal(204, (await product.SendAsync(HttpMethod.Delete, "api/customers/C-1")).Status);
        Assert.Equal(409, (await product.SendAsync(HttpMethod.Put, "api/customers/C-1/profile", "{}")).Status);
        Assert.Equal(404, (await product.SendAsync(HttpMethod.Delete, "api/customers/nobody")).Status);
    }

    [Fact]
    public async Task A_stale_profile_version_is_412_and_the_right_one_is_taken()
    {
        await using var product = await StartAsync();
        Assert.Equal(200, (await product.SendAsync(HttpMethod.Put, "api/customers/C-1/profile", """{"country":"DE"}""")).Status);
        Assert.Equal(412, (await product.SendAsync(HttpMethod.Put, "api/customers/C-1/profile", """{"country":"AT"}""", ("If-Match", "\"7\""))).Status);
        var (status, body) = await product.SendAsync(HttpMethod.Put, "api/customers/C-1/profile", """{"country":"AT"}""", ("If-Match", "\"1\""));
        Assert.Equal((200, 2), (status, (int)body!["version"]!));
    }

    [Theory]
    [InlineData("PUT", "api/customers/C-1/profile", """{"timeZone":"Mars/Base"}""", "profile.timeZone")]
    [InlineData("PUT", "api/customers/C-1/profile", """[1]""", "$")]
    [InlineData("PUT", "api/customers/C-1/profile", """{"a":""", "$")]
    [InlineData("PUT", "api/customers/C-1/consents/gossip/email", """{"status":"granted"}""", "purpose")]
    [InlineData("PUT", "api/customers/C-1/consents/marketing/pigeon", """{"status":"granted"}""", "channel")]
    [InlineData("PUT", "api/customers/C-1/consents/marketing/email", """{"status":"maybe"}""", "status")]
    [InlineData("PUT", "api/customers/C-1/consents/marketing/email", """{"status":"granted","at":"2030-01-01T00:00:00Z"}""", "at")]
    [InlineData("PUT", "api/customers/C-1/consents/marketing/email", """{"status":"-5"}""", "status")]
    [InlineData("PUT", "api/customers/C-1/consents/marketing/email", """{"status":"granted,withdrawn"}""", "status")]
    [InlineData("PUT", "api/customers/C-1/consents/marketing/email", """{"status":"granted","status":"withdrawn"}""", "$")]
    [InlineData("PUT", "api/customers/C-1/consents/marketing/email", """{"status":"granted","source":"\ud800"}""", "$")]
    [InlineData("PUT", "api/customers/C-1/consents/marketing/email", """{"status":"granted","at":"11:30"}""", "at")]
    [InlineData("PUT", "api/customers/C-1/profile", """{"attributes":{"a":1,"a":2}}""", "$")]
    [InlineData("PUT", "api/customers/C-1/profile", """{"attributes":{"a":"\udc00"}}""", "$")]
    [InlineData("GET", "api/customers/C-1?asOf=9999-12-31", null, "asOf")]
    [InlineData("GET", "api/customers/C-1?asOf=0001-01-01", null, "asOf")]
    [InlineData("GET", "api/customers/C-1?asOf=11:30", null, "asOf")]
    [InlineData("GET", "api/customers/C 1", null, "customerId")]
    [InlineData("GET", "api/customers/C-1?asOf=yesterday", null, "asOf")]
    [InlineData("POST", "api/transactions", """{"a":""", "$")]
    [InlineData("POST", "api/transactions", "17", "$")]
    [InlineData("GET", "api/dead-letters/transactions?size=0", null, "size")]
    public async Task Wrong_input_is_400_and_names_the_field(string method, string path, string? body, string field)
    {
        await using var product = await StartAsync();
        var (status, problem) = await product.SendAsync(new HttpMethod(method), path, body);
        Assert.Equal(400, status);
        Assert.Equal(field, (string)problem!["field"]!);
        Assert.NotEqual("", (string)problem["reason"]!);
    }

    [Fact]
    public async Task A_profile_nested_as_deep_as_JSON_may_be_does_not_make_the_customer_unreadable()
    {
        await using var product = await Product.StartAsync();
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 61)) + "{}" + new string('}', 61);
        Assert.Equal(400, (await product.SendAsync(HttpMethod.Put, "api/customers/C-1/profile", $$"""{"attributes":{{deep}} }""")).Status);
        Assert.Equal(200, (await product.SendAsync(HttpMethod.Put, "api/customers/C-1/profile", """{"attributes":{"a":{"b":{"c":1}}}}""")).Status);
        Assert.Equal(200, (await product.SendAsync(HttpMethod.Get, "api/customers/C-1")).Status);
    }

    [Fact]
    public async Task An_opt_out_withdraws_consent_and_an_older_grant_does_not_bring_it_back()
    {
        await using var product = await StartAsync();
        await product.SendAsync(HttpMethod.Post, "api/events", Of("clm.outcome.v1", """{"outcome":"optOut","channel":"sms","purpose":"marketing"}"""));
        await product.DrainAsync(EventStreams.EventsHub);
        var (_, held) = await product.SendAsync(HttpMethod.Put, "api/customers/C-1/consents/marketing/sms", """{"status":"granted","at":"2026-11-19T00:00:00Z"}""");
        Assert.Equal("Withdrawn", (string)held!["status"]!);
    }

    [Fact]
    public async Task The_document_describes_exactly_the_routes_there_are()
    {
        await using var product = await StartAsync();
        var (_, document) = await product.SendAsync(HttpMethod.Get, "api/openapi.json");
        var described = document!["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject(), (path, operation) => (string)operation.Value!["operationId"]! + " " + operation.Key + " " + path.Key[1..]);
        var existing = typeof(Functions.ServerlessClm).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(), (_, method) => (
                Function: (ServerlessCLM.Emulator.FunctionAttribute?)Attribute.GetCustomAttribute(method, typeof(ServerlessCLM.Emulator.FunctionAttribute)),
                Http: method.GetParameters().Select(parameter => (ServerlessCLM.Emulator.HttpTriggerAttribute?)Attribute.GetCustomAttribute(parameter, typeof(ServerlessCLM.Emulator.HttpTriggerAttribute))).FirstOrDefault(http => http is not null)))
            .Where(found => found.Function is not null && found.Http is not null)
            .SelectMany(found => found.Http!.Methods!, (found, verb) => $"{found.Function!.Name} {verb} {found.Http!.Route!.Replace("{*", "{", StringComparison.Ordinal)}");
        Assert.Equal(existing.Order(), described.Order());
    }

    private static string Of(string type, string data) => Event
        .Replace("TYPE", type, StringComparison.Ordinal).Replace("DATA", data, StringComparison.Ordinal)
        .Replace("ID", $"{Digest64.Of(data):x}", StringComparison.Ordinal);
}

/// <summary>The same over the storage REST protocol.</summary>
public sealed class CustomerRoutesOnAzurite(Azurite azurite) : CustomerRoutesTests
{
    protected override async Task<string?> NewStorageAsync() => await azurite.NewAccountAsync();
}
