using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Simulation;

namespace ServerlessCLM.Tests.Simulation;

public class DrawsTests
{
    [Fact]
    public void The_exponential_function_is_exact_to_a_few_last_places() =>
        Prop.ForAll(Gen.Choose(-700_000, 700_000).Select(thousandths => thousandths / 1000.0).ToArbitrary(), x =>
            Math.Abs((Draws.Exp(x) / Math.Exp(x)) - 1) < 2e-15).QuickCheckThrowOnFailure();

    [Fact]
    public void Moments_are_those_of_the_distributions()
    {
        const int many = 200_000;
        var draws = new Draws(1, 2, DrawPurpose.Spending, 3);
        double uniform = 0, normal = 0, squares = 0, poisson = 0;
        for (var i = 0; i < many; i++)
        {
            uniform += draws.Uniform();
            var value = draws.Normal();
            normal += value;
            squares += value * value;
            poisson += draws.Poisson(Draws.Exp(-1.5));
        }

        Assert.InRange(uniform / many, 0.497, 0.503);
        Assert.InRange(normal / many, -0.01, 0.01);
        Assert.InRange(squares / many, 0.985, 1.015);
        Assert.InRange(poisson / many, 1.485, 1.515);
    }

    [Fact]
    public void Streams_of_different_addresses_differ()
    {
        var firsts = new HashSet<ulong>();
        for (ulong seed = 0; seed < 5; seed++)
        {
            for (var customer = 0; customer < 20; customer++)
            {
                foreach (var purpose in Enum.GetValues<DrawPurpose>())
                {
                    for (var period = -10; period < 10; period++)
                        firsts.Add(new Draws(seed, customer, purpose, period).Next());
                }
            }
        }

        Assert.Equal(5 * 20 * Enum.GetValues<DrawPurpose>().Length * 20, firsts.Count);
    }

    [Fact]
    public void Integers_cover_their_range_and_nothing_else()
    {
        var draws = new Draws(1, 1, DrawPurpose.Person);
        var seen = new HashSet<int>();
        for (var i = 0; i < 1000; i++)
            seen.Add(draws.Between(-3, 3));
        Assert.Equal([-3, -2, -1, 0, 1, 2, 3], seen.Order());
    }
}
