using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Decisions;

namespace ServerlessCLM.Tests.Decisions.Learning;

public class PropensityBeliefsTests
{
    private static readonly CompiledStrategy Cards = CompiledStrategy.Of(Strategy.Read(StrategyInForce.Cards()), DecisionVocabulary.Standard);

    [Fact]
    public void Beliefs_carried_over_from_before_are_those_made_anew()
    {
        var counts = Gen.Choose(0, 3).ArrayOf(8);
        Prop.ForAll(counts.ToArbitrary(), counts.ToArbitrary(), (before, after) =>
        {
            var carried = PropensityBeliefs.Of(Cards, Answers(after), PropensityBeliefs.Of(Cards, Answers(before)));
            var anew = PropensityBeliefs.Of(Cards, Answers(after));
            for (var action = 0; action < 4; action++)
            {
                Assert.Equal(anew.Mean(action), carried.Mean(action));
                Assert.Equal(Values(anew, action, double.NaN), Values(carried, action, double.NaN));
                Assert.Equal(Values(anew, action, 0.3), Values(carried, action, 0.3));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));
    }

    private static Func<StrategyAction, (double, double)> Answers(int[] counts) => action =>
        (counts[2 * Cards.PlaceOf(action.Id)], counts[(2 * Cards.PlaceOf(action.Id)) + 1]);

    private static double[] Values(PropensityBeliefs beliefs, int action, double score)
    {
        var values = new double[PropensityBeliefs.Atoms];
        beliefs.Fill(action, score, values);
        return values;
    }
}
