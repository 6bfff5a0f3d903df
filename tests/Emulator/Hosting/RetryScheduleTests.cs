using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator.Hosting;

public class RetryScheduleTests
{
    [Fact]
    public void A_back_off_doubles_up_to_its_longest_and_may_have_no_end()
    {
        var schedule = RetrySchedule.Of("F", new ExponentialBackoffRetryAttribute(-1, "00:00:01", "00:00:10"));
        Assert.Equal([1, 2, 4, 8, 10, 10], Enumerable.Range(1, 6).Select(retry => schedule.DelayBefore(retry)!.Value.TotalSeconds));
        Assert.Equal(TimeSpan.FromSeconds(10), schedule.DelayBefore(int.MaxValue));
    }

    [Fact]
    public void A_fixed_delay_ends_after_its_count()
    {
        var schedule = RetrySchedule.Of("F", new FixedDelayRetryAttribute(2, "00:00:03"));
        Assert.Equal([3.0, 3.0, null], Enumerable.Range(1, 3).Select(retry => schedule.DelayBefore(retry)?.TotalSeconds));
    }

    [Fact]
    public void Without_an_attribute_nothing_is_tried_again() => Assert.Null(RetrySchedule.Of("F", null).DelayBefore(1));

    [Theory]
    [InlineData(-2, "00:00:01", "maxRetryCount -2")]
    [InlineData(1, "1 second", "delayInterval '1 second'")]
    [InlineData(1, "-00:00:01", "delayInterval '-00:00:01'")]
    public void A_senseless_attribute_is_an_error(int count, string interval, string reason) =>
        Assert.Contains(reason, Assert.Throws<FunctionsStartupException>(() => RetrySchedule.Of("F", new FixedDelayRetryAttribute(count, interval))).Message, StringComparison.Ordinal);
}
