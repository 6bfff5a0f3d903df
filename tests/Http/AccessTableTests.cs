using System.Net;
using System.Net.Http.Json;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessCLM.Emulator;
using ServerlessCLM.Functions;
using ServerlessCLM.Functions.Http;

namespace ServerlessCLM.Tests.Http;

public sealed class AccessTableTests
{
    internal static readonly (string Name, HttpTriggerAttribute Trigger)[] HttpFunctions =
    [
        .. typeof(ServerlessClm).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Select(method => (Function: method.GetCustomAttribute<FunctionAttribute>(), Trigger: method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).FirstOrDefault(trigger => trigger is not null)))
            .Where(found => found is { Function: not null, Trigger: not null })
            .Select(found => (found.Function!.Name, found.Trigger!)),
    ];

    private static readonly Roles[] Single = [.. Enum.GetValues<Roles>().Where(role => int.IsPow2((int)role))];

    [Fact]
    public void Every_http_function_is_in_the_table_and_nothing_else_is()
    {
        Assert.NotEmpty(HttpFunctions);
        Assert.Equal(HttpFunctions.Select(function => function.Name).Order(StringComparer.Ordinal), AccessTable.Functions.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_needs_no_key_is_open_in_the_table_and_the_reverse() =>
        Assert.All(HttpFunctions, function => Assert.Equal(function.Trigger.AuthLevel == AuthorizationLevel.Anonymous, AccessTable.IsOpen(function.Name)));

    [Fact]
    public void Who_writes_a_document_does_not_approve_it_by_the_same_role()
    {
        foreach (var (write, approve) in new[] { ("PutDocument", "ApproveDocument"), ("PostChallenger", "PromoteModel") })
            Assert.Equal(Roles.None, AccessTable.Allowed(write) & AccessTable.Allowed(approve));
    }

    [Fact]
    public async Task Each_function_answers_the_roles_of_the_table_and_no_other()
    {
        await using var product = await Product.StartAsync();
        foreach (var (name, trigger) in HttpFunctions.Where(function => !AccessTable.IsOpen(function.Name)))
        {
            foreach (var role in Single)
            {
                using var request = Request(trigger);
                request.Headers.Add(Principals.Header, "someone@bank.example");
                request.Headers.Add(Principals.ClaimsHeader, Claims(role));
                using var response = await product.Client.SendAsync(request);
                var isForbidden = response.StatusCode == HttpStatusCode.Forbidden && await Title(response) == "The caller may not do this";
                Assert.True(isForbidden != AccessTable.Allowed(name).HasFlag(role), $"{name} answered {role} with {(int)response.StatusCode}");
                Assert.True((int)response.StatusCode < 500 || response.StatusCode == HttpStatusCode.ServiceUnavailable, $"{name} failed with {(int)response.StatusCode}");
            }
        }
    }

    [Fact]
    public async Task A_key_that_is_made_a_services_cannot_do_an_analysts_work()
    {
        await using var product = await Product.StartAsync(settings: "--Clm:Identity:KeyRoles=service");
        using var refused = await product.Client.GetAsync("/api/documents/strategies");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal("this operation is for analyst or approver or auditor or administrator; the caller is service", (await refused.Content.ReadFromJsonAsync<JsonObject>())!["detail"]!.GetValue<string>());

        using var taken = await product.Client.PostAsync("/api/transactions", new StringContent("[]"));
        Assert.NotEqual(HttpStatusCode.Forbidden, taken.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64")]
    [InlineData("e30=")]
    public async Task Claims_that_cannot_be_read_are_refused_and_not_taken_for_none(string claims)
    {
        await using var product = await Product.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/models");
        request.Headers.Add(Principals.Header, "someone@bank.example");
        request.Headers.TryAddWithoutValidation(Principals.ClaimsHeader, claims);
        using var response = await product.Client.SendAsync(request);
        // An empty header is no header: then the key speaks for itself.
        Assert.Equal(claims.Length == 0 ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, response.StatusCode);
    }

    private static HttpRequestMessage Request(HttpTriggerAttribute trigger)
    {
        var route = string.Join('/', trigger.Route!.Split('/').Select(part => part.StartsWith('{') ? "none" : part));
        var method = trigger.Methods is [var first, ..] ? first : "get";
        return new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), $"/api/{route}");
    }

    internal static string Claims(Roles role) => Convert.ToBase64String(Encoding.UTF8.GetBytes(new JsonObject
    {
        ["auth_typ"] = "aad",
        ["claims"] = new JsonArray(new JsonObject { ["typ"] = "roles", ["val"] = role.ToString().ToLowerInvariant() }),
    }.ToJsonString()));

    private static async Task<string?> Title(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType == "application/problem+json"
            ? (string?)(await response.Content.ReadFromJsonAsync<JsonObject>())!["title"]
            : null;
}
