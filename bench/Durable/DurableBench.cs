using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Bench.Durable;

/// <summary>Durable Functions: steps per second with fsync, events of history replayed per second, what waiting costs, a year of weeks.</summary>
internal static class DurableBench
{
    private const int Instances = 500, Calls = 20, Repeats = 5;

    public static async Task RunAsync(TextWriter output)
    {
        await StepsAsync(output);
        Replay(output);
        await WaitingAsync(output);
        await YearAsync(output, spread: false, syncs: true);
        await YearAsync(output, spread: true, syncs: false);
        await YearAsync(output, spread: true, syncs: true);
    }

    /// <summary>Memory of the process while instances wait for a timer of a month or an event, opened anew as after a restart.</summary>
    private static async Task WaitingAsync(TextWriter output)
    {
        const int Waiting = 100_000;
        var folder = Directory.CreateTempSubdirectory("clm-bench-").FullName;
        try
        {
            var path = Path.Combine(folder, "tasks.db");
            var started = Stopwatch.GetTimestamp();
            await using (var hub = Open(path, new Wait(), TimeProvider.System))
            {
                var client = new EmulatorDurableTaskClient(hub);
                foreach (var chunk in Enumerable.Range(0, Waiting).Chunk(10_000))
                    await Task.WhenAll(chunk.Select(i => client.ScheduleNewOrchestrationInstanceAsync("Wait", i, new StartOrchestrationOptions($"waits-{i}"))));
                await hub.WhenIdleAsync();
                await output.WriteLineAsync($"{Waiting:N0} waiting orchestrations, started in {Stopwatch.GetElapsedTime(started).TotalSeconds:N1} s: {Memory()} (target 1 GB)");
            }

            started = Stopwatch.GetTimestamp();
            await using (var hub = Open(path, new Wait(), TimeProvider.System))
            {
                await hub.WhenIdleAsync();
                var opened = Stopwatch.GetElapsedTime(started).TotalSeconds;
                await output.WriteLineAsync($"the same, opened again in {opened:N1} s: {Memory()}, {new FileInfo(path).Length >> 20:N0} MB on disk");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A year of instances that each wait a week and continue as new, on a clock that goes from timer to timer.</summary>
    /// <param name="output">Where the figure goes.</param>
    /// <param name="spread">Each instance at its own instant of the week, so that no two share a commit; else all at one.</param>
    /// <param name="syncs">Whether commits go through to the disk; a simulation that can be run again need not.</param>
    private static async Task YearAsync(TextWriter output, bool spread, bool syncs)
    {
        const int Weekly = 1000, Weeks = 52;
        var folder = Directory.CreateTempSubdirectory("clm-bench-").FullName;
        try
        {
            var clock = new VirtualClock(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
            await using var hub = Open(Path.Combine(folder, "tasks.db"), new Wait(), clock, syncs ? null : new Unsynced());
            var client = new EmulatorDurableTaskClient(hub);
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < Weekly; i++)
            {
                var startAt = clock.GetUtcNow().AddMinutes(spread ? 10 * i : 1);
                await client.ScheduleNewOrchestrationInstanceAsync("Weekly", 0, new StartOrchestrationOptions($"weekly-{i}", startAt));
            }

            var end = clock.GetUtcNow().AddDays(7 * (Weeks + 1));
            while (clock.NextDue is { } due && due <= end)
            {
                clock.Advance(due - clock.GetUtcNow());
                await hub.WhenIdleAsync();
            }

            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            for (var i = 0; i < Weekly; i++)
            {
                if ((await client.GetInstanceAsync($"weekly-{i}", getInputsAndOutputs: true))!.ReadInputAs<int>() < Weeks)
                    throw new InvalidOperationException($"Instance weekly-{i} has missed a week.");
            }

            await output.WriteLineAsync(
                $"a year of {Weekly:N0} weekly orchestrations, {(spread ? "each at its own instant" : "all at one instant")}, {(syncs ? "with" : "without")} fsync: {seconds:N1} s (target 20 s)");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static TaskHub Open(string path, IDurableCode code, TimeProvider time, ITaskStoreFaults? faults = null)
    {
        var hub = new TaskHub(path, code, new DurableTaskSettings(), time, NullLoggerFactory.Instance, faults);
        hub.Start();
        return hub;
    }

    private static string Memory()
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return $"{GC.GetTotalMemory(forceFullCollection: true) >> 20:N0} MB live, {process.WorkingSet64 >> 20:N0} MB resident";
    }

    /// <summary>A step is one activity that has ended and the turn that took its result, both on disk.</summary>
    private static async Task StepsAsync(TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("clm-bench-").FullName;
        try
        {
            var rates = new double[Repeats];
            await using var hub = Open(Path.Combine(folder, "tasks.db"), new Chain(), TimeProvider.System);
            var client = new EmulatorDurableTaskClient(hub);
            for (var run = -1; run < Repeats; run++)
            {
                var started = Stopwatch.GetTimestamp();
                var name = $"run{run}-";
                await Task.WhenAll(Enumerable.Range(0, Instances).Select(i => client.ScheduleNewOrchestrationInstanceAsync(
                    "Chain", Calls, new StartOrchestrationOptions($"{name}{i}"))));
                await hub.WhenIdleAsync();
                rates[Math.Max(run, 0)] = Instances * Calls / Stopwatch.GetElapsedTime(started).TotalSeconds;
            }

            Array.Sort(rates);
            await output.WriteLineAsync($"{Instances} chains of {Calls} activities: {rates[Repeats / 2]:N0} durable steps/s (median of {Repeats}; target 2,000)");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Replay(TextWriter output)
    {
        const int Length = 10_000;
        var code = new Chain();
        var history = new List<HistoryEvent>
        {
            new(HistoryKind.TurnStarted, Ticks: 1),
            new(HistoryKind.ExecutionStarted),
        };
        for (var call = 0; call < Length; call++)
        {
            if (call > 0)
            {
                history.Add(new(HistoryKind.TurnStarted, Ticks: call + 1));
                history.Add(new(HistoryKind.ActivityCompleted, call - 1, Payload: "1"));
            }

            history.Add(new(HistoryKind.ActivityScheduled, call, "Add", Ticks: HistoryEvent.Digest("1")));
        }

        var stored = HistoryCodec.Write(history).Written.ToArray();
        var start = new OrchestrationStart("i", "Chain", "1000000");
        HistoryEvent[] news = [new(HistoryKind.TurnStarted, Ticks: Length + 1), new(HistoryKind.ActivityCompleted, Length - 1, Payload: "1")];
        var rates = new double[Repeats];
        for (var run = -1; run < Repeats; run++)
        {
            const int Rounds = 20;
            var began = Stopwatch.GetTimestamp();
            for (var round = 0; round < Rounds; round++)
            {
                var events = new List<HistoryEvent>(history.Count);
                HistoryCodec.ReadAll(stored, "The history of the benchmark", events);
                var outcome = OrchestrationTurn.Run(start, code.Orchestrator("Chain"), events, news, NullLoggerFactory.Instance);
                if (outcome.Commands.Count != 1 || outcome.Deviations.Count > 0)
                    throw new InvalidOperationException($"The replay went another way: {outcome.Failure}");
            }

            rates[Math.Max(run, 0)] = Rounds * (double)history.Count / Stopwatch.GetElapsedTime(began).TotalSeconds;
        }

        Array.Sort(rates);
        output.WriteLine($"history of {history.Count:N0} events, read from its stored form: {rates[Repeats / 2]:N0} events/s replayed (target 500,000)");
    }

    private sealed class Chain : IDurableCode
    {
        public bool HasOrchestrator(string name) => true;

        public bool HasActivity(string name) => true;

        public OrchestratorCode Orchestrator(string name) => new(async context =>
        {
            var sum = 0;
            for (var left = context.GetInput<int>(); left > 0; left--)
                sum += await context.CallActivityAsync<int>("Add", 1);
            return sum;
        });

        public Task<object?> RunActivityAsync(string name, string instanceId, string? input, CancellationToken cancellation) => Task.FromResult<object?>(1);
    }

    private sealed class Unsynced : ITaskStoreFaults
    {
        public bool Syncs => false;

        public void BeforeCommit()
        {
        }

        public void AfterCommit()
        {
        }
    }

    private sealed class Wait : IDurableCode
    {
        public bool HasOrchestrator(string name) => true;

        public bool HasActivity(string name) => false;

        public OrchestratorCode Orchestrator(string name) => new(name == "Weekly" ? WeeklyAsync : WaitAsync);

        public Task<object?> RunActivityAsync(string name, string instanceId, string? input, CancellationToken cancellation) =>
            throw new NotSupportedException();

        private static async Task<object?> WaitAsync(TaskOrchestrationContext context) =>
            await context.WaitForExternalEvent<string>("paid", TimeSpan.FromDays(30));

        private static async Task<object?> WeeklyAsync(TaskOrchestrationContext context)
        {
            await context.CreateTimer(TimeSpan.FromDays(7), CancellationToken.None);
            context.ContinueAsNew(context.GetInput<int>() + 1);
            return null;
        }
    }
}
