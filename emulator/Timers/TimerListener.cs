using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Emulator;

/// <summary>
/// Runs timer functions. A function never overlaps itself: an occurrence that comes while it runs, by hand or by
/// schedule, waits for the end, and several of them become one run. A failed run is logged and the schedule goes on.
/// </summary>
internal sealed class TimerListener : BackgroundService, ITriggerListener
{
    static readonly Dictionary<string, object> NoBindingData = [];

    readonly FunctionInvoker invoker;
    readonly ScheduleFile schedules;
    readonly TimeProvider time;
    readonly ILogger<TimerListener> log;
    readonly List<TimedFunction> functions = [];

    /// <exception cref="FunctionsStartupException">A function's schedule cannot be read.</exception>
    public TimerListener(
        FunctionCatalogue catalogue,
        FunctionInvoker invoker,
        ScheduleFile schedules,
        IConfiguration configuration,
        TimeProvider time,
        ILogger<TimerListener> log)
    {
        this.invoker = invoker;
        this.schedules = schedules;
        this.time = time;
        this.log = log;
        foreach (var (function, trigger) in catalogue.TriggeredBy<TimerTriggerAttribute>())
            functions.Add(TimedFunction.Of(function, trigger, configuration, time.GetUtcNow()));
    }

    public Type TriggerType => typeof(TimerTriggerAttribute);

    public Task FireAsync(FunctionDescriptor function, string? input, CancellationToken cancellation) =>
        RunAsync(functions.Find(timed => timed.Function == function)!, pastDue: false, cancellation);

    public override void Dispose()
    {
        foreach (var timed in functions)
            timed.Running.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(functions.Select(timed => FollowAsync(timed, stoppingToken)));

    async Task FollowAsync(TimedFunction timed, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var due = timed.Monitored ? Resume(timed, now) : timed.Schedule.Next(now);
        var pastDue = due < now;
        if (timed.Trigger.RunOnStartup && !pastDue)
            due = now;

        while (due is { } next)
        {
            await WaitUntilAsync(next, stop);
            // A wait may end a little early by this clock; the occurrence must not come again for that.
            var fired = time.GetUtcNow() is var at && at > next ? at : next;
            try
            {
                await RunAsync(timed, pastDue, stop);
            }
            catch (Exception failure) when (!stop.IsCancellationRequested)
            {
                log.TimerFailed(failure, timed.Function.Name);
            }

            // A run that the stop cut short has left by its exception: it counts as missed and is made up for at the next start.
            pastDue = false;
            due = timed.Schedule.Next(fired);
            if (timed.Monitored && due is { } following)
                Keep(timed, new() { Last = fired.UtcDateTime, Next = following.UtcDateTime, LastUpdated = time.GetUtcNow().UtcDateTime });
        }
    }

    /// <summary>The next occurrence as kept, which may have passed; a new or changed schedule begins now.</summary>
    DateTimeOffset? Resume(TimedFunction timed, DateTimeOffset now)
    {
        if (schedules[timed.Function.Name] is { } kept)
        {
            var since = kept.Last == default ? kept.LastUpdated : kept.Last;
            if (timed.Schedule.Next(new(since, TimeSpan.Zero)) is { } expected && expected.UtcDateTime == kept.Next)
                return expected;
        }

        var next = timed.Schedule.Next(now);
        if (next is { } first)
            Keep(timed, new() { Next = first.UtcDateTime, LastUpdated = now.UtcDateTime });
        return next;
    }

    /// <summary>A disk that is full must not end the schedule with it.</summary>
    void Keep(TimedFunction timed, ScheduleStatus status)
    {
        try
        {
            schedules.Set(timed.Function.Name, status);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            log.ScheduleNotKept(failure, timed.Function.Name);
        }
    }

    async Task WaitUntilAsync(DateTimeOffset due, CancellationToken stop)
    {
        // A day at a time: a delay has a longest, and the wall clock may be set.
        for (var left = due - time.GetUtcNow(); left > TimeSpan.Zero; left = due - time.GetUtcNow())
            await Task.Delay(left < TimeSpan.FromDays(1) ? left : TimeSpan.FromDays(1), time, stop);
    }

    async Task RunAsync(TimedFunction timed, bool pastDue, CancellationToken cancellation)
    {
        await timed.Running.WaitAsync(cancellation);
        try
        {
            var info = new TimerInfo { IsPastDue = pastDue, ScheduleStatus = timed.Monitored ? schedules[timed.Function.Name] : null };
            await invoker.InvokeWithRetriesAsync(timed.Function, info, NoBindingData, cancellation);
        }
        finally
        {
            timed.Running.Release();
        }
    }
}
