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
        Assert.Contains("The history of instance 'bad' is damaged", hub.Hub.SetAside["bad"], StringComparison.Ordinal);
        Assert.Contains("The history of instance 'new' was stored in format 99", hub.Hub.SetAside["new"], StringComparison.Ordinal);
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

    [Fact]
    public async Task A_truncated_task_hub_is_named_and_left_as_it_is()
    {
        await using var hub = new TestHub(new DelegateCode().Orchestrator("Wait", async context => await context.WaitForExternalEvent<string>("go")));
        for (var i = 0; i < 20; i++)
            await hub.RunAsync("Wait", new string('x', 5000), $"{i}");
        await hub.Hub.DisposeAsync();
        using (var file = File.OpenWrite(hub.Path))
            file.SetLength(file.Length / 2 / 4096 * 4096);
        var left = await File.ReadAllBytesAsync(hub.Path);
        var wrong = Assert.Throws<InvalidDataException>(() => hub.Open());
        Assert.Contains($"Task hub '{hub.Path}' is damaged", wrong.Message, StringComparison.Ordinal);
        Assert.Equal(left, await File.ReadAllBytesAsync(hub.Path));
    }

    [Fact]
    public async Task A_damaged_instance_is_set_aside_by_name_and_others_go_on()
    {
        await using var hub = new TestHub(new DelegateCode().Orchestrator("Wait", async context => await context.WaitForExternalEvent<string>("go")));
        await hub.RunAsync("Wait", id: "bad");
        await hub.RunAsync("Wait", id: "good");
        await hub.Client.ScheduleNewOrchestrationInstanceAsync("Wait", new StartOrchestrationOptions("later", TestHub.Start.AddHours(1)));
        await hub.Hub.DisposeAsync();
        using (var database = new SqliteDatabase(hub.Path, readOnly: false))
        {
            database.Execute("UPDATE instances SET start = x'0101' WHERE id = 'bad'");
            database.Execute("UPDATE messages SET body = x'01' WHERE instance = (SELECT key FROM instances WHERE id = 'later')");
        }

        hub.Open();
        await hub.Client.RaiseEventAsync("bad", "go", "x");
        await hub.Client.RaiseEventAsync("good", "go", "x");
        await hub.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal(OrchestrationRuntimeStatus.Completed, await hub.StatusAsync("good"));
        Assert.Contains(hub.Hub.SetAside.Values, reason => reason.Contains("Instance 'bad' in the task hub is damaged", StringComparison.Ordinal));
        Assert.Contains("A message to instance 'later' in the task hub is damaged", hub.Hub.SetAside["later"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_named()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("data", "a file where the folder should be");
        Assert.Contains(file, Assert.ThrowsAny<IOException>(() => new TaskStore(Path.Combine(file, "tasks.db"), TimeProvider.System, _ => { })).Message, StringComparison.Ordinal);
        var path = Directory.CreateDirectory(folder.File("tasks.db")).FullName;
        Assert.Contains($"Task hub '{path}' cannot be opened", Assert.Throws<UnauthorizedAccessException>(() => new TaskStore(path, TimeProvider.System, _ => { })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_fails_what_does_not_fit_by_name_and_keeps_what_does()
    {
        await using var hub = new TestHub(new DelegateCode().Orchestrator("Wait", async context => await context.WaitForExternalEvent<string>("go")));
        await hub.RunAsync("Wait", id: "x");
        await hub.Hub.DisposeAsync();
        using (var quota = new SqliteDatabase(hub.Path, readOnly: false))
            quota.Execute("CREATE TRIGGER quota BEFORE INSERT ON messages WHEN length(NEW.body) > 1000 BEGIN SELECT RAISE(ABORT, 'no room'); END");
        hub.Open();
        var refused = await Assert.ThrowsAsync<IOException>(() => hub.Client.RaiseEventAsync("x", "go", new string('x', 2000)));
        Assert.Contains($"Task hub '{hub.Path}' failed: no room", refused.Message, StringComparison.Ordinal);
        await hub.Client.RaiseEventAsync("x", "go", "small");
        await hub.Hub.WhenIdleAsync();
        Assert.Equal("small", (await hub.GetAsync("x")).ReadOutputAs<string>());
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
        Assert.Equal("a turn could not be dealt with: the disk is full", hub.Hub.SetAside["aside"]);
        faults.Full = false;
        await hub.ReopenAsync(faults);
        await hub.Hub.WhenIdleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Running, await hub.StatusAsync("aside"));
    }

    [Fact]
    public async Task Work_that_cannot_be_written_kept_back_all_that_shared_its_commit()
    {
        using var folder = new TemporaryFolder();
        using var gate = new WritersGate();
        await using var store = new TaskStore(folder.File("tasks.db"), TimeProvider.System, _ => { }, gate);
        var first = store.WriteAsync(new StartWork(new("first", "Wait", Input: null), startAt: null));
        await gate.Reached;
        var batch = new[] { store.WriteAsync(new StartWork(new("a", "Wait", Input: null), startAt: null)), store.WriteAsync(new Unwritable()), store.WriteAsync(new StartWork(new("b", "Wait", Input: null), startAt: null)) };
        gate.Open();
        await first;
        await batch[0];
        Assert.Equal("unwritable", (await Assert.ThrowsAsync<IOException>(() => batch[1])).Message);
        await batch[2];
        Assert.Equal(["a", "b", "first"], store.Read(reader => reader.List("", "", _ => true, 10)).Select(instance => instance.Start.InstanceId));
    }

    [Fact]
    public async Task The_end_of_an_activity_counts_once_when_it_is_written_twice()
    {
        using var folder = new TemporaryFolder();
        await using var store = new TaskStore(folder.File("tasks.db"), TimeProvider.System, _ => { });
        await store.WriteAsync(new StartWork(new("x", "Call", Input: null), startAt: null));
        var instance = store.Read(reader => reader.Instance("x"))!;
        var turn = new TurnOutcome(OrchestrationRuntimeStatus.Running) { Commands = [new(new(HistoryKind.ActivityScheduled, Name: "Double"), "1")] };
        await store.WriteAsync(new TurnWork(instance, 0, [], [new(HistoryKind.TurnStarted, Ticks: 1)], turn, _ => true, 1));
        var scheduled = store.Read(reader => reader.Waiting()).Single(waiting => waiting.Kind == StoreEffectKind.Activity);
        var activity = store.Read(reader => reader.Activity(scheduled.Key))!;
        foreach (var result in (string[])["1", "2"])
            await store.WriteAsync(new ActivityWork(activity, new(HistoryKind.ActivityCompleted, Payload: result)));
        var ends = store.Read(reader => reader.Messages(instance.Key, "x", long.MaxValue)).FindAll(message => message.Event.Kind == HistoryKind.ActivityCompleted);
        Assert.Equal("1", Assert.Single(ends).Event.Payload);
    }

    sealed class Unwritable : TaskStoreWork
    {
        protected override Exception? Apply(TaskStoreWriter writer) => throw new IOException("unwritable");
    }

    /// <summary>Holds the first commit until more has come.</summary>
    sealed class WritersGate : ITaskStoreFaults, IDisposable
    {
        readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        readonly ManualResetEventSlim open = new();

        public bool Syncs => false;

        public Task Reached => reached.Task;

        public void Open() => open.Set();

        public void BeforeCommit()
        {
            reached.TrySetResult();
            open.Wait();
        }

        public void AfterCommit()
        {
        }

        public void Dispose() => open.Dispose();
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
