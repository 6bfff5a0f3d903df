using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ServerlessCLM.Emulator;
using ServerlessCLM.Tests.Emulator.Hosting;

namespace ServerlessCLM.Tests.Emulator;

/// <summary>Functions with attributes and the management routes, in a whole host.</summary>
public sealed class DurableHostTests
{
    const string Root = "/runtime/webhooks/durabletask";

    public sealed class Greetings
    {
        [Function("Greet")]
        public async Task<string> Greet([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var greeting = await context.CallActivityAsync<string>("Say", context.GetInput<string>());
            return greeting + await context.WaitForExternalEvent<string>("end");
        }

        [Function("Say")]
        public static string Say([ActivityTrigger] string name, string instanceId) => $"Hello {name} from {instanceId}";

        [Function("Begin")]
        public static async Task<IResult> Begin(
            [HttpTrigger(AuthorizationLevel.Function, "post", Route = "greet/{name}")] HttpRequest request, string name, [DurableClient] DurableTaskClient client) =>
            Results.Text(await client.ScheduleNewOrchestrationInstanceAsync("Greet", name, new StartOrchestrationOptions("g-" + name)));
    }

    [Fact]
    public async Task A_function_starts_an_orchestration_and_the_routes_manage_it()
    {
        await using var host = await RunningHost.StartAsync([typeof(Greetings)]);
        var client = host.Services.GetRequiredService<EmulatorDurableTaskClient>();
        Assert.Equal((200, "g-Ada"), await host.SendAsync(HttpMethod.Post, "/api/greet/Ada"));
        await client.WaitForInstanceStartAsync("g-Ada");

        Assert.Equal(401, (await host.SendAsync(HttpMethod.Get, $"{Root}/instances/g-Ada")).Status);
        var (status, body) = await SendAsync(HttpMethod.Get, "/instances/g-Ada");
        Assert.Equal((202, "Greet", "Ada", "Running"), (status, body.GetProperty("name").GetString(), body.GetProperty("input").GetString(), body.GetProperty("runtimeStatus").GetString()));

        Assert.Equal(202, (await SendAsync(HttpMethod.Post, "/instances/g-Ada/raiseEvent/end", "\"!\"")).Status);
        await client.WaitForInstanceCompletionAsync("g-Ada");
        (status, body) = await SendAsync(HttpMethod.Get, "/instances/g-Ada");
        Assert.Equal((200, "Hello Ada from g-Ada!"), (status, body.GetProperty("output").GetString()));
        Assert.Equal(410, (await SendAsync(HttpMethod.Post, "/instances/g-Ada/raiseEvent/end", "1")).Status);
        Assert.Equal(404, (await SendAsync(HttpMethod.Post, "/instances/nobody/terminate")).Status);
        Assert.Equal(1, (await SendAsync(HttpMethod.Get, "/instances?runtimeStatus=Completed")).Body.GetArrayLength());
        Assert.Equal(1, (await SendAsync(HttpMethod.Delete, "/instances/g-Ada")).Body.GetProperty("instancesDeleted").GetInt32());
        Assert.Equal(404, (await SendAsync(HttpMethod.Get, "/instances/g-Ada")).Status);

        async Task<(int Status, JsonElement Body)> SendAsync(HttpMethod method, string path, string? json = null)
        {
            var (code, text) = await host.SendAsync(method, Root + path, RunningHost.MasterKey, json);
            return (code, text.Length > 0 ? JsonSerializer.Deserialize<JsonElement>(text) : default);
        }
    }

    [Fact]
    public async Task The_routes_start_suspend_resume_terminate_and_restart()
    {
        await using var host = await RunningHost.StartAsync([typeof(Greetings)]);
        var client = host.Services.GetRequiredService<EmulatorDurableTaskClient>();
        var (status, body) = await host.SendAsync(HttpMethod.Post, $"{Root}/orchestrators/Greet/x?code={RunningHost.MasterKey}", key: null, "\"Bob\"");
        Assert.Equal(202, status);
        var links = JsonSerializer.Deserialize<Dictionary<string, string>>(body)!;
        Assert.Equal("x", links["id"]);
        await client.WaitForInstanceStartAsync("x");
        Assert.Equal(202, (await host.SendAsync(HttpMethod.Get, new Uri(links["statusQueryGetUri"]).PathAndQuery, key: null)).Status);
        Assert.Equal(409, (await host.SendAsync(HttpMethod.Post, $"{Root}/orchestrators/Greet/x", RunningHost.MasterKey)).Status);
        Assert.Equal(400, (await host.SendAsync(HttpMethod.Post, $"{Root}/orchestrators/Nobody", RunningHost.MasterKey)).Status);
        Assert.Equal(400, (await host.SendAsync(HttpMethod.Post, $"{Root}/orchestrators/Greet", RunningHost.MasterKey, "{")).Status);
        Assert.Equal(412, (await host.SendAsync(HttpMethod.Delete, $"{Root}/instances/x", RunningHost.MasterKey)).Status);
        Assert.Equal(409, (await host.SendAsync(HttpMethod.Post, $"{Root}/instances/x/restart?restartWithNewInstanceId=false", RunningHost.MasterKey)).Status);
        foreach (var operation in (string[])["suspend", "resume", "terminate"])
            Assert.Equal(202, (await host.SendAsync(HttpMethod.Post, $"{Root}/instances/x/{operation}?reason=test", RunningHost.MasterKey)).Status);
        var ended = await client.WaitForInstanceCompletionAsync("x", getInputsAndOutputs: true);
        Assert.Equal((OrchestrationRuntimeStatus.Terminated, "test"), (ended.RuntimeStatus, ended.ReadOutputAs<string>()));
        Assert.Equal(202, (await host.SendAsync(HttpMethod.Post, $"{Root}/instances/x/restart?restartWithNewInstanceId=false", RunningHost.MasterKey)).Status);
        await client.WaitForInstanceStartAsync("x");
    }
}
