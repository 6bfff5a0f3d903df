using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator.Hosting;

public sealed class HttpFunctionsTests : IAsyncLifetime
{
    RunningHost host = null!;

    public async ValueTask InitializeAsync() =>
        host = await RunningHost.StartAsync([typeof(Functions), typeof(StaticFunctions)], builder =>
        {
            builder.Services.AddSingleton(new Greeting("Hello"));
            builder.Services.AddScoped<Marker>();
        });

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Theory]
    [InlineData("open", null, 200)]
    [InlineData("open", "wrong", 200)]
    [InlineData("keyed", null, 401)]
    [InlineData("keyed", "", 401)]
    [InlineData("keyed", "wrong", 401)]
    [InlineData("keyed", RunningHost.FunctionKey, 200)]
    [InlineData("keyed", RunningHost.MasterKey, 200)]
    [InlineData("master", null, 401)]
    [InlineData("master", RunningHost.FunctionKey, 401)]
    [InlineData("master", RunningHost.MasterKey, 200)]
    public async Task The_key_opens_its_level_by_header_and_by_query(string route, string? key, int status)
    {
        Assert.Equal(status, (await host.SendAsync(HttpMethod.Get, $"/api/{route}", key)).Status);
        var query = key is null ? "" : $"?code={key}";
        Assert.Equal(status, (await host.SendAsync(HttpMethod.Get, $"/api/{route}{query}", key: null)).Status);
    }

    [Fact]
    public async Task A_missing_key_is_a_problem_that_says_which()
    {
        var problem = await host.ProblemAsync(401, HttpMethod.Get, "/api/keyed", key: null);
        Assert.Contains("function key", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Route_values_are_read_as_the_parameters_types()
    {
        var (status, body) = await host.SendAsync(HttpMethod.Get, "/api/values/a%20b/-7/9000000000/0f8fad5b-d9cb-469f-a165-70867728950e/2026-01-31T08:00:00Z");
        Assert.Equal((200, "a b|-7|9000000000|0f8fad5b-d9cb-469f-a165-70867728950e|2026-01-31T08:00:00.0000000+00:00"), (status, body));
    }

    [Theory]
    [InlineData("/api/values/a/seven/1/0f8fad5b-d9cb-469f-a165-70867728950e/2026-01-31", "number: 'seven' is not a whole number.")]
    [InlineData("/api/values/a/7/1.5/0f8fad5b-d9cb-469f-a165-70867728950e/2026-01-31", "big: '1.5' is not a whole number.")]
    [InlineData("/api/values/a/7/1/xyz/2026-01-31", "id: 'xyz' is not a Guid.")]
    [InlineData("/api/values/a/7/1/0f8fad5b-d9cb-469f-a165-70867728950e/soon", "at: 'soon' is not a time as in 2026-01-31T08:00:00Z.")]
    public async Task An_unreadable_route_value_is_a_problem_that_names_it(string path, string detail) =>
        Assert.Equal(detail, (await host.ProblemAsync(400, HttpMethod.Get, path)).GetProperty("detail").GetString());

    [Fact]
    public async Task The_body_and_the_services_reach_the_function() =>
        Assert.Equal((200, "Hello Ann 3"), await host.SendAsync(HttpMethod.Post, "/api/greetings", json: """{"name":"Ann","times":3}"""));

    [Theory]
    [InlineData("", "$")]
    [InlineData("null", "$")]
    [InlineData("{", "$")]
    [InlineData("""{"name":"Ann","times":"many"}""", "$.times")]
    [InlineData("""{"name":{},"times":1}""", "$.name")]
    [InlineData("""{"times":1}""", "$")]
    public async Task A_malformed_body_is_a_problem_that_names_the_path(string json, string path) =>
        Assert.StartsWith(path + ": ", (await host.ProblemAsync(400, HttpMethod.Post, "/api/greetings", json: json)).GetProperty("detail").GetString(), StringComparison.Ordinal);

    [Fact]
    public async Task A_body_above_the_limit_is_413()
    {
        await using var small = await RunningHost.StartAsync([typeof(StaticFunctions)], builder =>
            builder.Services.AddSingleton(new HostConfiguration { Http = new() { MaxRequestBodySize = 100 } }));
        await small.ProblemAsync(413, HttpMethod.Post, "/api/echo", json: $"\"{new string('x', 200)}\"");
        Assert.Equal((200, "x"), await small.SendAsync(HttpMethod.Post, "/api/echo", json: "\"x\""));
    }

    [Theory]
    [InlineData("text", 200, "text")]
    [InlineData("nothing", 204, "")]
    [InlineData("valueTask", 200, "\"later\"")]
    [InlineData("record", 200, """{"name":"Bo","times":2}""")]
    public async Task Every_kind_of_result_is_written(string route, int status, string body) =>
        Assert.Equal((status, body), await host.SendAsync(HttpMethod.Get, $"/api/results/{route}"));

    [Fact]
    public async Task A_failure_is_a_problem_with_the_invocation_id_and_without_the_reason()
    {
        var problem = await host.ProblemAsync(500, HttpMethod.Get, "/api/failing");
        Assert.True(Guid.TryParse(problem.GetProperty("invocationId").GetString(), out _));
        Assert.DoesNotContain("secret", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_route_is_a_problem()
    {
        await host.ProblemAsync(404, HttpMethod.Get, "/api/none");
        await host.ProblemAsync(404, HttpMethod.Get, "/open");
    }

    [Fact]
    public async Task A_wrong_method_is_a_problem_that_names_the_right_ones()
    {
        var problem = await host.ProblemAsync(405, HttpMethod.Delete, "/api/greetings");
        Assert.Equal("This route answers POST, not DELETE.", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task What_a_function_answers_stays_as_it_is() =>
        Assert.Equal((404, ""), await host.SendAsync(HttpMethod.Get, "/api/results/missing"));

    [Fact]
    public async Task The_scope_is_the_invocations_own()
    {
        var first = await host.SendAsync(HttpMethod.Get, "/api/scope");
        var second = await host.SendAsync(HttpMethod.Get, "/api/scope");
        Assert.Equal(200, first.Status);
        Assert.NotEqual(first.Body, second.Body);
        Assert.Equal(first.Body[..36], first.Body[37..]);
    }

    [Fact]
    public async Task The_context_names_function_and_request() =>
        Assert.Equal((200, "Context /api/context/7 7"), await host.SendAsync(HttpMethod.Get, "/api/context/7"));

    [Theory]
    [InlineData("", "/open")]
    [InlineData("v1/crm", "/v1/crm/open")]
    public async Task The_route_prefix_is_the_hosts(string prefix, string path)
    {
        await using var prefixed = await RunningHost.StartAsync([typeof(StaticFunctions)], builder =>
            builder.Services.AddSingleton(new HostConfiguration { Http = new() { RoutePrefix = prefix } }));
        Assert.Equal((200, "open"), await prefixed.SendAsync(HttpMethod.Get, path));
    }

    [Fact]
    public async Task Middleware_wraps_every_run_in_the_order_added()
    {
        var seen = new List<string>();
        await using var wrapped = await RunningHost.StartAsync([typeof(StaticFunctions)], builder =>
        {
            foreach (var name in new[] { "outer", "inner" })
            {
                builder.Use(next => async context =>
                {
                    seen.Add($"{name} {context.FunctionDefinition.Name}");
                    await next(context);
                    seen.Add(name);
                });
            }
        });
        await wrapped.SendAsync(HttpMethod.Get, "/api/open");
        Assert.Equal(["outer Open", "inner Open", "inner", "outer"], seen);
    }

    [Fact]
    public async Task A_middleware_class_may_answer_instead_of_the_function()
    {
        await using var closed = await RunningHost.StartAsync([typeof(StaticFunctions)], builder => builder.UseMiddleware<Closed>());
        Assert.Equal((204, ""), await closed.SendAsync(HttpMethod.Get, "/api/open"));
    }

    [Fact]
    public async Task A_body_with_a_default_may_be_left_out()
    {
        Assert.Equal((200, "none"), await host.SendAsync(HttpMethod.Post, "/api/optional"));
        Assert.Equal((200, "some"), await host.SendAsync(HttpMethod.Post, "/api/optional", json: "\"some\""));
        await host.ProblemAsync(400, HttpMethod.Post, "/api/optional", json: "{");
    }

    [Fact]
    public async Task Many_requests_at_once_keep_their_own_values()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(id => host.SendAsync(HttpMethod.Get, $"/api/context/{id}")));
        Assert.Equal(Enumerable.Range(0, 200).Select(id => (200, $"Context /api/context/{id} {id}")), answers);
    }

    public sealed class Closed : IFunctionsWorkerMiddleware
    {
        public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) => Task.CompletedTask;
    }

    public sealed record Greeting(string Word);

    public sealed record Person
    {
        public required string Name { get; init; }

        public int Times { get; init; }
    }

    public sealed class Marker
    {
        public Guid Id { get; } = Guid.CreateVersion7();
    }

    public sealed class Functions(Greeting greeting, Marker marker)
    {
        [Function("Greet")]
        public async Task<IResult> Greet(
            [HttpTrigger(AuthorizationLevel.Function, "post", Route = "greetings")] HttpRequest request, [FromBody] Person person, CancellationToken cancellation)
        {
            await request.HttpContext.Response.StartAsync(cancellation);
            await request.HttpContext.Response.WriteAsync($"{greeting.Word} {person.Name} {person.Times}", cancellation);
            return Results.Empty;
        }

        [Function("Scope")]
        public string Scope([HttpTrigger("get")] HttpRequest request, FunctionContext context) =>
            $"{marker.Id} {context.InstanceServices.GetRequiredService<Marker>().Id}";
    }

    public static class StaticFunctions
    {
        [Function("Open")]
        public static string Open([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => "open";

        [Function("Keyed")]
        public static string Keyed([HttpTrigger(AuthorizationLevel.Function, "get")] HttpRequest request) => "keyed";

        [Function("Master")]
        public static string Master([HttpTrigger(AuthorizationLevel.Admin, "get")] HttpRequest request) => "master";

        [Function("Values")]
        public static string Values(
            [HttpTrigger(AuthorizationLevel.Function, "get", Route = "values/{text}/{number}/{big}/{id}/{at}")] HttpRequest request,
            string text, int number, long big, Guid id, DateTimeOffset at) =>
            string.Create(CultureInfo.InvariantCulture, $"{text}|{number}|{big}|{id}|{at:O}");

        [Function("Echo")]
        public static string Echo([HttpTrigger(AuthorizationLevel.Function, "post")] HttpRequest request, [FromBody] string body) => body;

        [Function("Optional")]
        public static string Optional([HttpTrigger(AuthorizationLevel.Function, "post")] HttpRequest request, [FromBody] string? body = null) => body ?? "none";

        [Function("Text")]
        public static Task<string> Text([HttpTrigger("get", Route = "results/text")] HttpRequest request) => Task.FromResult("text");

        [Function("Nothing")]
        public static void Nothing([HttpTrigger("get", Route = "results/nothing")] HttpRequest request)
        {
        }

        [Function("Later")]
        public static async ValueTask<IResult> Later([HttpTrigger("get", Route = "results/valueTask")] HttpRequest request)
        {
            await Task.Yield();
            return Results.Json("later");
        }

        [Function("Record")]
        public static Person Record([HttpTrigger("get", Route = "results/record")] HttpRequest request) => new() { Name = "Bo", Times = 2 };

        [Function("Missing")]
        public static IResult Missing([HttpTrigger("get", Route = "results/missing")] HttpRequest request) => Results.StatusCode(404);

        [Function("Failing")]
        public static IResult Failing([HttpTrigger] HttpRequest request) => throw new InvalidOperationException("a secret");

        [Function("Context")]
        public static string Context([HttpTrigger("get", Route = "context/{id:int}")] HttpRequest request, int id, FunctionContext context) =>
            $"{context.FunctionDefinition.Name} {context.GetHttpContext()!.Request.Path} {context.BindingContext.BindingData["id"]}";
    }
}
