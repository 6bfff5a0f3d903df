using Microsoft.Extensions.Logging;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator;

/// <summary>Functions as delegates.</summary>
internal sealed class DelegateCode : IDurableCode
{
    public Dictionary<string, Func<TaskOrchestrationContext, Task<object?>>> Orchestrators { get; } = new(StringComparer.OrdinalIgnoreCase);

    public Dictionary<string, Func<string, string?, Task<object?>>> Activities { get; } = new(StringComparer.OrdinalIgnoreCase);

    public bool HasOrchestrator(string name) => Orchestrators.ContainsKey(name);

    public bool HasActivity(string name) => Activities.ContainsKey(name);

    public OrchestratorCode Orchestrator(string name) => new(Orchestrators[name]);

    public Task<object?> RunActivityAsync(string name, string instanceId, string? input, CancellationToken cancellation) => Activities[name](instanceId, input);

    public DelegateCode Orchestrator(string name, Func<TaskOrchestrationContext, Task<object?>> code)
    {
        Orchestrators[name] = code;
        return this;
    }

    public DelegateCode Activity<TInput>(string name, Func<TInput, object?> code)
    {
        Activities[name] = (_, input) => Task.FromResult(code(DurableJson.Deserialize<TInput>(input)!));
        return this;
    }
}

/// <summary>A task hub in a folder of its own, on a clock that a test moves.</summary>
internal sealed class TestHub : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    readonly TemporaryFolder folder = new();

    public TestHub(DelegateCode? code = null, ITaskStoreFaults? faults = null, DurableTaskSettings? settings = null)
    {
        Settings = settings ?? new();
        Code = code ?? new DelegateCode();
        Open(faults);
    }

    public DelegateCode Code { get; set; }

    public VirtualClock Clock { get; } = new(Start);

    public CollectedLog Log { get; } = new();

    public DurableTaskSettings Settings { get; }

    /// <summary>The crash that this hub is to meet; null for none.</summary>
    public CrashAt? Crash { get; private set; }

    public TaskHub Hub { get; private set; } = null!;

    public EmulatorDurableTaskClient Client { get; private set; } = null!;

    public string Path => System.IO.Path.Combine(folder.Path, "durable", "tasks.db");

    public void Open(ITaskStoreFaults? faults = null)
    {
        Crash = faults as CrashAt;
        Hub = new(Path, Code, Settings, Clock, Log, faults);
        Client = new(Hub);
        Hub.Start();
    }

    /// <summary>Ends the hub and begins another in the same folder.</summary>
    public async Task ReopenAsync(ITaskStoreFaults? faults = null)
    {
        await Hub.DisposeAsync();
        Open(faults);
    }

    /// <summary>How many crashes it has come back from.</summary>
    public int Crashes { get; private set; }

    /// <summary>The crash that the hub meets after it has come back from one.</summary>
    public Func<CrashAt> NextCrash { get; init; } = static () => new();

    /// <summary>Moves the clock on from timer to timer, letting everything happen at each.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        var target = Clock.GetUtcNow() + by;
        await SettleAsync();
        while (Clock.NextDue is { } due && due <= target)
        {
            Clock.Advance(due - Clock.GetUtcNow());
            await SettleAsync();
        }

        Clock.Advance(target - Clock.GetUtcNow());
        await SettleAsync();
    }

    /// <summary>Lets everything happen that happens at once; comes back from crashes, with the clock where it stood.</summary>
    public async Task SettleAsync()
    {
        await Hub.WhenIdleAsync();
        while (Crash is { Crashed: true })
        {
            Crashes++;
            await ReopenAsync(NextCrash());
            await Hub.WhenIdleAsync();
        }
    }

    /// <summary>Does something as a client that asks again after a crash that has lost what it asked for.</summary>
    public async Task DoAsync(Func<DurableTaskClient, Task> action)
    {
        while (true)
        {
            await SettleAsync();
            try
            {
                await action(Client);
            }
            catch (SimulatedCrashException)
            {
                // Nothing else was under way: the crash was at this very commit.
                if (Crash!.LosesCommit)
                    continue;
            }

            await SettleAsync();
            return;
        }
    }

    /// <summary><see cref="DoAsync"/> to an instance, unless that has ended.</summary>
    public async Task<bool> DoToLiveAsync(string id, Func<DurableTaskClient, Task> action)
    {
        await SettleAsync();
        if ((await GetAsync(id)).IsCompleted)
            return false;
        await DoAsync(action);
        return true;
    }

    /// <summary>Starts an instance and lets everything happen that happens at once.</summary>
    public async Task<string> RunAsync(string orchestrator, object? input = null, string? id = null)
    {
        var started = await Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, new StartOrchestrationOptions(id));
        await Hub.WhenIdleAsync();
        return started;
    }

    public async Task<OrchestrationMetadata> GetAsync(string id) => (await Client.GetInstanceAsync(id, getInputsAndOutputs: true))!;

    public async Task<OrchestrationRuntimeStatus> StatusAsync(string id) => (await GetAsync(id)).RuntimeStatus;

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        folder.Dispose();
    }
}

/// <summary>Keeps what is logged.</summary>
internal sealed class CollectedLog : ILoggerFactory, ILogger
{
    readonly List<string> lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (lines)
                return [.. lines];
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (lines)
            lines.Add(formatter(state, exception));
    }

    public void Dispose()
    {
    }
}
