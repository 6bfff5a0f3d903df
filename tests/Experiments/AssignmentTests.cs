using MathNet.Numerics.Distributions;
using ServerlessCLM.Experiments;

namespace ServerlessCLM.Tests.Experiments;

public sealed class AssignmentTests
{
    private const int Units = 200_000;

    [Fact]
    public void Units_are_spread_evenly_over_a_hundred_places()
    {
        var counts = new long[100];
        for (var i = 0; i < Units; i++)
            counts[(int)(Assignment.Place("2027-01", Unit(i)) * 100)]++;

        Assert.InRange(SampleRatio.AtOneLook(counts, [.. Enumerable.Repeat(0.01, 100)]).P, 0.001, 1);
    }

    /// <summary>A table of ten by ten places under two salts: χ² of independence with 81 degrees of freedom.</summary>
    [Theory]
    [InlineData("2027-01", "2027-02")]
    [InlineData("a", "b")]
    [InlineData("offer\ns\narm", "offer\ns\ntraffic")]
    [InlineData("holdout\nnone", "offer\ns\narm")]
    public void Places_under_two_salts_say_nothing_of_each_other(string first, string second)
    {
        var table = new double[10, 10];
        var (rows, columns) = (new double[10], new double[10]);
        for (var i = 0; i < Units; i++)
        {
            var (row, column) = ((int)(Assignment.Place(first, Unit(i)) * 10), (int)(Assignment.Place(second, Unit(i)) * 10));
            table[row, column]++;
            rows[row]++;
            columns[column]++;
        }

        double statistic = 0;
        for (var row = 0; row < 10; row++)
        {
            for (var column = 0; column < 10; column++)
            {
                var expected = rows[row] * columns[column] / Units;
                statistic += Math.Pow(table[row, column] - expected, 2) / expected;
            }
        }

        Assert.InRange(1 - ChiSquared.CDF(81, statistic), 0.001, 1);
    }

    [Fact]
    public void Arms_get_their_shares_and_more_traffic_moves_nobody()
    {
        var experiment = ExperimentOf.Json("""{"traffic":0.3,"arms":{"control":0.5,"a":0.3,"b":0.2}}""");
        var wider = experiment with { Traffic = 0.6 };
        var counts = new long[3];
        var taken = 0L;
        for (var i = 0; i < Units; i++)
        {
            var arm = Assignment.ArmOf(experiment, Unit(i));
            Assert.Equal(arm, Assignment.ArmOf(wider, Unit(i)));
            var takesPart = Assignment.TakesPart(experiment, UniversalHoldout.None, Unit(i));
            Assert.False(takesPart && !Assignment.TakesPart(wider, UniversalHoldout.None, Unit(i)));
            if (!takesPart)
                continue;

            taken++;
            counts[experiment.Arms.ToList().FindIndex(each => each.Name == arm)]++;
        }

        Assert.InRange(SampleRatio.AtOneLook(counts, [0.5, 0.3, 0.2]).P, 0.001, 1);
        Assert.InRange(SampleRatio.AtOneLook([taken, Units - taken], [0.3, 0.7]).P, 0.001, 1);
    }

    [Fact]
    public void The_held_out_are_the_same_for_every_experiment()
    {
        var holdout = new UniversalHoldout("2027", 0.1);
        var experiments = new[] { "one", "two", "three" }.Select(id => ExperimentOf.Json("{}") with { Id = id, Salt = id }).ToList();
        var held = Enumerable.Range(0, 20_000).Select(Unit).Where(holdout.Holds).ToList();
        Assert.InRange(SampleRatio.AtOneLook([held.Count, 20_000 - held.Count], [0.1, 0.9]).P, 0.001, 1);
        Assert.All(held, unit => Assert.All(experiments, experiment => Assert.False(Assignment.TakesPart(experiment, holdout, unit))));
    }

    private static string Unit(int i) => $"C-{i:D7}";
}
