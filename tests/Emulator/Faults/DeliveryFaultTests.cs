using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ServerlessCLM.Emulator;
using ServerlessCLM.Tests.Emulator.Hosting;

namespace ServerlessCLM.Tests.Emulator.Faults;

/// <summary>Faults on the way to functions, and kills of an app with orchestrations, all in virtual time.</summary>
public sealed class DeliveryFaultTests : IDisposable
{
    static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    readonly TemporaryFolder folder = new();
    readonly VirtualClock clock = new(Start);
    readonly ConcurrentQueue<string> happened = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(FaultPoint.HubReceive, FaultKind.Duplicate, "a 0, a 0")]
    [InlineData(FaultPoint.HubReceive, FaultKind.Reorder, "a 0")]
    [InlineData(FaultPoint.Invocation, FaultKind.Duplicate, "a 0, a 0")]
    [InlineData(FaultPoint.Invocation, FaultKind.LoseAnswer, "a 0, a 1, a 2")]
    [InlineData(FaultPoint.Invocation, FaultKind.Fail, "")]
    public async Task A_batch_comes_again_or_not_as_the_fault_says_and_the_checkpoint_moves_on(FaultPoint point, FaultKind kind, string runs)
    {
        await using var host = await StartAsync(Path.Combine(folder.Path, "data"), StorageFaultTests.Always(folder, point, kind), typeof(Taking));
        await SendAsync(host, "a");
        await AdvanceAsync(host, TimeSpan.FromMinutes(1));
        Assert.Equal(runs, string.Join(", ", happened));
        Assert.Equal(0, host.Services.GetRequiredService<EventHubsNamespace>().GetLag("h"));
    }

    [Fact]
    public async Task A_delayed_batch_comes_later_by_the_clock()
    {
        await using var host = await StartAsync(Path.Combine(folder.Path, "data"), StorageFaultTests.Always(folder, FaultPoint.HubReceive, FaultKind.Delay), typeof(Taking));
        await SendAsync(host, "a");
        await AdvanceAsync(host, TimeSpan.Zero);
        Assert.Empty(happened);
        await AdvanceAsync(host, TimeSpan.FromSeconds(11));
        Assert.Equal(["a 0"], happened);
    }

    [Fact]
    public async Task Killed_at_any_commit_orchestrations_end_as_they_would_have()
    {
        const int Instances = 8;
        var kinds = new HashSet<FaultKind>();
        var kills = 0;
        for (ulong seed = 1; seed <= 6; seed++)
        {
            happened.Clear();
            using var images = new TemporaryFolder();
            var faults = new FaultInjector(
                new FaultPlan(seed) { Rate = 0, KillRate = 0.3, Only = (point, _) => point == FaultPoint.DurableCommit }, images.Path, fault => kinds.Add(fault.Kind));
            var (data, started) = (images.File("data"), 0);
            for (var done = false; !done;)
            {
                await using (var host = await StartAsync(data, faults, typeof(Climbing)))
                    done = await SurvivesAsync(host);
                if (done)
                    continue;
                data = faults.Image!;
                kills++;
            }

            async Task<bool> SurvivesAsync(RunningHost host)
            {
                var client = host.Services.GetRequiredService<EmulatorDurableTaskClient>();
                try
                {
                    for (; started < Instances; started++)
                    {
                        if (await client.GetInstanceAsync($"c{started}") is null)
                            await client.ScheduleNewOrchestrationInstanceAsync("Climb", started, new StartOrchestrationOptions($"c{started}"));
                    }

                    await AdvanceAsync(host, TimeSpan.FromDays(5));
                    if (faults.Image is not null)
                        return false;
                }
                catch (Exception) when (faults.Image is not null)
                {
                    return false;
                }

                for (var i = 0; i < Instances; i++)
                    Assert.Equal(i + 6, (await client.GetInstanceAsync($"c{i}", getInputsAndOutputs: true))!.ReadOutputAs<int>());
                return true;
            }
        }

        Assert.True(kills > 10, $"{kills} kills are too few to tell");
        Assert.Equal([FaultKind.Tear, FaultKind.LoseUnsynced, FaultKind.KillBefore, FaultKind.KillAfter], kinds.Order());
    }

    [Fact]
    public async Task A_line_is_printed_for_each_fault()
    {
        using var log = new CollectedLog();
        var faults = StorageFaultTests.Always(folder, FaultPoint.Invocation, FaultKind.Duplicate);
        faults.Attach(folder.File("data"), clock, underVirtualTime: true, log);
        faults.Draw(FaultPoint.Invocation, "h/0/$default", [FaultKind.Duplicate]);
        Assert.Equal(["fault 1: Duplicate at Invocation, h/0/$default, operation 1"], log.Lines);
    }

    Task<RunningHost> StartAsync(string data, FaultInjector faults, Type functions) => RunningHost.StartAsync(
        [functions],
        builder => builder.Services.AddVirtualTime(clock, new VirtualTimeSettings(1)).AddFaults(faults).AddSingleton(happened),
        data, "--CLM_UNSYNCED=true");

    static Task SendAsync(RunningHost host, string body) =>
        new EventHubProducerClient(host.Services.GetRequiredService<EventHubsNamespace>(), "h").SendAsync([new EventData(body)]);

    static Task AdvanceAsync(RunningHost host, TimeSpan by)
    {
        var time = host.Services.GetRequiredService<VirtualTime>();
        return time.AdvanceToAsync(time.Now + by, CancellationToken.None);
    }

    public sealed class Taking(ConcurrentQueue<string> happened)
    {
        [Function("Take"), FixedDelayRetry(2, "00:00:05")]
        public void Take([EventHubTrigger("h")] EventData[] events, FunctionContext context)
        {
            foreach (var one in events)
                happened.Enqueue($"{one.EventBody} {context.RetryContext.RetryCount}");
        }
    }

    public static class Climbing
    {
        [Function("Climb")]
        public static async Task<int> Climb([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var height = context.GetInput<int>();
            for (var step = 0; step < 3; step++)
            {
                height = await context.CallActivityAsync<int>("Up", height);
                await context.CreateTimer(TimeSpan.FromHours(6), CancellationToken.None);
            }

            var rest = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => context.CallActivityAsync<int>("Up", 0)));
            return height + rest.Sum();
        }

        [Function("Up")]
        public static int Up([ActivityTrigger] int height) => height + 1;
    }
}
