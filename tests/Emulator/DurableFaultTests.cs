using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator;

/// <summary>Code and storage that are not as they were, and code that is not what it should be.</summary>
public sealed class DurableFaultTests
{
    [Fact]
    public async Task An_instance_whose_orchestrator_is_gone_waits_for_it()
    {
        await using var hub = new TestHub(new DelegateCode().Orchestrator("Wait", async context => await context.WaitForExternalEvent<string>("go")));
        await hub.RunAsync("Wait", id: "x");
        var code = hub.Code;
        hub.Code = new DelegateCode();
        await hub.ReopenAsync();
        await hub.Client.RaiseEventAsync("x", "go", "kept");
        await hub.Hub.WhenIdleAsync();
        Assert.Equal("the orchestrator function 'Wait' is not in the code", hub.Hub.SetAside["x"]);
        Assert.Contains(hub.Log.Lines, line => line.Contains("x is set aside until the next start", StringComparison.Ordinal));
        hub.Code = code;
        await hub.ReopenAsync();
        await hub.Hub.WhenIdleAsync();
        Assert.Equal("kept", (await hub.GetAsync("x")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task An_activity_whose_function_is_gone_waits_for_it()
    {
        var first = new CrashAt(before: 2);
        var code = new DelegateCode()
            .Activity<int>("Double", value => value * 2)
            .Orchestrator("Call", async context => await context.CallActivityAsync<int>("Double", 4));
        await using var hub = new TestHub(code, first);
        // Started and scheduled, but the result is lost with the process.
        await hub.RunAsync("Call", id: "x");
        hub.Code = new DelegateCode().Orchestrator("Call", code.Orchestrators["Call"]);
        await hub.ReopenAsync();
        await hub.Hub.WhenIdleAsync();
        Assert.Equal("the activity function 'Double' that it waits for is not in the code", hub.Hub.SetAside["x"]);
        hub.Code = code;
        await hub.ReopenAsync();
        await hub.Hub.WhenIdleAsync();
        Assert.Equal(8, (await hub.GetAsync("x")).ReadOutputAs<int>());
    }

    [Fact]
    public async Task A_damaged_history_sets_its_instance_aside_and_others_go_on()
    {
        await using var hub = new TestHub(new DelegateCode().Orchestrator("Wait", async context => await context.WaitForExternalEvent<string>("go")));
        await hub.RunAsync("Wait", id: "bad");
        await hub.RunAsync("Wait", id: "new");
        await hub.RunAsync("Wait", id: "good");
        await hub.Hub.DisposeAsync();
        using (var database = new SqliteDatabase(hub.Path, readOnly: false))
        {
            database.Execute("UPDATE history SET events = x'01FF00' WHERE instance = (SELECT key FROM instances WHERE id = 'bad')");
            database.Execute("UPDATE history SET events = x'63' WHERE instance = (SELECT key FROM instances WHERE id = 'new')");
        }

        hub.Open();
        foreach (var id in (string[])["bad", "new", "good"])
            await hub.Client.RaiseEventAsync(id, "go", "x");
        await hub.Hub.WhenIdleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Completed, await hub.StatusAsync("good"));
        Assert.Equal(OrchestrationRuntimeStatus.Running, await hub.StatusAsync("bad"));
        Assert.Contains(hub.Hub.SetAside.Values, reason => reason.StartsWith("The history of instance 'bad' is damaged", StringComparison.Ordinal));
        Assert.Contains(hub.Hub.SetAside.Values, reason => reason.StartsWith("The history of instance 'new' was stored in format 99", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_is_no_task_hub_is_named()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("tasks.db");
        await File.WriteAllTextAsync(path, "This is not a database, and long enough to look at it as one. " + new string('x', 4096));
        var wrong = Assert.Throws<InvalidDataException>(() => new TaskStore(path, TimeProvider.System, _ => { }));
        Assert.Contains($"Task hub '{path}' is damaged", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_hub_of_a_later_version_is_not_touched()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("tasks.db");
        using (var database = new SqliteDatabase(path, readOnly: false))
            database.Execute("PRAGMA user_version = 9");
        Assert.Contains("is of format 9", Assert.Throws<InvalidDataException>(() => new TaskStore(path, TimeProvider.System, _ => { })).Message, StringComparison.Ordinal);
        await Task.CompletedTask;
    }

    [Theory]
    [InlineData("foreign task")]
    [InlineData("other thread")]
    [InlineData("no context")]
    public async Task Waiting_for_what_is_not_durable_fails_with_the_reason(string kind)
    {
        var never = new TaskCompletionSource();
        await using var hub = new TestHub(new DelegateCode()
            .Activity<int>("Double", value => value * 2)
            .Orchestrator("Wrong", async context =>
            {
                if (kind == "foreign task")
                    await never.Task;
                else if (kind == "other thread")
                    await Task.Factory.StartNew(() => context.CreateTimer(TimeSpan.Zero, CancellationToken.None), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
                else
                    await context.CallActivityAsync("Double", 1).ConfigureAwait(false);
                await context.CallActivityAsync("Double", 1);
                return null;
            }));
        var id = await hub.RunAsync("Wrong");
        var instance = await hub.GetAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, instance.RuntimeStatus);
        Assert.Contains("waits for something that is not durable", instance.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_is_tried_again_and_then_set_aside()
    {
        var faults = new FailingDisk();
        await using var hub = new TestHub(new DelegateCode().Orchestrator("Wait", async context => await context.WaitForExternalEvent<string>("go")), faults);
        await hub.RunAsync("Wait", id: "x");
        await hub.Client.RaiseEventAsync("x", "go", "kept");
        await hub.Hub.WhenIdleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Completed, await hub.StatusAsync("x"));

        await hub.RunAsync("Wait", id: "y");
        faults.Full = true;
        await Assert.ThrowsAsync<IOException>(() => hub.Client.RaiseEventAsync("y", "go", "refused"));
        faults.Full = false;
        await hub.Client.RaiseEventAsync("y", "go", "taken");
        await hub.Hub.WhenIdleAsync();
        Assert.Equal("taken", (await hub.GetAsync("y")).ReadOutputAs<string>());

        await hub.Client.ScheduleNewOrchestrationInstanceAsync("Wait", new StartOrchestrationOptions("z", TestHub.Start.AddHours(1)));
        faults.Full = true;
        await hub.AdvanceAsync(TimeSpan.FromHours(1));
        faults.Full = false;
        await hub.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(OrchestrationRuntimeStatus.Running, await hub.StatusAsync("z"));

        await hub.Client.ScheduleNewOrchestrationInstanceAsync("Wait", new StartOrchestrationOptions("aside", hub.Clock.GetUtcNow().AddHours(1)));
        faults.Full = true;
        await hub.AdvanceAsync(TimeSpan.FromHours(2));
        Assert.Contains(hub.Hub.SetAside.Values, reason => reason.Contains("full", StringComparison.Ordinal));
        faults.Full = false;
        await hub.ReopenAsync(faults);
        await hub.Hub.WhenIdleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Running, await hub.StatusAsync("aside"));
    }

    sealed class FailingDisk : ITaskStoreFaults
    {
        public bool Full { get; set; }

        public void BeforeCommit()
        {
            if (Full)
                throw new IOException("the disk is full");
        }

        public void AfterCommit()
        {
        }
    }
}

/// <summary>Kills the store at one commit: before it, so that it is lost, or after it, so that nobody hears of it.</summary>
internal sealed class CrashAt(int before = -1, int after = -1) : ITaskStoreFaults
{
    int commits;

    public bool Syncs => false;

    public bool Crashed { get; private set; }

    public void BeforeCommit()
    {
        if (commits == before)
            Crash();
        commits++;
    }

    public void AfterCommit()
    {
        if (commits - 1 == after)
            Crash();
    }

    void Crash()
    {
        Crashed = true;
        throw new SimulatedCrashException();
    }
}

internal sealed class SimulatedCrashException : Exception;
