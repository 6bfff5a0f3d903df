using ServerlessCLM.Models;

namespace ServerlessCLM.Tests.Models;

public class PopulationStabilityTests
{
    [Fact]
    public void Index_and_critical_value_are_those_of_the_formulas()
    {
        long[] reference = [100, 200, 300, 400], current = [30, 50, 60, 60];
        var index = PopulationStability.Compare(reference, current);
        var expected = (0.05 * Math.Log(1.5)) + (0.05 * Math.Log(1.25)) + (0.1 * Math.Log(4 / 3.0));
        Assert.Equal(expected, index.Value, 12);
        Assert.Equal(11.344866730144373 * ((1 / 1000.0) + (1 / 200.0)), index.Critical, 9);
        Assert.Equal(4, index.Bins);
        Assert.False(index.Drifted);
        Assert.True(PopulationStability.Compare([1000, 2000, 3000, 4000], [300, 500, 600, 600]).Drifted);
    }

    [Fact]
    public void Without_drift_alarms_are_as_rare_as_asked_for()
    {
        var random = new Rng(7);
        var alarms = 0;
        for (var run = 0; run < 2000; run++)
        {
            var drifted = PopulationStability.Compare(Sample(random, 2000), Sample(random, 400), significance: 0.05).Drifted;
            alarms += drifted ? 1 : 0;
        }

        Assert.InRange(alarms / 2000.0, 0.03, 0.07);
    }

    [Fact]
    public void A_bin_that_emptied_is_a_finite_drift()
    {
        var index = PopulationStability.Compare([500, 500, 0], [0, 1000, 0]);
        Assert.True(double.IsFinite(index.Value) && index.Drifted);
        Assert.Equal(2, index.Bins);
    }

    [Fact]
    public void Missing_values_are_a_bin_of_their_own()
    {
        double[] reference = [.. Enumerable.Range(0, 1000).Select(i => i % 100 / 100.0)];
        double[] current = [.. reference.Select((value, i) => i % 5 == 0 ? double.NaN : value)];
        Assert.True(PopulationStability.Compare(reference, current).Drifted);
        Assert.Equal([2, 1, 1], PopulationStability.Count([double.NaN, 1, 5, 6], [5.0]));
    }

    [Fact]
    public void A_constant_does_not_drift_from_itself_and_drifts_when_it_changes()
    {
        var index = PopulationStability.Compare([3.0, 3, 3], [3.0, 3]);
        Assert.Equal((0.0, 1.0, false), (index.Value, index.P, index.Drifted));
        Assert.True(PopulationStability.Compare([.. Enumerable.Repeat(3.0, 500)], [.. Enumerable.Repeat(4.0, 500)]).Drifted);
    }

    [Fact]
    public void Edges_part_a_sample_evenly_and_keep_equal_values_together()
    {
        Assert.Equal([9, 19, 29, 39, 49, 59, 69, 79, 89], PopulationStability.Edges([.. Enumerable.Range(0, 100).Select(i => (double)i)]));
        Assert.Equal([0.0], PopulationStability.Edges([0, 0, 0, 0, 1, 1, 1, 1]));
    }

    private static double[] Sample(Rng random, int count)
    {
        var values = new double[count];
        for (var i = 0; i < count; i++)
            values[i] = random.Below(1_000_000);
        return values;
    }
}
