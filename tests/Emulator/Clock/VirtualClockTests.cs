using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator.Clock;

public class VirtualClockTests
{
    static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    readonly VirtualClock clock = new(Start);

    [Fact]
    public void Stands_still_until_advanced()
    {
        var before = clock.GetTimestamp();
        Assert.Equal(Start, clock.GetUtcNow());
        clock.Advance(TimeSpan.FromMilliseconds(1500));
        Assert.Equal(Start.AddMilliseconds(1500), clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromMilliseconds(1500), clock.GetElapsedTime(before));
    }

    [Fact]
    public void Timers_fire_in_order_at_their_own_times()
    {
        var fired = new List<string>();
        using var late = Timer("late", 3, fired);
        using var first = Timer("first", 1, fired);
        using var second = Timer("second", 1, fired);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(["first 1", "second 1"], fired);
        Assert.Equal(Start.AddSeconds(3), clock.NextDue);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("late 3", fired[^1]);
        Assert.Null(clock.NextDue);
    }

    [Fact]
    public void A_timer_armed_by_another_fires_in_the_same_advance()
    {
        var fired = new List<double>();
        ITimer? timer = null;
        timer = clock.CreateTimer(
            _ =>
            {
                fired.Add((clock.GetUtcNow() - Start).TotalSeconds);
                timer!.Change(TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);
            },
            null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal([1, 3, 5], fired);
        timer.Dispose();
    }

    [Fact]
    public void A_period_repeats_until_disposed()
    {
        var count = 0;
        var timer = clock.CreateTimer(_ => count++, null, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal(1, count);
        clock.Advance(TimeSpan.FromSeconds(3.5));
        Assert.Equal(4, count);
        timer.Dispose();
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(4, count);
        Assert.False(timer.Change(TimeSpan.Zero, TimeSpan.Zero));
    }

    [Fact]
    public void A_year_of_delays_passes_at_once()
    {
        var run = CountDaysAsync(365);
        clock.Advance(TimeSpan.FromDays(365));
        Assert.True(run.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Delays_and_deadlines_wait_on_it()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1), clock);
        var delay = Task.Delay(TimeSpan.FromHours(1), clock, deadline.Token);
        clock.Advance(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => delay);
    }

    [Fact]
    public async Task Says_when_somebody_waits_for_a_time()
    {
        var armed = clock.WhenArmedAsync(Start.AddSeconds(5));
        using var other = Timer("other", 4, []);
        Assert.False(armed.IsCompleted);
        using var timer = Timer("it", 5, []);
        await armed;
        await clock.WhenArmedAsync(Start.AddSeconds(5));
    }

    [Fact]
    public void One_advance_at_a_time()
    {
        using var timer = clock.CreateTimer(_ => clock.Advance(TimeSpan.FromSeconds(1)), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        Assert.Throws<InvalidOperationException>(() => clock.Advance(TimeSpan.FromSeconds(2)));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(Start.AddSeconds(3), clock.GetUtcNow());
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.Advance(TimeSpan.FromTicks(-1)));
    }

    async Task CountDaysAsync(int days)
    {
        for (var day = 0; day < days; day++)
            await Task.Delay(TimeSpan.FromDays(1), clock);
    }

    ITimer Timer(string name, int seconds, List<string> fired) =>
        clock.CreateTimer(_ => fired.Add($"{name} {(clock.GetUtcNow() - Start).TotalSeconds}"), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
}
