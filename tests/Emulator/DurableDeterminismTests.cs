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
        { "state of the process", "activity 'A' (#0)", "activity 'B' (#0)" },
        { "chance", "activity 'A' (#0)", "activity 'B' (#0)" },
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
        await hub.AdvanceAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(OrchestrationRuntimeStatus.Running, await hub.StatusAsync("x"));
        versions = 2;
        await hub.Client.RaiseEventAsync("x", "go");
        await hub.Hub.WhenIdleAsync();
        var instance = await hub.GetAsync("x");
        Assert.Equal(OrchestrationRuntimeStatus.Failed, instance.RuntimeStatus);
        Assert.Equal(typeof(NonDeterministicOrchestrationException).FullName, instance.FailureDetails!.ErrorType);
        Assert.Contains($"Orchestrator 'Buggy' of instance 'x' is not deterministic", instance.FailureDetails.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains($"the history expected {history}, but the code scheduled {code}.", instance.FailureDetails.ErrorMessage, StringComparison.Ordinal);
    }

    static async Task RunAsync(string bug, TaskOrchestrationContext context, bool second)
    {
        Task A(int value = 1) => context.CallActivityAsync("A", value);
        Task B() => context.CallActivityAsync("B", 1);
        Task Timer() => context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
        switch (bug)
        {
            case "renamed" or "state of the process" or "chance":
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
