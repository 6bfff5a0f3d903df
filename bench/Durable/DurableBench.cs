using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Bench.Durable;

/// <summary>Durable Functions: steps per second with fsync, and events of history replayed per second.</summary>
internal static class DurableBench
{
    private const int Instances = 500, Calls = 20, Repeats = 5;

    public static async Task RunAsync(TextWriter output)
    {
        await StepsAsync(output);
        Replay(output);
    }

    /// <summary>A step is one activity that has ended and the turn that took its result, both on disk.</summary>
    private static async Task StepsAsync(TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("clm-bench-").FullName;
        try
        {
            var rates = new double[Repeats];
            await using var hub = new TaskHub(
                Path.Combine(folder, "tasks.db"), new Chain(), new DurableTaskSettings(), TimeProvider.System, NullLoggerFactory.Instance);
            var client = new EmulatorDurableTaskClient(hub);
            hub.Start();
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
}
