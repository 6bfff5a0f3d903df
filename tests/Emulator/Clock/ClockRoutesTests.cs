using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ServerlessCLM.Emulator;
using ServerlessCLM.Tests.Emulator.Hosting;

namespace ServerlessCLM.Tests.Emulator.Clock;

public sealed class ClockRoutesTests : IDisposable
{
    const string Clock = "/admin/clock";
    static readonly string[] FromNewYear = ["--virtual-clock", "2026-01-01T00:00:00Z"];

    readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_clock_is_moved_and_says_what_fired()
    {
        await using var host = await StartAsync(FromNewYear);
        Assert.Equal("2026-01-01T00:00:00+00:00", (await MoveAsync(host, HttpMethod.Get)).GetProperty("now").GetString());
        var moved = await MoveAsync(host, HttpMethod.Post, """{"by":"P7D"}""");
        Assert.Equal("2026-01-08T00:00:00+00:00", moved.GetProperty("now").GetString());
        Assert.Equal("""{"Hourly":168}""", moved.GetProperty("fired").GetRawText());
        moved = await MoveAsync(host, HttpMethod.Post, """{"to":"2026-01-08T02:30:00Z"}""");
        Assert.Equal("""{"Hourly":2}""", moved.GetProperty("fired").GetRawText());
    }

    [Fact(Timeout = 60_000)]
    public async Task What_requests_bring_is_dealt_with_while_the_clock_stands()
    {
        var deliveries = new Deliveries();
        await using var host = await RunningHost.StartAsync(
            [typeof(HubFunctions.Batched)], builder => builder.Services.AddSingleton(deliveries), folder.Path, ["--CLM_CLOCK=virtual"]);
        var producer = new EventHubProducerClient(host.Services.GetRequiredService<EventHubsNamespace>(), "h");
        foreach (var body in (string[])["a", "b"])
        {
            await producer.SendAsync([new EventData(body)]);
            Assert.Equal([body], (await deliveries.NextAsync()).Bodies);
        }
    }

    [Fact]
    public async Task A_restart_goes_on_where_the_clock_stood()
    {
        await using (var host = await StartAsync(FromNewYear))
            await MoveAsync(host, HttpMethod.Post, """{"by":"PT90M"}""");
        await using var again = await StartAsync(FromNewYear);
        Assert.Equal("2026-01-01T01:30:00+00:00", (await MoveAsync(again, HttpMethod.Get)).GetProperty("now").GetString());
    }

    [Theory]
    [InlineData(409, """{"to":"2025-12-31T00:00:00Z"}""", "to: that is before 2026-01-01")]
    [InlineData(400, """{"by":"-P1D"}""", "by: '-P1D' is below zero; the clock only goes forward.")]
    [InlineData(400, """{"by":"7 days"}""", "by: '7 days' is not a duration like P7D or PT90M.")]
    [InlineData(400, """{"by":"P9999Y"}""", "by: 'P9999Y' is not a duration")]
    [InlineData(400, """{"to":"soon"}""", "to: 'soon' is not an instant like 2026-12-31T00:00:00Z.")]
    [InlineData(400, """{"to":"2026-02-01","by":"P1D"}""", "to, by: send one of them.")]
    [InlineData(400, "{}", "to, by: send one of them.")]
    [InlineData(400, "[", "$: send {\"to\"")]
    public async Task A_clock_that_cannot_be_moved_so_says_why(int status, string json, string reason)
    {
        await using var host = await StartAsync(FromNewYear);
        var problem = await host.ProblemAsync(status, HttpMethod.Post, Clock, RunningHost.MasterKey, json);
        Assert.StartsWith(reason, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("2026-01-01T00:00:00+00:00", (await MoveAsync(host, HttpMethod.Get)).GetProperty("now").GetString());
    }

    [Fact]
    public async Task The_machines_clock_is_not_moved_and_the_master_key_is_needed()
    {
        await using var host = await StartAsync([]);
        var problem = await host.ProblemAsync(409, HttpMethod.Post, Clock, RunningHost.MasterKey, """{"by":"P1D"}""");
        Assert.Contains("--virtual-clock", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await host.ProblemAsync(401, HttpMethod.Post, Clock, RunningHost.FunctionKey, """{"by":"P1D"}""");
    }

    [Theory]
    [InlineData("--CLM_CLOCK=tomorrow", "CLM_CLOCK is 'tomorrow', needs 'virtual' or an instant like 2026-01-31T09:00:00Z.")]
    [InlineData("--CLM_CLOCK_SEED=-1", "CLM_CLOCK_SEED is '-1', needs a whole number from 0.")]
    public void A_setting_that_cannot_be_read_is_named(string setting, string reason) =>
        Assert.Equal(reason, Assert.Throws<FunctionsStartupException>(
            () => RunningHost.Build([typeof(Hourly)], folder.Path, configure: null, ["--CLM_CLOCK=virtual", setting])).Message);

    Task<RunningHost> StartAsync(string[] args) => RunningHost.StartAsync([typeof(Hourly)], configure: null, folder.Path, args);

    static async Task<JsonElement> MoveAsync(RunningHost host, HttpMethod method, string? json = null)
    {
        var (status, body) = await host.SendAsync(method, Clock, RunningHost.MasterKey, json);
        Assert.Equal(200, status);
        return JsonDocument.Parse(body).RootElement;
    }

    public static class Hourly
    {
        [Function("Hourly")]
        public static void Run([TimerTrigger("0 0 * * * *")] TimerInfo timer) => ArgumentNullException.ThrowIfNull(timer);
    }
}
