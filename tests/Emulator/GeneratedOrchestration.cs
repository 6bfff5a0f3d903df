using System.Collections.Concurrent;
using System.Globalization;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator;

/// <summary>
/// Orchestrations from a seed: trees of activities, timers, events, retries, sub-orchestrations, events between instances and
/// runs that continue as new. What a tree comes to depends on the seed and the instants of what happens, on nothing else.
/// </summary>
internal static class GeneratedOrchestration
{
    static readonly TimeSpan Long = TimeSpan.FromDays(60);

    /// <summary>The functions. Activities note what they did in <paramref name="effects"/>, as they would in a table keyed by what they were asked.</summary>
    public static DelegateCode CodeOf(int seed, ConcurrentDictionary<string, int>? effects = null)
    {
        var code = new DelegateCode();
        Add("Mix", input => Mix(input[0], seed));
        Add("Flaky", input => input[1] < 2 ? throw new IOException("attempt " + input[1].ToString(CultureInfo.InvariantCulture)) : Mix(input[0], seed));
        return code
            .Orchestrator("Node", async context => await RunNodeAsync(context, context.GetInput<Node>()!))
            .Orchestrator("Broken", async context =>
            {
                await context.CreateTimer(TimeSpan.FromMinutes(3), CancellationToken.None);
                throw new InvalidOperationException("broken at " + context.CurrentUtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            });

        void Add(string name, Func<long[], long> activity) => code.Activities[name] = (instance, input) =>
        {
            effects?.AddOrUpdate($"{instance} {name} {input}", 1, static (_, times) => times + 1);
            return Task.FromResult<object?>(activity(DurableJson.Deserialize<long[]>(input)!));
        };
    }

    /// <summary>Starts the root, then every two months raises the event at whoever has not ended, and suspends some for a day, until all have.</summary>
    public static async Task RunAsync(TestHub hub, int seed)
    {
        await hub.DoAsync(client => client.ScheduleNewOrchestrationInstanceAsync("Node", new Node((ulong)seed, 0, 0, 0), new StartOrchestrationOptions("root")));
        for (var round = 0; round < 200; round++)
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

            var suspended = new List<string>();
            foreach (var id in waiting)
            {
                var suspends = ((seed ^ round ^ id[0]) & 7) == 0;
                if (suspends && await hub.DoToLiveAsync(id, client => client.SuspendInstanceAsync(id)))
                    suspended.Add(id);
                await hub.DoToLiveAsync(id, client => client.RaiseEventAsync(id, "event", round));
            }

            if (suspended.Count == 0)
                continue;
            await hub.AdvanceAsync(TimeSpan.FromDays(1));
            foreach (var id in suspended)
                await hub.DoToLiveAsync(id, client => client.ResumeInstanceAsync(id));
        }

        throw new InvalidOperationException($"Seed {seed} does not end.");
    }

    static long Mix(long value, int seed) => (long)new Rng((ulong)(value ^ seed)).Next() >> 16;

    /// <summary>A node draws what it does from its own seed alone, so every replay draws the same.</summary>
    static async Task<object?> RunNodeAsync(TaskOrchestrationContext context, Node node)
    {
        var draws = new Rng((node.Seed * 977) + (ulong)(node.Depth * 31) + (ulong)node.Run + 1);
        var total = node.Total;
        for (var step = 2 + draws.Below(2); step > 0; step--)
        {
            context.SetCustomStatus(step);
            total = (total * 31) + await StepAsync(context, node, draws, total) + step;
        }

        if (node.Run < 2 && draws.Below(4) == 0)
        {
            context.ContinueAsNew(node with { Run = node.Run + 1, Total = total });
            return null;
        }

        if (context.Parent is { } parent)
            context.SendEvent(parent.InstanceId, "report", total);
        return total;
    }

    static async Task<long> StepAsync(TaskOrchestrationContext context, Node node, Rng draws, long total)
    {
        switch (draws.Below(node.Depth < 2 ? 12 : 9))
        {
            case 0:
                return await context.CallActivityAsync<long>("Mix", new[] { total });
            case 1:
                return (await Task.WhenAll(Enumerable.Range(0, 1 + draws.Below(4)).Select(i => context.CallActivityAsync<long>("Mix", new[] { total + i })))).Sum();
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
                try
                {
                    return await context.WaitForExternalEvent<int>("event", TimeSpan.FromDays(1 + draws.Below(100)));
                }
                catch (TaskCanceledException)
                {
                    return context.CurrentUtcDateTime.Ticks;
                }

            case 7:
                context.SendEvent(context.InstanceId, "self", total);
                var timer = context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
                return await context.WaitForExternalEvent<long>("self") + (await Task.WhenAny(timer, context.CallActivityAsync<long>("Mix", new[] { total })) == timer ? 1 : 2);
            case 8:
                try
                {
                    await context.CallSubOrchestratorAsync("Broken", options: TaskOptions.FromRetryPolicy(new RetryPolicy(1 + draws.Below(2), TimeSpan.FromMinutes(1))));
                    return 0;
                }
                catch (TaskFailedException failed)
                {
                    return failed.FailureDetails.ErrorMessage.Length + context.CurrentUtcDateTime.Ticks;
                }

            case 9:
                return await context.CallSubOrchestratorAsync<long>("Node", Child());
            case 10:
                // The child's report is in the queue before its end is: it is there now, or waits for a later run.
                var child = await context.CallSubOrchestratorAsync<long>("Node", Child());
                return child - await context.WaitForExternalEvent<long>("report");
            default:
                return (await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => context.CallSubOrchestratorAsync<long>("Node", Child())))).Sum();
        }

        Node Child() => new(draws.Next() >> 32, node.Depth + 1, 0, 0);
    }

    sealed record Node(ulong Seed, int Depth, int Run, long Total);
}
