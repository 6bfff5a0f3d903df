using System.Text.Json.Nodes;
using ServerlessCLM.Tests.Decisions;

namespace ServerlessCLM.Tests.Documents;

public class DocumentRoutesTests : ProductTests
{
    private const string Strategies = "api/documents/strategies/card-retail";

    [Fact]
    public async Task A_strategy_is_written_by_one_approved_by_another_and_in_force_from_its_date()
    {
        await using var product = await StartAsync();
        var (status, saved, draft) = await SendAsync(product, HttpMethod.Put, $"{Strategies}?why=autumn", Strategy(1, "2026-12-01T00:00:00Z").ToJsonString(), "ann");
        Assert.Equal((200, "Draft"), (status, (string)saved!["versions"]![0]!["status"]!));
        Assert.Equal(404, (await SendAsync(product, HttpMethod.Get, Strategies)).Status);
        Assert.Equal(200, (await SendAsync(product, HttpMethod.Post, $"{Strategies}/submission", """{"version":1}""", "ann")).Status);

        var (seen, difference, etag) = await SendAsync(product, HttpMethod.Get, $"{Strategies}/difference");
        Assert.Equal((200, draft, 1), (seen, etag, difference!["changes"]!.AsArray().Count));
        Assert.Equal(428, (await SendAsync(product, HttpMethod.Post, $"{Strategies}/approval", """{"version":1,"approve":true}""", "bob")).Status);
        var (own, problem, _) = await SendAsync(product, HttpMethod.Post, $"{Strategies}/approval", """{"version":1,"approve":true}""", "ann", etag);
        Assert.Equal((403, "principal"), (own, (string)problem!["field"]!));
        Assert.Equal(200, (await SendAsync(product, HttpMethod.Post, $"{Strategies}/approval", """{"version":1,"approve":true,"why":"reads well"}""", "bob", etag)).Status);

        Assert.Equal(404, (await SendAsync(product, HttpMethod.Get, Strategies)).Status);
        var (found, content, _) = await SendAsync(product, HttpMethod.Get, $"{Strategies}?at=2026-12-01T00:00:00Z");
        Assert.Equal(200, found);
        Assert.True(JsonNode.DeepEquals(Strategy(1, "2026-12-01T00:00:00Z"), content));

        var (_, history, _) = await SendAsync(product, HttpMethod.Get, $"{Strategies}/history");
        Assert.Equal(
            ["Saved ann autumn", "Submitted ann ", "Approved bob reads well"],
            history!["history"]!.AsArray().Select(step => $"{step!["step"]} {step["by"]} {step["why"]}"));
        var (_, list, _) = await SendAsync(product, HttpMethod.Get, "api/documents/strategies");
        Assert.Equal("""[{"id":"card-retail","inForce":null,"last":1,"status":"Approved"}]""", list!["strategies"]!.ToJsonString());
    }

    /// <summary>The name of a blob ends at 1,024 characters; what was asked for went into it as it was.</summary>
    [Theory]
    [InlineData("api/documents/strategies/{id}/simulation", "{}", 404)]
    [InlineData("api/journeys/{id}/migration", """{"from":1,"to":2}""", 400)]
    public async Task A_name_longer_than_a_blobs_is_that_of_no_document(string route, string body, int expected)
    {
        await using var product = await StartAsync();
        Assert.Equal(expected, (await product.SendAsync(HttpMethod.Post, route.Replace("{id}", new string('a', 2048), StringComparison.Ordinal), body)).Status);
    }

    [Fact]
    public async Task What_is_refused_changes_nothing()
    {
        await using var product = await StartAsync();
        var (_, _, etag) = await SendAsync(product, HttpMethod.Put, Strategies, Strategy(1).ToJsonString(), "ann");
        var other = Strategy(1);
        other["holdout"] = 0.03;
        Assert.Equal(412, (await SendAsync(product, HttpMethod.Put, Strategies, other.ToJsonString(), "bob")).Status);
        Assert.Equal(412, (await SendAsync(product, HttpMethod.Put, Strategies, other.ToJsonString(), "bob", "\"0000\"")).Status);
        Assert.Equal(409, (await SendAsync(product, HttpMethod.Put, Strategies, Strategy(2).ToJsonString(), "bob")).Status);
        Assert.Equal(409, (await SendAsync(product, HttpMethod.Post, $"{Strategies}/approval", """{"version":1,"approve":true}""", "bob", etag)).Status);
        Assert.Equal(404, (await SendAsync(product, HttpMethod.Post, $"{Strategies}/submission", """{"version":7}""", "ann")).Status);
        Assert.Equal(401, (await SendAsync(product, HttpMethod.Put, Strategies, other.ToJsonString(), by: null, etag)).Status);
        Assert.Equal(404, (await SendAsync(product, HttpMethod.Put, "api/documents/poems/one", "{}", "ann")).Status);
        Assert.Equal(400, (await SendAsync(product, HttpMethod.Put, "api/documents/strategies/Card_Retail", "{}", "ann")).Status);

        var (_, history, _) = await SendAsync(product, HttpMethod.Get, $"{Strategies}/history");
        Assert.Single(history!["history"]!.AsArray());
        Assert.Equal(etag, (await SendAsync(product, HttpMethod.Get, $"{Strategies}?version=1")).ETag);
        Assert.Equal(200, (await SendAsync(product, HttpMethod.Put, Strategies, Strategy(1).ToJsonString(), "ann")).Status);
        Assert.Equal(200, (await SendAsync(product, HttpMethod.Put, Strategies, other.ToJsonString(), "bob", etag)).Status);
    }

    [Fact]
    public async Task A_strategy_with_errors_is_a_problem_that_lists_them_all()
    {
        await using var product = await StartAsync();
        var wrong = Strategy(1);
        wrong["budgets"]![0]!["limit"] = "-5.00";
        wrong["actions"]![0]!["elegibility"] = "true";
        wrong.Remove("objectives");
        var (status, problem, _) = await SendAsync(product, HttpMethod.Put, Strategies, wrong.ToJsonString(), "ann");
        Assert.Equal(400, status);
        Assert.Equal(["$.objectives", "$.budgets[0].limit", "$.actions[0].elegibility"], problem!["findings"]!.AsArray().Select(finding => (string)finding!["path"]!));
        var (checkedStatus, answer, _) = await SendAsync(product, HttpMethod.Post, $"{Strategies}/validation", wrong.ToJsonString());
        Assert.Equal((200, false, 3), (checkedStatus, (bool)answer!["valid"]!, answer["findings"]!.AsArray().Count));
        Assert.Equal(404, (await SendAsync(product, HttpMethod.Get, $"{Strategies}/history")).Status);
    }

    [Fact]
    public async Task Schemas_are_served_to_editors_without_a_key()
    {
        await using var product = await StartAsync();
        product.Client.DefaultRequestHeaders.Remove("x-functions-key");
        var (status, schema, _) = await SendAsync(product, HttpMethod.Get, "api/schemas/strategy.json");
        Assert.Equal((200, "/api/schemas/strategy.json"), (status, (string)schema!["$id"]!));
        Assert.Equal("/api/schemas/model.json", (string)(await SendAsync(product, HttpMethod.Get, "api/schemas/model.json")).Body!["$id"]!);
        Assert.Equal(404, (await SendAsync(product, HttpMethod.Get, "api/schemas/poem.json")).Status);
    }

    private static JsonObject Strategy(int version, string? effective = null)
    {
        var strategy = SampleStrategy.Example();
        strategy["version"] = version;
        if (effective is null)
            strategy.Remove("effective");
        else
            strategy["effective"] = effective;
        return strategy;
    }

    private static async Task<(int Status, JsonNode? Body, string? ETag)> SendAsync(
        Product product, HttpMethod method, string path, string? json = null, string? by = null, string? match = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
            request.Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        if (by is not null)
            request.Headers.Add("x-ms-client-principal-name", by);
        if (match is not null)
            request.Headers.TryAddWithoutValidation("If-Match", match);
        using var response = await product.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text), response.Headers.ETag?.ToString());
    }
}

/// <summary>The same over the storage REST protocol.</summary>
public sealed class DocumentRoutesOnAzurite(Emulator.Azurite azurite) : DocumentRoutesTests
{
    protected override async Task<string?> NewStorageAsync() => await azurite.NewAccountAsync();
}
