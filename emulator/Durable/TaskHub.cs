using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Emulator;

/// <summary>
/// Runs what waits in the task store: instances that have messages, one turn at a time each, and activities. It keeps only what
/// is to be done soon in memory; everything else, timers' contents too, is in the store, and is found again at the next start.
/// </summary>
internal sealed partial class TaskHub : IAsyncDisposable
{
    const int MaxAttempts = 5;
    const int MaxUncommitted = 1024;

    readonly IDurableCode code;
    readonly DurableTaskSettings settings;
    readonly TimeProvider time;
    readonly ILogger<TaskHub> log;
    readonly ILoggerFactory loggers;
    readonly Lock gate = new();
    readonly Dictionary<long, Standing> standings = [];
    readonly Queue<long> ready = new();
    readonly Queue<long> activities = new();
    readonly Dictionary<long, int> attempts = [];
    readonly Dictionary<string, TaskCompletionSource> changes = [];
    readonly List<TaskCompletionSource> idlers = [];
    readonly CancellationTokenSource stopping = new();
    readonly TimerQueue timers;
    int turning;
    int uncommitted;
    int acting;
    int busy;
    bool started;

    /// <param name="path">The store's file.</param>
    /// <param name="code">What is run.</param>
    /// <param name="settings">How much at once.</param>
    /// <param name="time">All times and waits.</param>
    /// <param name="loggers">The hub's log and the orchestrators'.</param>
    /// <param name="faults">Breaks commits in tests.</param>
    public TaskHub(string path, IDurableCode code, DurableTaskSettings settings, TimeProvider time, ILoggerFactory loggers, ITaskStoreFaults? faults = null)
    {
        this.code = code;
        this.settings = settings;
        this.time = time;
        this.loggers = loggers;
        log = loggers.CreateLogger<TaskHub>();
        timers = new(time, Wake);
        Store = new(path, time, Take, faults);
    }

    /// <summary>Where an instance stands with the hub.</summary>
    enum Standing
    {
        Ready,
        Turning,

        /// <summary>In a turn, with messages that came since it began.</summary>
        TurningAndReady,
    }

    public string Name => settings.HubName;

    public TaskStore Store { get; }

    public TimeProvider Time => time;

    /// <summary>What was given up until the next start, by instance, with the reason.</summary>
    public IReadOnlyDictionary<string, string> SetAside
    {
        get
        {
            lock (gate)
                return new Dictionary<string, string>(setAside);
        }
    }

    /// <summary>Begins to run what waits.</summary>
    public void Start()
    {
        List<StoreEffect> waiting;
        lock (gate)
        {
            if (started)
                return;
            started = true;
            waiting = Store.Read(static reader => reader.Waiting());
        }

        Take(waiting);
    }

    /// <summary>Completes once there is nothing to do before the next timer; at once when that is so already.</summary>
    public Task WhenIdleAsync()
    {
        lock (gate)
        {
            if (busy == 0)
                return Task.CompletedTask;
            var idler = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            idlers.Add(idler);
            return idler.Task;
        }
    }

    /// <summary>Completes when the status of an instance may have changed since this was called.</summary>
    public Task WhenChangedAsync(string instanceId)
    {
        lock (gate)
        {
            if (!changes.TryGetValue(instanceId, out var change))
                changes.Add(instanceId, change = new(TaskCreationOptions.RunContinuationsAsynchronously));
            return change.Task;
        }
    }

    public bool HasOrchestrator(string name) => code.HasOrchestrator(name);

    /// <summary>Lets what runs end, tells activities to, and closes the store.</summary>
    public async ValueTask DisposeAsync()
    {
        if (stopping.IsCancellationRequested)
            return;
        await stopping.CancelAsync();
        lock (gate)
        {
            busy -= ready.Count + activities.Count;
            ready.Clear();
            activities.Clear();
            EndIdle();
        }

        await WhenIdleAsync();
        timers.Dispose();
        await Store.DisposeAsync();
        stopping.Dispose();
    }

    /// <summary>Takes on what a commit brought; on the writer's thread.</summary>
    void Take(IReadOnlyList<StoreEffect> effects)
    {
        List<TaskCompletionSource>? changed = null;
        lock (gate)
        {
            var now = time.GetUtcNow().UtcTicks;
            foreach (var effect in effects)
            {
                if (effect.Kind == StoreEffectKind.Changed)
                {
                    if (changes.Remove(effect.InstanceId!, out var change))
                        (changed ??= []).Add(change);
                }
                else if (!started || stopping.IsCancellationRequested)
                {
                    // It is in the store, and is found there at the next start.
                }
                else if (effect.Kind == StoreEffectKind.Activity)
                {
                    busy++;
                    activities.Enqueue(effect.Key);
                }
                else if (effect.Due > now)
                {
                    timers.Add(effect.Key, effect.Due);
                }
                else
                {
                    MakeReady(effect.Key);
                }
            }

            Dispatch();
        }

        foreach (var change in changed ?? [])
            change.SetResult();
    }

    /// <summary>A timer's time has come.</summary>
    void Wake(IReadOnlyList<long> keys)
    {
        lock (gate)
        {
            if (stopping.IsCancellationRequested)
                return;
            foreach (var key in keys)
                MakeReady(key);
            Dispatch();
        }
    }

    void MakeReady(long key)
    {
        if (!standings.TryGetValue(key, out var standing))
        {
            busy++;
            ready.Enqueue(key);
            standings.Add(key, Standing.Ready);
        }
        else if (standing == Standing.Turning)
        {
            standings[key] = Standing.TurningAndReady;
        }
    }

    /// <summary>Begins as much as may run at once.</summary>
    void Dispatch()
    {
        while (turning < settings.MaxConcurrentOrchestratorFunctions && uncommitted < MaxUncommitted && ready.TryDequeue(out var key))
        {
            turning++;
            uncommitted++;
            standings[key] = Standing.Turning;
            ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work.Hub.TurnAsync(work.Key), (Hub: this, Key: key), preferLocal: false);
        }

        while (acting < settings.MaxConcurrentActivityFunctions && activities.TryDequeue(out var sequence))
        {
            acting++;
            ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work.Hub.ActAsync(work.Sequence), (Hub: this, Sequence: sequence), preferLocal: false);
        }

        EndIdle();
    }

    void EndIdle()
    {
        if (busy > 0)
            return;
        foreach (var idler in idlers)
            idler.SetResult();
        idlers.Clear();
    }
}
