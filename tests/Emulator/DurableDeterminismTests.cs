using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator;

/// <summary>Code that takes another way than its history: every case runs a first version to a point, then another version.</summary>
public sealed class DurableDeterminismTests
{
    static readonly TaskOptions SubId = new SubOrchestrationOptions(instanceId: "kid");

    /// <summary>What the first version does, what the second does instead, and how the failure names both.</summary>
    public static TheoryData<string, string, string> Bugs => new()
    {
        { "renamed", "activity 'A' (#0)", "activity 'B' (#0)" },
        { "removed", "activity 'A' (#0)", "activity 'B' (#0)" },
        { "added before", "activity 'A' (#0)", "activity 'B' (#0)" },
        { "swapped", "activity 'A' (#0)", "activity 'B' (#0)" },
        { "activity to timer", "activity 'A' (#0)", "a timer (#0)" },
        { "timer to activity", "a timer (#0)", "activity 'A' (#0)" },
        { "activity to sub-orchestration", "activity 'A' (#0)", "sub-orchestration 'Kid' as 'kid' (#0)" },
        { "sub-orchestration to activity", "sub-orchestration 'Kid' as 'kid' (#0)", "activity 'A' (#0)" },
        { "sub-orchestration renamed", "sub-orchestration 'Kid' as 'kid' (#0)", "sub-orchestration 'Other' as 'kid' (#0)" },
        { "sub-orchestration id", "sub-orchestration 'Kid' as 'kid' (#0)", "sub-orchestration 'Kid' as 'lad' (#0)" },
        { "event to activity", "event 'e' to 'x' (#0)", "activity 'A' (#0)" },
        { "event renamed", "event 'e' to 'x' (#0)", "event 'f' to 'x' (#0)" },
        { "event redirected", "event 'e' to 'x' (#0)", "event 'e' to 'y' (#0)" },
        { "wider fan-out", "nothing there", "activity 'A' (#2)" },
        { "narrower fan-out", "activity 'A' (#1)", "nothing there" },
        { "ends early", "activity 'A' (#0)", "nothing there" },
        { "ends instead of waiting", "the orchestrator to wait", "its end" },
        { "waits for an event first", "activity 'A' (#0)", "nothing there" },
        { "retries dropped", "a timer (#1)", "activity 'A' (#1)" },
        { "events awaited the other way round", "activity 'A' (#0)", "nothing there" },
        { "timeout dropped", "a timer (#0)", "nothing there" },
        { "timeout added", "nothing there", "a timer (#0)" },
        { "timer added before", "activity 'A' (#0)", "a timer (#0)" },
        { "loop shortened", "activity 'A' (#3)", "activity 'B' (#3)" },
        { "loop prolonged", "activity 'B' (#3)", "activity 'A' (#3)" },
        { "branches joined", "nothing there", "activity 'B' (#1)" },
        { "continues as new", "the orchestrator to wait", "its end" },
    };

    [Theory]
    [MemberData(nameof(Bugs))]
    public async Task A_bug_is_detected_and_both_sides_are_named(string bug, string history, string code)
    {
        var versions = 1;
        await using var hub = new TestHub(new DelegateCode()
            .Activity<int>("A", value => value < 0 ? throw new IOException("no") : value)
            .Activity<int>("B", value => value)
            .Orchestrator("Kid", _ => Task.FromResult<object?>(1))
            .Orchestrator("Other", _ => Task.FromResult<object?>(1))
            .Orchestrator("Buggy", async context =>
            {
                await RunAsync(bug, context, second: versions > 1);
                await context.WaitForExternalEvent<string>("go");
                return null;
            }));
        await hub.RunAsync("Buggy", id: "x");
        await hub.Client.RaiseEventAsync("x", "first", 1);
        await hub.AdvanceAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(OrchestrationRuntimeStatus.Running, await hub.StatusAsync("x"));
        versions = 2;
        await hub.Client.RaiseEventAsync("x", "go");
        await hub.Hub.WhenIdleAsync();
        AssertNamed(await hub.GetAsync("x"), history, code);
    }

    /// <summary>Code that is not changed at all, but looks at something that is: how its failure names both sides.</summary>
    public static TheoryData<string, string, string> Causes => new()
    {
        { "a counter of the process", "activity 'A' (#0)", "activity 'B' (#0)" },
        { "a value kept from before", "activity 'A' (#0)", "activity 'B' (#0)" },
        { "a list used up", "activity 'A' (#0)", "activity 'B' (#0)" },
        { "the clock", "activity 'A' (#0)", "activity 'B' (#0)" },
        { "chance", "activity 'A' (#0)", "activity 'B' (#0)" },
        { "a random id", "sub-orchestration 'Kid' as ", "sub-orchestration 'Kid' as " },
        { "the order of a hash table", "activity 'B' (#0)", "activity 'A' (#0)" },
        { "whether it replays", "activity 'B' (#0)", "activity 'A' (#0)" },
        { "a setting", "a timer (#0)", "activity 'A' (#0)" },
        { "another instance", "activity 'A' (#0)", "activity 'B' (#0)" },
    };

    [Theory]
    [MemberData(nameof(Causes))]
    public async Task A_dependence_on_the_world_is_detected_and_both_sides_are_named(string cause, string history, string code)
    {
        var world = new World();
        await using var hub = new TestHub();
        hub.Code
            .Activity<int>("A", value => value)
            .Activity<int>("B", value => value)
            .Orchestrator("Kid", async kid => await kid.WaitForExternalEvent<int>("never"))
            .Orchestrator("Other", _ => Task.FromResult<object?>(world.Counter++))
            .Orchestrator("Buggy", async context =>
            {
                await DependAsync(cause, context, world, hub.Clock);
                return await context.WaitForExternalEvent<string>("go");
            });
        await hub.RunAsync("Buggy", id: "x");
        await hub.RunAsync("Other");
        world.Setting = true;
        await hub.AdvanceAsync(TimeSpan.FromMinutes(2));
        if (!(await hub.GetAsync("x")).IsCompleted)
            await hub.Client.RaiseEventAsync("x", "go");
        await hub.Hub.WhenIdleAsync();
        AssertNamed(await hub.GetAsync("x"), history, code);
    }

    static async Task DependAsync(string cause, TaskOrchestrationContext context, World world, TimeProvider clock)
    {
        Task Call(string name) => context.CallActivityAsync(name, 1);
        switch (cause)
        {
            case "a counter of the process":
                await Call(world.Counter++ == 0 ? "A" : "B");
                break;
            case "a value kept from before":
                world.Kept ??= await context.CallActivityAsync<int>("A", 1);
                await Call("B");
                break;
            case "a list used up":
                if (world.Left.TryDequeue(out var next))
                    await Call(next);
                break;
            case "the clock":
                await Call(clock.GetUtcNow() < TestHub.Start.AddMinutes(1) ? "A" : "B");
                await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
                break;
            case "chance":
                await Call(world.Random.Next(2) == 0 ? "A" : "B");
                break;
            case "a random id":
                await context.CallSubOrchestratorAsync("Kid", options: new SubOrchestrationOptions(instanceId: Guid.NewGuid().ToString("N")));
                break;
            case "the order of a hash table":
                // As a process with its own seed for the hashes of strings.
                foreach (var name in new ConcurrentDictionary<string, int>(new SaltedHash(world.Counter++)) { ["A"] = 1, ["B"] = 1 }.Keys)
                    await Call(name);
                break;
            case "whether it replays":
                if (!context.IsReplaying)
                    await Call("B");
                await Call("A");
                break;
            case "a setting":
                if (!world.Setting)
                    await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
                await Call("A");
                break;
            case "another instance":
                await Call(world.Counter == 0 ? "A" : "B");
                break;
        }
    }

    static void AssertNamed(OrchestrationMetadata instance, string history, string code)
    {
        Assert.Equal(OrchestrationRuntimeStatus.Failed, instance.RuntimeStatus);
        Assert.Equal(typeof(NonDeterministicOrchestrationException).FullName, instance.FailureDetails!.ErrorType);
        Assert.Contains($"Orchestrator 'Buggy' of instance 'x' is not deterministic", instance.FailureDetails.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains($"the history expected {history}", instance.FailureDetails.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains($", but the code scheduled {code}", instance.FailureDetails.ErrorMessage, StringComparison.Ordinal);
    }

    /// <summary>What lies outside of an orchestrator.</summary>
    sealed class World
    {
        public int Counter { get; set; }

        public int? Kept { get; set; }

        public Queue<string> Left { get; } = new(["A", "B"]);

        // Seeded so that the first two draws differ, 0 first.
        public Random Random { get; } = new(Enumerable.Range(0, 100).First(seed => new Random(seed) is var draws && draws.Next(2) == 0 && draws.Next(2) == 1));

        public bool Setting { get; set; }
    }

    sealed class SaltedHash(int salt) : IEqualityComparer<string>
    {
        public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

        public int GetHashCode(string obj) => (obj[0] + salt) % 2;
    }

    static async Task RunAsync(string bug, TaskOrchestrationContext context, bool second)
    {
        Task A(int value = 1) => context.CallActivityAsync("A", value);
        Task B() => context.CallActivityAsync("B", 1);
        Task Timer() => context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
        switch (bug)
        {
            case "renamed":
                await (second ? B() : A());
                break;
            case "removed" when !second:
                await A();
                await B();
                break;
            case "removed":
                await B();
                break;
            case "added before":
                if (second)
                    await B();
                await A();
                break;
            case "swapped":
                await (second ? B() : A());
                await (second ? A() : B());
                break;
            case "activity to timer":
                await (second ? Timer() : A());
                break;
            case "timer to activity":
                await (second ? A() : Timer());
                break;
            case "activity to sub-orchestration":
                await (second ? context.CallSubOrchestratorAsync("Kid", SubId) : A());
                break;
            case "sub-orchestration to activity":
                await (second ? A() : context.CallSubOrchestratorAsync("Kid", SubId));
                break;
            case "sub-orchestration renamed":
                await context.CallSubOrchestratorAsync(second ? "Other" : "Kid", SubId);
                break;
            case "sub-orchestration id":
                await context.CallSubOrchestratorAsync("Kid", second ? new SubOrchestrationOptions(instanceId: "lad") : SubId);
                break;
            case "event to activity" when second:
                await A();
                break;
            case "event to activity" or "event renamed" or "event redirected":
                context.SendEvent(second && bug == "event redirected" ? "y" : "x", second && bug == "event renamed" ? "f" : "e", 1);
                break;
            case "wider fan-out":
                await Task.WhenAll(Enumerable.Range(0, second ? 3 : 2).Select(A));
                break;
            case "narrower fan-out":
                await Task.WhenAll(Enumerable.Range(0, second ? 1 : 2).Select(A));
                break;
            case "ends early" when !second:
                await A();
                break;
            case "ends instead of waiting" when second:
                await A();
                throw new IOException("ended");
            case "ends instead of waiting":
                await A();
                break;
            case "waits for an event first":
                if (second)
                    await context.WaitForExternalEvent<string>("other");
                await A();
                break;
            case "events awaited the other way round":
                foreach (var (name, then) in second ? [("second", B), ("first", () => A())] : new (string, Func<Task>)[] { ("first", () => A()), ("second", B) })
                {
                    await context.WaitForExternalEvent<int>(name);
                    await then();
                }

                break;
            case "timeout dropped" or "timeout added":
                await (second == (bug == "timeout added") ? context.WaitForExternalEvent<int>("first", TimeSpan.FromDays(1)) : context.WaitForExternalEvent<int>("first"));
                break;
            case "timer added before":
                if (second)
                    await Timer();
                await A();
                break;
            case "loop shortened" or "loop prolonged":
                for (var left = second == (bug == "loop prolonged") ? 4 : 3; left > 0; left--)
                    await A();
                await B();
                break;
            case "branches joined":
                // What was in sequence around an event is begun at once: the same calls in the same order.
                await A();
                if (!second)
                    await context.WaitForExternalEvent<int>("first");
                await B();
                break;
            case "continues as new" when second:
                await A();
                context.ContinueAsNew();
                throw new OperationCanceledException();
            case "continues as new":
                await A();
                break;
            case "retries dropped":
                var retry = second ? null : TaskOptions.FromRetryPolicy(new RetryPolicy(2, TimeSpan.FromMinutes(1)));
                try
                {
                    await context.CallActivityAsync("A", -1, retry);
                }
                catch (TaskFailedException)
                {
                    await A();
                }

                break;
        }
    }

    [Fact]
    public async Task A_changed_input_or_time_is_reported_and_goes_on_as_on_Azure()
    {
        var version = 1;
        await using var hub = new TestHub(new DelegateCode()
            .Activity<int>("A", value => value)
            .Orchestrator("Drifts", async context =>
            {
                await context.CallActivityAsync("A", version);
                await context.CreateTimer(TimeSpan.FromMinutes(version), CancellationToken.None);
                return await context.WaitForExternalEvent<string>("go");
            }));
        await hub.RunAsync("Drifts", id: "x");
        await hub.AdvanceAsync(TimeSpan.FromMinutes(5));
        version = 2;
        await hub.Client.RaiseEventAsync("x", "go", "on");
        await hub.Hub.WhenIdleAsync();
        Assert.Equal("on", (await hub.GetAsync("x")).ReadOutputAs<string>());
        Assert.Contains(hub.Log.Lines, line => line.Contains("instance x: activity 'A' (#0) has another input than in the history", StringComparison.Ordinal));
        Assert.Contains(hub.Log.Lines, line => line.Contains("instance x: a timer (#1) has another time than in the history", StringComparison.Ordinal));
    }

    [Fact]
    public void Ids_are_those_of_the_real_worker()
    {
        // UUID version 5 in the worker's namespace of "instance_2026-03-01T08:00:00.0000000Z_0", computed independently.
        var code = new OrchestratorCode(context => Task.FromResult<object?>(context.NewGuid()));
        HistoryEvent[] news = [new(HistoryKind.TurnStarted, Ticks: TestHub.Start.UtcTicks), new(HistoryKind.ExecutionStarted)];
        var outcome = OrchestrationTurn.Run(new("instance", "Ids", Input: null), code, [], news, NullLoggerFactory.Instance);
        Assert.Equal("\"1480d503-f491-5c70-b2ec-e86f223da87b\"", outcome.Output);
    }
}
