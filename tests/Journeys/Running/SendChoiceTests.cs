using NodaTime;
using ServerlessCLM.Features;
using ServerlessCLM.Journeys;
using ServerlessCLM.Models;

namespace ServerlessCLM.Tests.Journeys.Running;

public class SendChoiceTests
{
    private static readonly ResponseModel Shipped = new(ModelSet.Shipped);
    private static readonly DateTimeZone Berlin = DateTimeZoneProviders.Tzdb["Europe/Berlin"];
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 11, 20, 0, TimeSpan.Zero);
    private static readonly float[] Features = [.. Enumerable.Range(0, FeatureCatalogue.Count).Select(place => place % 7f)];

    /// <summary>By looking at every channel and hour.</summary>
    [Theory]
    [InlineData(9, 20)]
    [InlineData(9, 11)]
    [InlineData(13, 15)]
    public void The_hour_is_the_best_of_those_that_the_gate_allows(int first, int last)
    {
        bool Allows(string channel, DateTimeOffset at) => channel != "call" && at.ToOffset(TimeSpan.FromHours(1)).Hour is var hour && hour >= first && hour <= last;
        var expected = (from channel in (string[])["email", "sms", "push"] from hour in Enumerable.Range(first, last - first + 1) select Shipped.Estimate(Features, channel, hour)!.Value.LowerBound).Max();
        var choice = SendChoice.Of(Shipped, Features, ["app", "call", "email", "sms", "push"], Berlin, Noon, mayWait: true, Allows)!.Value;
        Assert.Equal(expected, choice.Best.Response.LowerBound);
        Assert.Equal(3 * (last - first + 1), choice.Compared);
        Assert.True(Allows(choice.Best.Slot.Channel, choice.At));
        Assert.InRange(choice.At, Noon, Noon.AddDays(1));
        Assert.Equal(choice.Best.Slot.Hour, choice.At.ToOffset(TimeSpan.FromHours(1)).Hour);
        Assert.True(choice.At == Noon || choice.At.Minute == 0);
    }

    [Fact]
    public void What_is_urgent_is_sent_now_over_the_best_channel()
    {
        var choice = SendChoice.Of(Shipped, Features, ["email", "push"], Berlin, Noon, mayWait: false, (_, _) => true)!.Value;
        Assert.Equal((Noon, 12), (choice.At, choice.Best.Slot.Hour));
        Assert.Equal(Math.Max(Shipped.Estimate(Features, "email", 12)!.Value.LowerBound, Shipped.Estimate(Features, "push", 12)!.Value.LowerBound), choice.Best.Response.LowerBound);
    }

    [Fact]
    public void Without_a_model_or_leave_nothing_is_chosen()
    {
        Assert.Null(SendChoice.Of(new ResponseModel(ModelSet.Empty), Features, ["email"], Berlin, Noon, mayWait: true, (_, _) => true));
        Assert.Null(SendChoice.Of(Shipped, Features, ["app", "letter"], Berlin, Noon, mayWait: true, (_, _) => true));
        Assert.Null(SendChoice.Of(Shipped, Features, ["email"], Berlin, Noon, mayWait: true, (_, _) => false));
    }
}
