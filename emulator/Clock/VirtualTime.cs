using Microsoft.Extensions.DependencyInjection;

namespace ServerlessCLM.Emulator;

/// <summary>Puts an app under virtual time: its listeners run nothing on their own, <see cref="VirtualTime"/> does.</summary>
/// <param name="Seed">Chooses among the steps that are due at the same instant.</param>
public sealed record VirtualTimeSettings(ulong Seed);

/// <summary>Functions run by <see cref="VirtualTime"/>, each with the tries of its runs, and the time it came to.</summary>
public sealed record VirtualTimePassed(DateTimeOffset Now, IReadOnlyDictionary<string, long> Fired);

/// <summary>
/// Runs an app on a <see cref="VirtualClock"/>. One step at a time: a batch of a partition, an occurrence of a timer, a further try of either.
/// Among those due at an instant the seed chooses, by their places and how often each had its turn, so that the same seed gives the same
/// order whatever threads do. The clock moves only when nothing is due: hubs are drained, orchestrations wait, timer functions have
/// ended. It then moves to the next instant at which something is due.
/// </summary>
/// <remarks>
/// A run must not itself wait for the clock, or virtual time waits for the run: long waits belong into durable timers and into retries.
/// Orchestrations run between the steps, in the order of their messages.
/// </remarks>
public sealed class VirtualTime : IDisposable
{
    static readonly TimeSpan FollowingPause = TimeSpan.FromMilliseconds(200);

    readonly VirtualClock clock;
    readonly ulong seed;
    readonly IReadOnlyList<ITriggerListener> listeners;
    readonly ScheduleFile schedules;
    readonly FaultInjector? faults;
    readonly Lazy<TaskHub?> durable;
    readonly SemaphoreSlim one = new(1);
    readonly Dictionary<string, long> turns = [];
    List<IScheduledWork>? works;

    /// <exception cref="FunctionsStartupException">The app's clock is not a virtual one.</exception>
    internal VirtualTime(TimeProvider time, VirtualTimeSettings settings, IEnumerable<ITriggerListener> listeners, ScheduleFile schedules, IServiceProvider services)
    {
        faults = services.GetService<FaultInjector>();
        clock = time as VirtualClock ?? throw new FunctionsStartupException("Virtual time needs a virtual clock as the app's TimeProvider.");
        seed = settings.Seed;
        this.listeners = [.. listeners];
        this.schedules = schedules;
        durable = new(() => services.GetRequiredService<HostedDurableCode>().Any ? services.GetRequiredService<TaskHub>() : null);
    }

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Lets everything happen that is due now. The host must have been started.</summary>
    public Task<VirtualTimePassed> SettleAsync(CancellationToken cancellation) => AdvanceAsync(until: null, cancellation);

    /// <summary>Moves the clock on, from due time to due time, letting everything happen that is due at each.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The target has passed.</exception>
    /// <exception cref="ProcessKilledException">A <see cref="FaultInjector"/> has killed the process.</exception>
    public Task<VirtualTimePassed> AdvanceToAsync(DateTimeOffset target, CancellationToken cancellation) => AdvanceAsync(target, cancellation);

    /// <param name="until">Null for where the clock stands once it is this call's turn: another may have moved it meanwhile.</param>
    /// <param name="cancellation">Stops the wait for that turn, and what happens then.</param>
    async Task<VirtualTimePassed> AdvanceAsync(DateTimeOffset? until, CancellationToken cancellation)
    {
        await one.WaitAsync(cancellation);
        try
        {
            var target = until ?? clock.GetUtcNow();
            ArgumentOutOfRangeException.ThrowIfLessThan(target, clock.GetUtcNow(), nameof(until));
            var fired = new SortedDictionary<string, long>(StringComparer.Ordinal);
            await SettleAsync(fired, cancellation);
            while (NextDue() is { } due && due <= target)
            {
                MoveTo(due);
                await SettleAsync(fired, cancellation);
            }

            if (target > clock.GetUtcNow())
            {
                MoveTo(target);
                await SettleAsync(fired, cancellation);
            }

            schedules.Write();
            return new(clock.GetUtcNow(), fired);
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>
    /// Moves the clock on as if the process had slept: what became due on the way happens where it ends, of a timer function the last occurrence alone.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The target has passed.</exception>
    public async Task SleepToAsync(DateTimeOffset target, CancellationToken cancellation)
    {
        await one.WaitAsync(cancellation);
        try
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(target, clock.GetUtcNow());
            MoveTo(target);
            await SettleAsync(new SortedDictionary<string, long>(StringComparer.Ordinal), cancellation);
            schedules.Write();
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>Keeps the clock up with another one until cancelled, and deals at once with what happens meanwhile.</summary>
    /// <remarks>Where the clock is ahead it stands until the other has come up.</remarks>
    public async Task FollowAsync(TimeProvider other, CancellationToken cancellation)
    {
        while (true)
        {
            // Taken before the look: a change in between is not missed.
            var changed = WhenChangedAsync();
            var (now, then) = (clock.GetUtcNow(), other.GetUtcNow());
            await AdvanceToAsync(then > now ? then : now, cancellation);
            await Task.WhenAny(changed, Task.Delay(FollowingPause, other, cancellation));
        }
    }

    /// <summary>Completes when something may have become due without the clock having moved.</summary>
    internal Task WhenChangedAsync() => Task.WhenAny(Works.Select(work => work.Changed));

    public void Dispose() => one.Dispose();

    // Not before the first use: partitions are known once the host has started.
    List<IScheduledWork> Works => works ??= [.. listeners.SelectMany(listener => listener.Scheduled)];

    async Task SettleAsync(SortedDictionary<string, long> fired, CancellationToken cancellation)
    {
        while (true)
        {
            if (durable.Value is { } hub)
                await hub.WhenIdleAsync().WaitAsync(cancellation);
            cancellation.ThrowIfCancellationRequested();
            faults?.ThrowIfKilled();
            if (Choose(clock.GetUtcNow()) is not { } work)
                return;
            turns[work.Place] = turns.GetValueOrDefault(work.Place) + 1;
            fired[work.Function] = fired.GetValueOrDefault(work.Function) + 1;
            await work.StepAsync(cancellation);
        }
    }

    IScheduledWork? Choose(DateTimeOffset now)
    {
        IScheduledWork? chosen = null;
        var lowest = ulong.MaxValue;
        foreach (var work in Works)
        {
            if (work.Due() is not { } due || due > now)
                continue;
            var drawn = SeededHash.Of(seed, work.Place, turns.GetValueOrDefault(work.Place));
            if (drawn <= lowest)
                (chosen, lowest) = (work, drawn);
        }

        return chosen;
    }

    DateTimeOffset? NextDue()
    {
        var next = clock.NextDue;
        foreach (var work in Works)
        {
            if (work.Due() is { } due && (next is null || due < next))
                next = due;
        }

        return next;
    }

    // A step may itself have moved the clock past what it was about to move to.
    void MoveTo(DateTimeOffset instant)
    {
        if (instant - clock.GetUtcNow() is var by && by > TimeSpan.Zero)
            clock.Advance(by);
    }
}
