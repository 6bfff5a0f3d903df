using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator;

/// <summary>Generated orchestrations: trees of activities, timers, events, retries and sub-orchestrations from a seed.</summary>
public sealed class DurableReplayTests
{
    const int Seeds = 200;

    static readonly TimeSpan Long = TimeSpan.FromDays(60);

    [Fact]
    public async Task Every_prefix_of_every_history_replays_to_the_same_commands()
    {
        var prefixes = 0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            await using var hub = new TestHub(CodeOf(seed));
            await RunAsync(hub, seed);
            await foreach (var instance in hub.Client.GetAllInstancesAsync())
            {
                var stored = hub.Hub.Store.Read(reader => reader.Instance(instance.InstanceId)!);
                var (events, _) = hub.Hub.Store.Read(reader => reader.History(stored.Key, instance.InstanceId));
                for (var begin = 0; begin < events.Count;)
                {
                    var end = events.FindIndex(begin + 1, item => item.Kind == HistoryKind.TurnStarted);
                    end = end < 0 ? events.Count : end;
                    var turn = events[begin..end];
                    var outcome = OrchestrationTurn.Run(
                        stored.Start, hub.Code.Orchestrator(stored.Start.Name), events[..begin], turn.FindAll(item => !item.IsCommand), NullLoggerFactory.Instance);
                    Assert.Equal(turn.FindAll(item => item.IsCommand), outcome.Commands.Select(command => command.Event));
                    Assert.Empty(outcome.Deviations);
                    prefixes++;
                    begin = end;
                }
            }
        }

        Assert.True(prefixes > 10 * Seeds, $"{prefixes} prefixes");
    }

    /// <summary>Starts the root and raises the event at whoever waits, two months apart, until all have ended.</summary>
    static async Task RunAsync(TestHub hub, int seed)
    {
        await hub.Client.ScheduleNewOrchestrationInstanceAsync("Node", new Node((ulong)seed, 0), new StartOrchestrationOptions("root"));
        for (var left = 200; left > 0; left--)
        {
            await hub.AdvanceAsync(Long);
            var waiting = new List<string>();
            await foreach (var instance in hub.Client.GetAllInstancesAsync())
            {
                if (!instance.IsCompleted)
                    waiting.Add(instance.InstanceId);
            }

            if (waiting.Count == 0)
                return;

            foreach (var id in waiting)
            {
                if (await hub.Client.GetInstanceAsync(id) is { IsCompleted: false })
                    await hub.Client.RaiseEventAsync(id, "event", 7);
            }
        }

        throw new InvalidOperationException($"Seed {seed} does not end.");
    }

    static DelegateCode CodeOf(int seed) => new DelegateCode()
        .Activity<long>("Mix", value => Mix(value, seed))
        .Activity<long[]>("Flaky", input => input[1] < 2 ? throw new IOException("attempt " + input[1].ToString(CultureInfo.InvariantCulture)) : Mix(input[0], seed))
        .Orchestrator("Node", async context => await RunNodeAsync(context, context.GetInput<Node>()!));

    static long Mix(long value, int seed) => (long)new Rng((ulong)(value ^ seed)).Next() >> 16;

    /// <summary>A node draws what it does from its own seed alone, so every replay draws the same.</summary>
    static async Task<object?> RunNodeAsync(TaskOrchestrationContext context, Node node)
    {
        var draws = new Rng(node.Seed * 977 + (ulong)node.Depth + 1);
        long total = 0;
        for (var step = 2 + draws.Below(4); step > 0; step--)
        {
            context.SetCustomStatus(step);
            total ^= await StepAsync(context, node, draws, total) + step;
        }

        return total;
    }

    static async Task<long> StepAsync(TaskOrchestrationContext context, Node node, Rng draws, long total)
    {
        switch (draws.Below(node.Depth < 2 ? 8 : 6))
        {
            case 0:
                return await context.CallActivityAsync<long>("Mix", total);
            case 1:
                return (await Task.WhenAll(Enumerable.Range(0, 1 + draws.Below(4)).Select(i => context.CallActivityAsync<long>("Mix", total + i)))).Sum();
            case 2:
                await context.CreateTimer(TimeSpan.FromMinutes(1 + draws.Below(100_000)), CancellationToken.None);
                return 2;
            case 3:
                return await context.WaitForExternalEvent<int>("event");
            case 4:
                for (var attempt = 0L; ; attempt++)
                {
                    try
                    {
                        return await context.CallActivityAsync<long>("Flaky", new[] { total, attempt });
                    }
                    catch (TaskFailedException failed) when (failed.FailureDetails.IsCausedBy<IOException>())
                    {
                        await context.CreateTimer(TimeSpan.FromSeconds(30), CancellationToken.None);
                    }
                }

            case 5:
                var retry = TaskOptions.FromRetryPolicy(new RetryPolicy(2 + draws.Below(2), TimeSpan.FromSeconds(10), 2));
                try
                {
                    return await context.CallActivityAsync<long>("Flaky", new[] { total, 0 }, retry);
                }
                catch (TaskFailedException)
                {
                    return context.NewGuid().Version;
                }

            case 6:
                return await context.CallSubOrchestratorAsync<long>("Node", new Node(draws.Next() >> 32, node.Depth + 1));
            default:
                var children = Enumerable.Range(0, 2).Select(_ => context.CallSubOrchestratorAsync<long>("Node", new Node(draws.Next() >> 32, node.Depth + 1)));
                return (await Task.WhenAll(children)).Sum();
        }
    }

    sealed record Node(ulong Seed, int Depth);
}
