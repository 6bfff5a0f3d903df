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
    readonly bool runsOnItsOwn;
    readonly List<TimedFunction> functions = [];

    /// <exception cref="FunctionsStartupException">A function's schedule cannot be read.</exception>
    public TimerListener(
        FunctionCatalogue catalogue,
        FunctionInvoker invoker,
        ScheduleFile schedules,
        IConfiguration configuration,
        TimeProvider time,
        ILogger<TimerListener> log,
        VirtualTimeSettings? virtualTime = null)
    {
        runsOnItsOwn = virtualTime is null;
        this.invoker = invoker;
        this.schedules = schedules;
        this.time = time;
        this.log = log;
        foreach (var (function, trigger) in catalogue.TriggeredBy<TimerTriggerAttribute>())
            functions.Add(TimedFunction.Of(function, trigger, configuration, time.GetUtcNow()));
    }

    public Type TriggerType => typeof(TimerTriggerAttribute);

    public IEnumerable<IScheduledWork> Scheduled => functions.Select(timed => new Occurrences(this, timed));

    public async Task FireAsync(FunctionDescriptor function, string? input, CancellationToken cancellation)
    {
        var timed = functions.Find(timed => timed.Function == function)!;
        await timed.Running.WaitAsync(cancellation);
        try
        {
            await invoker.InvokeWithRetriesAsync(timed.Function, InfoOf(timed, pastDue: false), NoBindingData, cancellation);
        }
        finally
        {
            timed.Running.Release();
        }
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var timed in functions)
        {
            timed.Next = timed.Monitored ? Resume(timed, now) : timed.Schedule.Next(now);
            timed.PastDue = timed.Next < now;
            if (timed.Trigger.RunOnStartup && !timed.PastDue)
                timed.Next = now;
        }

        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        foreach (var timed in functions)
            timed.Running.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        runsOnItsOwn ? Task.WhenAll(functions.Select(timed => FollowAsync(timed, stoppingToken))) : Task.CompletedTask;

    async Task FollowAsync(TimedFunction timed, CancellationToken stop)
    {
        while (timed.Next is { } due)
        {
            await WaitUntilAsync(due, stop);
            await StepAsync(timed, stop);
        }
    }

    /// <summary>One try of the run that is due.</summary>
    async Task StepAsync(TimedFunction timed, CancellationToken stop)
    {
        if (timed.Failures == 0)
        {
            // A wait may end a little early by this clock; the occurrence must not come again for that.
            timed.Fired = time.GetUtcNow() is var at && at > timed.Next ? at : timed.Next!.Value;
            await timed.Running.WaitAsync(stop);
        }

        TimeSpan? wait = null;
        try
        {
            (_, wait) = await invoker.TryAsync(timed.Function, InfoOf(timed, timed.PastDue), NoBindingData, timed.Failures, stop, timed.Function.Name);
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            log.TimerFailed(failure, timed.Function.Name);
        }
        finally
        {
            if (wait is null)
                timed.Running.Release();
        }

        if (wait is { } delay)
        {
            timed.Failures++;
            timed.Next = time.GetUtcNow() + delay;
            return;
        }

        // A run that the stop cut short has left by its exception: it counts as missed and is made up for at the next start.
        (timed.Failures, timed.PastDue) = (0, false);
        timed.Next = timed.Schedule.Next(timed.Fired);
        if (timed.Monitored && timed.Next is { } following)
            Keep(timed, new() { Last = timed.Fired.UtcDateTime, Next = following.UtcDateTime, LastUpdated = time.GetUtcNow().UtcDateTime });
    }

    TimerInfo InfoOf(TimedFunction timed, bool pastDue) =>
        new() { IsPastDue = pastDue, ScheduleStatus = timed.Monitored ? schedules[timed.Function.Name] : null };

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

    /// <summary>A timer function's runs as work that virtual time takes on.</summary>
    sealed class Occurrences(TimerListener listener, TimedFunction timed) : IScheduledWork
    {
        public string Function => timed.Function.Name;

        public string Place => timed.Function.Name;

        /// <remarks>While the function runs by hand, virtual time goes on without it: the run may itself wait for the clock.</remarks>
        public DateTimeOffset? Due() => timed.Failures == 0 && timed.Running.CurrentCount == 0 ? null : timed.Next;

        public Task Changed { get; } = new TaskCompletionSource().Task;

        public Task StepAsync(CancellationToken cancellation) => listener.StepAsync(timed, cancellation);
    }
}
