using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Conditions;
using ServerlessCLM.Decisions;
using ServerlessCLM.Features;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Tests.Decisions;

public class ArbitrationTests
{
    private const int Atoms = PropensityBeliefs.Atoms;

    private static readonly Vocabulary<DecisionInputs> Vocabulary = DecisionVocabulary.Of(ScoreCatalogue.All.Select(score => score.Name));

    private static readonly CompiledStrategy Sample = CompiledStrategy.Of(Strategy.Read(SampleStrategy.Example()), Vocabulary);

    /// <summary>Margin, cost and prior of actions that anybody may have.</summary>
    private static readonly Gen<(int Margin, int Cost, int Alpha, int Beta)[]> Actions =
        from count in Gen.Choose(1, 3)
        from actions in (
            from margin in Gen.Choose(-10, 60) from cost in Gen.Choose(0, 5) from alpha in Gen.Choose(1, 4) from beta in Gen.Choose(1, 8)
            select (margin, cost, alpha, beta)).ArrayOf(count)
        select actions;

    [Fact]
    public void A_customer_gets_the_action_with_the_largest_priority_and_every_other_a_verdict()
    {
        var inputs = Inputs(("tenure_days", 400), ("share_travel", 0.2f), ("returns_90d", 0), ("utilisation", 0.5f), ("below_zero_days_30d", 2));
        var workspace = new ArbitrationWorkspace(Sample);
        var choice = Decide(Sample, inputs, workspace, seed: 1);
        Assert.Equal(0, choice.Best);
        var outcome = workspace.Outcomes[0];
        // 1.0·(120 + 15) − 1.2·(0.5·0.02·500) + 0.4·0 = 129; 0.02·1.3·129·1.1 − 0.002 for the e-mail.
        Assert.Equal((ActionVerdict.Ranked, 0.02, 1.3), (outcome.Verdict, outcome.Propensity, outcome.Context));
        Assert.Equal(129, outcome.Value, 9);
        Assert.Equal((0.02 * 1.3 * 129 * 1.1) - 0.002, outcome.Priority, 9);
        Assert.Equal((ActionVerdict.WrongChannel, ActionVerdict.Nothing), (workspace.Outcomes[1].Verdict, workspace.Outcomes[2].Verdict));
    }

    [Fact]
    public void What_is_not_known_does_not_permit_and_the_verdict_says_so()
    {
        var workspace = new ArbitrationWorkspace(Sample);
        Decide(Sample, Inputs(("tenure_days", 400), ("returns_90d", float.NaN)), workspace, seed: 1);
        Assert.Equal((ActionVerdict.NotSuitable, Truth.Unknown), (workspace.Outcomes[0].Verdict, workspace.Outcomes[0].Answer));
        Decide(Sample, Inputs(("tenure_days", 10)), workspace, seed: 1);
        Assert.Equal((ActionVerdict.NotEligible, Truth.False), (workspace.Outcomes[0].Verdict, workspace.Outcomes[0].Answer));
        Decide(Sample, Inputs(("tenure_days", 400), ("share_travel", 0.2f), ("utilisation", float.NaN)), workspace, seed: 1);
        Assert.Equal(ActionVerdict.NoValue, workspace.Outcomes[0].Verdict);
    }

    [Fact]
    public void A_budget_at_its_price_makes_room_for_nothing()
    {
        var inputs = Inputs(("tenure_days", 400), ("share_travel", 0.2f), ("utilisation", 0.5f));
        var workspace = new ArbitrationWorkspace(Sample);
        Assert.Equal(0, Decide(Sample, inputs, workspace, seed: 1, prices: [0.01, 0]).Best);
        Assert.Equal(-1, Decide(Sample, inputs, workspace, seed: 1, prices: [1, 0]).Best);
        Assert.Equal(50.002, workspace.Outcomes[0].Charge, 9);
    }

    [Fact]
    public void Selection_probabilities_are_those_of_all_draws_counted_out() => Prop.ForAll(Actions.ToArbitrary(), actions =>
    {
        var strategy = Of(actions, share: 1);
        var beliefs = PropensityBeliefs.Of(strategy);
        var round = RoundOf(strategy, beliefs);
        var wins = CountWins(strategy, beliefs, actions);
        var all = Math.Pow(Atoms, actions.Length);
        for (var action = -1; action < actions.Length; action++)
            Assert.Equal(wins[action + 1] / all, round.Probability(action), 12);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void Actions_are_chosen_as_often_as_they_say()
    {
        var strategy = Of([(30, 1, 2, 8), (50, 2, 1, 9), (12, 0, 3, 4), (40, 4, 1, 5)], share: 0.3);
        var (beliefs, workspace, inputs) = (PropensityBeliefs.Of(strategy), new ArbitrationWorkspace(strategy), Inputs());
        var (times, said) = (new int[5], new double[5]);
        const int many = 40_000;
        for (ulong seed = 0; seed < many; seed++)
        {
            var choice = Arbitration.Decide(strategy, beliefs, inputs, [], "email", [], seed, workspace);
            times[choice.Action + 1]++;
            said[choice.Action + 1] = choice.Probability;
            Assert.Equal(choice, Arbitration.Decide(strategy, beliefs, inputs, [], "email", [], seed, workspace));
        }

        Assert.Equal(1, said.Sum(), 9);
        Assert.All(times.Zip(said), pair => Assert.InRange(pair.First / (double)many, pair.Second - (4.5 * Math.Sqrt(pair.Second / many)), pair.Second + (4.5 * Math.Sqrt(pair.Second / many))));
        Assert.True(times.Count(time => time > 0) >= 4);
    }

    [Fact]
    public void Beliefs_have_the_quantiles_of_the_beta_distribution_and_learn_from_answers()
    {
        var strategy = Of([(10, 0, 2, 98)], share: 1);
        var values = new double[Atoms];
        PropensityBeliefs.Of(strategy).Fill(0, double.NaN, values);
        for (var k = 0; k < Atoms; k++)
            Assert.Equal((k + 0.5) / Atoms, MathNet.Numerics.Distributions.Beta.CDF(2, 98, values[k]), 6);

        var learned = PropensityBeliefs.Of(strategy, _ => (18, 82));
        Assert.Equal(20.0 / 200, learned.Mean(0), 12);
        var wide = values[^1] - values[0];
        learned.Fill(0, double.NaN, values);
        Assert.True((values[^1] - values[0]) / learned.Mean(0) < wide / 0.02);
        learned.Fill(0, 0.4, values);
        Assert.True(values[0] < 0.4 && values[^1] > 0.4 && values.SequenceEqual(values.Order()));
    }

    [Fact]
    public void Where_nothing_is_explored_the_best_has_probability_one()
    {
        var strategy = Of([(30, 1, 2, 8), (50, 2, 1, 9)], share: 0);
        Assert.Equal(new Choice(0, 1, Explored: false, 0), Decide(strategy, Inputs(), new ArbitrationWorkspace(strategy), seed: 3));
    }

    [Fact]
    public void Deciding_allocates_nothing()
    {
        var inputs = Inputs(("tenure_days", 400), ("share_travel", 0.2f), ("utilisation", 0.5f));
        var (beliefs, workspace) = (PropensityBeliefs.Of(Sample), new ArbitrationWorkspace(Sample));
        Arbitration.Decide(Sample, beliefs, inputs, [], "email", [], 1, workspace);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (ulong seed = 0; seed < 1000; seed++)
            Arbitration.Decide(Sample, beliefs, inputs, [], "email", [], seed, workspace);
        Assert.Equal(0, (GC.GetAllocatedBytesForCurrentThread() - before) / 1000);
    }

    private static Choice Decide(CompiledStrategy strategy, DecisionInputs inputs, ArbitrationWorkspace workspace, ulong seed, double[]? prices = null) =>
        Arbitration.Decide(strategy, PropensityBeliefs.Of(strategy), inputs, [], "email", prices, seed, workspace);

    private static CompiledStrategy Of((int Margin, int Cost, int Alpha, int Beta)[] actions, double share) => CompiledStrategy.Of(
        new Strategy("s", 1, new Objectives(1, 1, 1), [.. actions.Select((action, place) => new StrategyAction($"a{place}", ActionKind.Offer)
        {
            Channels = ["email"], Propensity = new PropensitySource(new BetaPrior(action.Alpha, action.Beta)),
            Value = new ActionValue(Margin: $"{action.Margin}.0"), Cost = new Dictionary<string, decimal> { ["email"] = action.Cost },
        })]) { Exploration = new Exploration(ExplorationMethod.Thompson, share) }, Vocabulary);

    private static ThompsonRound RoundOf(CompiledStrategy strategy, PropensityBeliefs beliefs)
    {
        var round = new ThompsonRound(strategy.Actions.Length);
        for (var action = 0; action < strategy.Actions.Length; action++)
        {
            strategy.Actions[action].Margin.TryGet(Inputs(), out var margin);
            round.Add(action, margin, strategy.Actions[action].Costs[0], double.NaN, beliefs);
        }

        round.Prune();
        return round;
    }

    /// <summary>Wins of nothing and of each action over every combination of their values.</summary>
    private static double[] CountWins(CompiledStrategy strategy, PropensityBeliefs beliefs, (int Margin, int Cost, int Alpha, int Beta)[] actions)
    {
        var values = actions.Select((action, place) =>
        {
            var atoms = new double[Atoms];
            beliefs.Fill(place, double.NaN, atoms);
            return atoms.Select(atom => (action.Margin * atom) - action.Cost).ToArray();
        }).ToArray();
        var wins = new double[strategy.Actions.Length + 1];
        for (var combination = 0; combination < Math.Pow(Atoms, actions.Length); combination++)
        {
            var (winner, best, rest) = (-1, 0.0, combination);
            for (var action = 0; action < actions.Length; action++, rest /= Atoms)
            {
                var value = values[action][rest % Atoms];
                if (value > best || (winner < 0 && value >= best))
                    (winner, best) = (action, value);
            }

            wins[winner + 1]++;
        }

        return wins;
    }

    private static DecisionInputs Inputs(params (string Name, float Value)[] features)
    {
        var vector = new float[FeatureCatalogue.Count];
        foreach (var (name, value) in features)
            vector[FeatureCatalogue.IndexOf(name)] = value;
        return new DecisionInputs
        {
            Features = vector, Scores = new float[ScoreCatalogue.Count], ScoreChanges = new float[ScoreCatalogue.Count],
            Products = new Dictionary<Value, Value> { [Value.Of("card")] = Value.Of("classic") }, Flags = new Dictionary<Value, Value>(),
            Now = Product.Now, Local = Product.Now,
        };
    }
}
