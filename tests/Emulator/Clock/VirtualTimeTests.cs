using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using ServerlessCLM.Emulator;
using ServerlessCLM.Tests.Emulator.Hosting;

namespace ServerlessCLM.Tests.Emulator.Clock;

/// <summary>Apps whose timers, batches and orchestrations happen in virtual time only.</summary>
public sealed class VirtualTimeTests
{
    static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    readonly ConcurrentQueue<string> happened = new();
    readonly ConcurrentQueue<Task> asked = new();

    [Fact]
    public async Task A_year_of_timers_fires_each_at_its_time()
    {
        await using var host = await StartAsync(1, typeof(Daily), typeof(OtherDaily));
        var passed = await AdvanceAsync(host, TimeSpan.FromDays(365));
        Assert.Equal(Start.AddDays(365), passed.Now);
        Assert.Equal([("Daily", 365L), ("OtherDaily", 365L)], passed.Fired.Select(fired => (fired.Key, fired.Value)));
        Assert.Equal(Enumerable.Range(1, 365).Select(day => $"Daily {Start.AddDays(day):O}"), happened.Where(line => line.StartsWith("Daily", StringComparison.Ordinal)));
    }

    /// <summary>A running host lets what requests bring happen; a request that moved the clock meanwhile ended it.</summary>
    [Fact]
    public async Task Who_waits_for_rest_while_the_clock_moves_finds_it_where_it_then_stands()
    {
        await using var host = await StartAsync(1, typeof(Asking));
        await AdvanceAsync(host, TimeSpan.FromDays(1.5));
        await Assert.Single(asked);
    }

    [Fact]
    public async Task What_is_due_at_once_comes_in_the_seeds_order()
    {
        var orders = new List<string>();
        foreach (var seed in (ulong[])[1, 1, 2])
        {
            happened.Clear();
            await using var host = await StartAsync(seed, typeof(Daily), typeof(OtherDaily));
            await AdvanceAsync(host, TimeSpan.FromDays(20));
            orders.Add(string.Join('\n', happened));
        }

        Assert.Equal(orders[0], orders[1]);
        Assert.NotEqual(orders[0], orders[2]);
        Assert.Equal(orders[0].Split('\n').Order(), orders[2].Split('\n').Order());
    }

    [Fact]
    public async Task A_batch_waits_for_more_events_and_for_its_retries_by_the_clock()
    {
        await using var host = await StartAsync(1, typeof(Failing));
        var hubs = host.Services.GetRequiredService<EventHubsNamespace>();
        await new EventHubProducerClient(hubs, "h").SendAsync([new EventData("a")]);
        await AdvanceAsync(host, TimeSpan.FromSeconds(59));
        Assert.Empty(happened);
        await AdvanceAsync(host, TimeSpan.FromSeconds(10));
        Assert.Equal([$"try 0 {Start.AddSeconds(60):O}", $"try 1 {Start.AddSeconds(65):O}"], happened);
        Assert.Equal(1, hubs.GetLag("h"));
        await AdvanceAsync(host, TimeSpan.FromSeconds(1));
        Assert.Equal($"try 2 {Start.AddSeconds(70):O}", happened.Last());
        Assert.Equal(0, hubs.GetLag("h"));
    }

    [Fact]
    public async Task Orchestrations_wait_by_the_clock_and_come_to_rest_before_it_moves()
    {
        await using var host = await StartAsync(1, typeof(Weekly), typeof(Daily));
        var client = host.Services.GetRequiredService<EmulatorDurableTaskClient>();
        for (var i = 0; i < 10; i++)
            await client.ScheduleNewOrchestrationInstanceAsync("Weekly", new StartOrchestrationOptions($"w{i}"));
        await AdvanceAsync(host, TimeSpan.FromDays(6));
        Assert.DoesNotContain(happened, line => line.StartsWith("week", StringComparison.Ordinal));
        await AdvanceAsync(host, TimeSpan.FromDays(50));
        Assert.Equal(70, happened.Count(line => line.StartsWith("week", StringComparison.Ordinal)));
        foreach (var week in Enumerable.Range(1, 7))
            Assert.Contains($"week {Start.AddDays(7 * week):O}", happened);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await client.GetInstanceAsync("w3"))!.RuntimeStatus);
    }

    [Fact]
    public async Task After_a_sleep_a_timer_runs_once_and_what_waited_goes_on()
    {
        await using var host = await StartAsync(1, typeof(Weekly), typeof(Daily));
        await host.Services.GetRequiredService<EmulatorDurableTaskClient>().ScheduleNewOrchestrationInstanceAsync("Weekly", new StartOrchestrationOptions("w"));
        var time = host.Services.GetRequiredService<VirtualTime>();
        await time.SettleAsync(CancellationToken.None);
        await time.SleepToAsync(Start.AddDays(10), CancellationToken.None);
        Assert.Single(happened, line => line.StartsWith("week", StringComparison.Ordinal));
        Assert.Equal($"Daily {Start.AddDays(10):O}", Assert.Single(happened, line => line.StartsWith("Daily", StringComparison.Ordinal)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => time.SleepToAsync(Start.AddDays(9), CancellationToken.None));
    }

    [Fact]
    public async Task It_follows_another_clock_until_it_is_stopped()
    {
        await using var host = await StartAsync(1, typeof(Daily));
        var (time, other, pause) = (host.Services.GetRequiredService<VirtualTime>(), new VirtualClock(Start.AddDays(1)), TimeSpan.FromMilliseconds(200));
        using var stop = new CancellationTokenSource();
        var following = time.FollowAsync(other, stop.Token);
        await other.WhenArmedAsync(Start.AddDays(1) + pause);
        Assert.Equal([$"Daily {Start.AddDays(1):O}"], happened);
        other.Advance(TimeSpan.FromDays(1));
        await other.WhenArmedAsync(Start.AddDays(2) + pause);
        other.Advance(pause);
        await other.WhenArmedAsync(Start.AddDays(2) + pause + pause);
        Assert.Equal((2, Start.AddDays(2) + pause), (happened.Count, time.Now));
        await stop.CancelAsync();
        other.Advance(pause);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
    }

    [Fact]
    public async Task It_never_goes_back()
    {
        await using var host = await StartAsync(1, typeof(Daily));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => AdvanceAsync(host, TimeSpan.FromTicks(-1)));
    }

    static Task<VirtualTimePassed> AdvanceAsync(RunningHost host, TimeSpan by)
    {
        var time = host.Services.GetRequiredService<VirtualTime>();
        return time.AdvanceToAsync(time.Now + by, CancellationToken.None);
    }

    Task<RunningHost> StartAsync(ulong seed, params Type[] functions) => RunningHost.StartAsync(functions, builder => builder.Services
        .AddVirtualTime(new VirtualClock(Start), new VirtualTimeSettings(seed))
        .AddSingleton(new HostConfiguration { EventHubs = new() { MinEventBatchSize = 2 } })
        .AddSingleton(happened).AddSingleton(asked));

    public sealed class Asking(ConcurrentQueue<Task> asked, VirtualTime virtualTime)
    {
        [Function("Asking")]
        public void Run([TimerTrigger("0 0 0 * * *")] TimerInfo timer) => asked.Enqueue(virtualTime.SettleAsync(CancellationToken.None));
    }

    public sealed class Daily(ConcurrentQueue<string> happened, TimeProvider time)
    {
        [Function("Daily")]
        public void Run([TimerTrigger("0 0 0 * * *")] TimerInfo timer) => happened.Enqueue($"Daily {time.GetUtcNow():O}");
    }

    public sealed class OtherDaily(ConcurrentQueue<string> happened, TimeProvider time)
    {
        [Function("OtherDaily")]
        public void Run([TimerTrigger("0 0 0 * * *")] TimerInfo timer) => happened.Enqueue($"OtherDaily {time.GetUtcNow():O}");
    }

    public sealed class Failing(ConcurrentQueue<string> happened, TimeProvider time)
    {
        [Function("Failing"), FixedDelayRetry(2, "00:00:05")]
        public void Run([EventHubTrigger("h")] EventData[] events, FunctionContext context)
        {
            happened.Enqueue($"try {context.RetryContext.RetryCount} {time.GetUtcNow():O}");
            throw new InvalidOperationException("It fails.");
        }
    }

    public sealed class Weekly(ConcurrentQueue<string> happened, TimeProvider time)
    {
        [Function("Weekly")]
        public static async Task Run([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            for (var week = 0; week < 7; week++)
            {
                await context.CreateTimer(TimeSpan.FromDays(7), CancellationToken.None);
                await context.CallActivityAsync("Note", "week");
            }
        }

        [Function("Note")]
        public void Note([ActivityTrigger] string what) => happened.Enqueue($"{what} {time.GetUtcNow():O}");
    }
}
