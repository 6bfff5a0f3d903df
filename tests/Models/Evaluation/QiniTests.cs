using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Models;

namespace ServerlessCLM.Tests.Models;

public class QiniTests
{
    [Fact]
    public void The_coefficient_is_that_of_curves_counted_threshold_by_threshold() => Prop.ForAll(Experiments, rows =>
    {
        var naive = Naive(rows);
        var qini = new Qini([.. rows.Select(row => row.Uplift)], [.. rows.Select(row => row.Treated)], [.. rows.Select(row => row.Event)]);
        return double.IsNaN(naive) ? double.IsNaN(qini.Coefficient) : Math.Abs(naive - qini.Coefficient) < 1e-9;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_perfect_order_is_one_and_its_reverse_is_negative()
    {
        bool[] treated = [.. Enumerable.Range(0, 400).Select(i => i % 2 == 0)];
        bool[] events = [.. Enumerable.Range(0, 400).Select(i => i % 3 == 0)];
        double[] perfect = [.. Enumerable.Range(0, 400).Select(i => !events[i] ? 0.0 : treated[i] ? 1 : -1)];
        Assert.Equal(1, new Qini(perfect, treated, events).Coefficient, 12);
        Assert.True(new Qini([.. perfect.Select(value => -value)], treated, events).Coefficient < 0);
        Assert.Equal(0, new Qini(new double[400], treated, events).Coefficient, 12);
    }

    [Fact]
    public void The_interval_comes_again_from_its_seed_and_shrinks_with_the_rows()
    {
        var small = Random(300).Interval(5, 200);
        Assert.Equal(small, Random(300).Interval(5, 200));
        Assert.NotEqual(small, Random(300).Interval(6, 200));
        var large = Random(10_000).Interval(5, 200);
        Assert.True(small.Low <= small.Value && small.Value <= small.High);
        Assert.True(large.High - large.Low < (small.High - small.Low) / 3);
    }

    [Fact]
    public void The_curve_ends_at_the_effect_of_treating_everybody()
    {
        var (share, gain) = new Qini([3, 2, 1, 0], [true, false, true, false], [true, false, false, false]).Curve()[^1];
        Assert.Equal((1, 0.25), (share, gain));
    }

    [Fact]
    public void One_arm_alone_is_refused() =>
        Assert.Contains("both arms", Assert.Throws<ArgumentException>(() => new Qini([1, 2], [true, true], [true, false])).Message, StringComparison.Ordinal);

    private static Arbitrary<(double Uplift, bool Treated, bool Event)[]> Experiments { get; } = Gen
        .Choose(0, 4 * 9).Select(code => (Uplift: (double)(code / 4), Treated: (code & 1) == 1, Event: (code & 2) == 2))
        .ListOf().Select(rows => rows.ToArray())
        .Where(rows => rows.Any(row => row.Treated) && rows.Any(row => !row.Treated))
        .ToArbitrary();

    private static Qini Random(int rows)
    {
        var random = new Rng(1);
        var uplift = new double[rows];
        var treated = new bool[rows];
        var events = new bool[rows];
        for (var i = 0; i < rows; i++)
        {
            uplift[i] = random.Below(100);
            treated[i] = random.Below(2) == 0;
            events[i] = random.Below(1000) < 100 + (treated[i] ? 3 * uplift[i] : 0);
        }

        return new Qini(uplift, treated, events);
    }

    private static double Naive((double Uplift, bool Treated, bool Event)[] rows)
    {
        var actual = Area(rows);
        var perfect = Area([.. rows.Select(row => row with { Uplift = !row.Event ? 0 : row.Treated ? 1 : -1 })]);
        var chance = rows.Length * Gain(rows) / 2;
        return (actual - chance) / (perfect - chance);
    }

    private static double Area((double Uplift, bool Treated, bool Event)[] rows)
    {
        double area = 0, count = 0, gain = 0;
        foreach (var threshold in rows.Select(row => row.Uplift).Distinct().OrderDescending())
        {
            var chosen = rows.Where(row => row.Uplift >= threshold).ToArray();
            area += (chosen.Length - count) * (gain + Gain(chosen)) / 2;
            (count, gain) = (chosen.Length, Gain(chosen));
        }

        return area;
    }

    private static double Gain((double Uplift, bool Treated, bool Event)[] rows)
    {
        double treated = rows.Count(row => row.Treated), others = rows.Length - treated;
        return rows.Count(row => row.Treated && row.Event) - (others == 0 ? 0 : rows.Count(row => !row.Treated && row.Event) * treated / others);
    }
}
