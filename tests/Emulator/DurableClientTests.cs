using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator;

public sealed class DurableClientTests
{
    static DelegateCode Code => new DelegateCode()
        .Activity<int>("Double", value => value * 2)
        .Orchestrator("Quick", context => Task.FromResult<object?>(context.GetInput<string>()))
        .Orchestrator("Wait", async context => await context.WaitForExternalEvent<string>("go"))
        .Orchestrator("Parent", async context =>
        {
            await Task.WhenAll(context.CallSubOrchestratorAsync("Wait", options: new SubOrchestrationOptions(instanceId: context.InstanceId + "-1")),
                context.CallSubOrchestratorAsync("Wait", options: new SubOrchestrationOptions(instanceId: context.InstanceId + "-2")));
            return null;
        });

    [Fact]
    public async Task A_second_instance_of_an_id_is_refused_while_the_first_runs_and_replaces_it_afterwards()
    {
        await using var hub = new TestHub(Code);
        await hub.RunAsync("Wait", id: "x");
        var refused = await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => hub.RunAsync("Quick", "new", "x"));
        Assert.Contains("'x' exists already and is Running", refused.Message, StringComparison.Ordinal);
        await hub.Client.RaiseEventAsync("x", "go", "old");
        await hub.Hub.WhenIdleAsync();
        Assert.Equal("old", (await hub.GetAsync("x")).ReadOutputAs<string>());
        await hub.RunAsync("Quick", "new", "x");
        Assert.Equal("new", (await hub.GetAsync("x")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task An_instance_starts_when_it_is_to()
    {
        await using var hub = new TestHub(Code);
        var id = await hub.Client.ScheduleNewOrchestrationInstanceAsync("Wait", new StartOrchestrationOptions("later", TestHub.Start.AddDays(3)));
        await hub.Client.RaiseEventAsync(id, "go", "early");
        await hub.AdvanceAsync(TimeSpan.FromDays(2));
        Assert.Equal(OrchestrationRuntimeStatus.Pending, await hub.StatusAsync(id));
        await hub.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Equal("early", (await hub.GetAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_suspended_instance_keeps_what_comes_until_it_is_resumed()
    {
        await using var hub = new TestHub(Code);
        var id = await hub.RunAsync("Wait");
        await hub.Client.SuspendInstanceAsync(id, "audit");
        await hub.Client.RaiseEventAsync(id, "go", "held");
        await hub.Hub.WhenIdleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, await hub.StatusAsync(id));
        await hub.ReopenAsync();
        await hub.Client.ResumeInstanceAsync(id);
        await hub.Hub.WhenIdleAsync();
        Assert.Equal("held", (await hub.GetAsync(id)).ReadOutputAs<string>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Termination_reaches_sub_orchestrations_when_asked_to(bool recursive)
    {
        await using var hub = new TestHub(Code);
        await hub.RunAsync("Parent", id: "p");
        await hub.Client.TerminateInstanceAsync("p", new TerminateInstanceOptions("stop", recursive));
        await hub.Hub.WhenIdleAsync();
        Assert.Equal((OrchestrationRuntimeStatus.Terminated, "stop"), (await hub.StatusAsync("p"), (await hub.GetAsync("p")).ReadOutputAs<string>()));
        var expected = recursive ? OrchestrationRuntimeStatus.Terminated : OrchestrationRuntimeStatus.Running;
        Assert.Equal((expected, expected), (await hub.StatusAsync("p-1"), await hub.StatusAsync("p-2")));
    }

    [Fact]
    public async Task A_terminated_sub_orchestration_fails_its_parent()
    {
        await using var hub = new TestHub(Code);
        await hub.RunAsync("Parent", id: "p");
        await hub.Client.TerminateInstanceAsync("p-1");
        await hub.Client.RaiseEventAsync("p-2", "go");
        await hub.Hub.WhenIdleAsync();
        var parent = await hub.GetAsync("p");
        Assert.Equal(OrchestrationRuntimeStatus.Failed, parent.RuntimeStatus);
        Assert.Contains("'p-1' was terminated", parent.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_instance_is_terminated_before_its_start()
    {
        await using var hub = new TestHub(Code);
        await hub.Client.ScheduleNewOrchestrationInstanceAsync("Quick", new StartOrchestrationOptions("x", TestHub.Start.AddDays(1)));
        await hub.Client.TerminateInstanceAsync("x");
        await hub.AdvanceAsync(TimeSpan.FromDays(2));
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, await hub.StatusAsync("x"));
    }

    [Fact]
    public async Task Messages_to_nobody_and_to_an_ended_instance_are_refused()
    {
        await using var hub = new TestHub(Code);
        await hub.RunAsync("Quick", id: "ended");
        foreach (var send in (Func<string, Task>[])
            [
                id => hub.Client.RaiseEventAsync(id, "go"), id => hub.Client.TerminateInstanceAsync(id),
                id => hub.Client.SuspendInstanceAsync(id), id => hub.Client.ResumeInstanceAsync(id),
            ])
        {
            Assert.Contains("'nobody'", (await Assert.ThrowsAsync<ArgumentException>(() => send("nobody"))).Message, StringComparison.Ordinal);
            Assert.Contains("'ended' is Completed", (await Assert.ThrowsAsync<InvalidOperationException>(() => send("ended"))).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_instance_is_restarted_with_its_input()
    {
        await using var hub = new TestHub(Code);
        await hub.RunAsync("Quick", "in", "x");
        var first = await hub.GetAsync("x");
        await hub.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal("x", await hub.Client.RestartAsync("x"));
        var other = await hub.Client.RestartAsync("x", restartWithNewInstanceId: true);
        await hub.Hub.WhenIdleAsync();
        var second = await hub.GetAsync("x");
        Assert.Equal(("in", TimeSpan.FromHours(1)), (second.ReadOutputAs<string>(), second.CreatedAt - first.CreatedAt));
        Assert.Equal("in", (await hub.GetAsync(other)).ReadOutputAs<string>());
        await Assert.ThrowsAsync<ArgumentException>(() => hub.Client.RestartAsync("nobody"));
        await hub.Client.ScheduleNewOrchestrationInstanceAsync("Wait", new StartOrchestrationOptions("waits") { Version = "2.0" });
        await hub.Hub.WhenIdleAsync();
        Assert.Contains("'waits' is Running", (await Assert.ThrowsAsync<InvalidOperationException>(() => hub.Client.RestartAsync("waits"))).Message, StringComparison.Ordinal);
        await hub.Client.RestartAsync("waits", restartWithNewInstanceId: true);
    }

    [Fact]
    public async Task Instances_are_listed_by_status_time_and_prefix_in_pages()
    {
        await using var hub = new TestHub(Code);
        for (var i = 0; i < 25; i++)
        {
            await hub.RunAsync(i % 5 == 0 ? "Wait" : "Quick", $"{i}", $"{(i < 20 ? "a" : "b")}-{i:00}");
            await hub.AdvanceAsync(TimeSpan.FromHours(1));
        }

        var all = new List<string>();
        var pages = 0;
        await foreach (var page in hub.Client.GetAllInstancesAsync(new OrchestrationQuery(InstanceIdPrefix: "a-", PageSize: 6)).AsPages())
        {
            pages++;
            all.AddRange(page.Values.Select(instance => instance.InstanceId));
        }

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"a-{i:00}"), all);
        Assert.Equal(4, pages);
        Assert.Equal(["a-00", "a-05", "a-10", "a-15", "b-20"], await IdsAsync(new(Statuses: [OrchestrationRuntimeStatus.Running])));
        Assert.Equal(["a-03", "a-04"], await IdsAsync(new(TestHub.Start.AddHours(3), TestHub.Start.AddHours(4))));
        Assert.Equal("a-04", (await hub.Client.ListInstanceIdsAsync(pageSize: 4)).ContinuationToken);
        var bare = await hub.Client.GetInstanceAsync("a-01");
        Assert.Throws<InvalidOperationException>(() => bare!.ReadInputAs<int>());

        async Task<List<string>> IdsAsync(OrchestrationQuery query)
        {
            var ids = new List<string>();
            await foreach (var instance in hub.Client.GetAllInstancesAsync(query))
                ids.Add(instance.InstanceId);
            return ids;
        }
    }

    [Fact]
    public async Task Ended_instances_are_purged_one_by_one_and_by_filter()
    {
        await using var hub = new TestHub(Code);
        for (var i = 0; i < 230; i++)
            await hub.Client.ScheduleNewOrchestrationInstanceAsync("Quick", $"{i}", new StartOrchestrationOptions($"q-{i:000}"));
        await hub.RunAsync("Wait", id: "waits");
        Assert.Equal(0, (await hub.Client.PurgeInstanceAsync("waits")).PurgedInstanceCount);
        Assert.Equal(0, (await hub.Client.PurgeInstanceAsync("nobody")).PurgedInstanceCount);
        Assert.Equal(1, (await hub.Client.PurgeInstanceAsync("q-000")).PurgedInstanceCount);
        Assert.Null(await hub.Client.GetInstanceAsync("q-000"));
        var purged = await hub.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(TestHub.Start, Statuses: [OrchestrationRuntimeStatus.Completed]));
        Assert.Equal((229, true), (purged.PurgedInstanceCount, purged.IsComplete));
        Assert.Equal(OrchestrationRuntimeStatus.Running, await hub.StatusAsync("waits"));
    }

    [Fact]
    public async Task Purging_takes_sub_orchestrations_along_when_asked_to()
    {
        await using var hub = new TestHub(Code);
        foreach (var parent in (string[])["p", "o"])
        {
            await hub.RunAsync("Parent", id: parent);
            await hub.Client.RaiseEventAsync(parent + "-1", "go");
            await hub.Client.RaiseEventAsync(parent + "-2", "go");
        }

        await hub.Hub.WhenIdleAsync();
        Assert.Equal(1, (await hub.Client.PurgeInstanceAsync("o")).PurgedInstanceCount);
        Assert.Equal(3, (await hub.Client.PurgeInstanceAsync("p", new PurgeInstanceOptions(Recursive: true))).PurgedInstanceCount);
        Assert.Equal((false, true), (await hub.Client.GetInstanceAsync("p-1") is not null, await hub.Client.GetInstanceAsync("o-1") is not null));
    }

    [Fact]
    public async Task Waits_for_start_and_end_come_back_when_it_happens()
    {
        await using var hub = new TestHub(Code);
        var started = hub.Client.WaitForInstanceStartAsync("x");
        var ended = hub.Client.WaitForInstanceCompletionAsync("x", getInputsAndOutputs: true);
        await hub.RunAsync("Wait", id: "x");
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await started).RuntimeStatus);
        Assert.False(ended.IsCompleted);
        await hub.Client.RaiseEventAsync("x", "go", "gone");
        Assert.Equal("gone", (await ended).ReadOutputAs<string>());
        using var stop = new CancellationTokenSource();
        var never = hub.Client.WaitForInstanceCompletionAsync("y", stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => never);
    }

    [Theory]
    [InlineData("@x")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a\nb")]
    public async Task An_impossible_id_is_refused(string id)
    {
        await using var hub = new TestHub(Code);
        await Assert.ThrowsAsync<ArgumentException>(() => hub.RunAsync("Quick", id: id));
        await Assert.ThrowsAsync<ArgumentException>(() => hub.RunAsync("Quick", id: new string('x', 101)));
    }

    [Fact]
    public async Task Payloads_over_the_limit_are_refused_by_name()
    {
        var large = new string('x', DurableJson.MaxBytes);
        await using var hub = new TestHub(Code
            .Activity<int>("Large", _ => large)
            .Orchestrator("Input", async context => await context.CallActivityAsync<int>("Double", large))
            .Orchestrator("Output", _ => Task.FromResult<object?>(large))
            .Orchestrator("Activity", async context => await context.CallActivityAsync<string>("Large", 1)));
        Assert.Contains("input of orchestrator 'Quick' is 1,048,578 bytes", (await Assert.ThrowsAsync<ArgumentException>(() => hub.RunAsync("Quick", large))).Message, StringComparison.Ordinal);
        await hub.RunAsync("Wait", id: "w");
        Assert.Contains("payload of event 'go'", (await Assert.ThrowsAsync<ArgumentException>(() => hub.Client.RaiseEventAsync("w", "go", large))).Message, StringComparison.Ordinal);
        foreach (var (name, what) in ((string, string)[])[("Input", "input of activity 'Double'"), ("Output", "output of orchestrator 'Output'"), ("Activity", "output of activity 'Large'")])
            Assert.Contains(what, (await hub.GetAsync(await hub.RunAsync(name))).FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_orchestrator_is_refused()
    {
        await using var hub = new TestHub(Code);
        Assert.Contains("'Nobody'", (await Assert.ThrowsAsync<ArgumentException>(() => hub.RunAsync("Nobody"))).Message, StringComparison.Ordinal);
    }
}
