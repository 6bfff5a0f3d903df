using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using ServerlessCLM.Emulator;
using ServerlessCLM.Tests.Emulator.Hosting;

namespace ServerlessCLM.Tests.Emulator.Timers;

public sealed class TimerListenerTests : IDisposable
{
    static readonly DateTimeOffset Start = new(2026, 1, 1, 11, 58, 30, TimeSpan.Zero);

    readonly TestFolder folder = new();
    readonly VirtualClock clock = new(Start);
    readonly Runs runs = new();

    public void Dispose() => folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Fires_at_its_times_and_keeps_the_status()
    {
        await using var host = await StartAsync(typeof(EveryFiveMinutes));
        await clock.WhenArmedAsync(At("12:00"));
        clock.Advance(TimeSpan.FromMinutes(7));
        var (first, second) = (await runs.NextAsync(), await runs.NextAsync());

        Assert.Equal((At("12:00"), false), (first.At, first.Info.IsPastDue));
        Assert.Equal(At("12:00").UtcDateTime, first.Info.ScheduleStatus!.Next);
        Assert.Equal(At("12:05"), second.At);
        Assert.Equal(At("12:00").UtcDateTime, second.Info.ScheduleStatus!.Last);
        await clock.WhenArmedAsync(At("12:10"));
        var status = ReadStatus("FiveMinutes");
        Assert.Equal((At("12:05").UtcDateTime, At("12:10").UtcDateTime), (status.Last, status.Next));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_occurrence_missed_while_down_is_made_up_for_once()
    {
        await using (await StartAsync(typeof(EveryFiveMinutes)))
            await clock.WhenArmedAsync(At("12:00"));
        clock.Advance(TimeSpan.FromMinutes(30));

        await using (await StartAsync(typeof(EveryFiveMinutes)))
        {
            var late = await runs.NextAsync();
            Assert.Equal((Start.AddMinutes(30), true), (late.At, late.Info.IsPastDue));
            await clock.WhenArmedAsync(At("12:30"));
        }

        await using var again = await StartAsync(typeof(EveryFiveMinutes));
        await clock.WhenArmedAsync(At("12:30"));
        Assert.False(runs.Any);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_status_that_cannot_be_written_does_not_end_the_timer()
    {
        await using var host = await StartAsync(typeof(EveryFiveMinutes));
        await clock.WhenArmedAsync(At("12:00"));
        // Where the draft of the file goes, so that writing it fails.
        Directory.CreateDirectory(Path.Combine(folder.Path, "timers.json.new"));
        clock.Advance(TimeSpan.FromMinutes(2));
        await runs.NextAsync();
        await clock.WhenArmedAsync(At("12:05")).WaitAsync(TimeSpan.FromSeconds(20));
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(At("12:05"), (await runs.NextAsync()).At);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_changed_schedule_begins_anew()
    {
        await using (await StartAsync(typeof(EveryFiveMinutes)))
            await clock.WhenArmedAsync(At("12:00"));
        clock.Advance(TimeSpan.FromMinutes(30));

        await using var host = await StartAsync(typeof(DailyAtOne));
        await clock.WhenArmedAsync(At("13:00"));
        Assert.False(runs.Any);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_missed_occurrence_is_forgotten_without_the_monitor()
    {
        await using (await StartAsync(typeof(Unmonitored)))
            await clock.WhenArmedAsync(At("12:00"));
        clock.Advance(TimeSpan.FromMinutes(30));
        await using var host = await StartAsync(typeof(Unmonitored));
        await clock.WhenArmedAsync(At("12:30"));
        Assert.False(runs.Any);
        Assert.False(File.Exists(Path.Combine(folder.Path, "timers.json")));
    }

    [Fact(Timeout = 60_000)]
    public async Task Runs_at_the_start_when_told_to_and_keeps_no_status_of_a_fast_schedule()
    {
        await using var host = await StartAsync(typeof(EverySecond));
        var first = await runs.NextAsync();
        Assert.Equal((Start, false), (first.At, first.Info.IsPastDue));
        Assert.Null(first.Info.ScheduleStatus);
        await clock.WhenArmedAsync(Start.AddSeconds(1));
        clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(Start.AddSeconds(1), (await runs.NextAsync()).At);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_failure_is_retried_as_told_and_then_the_schedule_goes_on()
    {
        await using var host = await StartAsync(typeof(Failing));
        await clock.WhenArmedAsync(At("12:00"));
        clock.Advance(TimeSpan.FromSeconds(90));
        Assert.Equal((At("12:00"), 0), await runs.NextTryAsync());
        await clock.WhenArmedAsync(At("12:00").AddSeconds(10));
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal((At("12:00").AddSeconds(10), 1), await runs.NextTryAsync());
        await clock.WhenArmedAsync(At("12:05"));
        clock.Advance(TimeSpan.FromSeconds(290));
        Assert.Equal((At("12:05"), 0), await runs.NextTryAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task Never_overlaps_itself()
    {
        await using var host = await StartAsync(typeof(Slow));
        await clock.WhenArmedAsync(At("12:00"));
        clock.Advance(TimeSpan.FromSeconds(90));
        Assert.Equal(At("12:00"), (await runs.NextAsync()).At);
        // Two occurrences pass and one firing by hand comes while the first run is still going on.
        clock.Advance(TimeSpan.FromMinutes(12));
        await host.SendAsync(HttpMethod.Post, "/admin/functions/Slow", RunningHost.MasterKey);
        Assert.False(runs.Any);

        runs.Release();
        Assert.Equal(At("12:12"), (await runs.NextAsync()).At);
        Assert.Equal(1, runs.Running);
        runs.Release();
        Assert.Equal(At("12:12"), (await runs.NextAsync()).At);
        Assert.Equal(1, runs.Running);
        runs.Release();
        await clock.WhenArmedAsync(At("12:15"));
        Assert.False(runs.Any);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_run_cut_short_by_the_stop_is_made_up_for_and_one_that_ended_is_not()
    {
        await using (await StartAsync(typeof(Slow)))
        {
            await clock.WhenArmedAsync(At("12:00"));
            clock.Advance(TimeSpan.FromSeconds(90));
            await runs.NextAsync();
        }

        await using (await StartAsync(typeof(Slow)))
        {
            var late = await runs.NextAsync();
            Assert.Equal((At("12:00"), At("12:00").UtcDateTime), (late.At, late.Info.ScheduleStatus!.Next));
            runs.Release();
            await clock.WhenArmedAsync(At("12:05"));
        }

        await using var again = await StartAsync(typeof(Slow));
        await clock.WhenArmedAsync(At("12:05"));
        Assert.False(runs.Any);
    }

    [Fact(Timeout = 60_000)]
    public async Task Fires_by_hand_with_the_master_key()
    {
        await using var host = await StartAsync(typeof(EveryFiveMinutes));
        Assert.Equal(202, (await host.SendAsync(HttpMethod.Post, "/admin/functions/fiveminutes", RunningHost.MasterKey, """{"input":"now"}""")).Status);
        var run = await runs.NextAsync();
        Assert.Equal((Start, false), (run.At, run.Info.IsPastDue));
        await host.ProblemAsync(404, HttpMethod.Post, "/admin/functions/none", RunningHost.MasterKey);
        await host.ProblemAsync(401, HttpMethod.Post, "/admin/functions/FiveMinutes", RunningHost.FunctionKey);
        await host.ProblemAsync(400, HttpMethod.Post, "/admin/functions/FiveMinutes", RunningHost.MasterKey, "[1");
    }

    [Fact(Timeout = 60_000)]
    public async Task Shows_its_state_and_its_functions()
    {
        await using var host = await StartAsync(typeof(EveryFiveMinutes));
        await host.ProblemAsync(401, HttpMethod.Get, "/admin/host/status");
        var (status, body) = await host.SendAsync(HttpMethod.Get, "/admin/host/status", RunningHost.MasterKey);
        Assert.Equal((200, "Running"), (status, JsonDocument.Parse(body).RootElement.GetProperty("state").GetString()));
        Assert.Matches(@"Timer +FiveMinutes", (await host.SendAsync(HttpMethod.Get, "/", key: null)).Body);
    }

    Task<RunningHost> StartAsync(Type functions) => RunningHost.StartAsync(
        [functions],
        builder => builder.Services.AddSingleton<TimeProvider>(clock).AddSingleton(runs),
        folder.Path);

    ScheduleStatus ReadStatus(string function) =>
        JsonSerializer.Deserialize<Dictionary<string, ScheduleStatus>>(File.ReadAllText(Path.Combine(folder.Path, "timers.json")), JsonSerializerOptions.Web)![function];

    static DateTimeOffset At(string time) => new(DateOnly.FromDateTime(Start.Date), TimeOnly.Parse(time), TimeSpan.Zero);

    public sealed record Run(DateTimeOffset At, TimerInfo Info, int Try);

    /// <summary>Every run as it begins, and the gate at which slow ones wait.</summary>
    public sealed class Runs
    {
        readonly Channel<Run> begun = Channel.CreateUnbounded<Run>();
        readonly SemaphoreSlim released = new(0);
        int running;

        public bool Any => begun.Reader.TryPeek(out _);

        public int Running => running;

        public void Add(Run run) => begun.Writer.TryWrite(run);

        public void Release() => released.Release();

        public ValueTask<Run> NextAsync() => begun.Reader.ReadAsync();

        public async Task<(DateTimeOffset At, int Try)> NextTryAsync()
        {
            var run = await NextAsync();
            return (run.At, run.Try);
        }

        public async Task HoldAsync(CancellationToken cancellation)
        {
            Interlocked.Increment(ref running);
            try
            {
                await released.WaitAsync(cancellation);
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        }
    }

    public sealed class EveryFiveMinutes(Runs runs, TimeProvider time)
    {
        [Function("FiveMinutes")]
        public void Run([TimerTrigger("0 */5 * * * *")] TimerInfo timer) => runs.Add(new(time.GetUtcNow(), timer, 0));
    }

    public sealed class DailyAtOne(Runs runs, TimeProvider time)
    {
        [Function("FiveMinutes")]
        public void Run([TimerTrigger("0 0 13 * * *")] TimerInfo timer) => runs.Add(new(time.GetUtcNow(), timer, 0));
    }

    public sealed class Unmonitored(Runs runs, TimeProvider time)
    {
        [Function("FiveMinutes")]
        public void Run([TimerTrigger("0 */5 * * * *", UseMonitor = false)] TimerInfo timer) => runs.Add(new(time.GetUtcNow(), timer, 0));
    }

    public sealed class EverySecond(Runs runs, TimeProvider time)
    {
        [Function("Second")]
        public void Run([TimerTrigger("* * * * * *", RunOnStartup = true)] TimerInfo timer) => runs.Add(new(time.GetUtcNow(), timer, 0));
    }

    public sealed class Failing(Runs runs, TimeProvider time)
    {
        [Function("Failing"), FixedDelayRetry(1, "00:00:10")]
        public void Run([TimerTrigger("0 */5 * * * *")] TimerInfo timer, FunctionContext context)
        {
            runs.Add(new(time.GetUtcNow(), timer, context.RetryContext.RetryCount));
            throw new InvalidOperationException("always");
        }
    }

    public sealed class Slow(Runs runs, TimeProvider time)
    {
        [Function("Slow")]
        public async Task RunAsync([TimerTrigger("0 */5 * * * *")] TimerInfo timer, CancellationToken cancellation)
        {
            runs.Add(new(time.GetUtcNow(), timer, 0));
            await runs.HoldAsync(cancellation);
        }
    }
}
