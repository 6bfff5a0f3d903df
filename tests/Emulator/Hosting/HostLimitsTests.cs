using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator.Hosting;

public sealed class HostLimitsTests
{
    readonly Gate gate = new();

    [Fact(Timeout = 60_000)]
    public async Task A_request_above_the_outstanding_ones_is_429_and_the_next_after_them_is_served()
    {
        await using var host = await StartAsync("""{ "maxConcurrentRequests": 1, "maxOutstandingRequests": 2 }""");
        var running = host.SendAsync(HttpMethod.Get, "/api/held");
        await gate.Entered.WaitAsync();
        // One runs, one waits; whichever of the two further ones comes last is refused.
        var further = new[] { host.SendAsync(HttpMethod.Get, "/api/held"), host.SendAsync(HttpMethod.Get, "/api/held") };
        var refused = await Task.WhenAny(further).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(429, (await refused).Status);
        Assert.Equal(1, gate.Runs);

        gate.Open.Release(2);
        Assert.Equal((200, "through"), await running);
        Assert.Equal((200, "through"), await further.Single(one => one != refused));
        // The host's own routes do not count, and there is room again.
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, "/admin/host/status", RunningHost.MasterKey)).Status);
        gate.Open.Release();
        Assert.Equal((200, "through"), await host.SendAsync(HttpMethod.Get, "/api/held"));
    }

    [Fact]
    public async Task A_body_above_the_limit_is_413_at_the_hosts_own_routes_too()
    {
        await using var host = await StartAsync("""{ "maxRequestBodySize": 100 }""");
        var problem = await host.ProblemAsync(413, HttpMethod.Post, "/admin/functions/Tick", RunningHost.MasterKey, $$"""{"input":"{{new string('x', 200)}}"}""");
        Assert.Contains("100", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_limit_of_the_real_hosts_setting_holds()
    {
        await using var host = await RunningHost.StartAsync([typeof(Functions)], builder =>
        {
            builder.Services.AddSingleton(gate);
            builder.Configuration[EmulatorOptions.RequestBodySizeLimitSetting] = "50";
        });
        await host.ProblemAsync(413, HttpMethod.Post, "/api/length", json: new string('x', 51));
        Assert.Equal((200, "50"), await host.SendAsync(HttpMethod.Post, "/api/length", json: new string('x', 50)));
    }

    [Fact]
    public async Task A_chunked_body_above_the_limit_is_413()
    {
        await using var host = await StartAsync("""{ "maxRequestBodySize": 100 }""");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/length") { Content = new StringContent(new string('x', 200)) };
        request.Headers.TransferEncodingChunked = true;
        request.Headers.Add("x-functions-key", RunningHost.FunctionKey);
        using var response = await host.Client.SendAsync(request);
        Assert.Equal(413, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_header_above_the_limit_is_431_and_the_host_goes_on()
    {
        await using var host = await StartAsync("{}");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/held");
        request.Headers.Add("x-functions-key", new string('k', 40_000));
        using var response = await host.Client.SendAsync(request);
        Assert.Equal(431, (int)response.StatusCode);
        Assert.Equal(401, (await host.SendAsync(HttpMethod.Get, "/api/held", "wrong")).Status);
    }

    Task<RunningHost> StartAsync(string http) => RunningHost.StartAsync([typeof(Functions)], builder =>
    {
        builder.Services.AddSingleton(gate);
        builder.Services.AddSingleton(HostJson.Parse(Encoding.UTF8.GetBytes($$"""{ "version": "2.0", "extensions": { "http": {{http}} } }"""), "host.json"));
    });

    /// <summary>Holds whoever enters until it is opened, once for each.</summary>
    public sealed class Gate
    {
        int runs;

        public SemaphoreSlim Entered { get; } = new(0);

        public SemaphoreSlim Open { get; } = new(0);

        public int Runs => Volatile.Read(ref runs);

        public async Task<string> PassAsync(CancellationToken cancellation)
        {
            Interlocked.Increment(ref runs);
            Entered.Release();
            await Open.WaitAsync(cancellation);
            return "through";
        }
    }

    public sealed class Functions(Gate gate)
    {
        [Function("Held")]
        public Task<string> HeldAsync([HttpTrigger("get")] HttpRequest request, CancellationToken cancellation) => gate.PassAsync(cancellation);

        [Function("Length")]
        public async Task<string> LengthAsync([HttpTrigger("post")] HttpRequest request)
        {
            using var reader = new StreamReader(request.Body);
            return $"{(await reader.ReadToEndAsync()).Length}";
        }

        [Function("Tick")]
        public void Tick([TimerTrigger("0 0 0 1 1 *", UseMonitor = false)] TimerInfo timer) => gate.Entered.Release();
    }
}
