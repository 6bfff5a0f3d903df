using System.Globalization;
using System.Text.Json.Nodes;
using MathNet.Numerics.Distributions;
using ServerlessCLM.Experiments;

namespace ServerlessCLM.Tests.Experiments;

/// <summary>Our statistics against those of scipy, statsmodels, R's pwr and power.prop.test, and rpact.</summary>
public sealed class StatisticsOracleTests
{
    private static JsonArray Scipy() => JsonNode.Parse(File.ReadAllText(TestData.Shared("oracles", "scipy_oracles.json")))!.AsArray();

    private static IEnumerable<JsonNode> Cases(string kind) => Scipy().Where(each => (string)each!["kind"]! == kind)!;

    private static double Of(JsonNode node, string name) => (double)node[name]!;

    [Fact]
    public void Proportions_agree_with_scipy()
    {
        foreach (var known in Cases("two_proportion"))
        {
            var (control, treatment) = (((long)known["x_control"]!, (long)known["n_control"]!), ((long)known["x_treat"]!, (long)known["n_treat"]!));
            var ours = FixedHorizon.Proportions(control, treatment);
            Assert.Equal(Of(known, "p_two_sided"), ours.P, 1e-9);
            Assert.Equal((double)known["newcombe_diff_ci95"]![0]!, ours.Low, 1e-9);
            Assert.Equal((double)known["newcombe_diff_ci95"]![1]!, ours.High, 1e-9);
            var (low, high) = FixedHorizon.Wilson(control.Item1, control.Item2);
            Assert.Equal((double)known["wilson_control_ci95"]![0]!, low, 1e-9);
            Assert.Equal((double)known["wilson_control_ci95"]![1]!, high, 1e-9);
        }
    }

    [Fact]
    public void Means_agree_with_Welch_in_scipy()
    {
        foreach (var known in Cases("welch_t"))
        {
            ArmMean Arm(string arm) => new((long)Of(known, $"n_{arm}"), Of(known, $"mean_{arm}"), Math.Pow(Of(known, $"sd_{arm}"), 2));
            var ours = FixedHorizon.Means(Arm("c"), Arm("t"));
            Assert.Equal(Of(known, "p"), ours.P, 1e-7);
            Assert.Equal((double)known["ci95"]![0]!, ours.Low, 1e-6);
            Assert.Equal((double)known["ci95"]![1]!, ours.High, 1e-6);
        }
    }

    [Fact]
    public void The_sample_ratio_at_one_look_agrees_with_scipy()
    {
        foreach (var known in Cases("srm_chi2"))
        {
            var (statistic, p) = SampleRatio.AtOneLook(
                [.. known["observed"]!.AsArray().Select(count => (long)count!)], [.. known["weights"]!.AsArray().Select(share => (double)share!)]);
            Assert.Equal(Of(known, "chi2"), statistic, 1e-8);
            Assert.Equal(Of(known, "p"), p, 1e-8);
        }
    }

    [Fact]
    public void The_always_valid_p_value_is_that_of_the_mixture_test()
    {
        foreach (var known in Cases("msprt_normal"))
        {
            var variance = 2 * Of(known, "var_per_arm") / Of(known, "n_per_arm");
            var ours = ConfidenceSequence.PValue(Math.Pow(Of(known, "diff"), 2) / variance, Of(known, "tau2") / variance);
            Assert.Equal(Of(known, "always_valid_p_single_look"), ours, 1e-9);
        }
    }

    [Fact]
    public void Sample_sizes_agree_with_R()
    {
        foreach (var row in Rows("power_two_proportions.csv"))
        {
            var (p, effect, power, known) = (row[0], row[1], row[2], row[4]);
            Assert.Equal(known, SampleSize.Proportions(p, p * (1 + effect), 0.05, power), known * 1e-7);
        }

        foreach (var row in Rows("power_two_sample_t.csv"))
            Assert.Equal(row[2], SampleSize.Means(row[0], 0.05, row[1]), 0.05);
    }

    /// <summary>rpact finds bounds to about 1e-8 of probability, which is coarse where hardly any error is spent: chances are compared.</summary>
    [Theory]
    [InlineData("asOF", Spending.ObrienFleming)]
    [InlineData("asP", Spending.Pocock)]
    public void Spending_bounds_agree_with_rpact(string type, Spending spending)
    {
        foreach (var plan in Bounds(type))
        {
            var ours = GroupSequential.Bounds([.. plan.Select(look => look.Information)], 0.05, spending);
            for (var look = 0; look < ours.Length; look++)
                Assert.Equal(Normal.CDF(0, 1, -plan[look].Bound), Normal.CDF(0, 1, -ours[look]), 5e-8);
        }
    }

    [Theory]
    [InlineData("OF")]
    [InlineData("P")]
    public void Bounds_of_OBrien_Fleming_and_Pocock_spend_their_level(string type)
    {
        foreach (var plan in Bounds(type))
        {
            var crossed = GroupSequential.CrossingProbability([.. plan.Select(look => look.Information)], [.. plan.Select(look => look.Bound)]);
            Assert.Equal(0.025, crossed, 1e-6);
        }
    }

    [Fact]
    public void The_covariate_takes_out_what_CUPED_takes_out()
    {
        var arms = new ArmTotals[2];
        foreach (var row in Rows("cuped_n2000.csv"))
            arms[(int)row[0]] += ArmTotals.Of(row[2], row[1]);

        var known = JsonNode.Parse(File.ReadAllText(TestData.Shared("oracles", "cuped_expected.json")))!;
        var (adjusted, theta) = ArmMean.Adjusted(arms);
        Assert.Equal(Of(known, "theta"), theta, 1e-9);
        Assert.Equal(Of(known, "raw_diff"), arms[1].Mean - arms[0].Mean, 1e-8);
        Assert.Equal(Of(known, "cuped_diff"), adjusted[1].Mean - adjusted[0].Mean, 1e-8);
        Assert.Equal(Of(known, "raw_se"), Math.Sqrt((arms[0].Variance / arms[0].Units) + (arms[1].Variance / arms[1].Units)), 1e-6);
        Assert.Equal(Of(known, "cuped_se"), Math.Sqrt((adjusted[0].Variance / adjusted[0].Units) + (adjusted[1].Variance / adjusted[1].Units)), 1e-6);
    }

    private static IEnumerable<double[]> Rows(string file) => File.ReadLines(TestData.Shared("oracles", file)).Skip(1)
        .Select(line => line.Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray());

    private static IEnumerable<List<(double Information, double Bound)>> Bounds(string type) =>
        File.ReadLines(TestData.Shared("oracles", "rpact_group_sequential_bounds.csv")).Skip(1).Select(line => line.Split(','))
            .Where(row => row[0] == $"\"{type}\"" && row[2] == "2")
            .GroupBy(row => row[1], row => (double.Parse(row[5], CultureInfo.InvariantCulture), double.Parse(row[6], CultureInfo.InvariantCulture)))
            .Select(plan => plan.ToList());
}
