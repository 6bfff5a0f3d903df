using Microsoft.AspNetCore.Http;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator.Hosting;

public sealed class HostCorsTests
{
    const string Page = "https://crm.bank.example";

    [Theory]
    [InlineData("https://crm.bank.example", null, Page, null)]
    [InlineData("https://other.example, https://crm.bank.example", "true", Page, "true")]
    [InlineData("*", null, "*", null)]
    [InlineData("https://other.example", null, null, null)]
    [InlineData("", null, null, null)]
    public async Task A_page_of_an_allowed_origin_may_call(string origins, string? credentials, string? allowed, string? withCredentials)
    {
        await using var host = await StartAsync(origins, credentials);
        using var asked = await SendAsync(host, HttpMethod.Options, ("Access-Control-Request-Method", "PUT"), ("Access-Control-Request-Headers", "x-functions-key"));
        Assert.Equal(allowed, Header(asked, "Access-Control-Allow-Origin"));
        if (allowed is not null)
        {
            Assert.Equal(204, (int)asked.StatusCode);
            Assert.Equal(("PUT", "x-functions-key"), (Header(asked, "Access-Control-Allow-Methods"), Header(asked, "Access-Control-Allow-Headers")));
        }

        // The answer itself too, also when it is an error: a page could not read the reason otherwise.
        using var refused = await SendAsync(host, HttpMethod.Put);
        Assert.Equal((401, allowed, withCredentials), ((int)refused.StatusCode, Header(refused, "Access-Control-Allow-Origin"), Header(refused, "Access-Control-Allow-Credentials")));
        using var answered = await SendAsync(host, HttpMethod.Put, ("x-functions-key", RunningHost.FunctionKey));
        Assert.Equal((200, allowed), ((int)answered.StatusCode, Header(answered, "Access-Control-Allow-Origin")));
    }

    [Theory]
    [InlineData("crm.bank.example", null, "Host:CORS: 'crm.bank.example' is no origin such as https://crm.bank.example.")]
    [InlineData("https://crm.bank.example/app", null, "Host:CORS: 'https://crm.bank.example/app' is no origin such as https://crm.bank.example.")]
    [InlineData("*", "true", "Host:CORS is '*': * stands alone, and browsers refuse it together with Host:CORSCredentials.")]
    [InlineData(Page, "yes", "Host:CORSCredentials is 'yes', needs true or false.")]
    public async Task A_setting_that_cannot_be_read_keeps_the_host_from_starting(string origins, string? credentials, string reason) =>
        Assert.Equal(reason, (await Assert.ThrowsAsync<FunctionsStartupException>(() => StartAsync(origins, credentials))).Message);

    static Task<RunningHost> StartAsync(string origins, string? credentials) => RunningHost.StartAsync([typeof(Functions)], builder =>
    {
        builder.Configuration[HostCors.OriginsSetting] = origins;
        builder.Configuration[HostCors.CredentialsSetting] = credentials;
    });

    static async Task<HttpResponseMessage> SendAsync(RunningHost host, HttpMethod method, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, "/api/keyed");
        request.Headers.Add("Origin", Page);
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return await host.Client.SendAsync(request);
    }

    static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;

    public static class Functions
    {
        [Function("Keyed")]
        public static string Keyed([HttpTrigger("put")] HttpRequest request) => "open";
    }
}
