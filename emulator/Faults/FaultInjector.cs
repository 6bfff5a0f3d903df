using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Emulator;

/// <summary>
/// Injects the faults of a plan into an app, at every boundary of storage, hubs, task hub and functions. Whether an operation meets a
/// fault, and which, depends on the seed, the operation's place and how many came before it there, not on threads. It outlives the
/// processes that it kills: an app that is built on it again is the next process.
/// </summary>
public sealed class FaultInjector
{
    static readonly FaultKind[] Races = [FaultKind.Interleave];

    readonly FaultPlan plan;
    readonly string images;
    readonly Action<InjectedFault>? injected;
    readonly Lock gate = new();
    readonly Lock passing = new();
    readonly SemaphoreSlim operating = new(1);
    readonly Dictionary<(FaultPoint, string), long> operations = [];
    readonly SortedDictionary<(FaultKind, FaultPoint), long> counts = [];
    readonly SortedDictionary<string, (long Offset, byte[] Before)> unsynced = new(StringComparer.Ordinal);
    Action<TimeSpan>? passTime;
    TimeProvider time = TimeProvider.System;
    ILogger? log;
    string? data;
    long number;
    volatile string? image;
    int interleaving;

    /// <param name="plan">Which faults.</param>
    /// <param name="images">Folder below which each kill leaves the data folder as the disk then has it.</param>
    /// <param name="injected">Told of each fault.</param>
    public FaultInjector(FaultPlan plan, string images, Action<InjectedFault>? injected = null)
    {
        if (plan.Rate < 0 || plan.KillRate < 0 || plan.Rate + plan.KillRate > 1 || plan.IdleShare is < 0 or > 1)
            throw new ArgumentException($"The rates {plan.Rate} and {plan.KillRate} are shares, together at most 1, as is {plan.IdleShare}.", nameof(plan));
        (this.plan, this.images, this.injected) = (plan, images, injected);
    }

    /// <summary>Whether faults are injected; a run that is to come to rest ends without.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Does what somebody else wants of a table's partition, whose name it is given; what interleaves with it is not interleaved again.</summary>
    public Func<string, Task>? Meanwhile { get; set; }

    /// <summary>The data folder that the next process finds; null while the present one lives.</summary>
    public string? Image => image;

    /// <summary>How many faults there have been.</summary>
    public IReadOnlyList<(FaultKind Kind, FaultPoint Point, long Count)> Counts
    {
        get
        {
            lock (gate)
                return [.. counts.Select(count => (count.Key.Item1, count.Key.Item2, count.Value))];
        }
    }

    /// <summary>Begins the life of a process.</summary>
    /// <param name="folder">Its data folder.</param>
    /// <param name="clock">Its clock.</param>
    /// <param name="underVirtualTime">Whether a delay moves the clock on, because nothing else would.</param>
    /// <param name="logger">Where a line for each fault goes.</param>
    internal void Attach(string folder, TimeProvider clock, bool underVirtualTime, ILogger logger)
    {
        var virtualClock = underVirtualTime ? (VirtualClock)clock : null;
        lock (gate)
        {
            (data, time, log) = (folder, clock, logger);
            passTime = virtualClock is null ? null : by =>
            {
                lock (passing)
                    virtualClock.Advance(by);
            };
            unsynced.Clear();
            image = null;
        }
    }

    /// <exception cref="ProcessKilledException">The process has been killed.</exception>
    internal void ThrowIfKilled()
    {
        if (image is not null)
            throw new ProcessKilledException("The process has been killed.");
    }

    /// <summary>The fault that an operation meets; null for none.</summary>
    /// <exception cref="ProcessKilledException">The process has been killed.</exception>
    internal DrawnFault? Draw(FaultPoint point, string place, FaultKind[] possible)
    {
        ThrowIfKilled();
        long operation;
        lock (gate)
            operations[(point, place)] = operation = operations.GetValueOrDefault((point, place)) + 1;
        if (!Enabled)
            return null;
        var drawn = SeededHash.Of(plan.Seed + ((ulong)point << 56), place, operation);
        var often = point is FaultPoint.TableRead or FaultPoint.BlobRead or FaultPoint.Invocation ? plan.IdleShare : 1;
        var share = SeededHash.Share(drawn);
        var kills = share < plan.KillRate * often;
        if (!kills && share >= (plan.KillRate + plan.Rate) * often)
            return null;
        var kinds = Array.FindAll(possible, kind => Kills(kind) == kills && CanHappen(kind) && plan.Only?.Invoke(point, kind) != false);
        if (kinds.Length == 0)
            return null;
        var rest = SeededHash.Mix(drawn);
        var fault = new InjectedFault(Interlocked.Increment(ref number), kinds[rest % (ulong)kinds.Length], point, place, operation);
        lock (gate)
            counts[(fault.Kind, point)] = counts.GetValueOrDefault((fault.Kind, point)) + 1;
        log?.FaultInjected(fault);
        injected?.Invoke(fault);
        return new(this, fault, SeededHash.Mix(rest));
    }

    /// <summary>
    /// Runs operations one at a time, in the order in which they were begun: what a kill finds of those begun together must not be a
    /// matter of threads.
    /// </summary>
    internal async Task<T> OneByOneAsync<T>(Func<Task<T>> operation, CancellationToken cancellation)
    {
        await operating.WaitAsync(cancellation);
        try
        {
            return await operation();
        }
        finally
        {
            operating.Release();
        }
    }

    /// <summary>Lets a share of the longest delay pass.</summary>
    internal async Task DelayAsync(ulong drawn, CancellationToken cancellation)
    {
        var delay = DelayOf(drawn);
        if (passTime is { } pass)
            pass(delay);
        else
            await Task.Delay(delay, time, cancellation);
    }

    /// <summary>Lets hours pass, as for a process or machine that is suspended. The clock is virtual, or it would not have been drawn.</summary>
    internal void Pause(ulong drawn) => passTime!(TimeSpan.FromMinutes(1) + (plan.LongestPause * SeededHash.Share(drawn)));

    /// <summary>Lets somebody else in between, if the plan says so.</summary>
    internal async Task InterleaveAsync(string place)
    {
        if (Meanwhile is not { } meanwhile || Draw(FaultPoint.TableRace, place, Races) is null || Interlocked.Exchange(ref interleaving, 1) != 0)
            return;
        try
        {
            await meanwhile(place);
        }
        finally
        {
            Volatile.Write(ref interleaving, 0);
        }
    }

    /// <summary>From a millisecond to the longest delay.</summary>
    internal TimeSpan DelayOf(ulong drawn) => TimeSpan.FromMilliseconds(1) + (plan.LongestDelay * SeededHash.Share(drawn));

    /// <summary>A write without a flush: a kill may find the file as it was before.</summary>
    internal void NoteUnsynced(string path, long offset, byte[] before)
    {
        lock (gate)
            unsynced[path] = (offset, before);
    }

    /// <summary>Kills the process: the data folder is copied as the disk has it, and no operation of this process counts any more.</summary>
    /// <param name="fault">What kills it.</param>
    /// <param name="path">A file that the disk has otherwise than the process wrote it.</param>
    /// <param name="content">How the disk has it.</param>
    internal ProcessKilledException Kill(DrawnFault fault, string? path = null, byte[]? content = null)
    {
        lock (gate)
        {
            if (image is not null)
                return new("The process has been killed.");
            var next = Path.Combine(images, $"after-fault-{fault.Injected.Number}");
            // First the mark: an operation that begins now is none of the image, and none after it can have been answered.
            image = next;
            var drawn = fault.Drawn;
            CrashImage.Copy(data ?? throw new InvalidOperationException("The injector is attached to no process."), next);
            foreach (var (file, write) in unsynced)
            {
                drawn = SeededHash.Mix(drawn);
                if (drawn % 2 == 0 || fault.Injected.Kind == FaultKind.LoseUnsynced)
                    CrashImage.Patch(CrashImage.PathIn(next, data, file), write.Offset, write.Before);
            }

            if (path is not null)
                File.WriteAllBytes(CrashImage.PathIn(next, data, path), content!);
        }

        return new($"{fault.Injected}: the process is killed.");
    }

    bool CanHappen(FaultKind kind) => passTime is not null || kind is not (FaultKind.Pause or FaultKind.ClockJump);

    static bool Kills(FaultKind kind) => kind is FaultKind.Tear or FaultKind.LoseUnsynced or FaultKind.KillBefore or FaultKind.KillAfter;
}

/// <summary>A fault that an operation meets, with a further draw for what is left to choose.</summary>
internal sealed record DrawnFault(FaultInjector Injector, InjectedFault Injected, ulong Drawn)
{
    public FaultKind Kind => Injected.Kind;

    /// <summary>Carries out what is about an operation, whatever it is: fails, delays, kills, repeats.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="failed">The failure in the shape that the boundary's service gives it.</param>
    /// <param name="throttled">The same for a busy service, given after how long to try again.</param>
    /// <param name="cancellation">Ends a delay.</param>
    public async Task<T> AroundAsync<T>(
        Func<Task<T>> operation, Func<DrawnFault, Exception> failed, Func<TimeSpan, Exception> throttled, CancellationToken cancellation)
    {
        switch (Kind)
        {
            case FaultKind.Fail:
                throw failed(this);
            case FaultKind.Throttle:
                throw throttled(Injector.DelayOf(Drawn));
            case FaultKind.KillBefore:
                throw Injector.Kill(this);
            case FaultKind.Delay:
                await Injector.DelayAsync(Drawn, cancellation);
                return await operation();
            case FaultKind.Pause or FaultKind.ClockJump:
                Injector.Pause(Drawn);
                return await operation();
            case FaultKind.Duplicate:
                await operation();
                return await operation();
            case FaultKind.LoseAnswer:
                await operation();
                throw failed(this);
            case FaultKind.KillAfter:
                await operation();
                throw Injector.Kill(this);
            default:
                throw new InvalidOperationException($"{Injected} cannot happen to an operation.");
        }
    }
}
