using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using ServerlessCLM.Functions.Console;
using ServerlessCLM.Functions.Http;

namespace ServerlessCLM.Tests.ConsolePages;

public sealed class SignInTests
{
    [Fact]
    public async Task A_person_is_told_who_they_are_and_which_roles_may_what()
    {
        await using var product = await Product.StartAsync();
        var claims = Convert.ToBase64String("""{"claims":[{"typ":"roles","val":"analyst"}]}"""u8);
        var (status, me) = await product.SendAsync(HttpMethod.Get, "api/me", null, (Principals.Header, "ann@bank.example"), (Principals.ClaimsHeader, claims));
        Assert.Equal(200, status);
        Assert.Equal("ann@bank.example", (string?)me!["name"]);
        Assert.Equal(["analyst"], me["roles"]!.AsArray().Select(role => (string?)role));
        Assert.Equal(["approver"], me["operations"]!["ApproveDocument"]!.AsArray().Select(role => (string?)role));
        Assert.Equal(AccessTable.Functions.Count(function => !AccessTable.IsOpen(function)), me["operations"]!.AsObject().Count);
    }

    [Fact]
    public async Task Where_people_sign_in_by_key_no_key_is_given_away()
    {
        await using var product = await Product.StartAsync();
        Assert.Equal("key", (string?)(await product.SendAsync(HttpMethod.Get, "api/sign-in")).Body!["mode"]);
        Assert.Equal(404, (await product.SendAsync(HttpMethod.Post, "api/sign-in")).Status);
    }

    [Fact]
    public async Task The_consoles_key_is_given_for_a_token_alone_and_makes_nobody_a_caller()
    {
        await using var product = await Product.StartAsync(data: null, $"--Clm:Console:Key={Product.Key}", "--Clm:Identity:Authority=https://issuer.example/v2.0", "--Clm:Identity:Audience=the-app");
        var (_, how) = await product.SendAsync(HttpMethod.Get, "api/sign-in");
        Assert.True(JsonNode.DeepEquals(how, JsonNode.Parse("""{"mode":"entra","authority":"https://issuer.example/v2.0","clientId":"the-app","scope":"the-app/.default"}""")));
        Assert.Equal(401, (await product.SendAsync(HttpMethod.Post, "api/sign-in")).Status);
        var (status, problem) = await product.SendAsync(HttpMethod.Get, "api/me");
        Assert.Equal(401, status);
        Assert.Equal("the console's key names nobody; sign in and send the access token", (string?)problem!["detail"]);
    }

    [Fact]
    public void A_console_key_without_an_issuer_stops_the_start()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("Console:Key", "k")]).Build();
        Assert.Contains("Clm:Identity:Audience", Assert.Throws<InvalidOperationException>(() => SignInOptions.From(settings)).Message, StringComparison.Ordinal);
    }
}
