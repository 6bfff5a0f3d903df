using ServerlessCLM.Models;

namespace ServerlessCLM.Tests.Models;

public class AdverseImpactTests
{
    [Fact]
    public void Ratio_and_interval_are_those_of_scipy()
    {
        var ratio = AdverseImpact.Ratio(45, 120, 160, 300);
        Assert.Equal(0.703125, ratio.Value, 12);
        Assert.Equal(0.5453633760837883, ratio.Low!.Value, 9);
        Assert.Equal(0.9065235901521996, ratio.High!.Value, 9);
    }

    [Fact]
    public void A_group_without_anyone_favoured_has_an_interval_too()
    {
        var ratio = AdverseImpact.Ratio(0, 40, 30, 60);
        Assert.True(ratio.Low > 0 && ratio.High < AdverseImpact.FourFifths);
    }

    [Fact]
    public void Everyone_favoured_is_a_ratio_of_one_without_doubt() =>
        Assert.Equal(new Figure(1, 1, 1), AdverseImpact.Ratio(40, 40, 60, 60));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 4)]
    [InlineData(-1, 4)]
    public void Counts_that_cannot_be_are_refused(long favoured, long members) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => AdverseImpact.Ratio(favoured, members, 1, 2));
}
