using ServerlessCLM.Conditions;

namespace ServerlessCLM.Decisions;

/// <summary>What became of an action.</summary>
public enum ActionVerdict : byte
{
    /// <summary>It has a priority.</summary>
    Ranked,

    /// <summary>It does nothing, and competes with a priority of 0.</summary>
    Nothing,

    /// <summary>It has no contact over the channel.</summary>
    WrongChannel,

    NotEligible,

    NotApplicable,

    NotSuitable,

    /// <summary>Its value or context cannot be computed.</summary>
    NoValue,

    /// <summary>It is not among the actions that were asked for.</summary>
    NotAsked,

    /// <summary>The customer is held out, so that what is done can be measured against nothing.</summary>
    HeldOut,

    /// <summary>It is another arm's in an experiment that the customer is in.</summary>
    OtherArm,

    /// <summary>It is marketing that looks at the customer's behaviour, to which the customer objects.</summary>
    ProfilingObjection,

    /// <summary>The contact gate refuses it over every channel.</summary>
    NoContact,

    /// <summary>A budget has less left than it uses.</summary>
    NoBudget,
}

/// <summary>What is settled about an action outside its rules.</summary>
/// <param name="Before"><see cref="ActionVerdict.Ranked"/>, or what ends it before its rules are asked.</param>
/// <param name="After"><see cref="ActionVerdict.Ranked"/>, or what ends it although its rules hold.</param>
/// <param name="Channel">Place of the contact's channel among the action's; −1 for none.</param>
public readonly record struct ActionOpening(ActionVerdict Before, ActionVerdict After, int Channel);

/// <summary>One action's part in a decision.</summary>
/// <param name="Verdict">Whether it was ranked, or at which rule it ended.</param>
/// <param name="Answer">What that rule answered; unknown does not permit.</param>
/// <param name="Propensity">Chance that it is accepted: a model's score, or the mean of what is believed.</param>
/// <param name="Context">Factor of the moment.</param>
/// <param name="Value">What an acceptance is worth by the strategy's objectives: w_revenue·(margin + lifetime) − w_risk·expected loss + w_experience·experience.</param>
/// <param name="Charge">What choosing it costs, accepted or not: the contact, and what it uses of budgets at their shadow prices.</param>
/// <param name="Priority">propensity × context × value × lever − charge.</param>
/// <param name="Channel">Place of the contact's channel among the action's; −1 for none.</param>
public readonly record struct ActionOutcome(
    ActionVerdict Verdict, Truth Answer, double Propensity, double Context, double Value, double Charge, double Priority, int Channel = -1);

/// <summary>What was chosen.</summary>
/// <param name="Action">Place in the strategy; −1 for nothing.</param>
/// <param name="Probability">With which it was chosen, given the inputs: over the coin that decides to explore and over the draws.</param>
/// <param name="Explored">Whether this decision drew its propensities.</param>
/// <param name="Best">Place of the largest priority, what is chosen without exploring.</param>
public readonly record struct Choice(int Action, double Probability, bool Explored, int Best);

/// <summary>Room that one thread decides in, again and again.</summary>
public sealed class ArbitrationWorkspace(CompiledStrategy strategy)
{
    internal ThompsonRound Round { get; } = new(strategy.Actions.Length);

    /// <summary>What is settled about each action outside its rules; written before a decision.</summary>
    public ActionOpening[] Openings { get; } = new ActionOpening[strategy.Actions.Length];

    /// <summary>Models' propensities by action, NaN where there is none; written before a decision.</summary>
    public float[] Propensities { get; } = new float[strategy.Actions.Length];

    /// <summary>What became of each action in the last decision, in the strategy's order.</summary>
    public ActionOutcome[] Outcomes { get; } = new ActionOutcome[strategy.Actions.Length];
}

/// <summary>Chooses one action or nothing: a pure function of strategy, beliefs, inputs, prices and seed; allocates nothing.</summary>
public static class Arbitration
{
    /// <summary>Decides for one channel, with nothing else settled beforehand.</summary>
    /// <param name="strategy">The rules and values.</param>
    /// <param name="beliefs">Of the same strategy.</param>
    /// <param name="inputs">The customer.</param>
    /// <param name="scores">Propensities of models by action, NaN where there is none; empty for none at all.</param>
    /// <param name="channel">Where the customer is, or would be contacted.</param>
    /// <param name="prices">Shadow price of each budget, in value per unit; empty for none.</param>
    /// <param name="seed">Derived from the decision's id.</param>
    /// <param name="workspace">Holds the outcomes afterwards.</param>
    public static Choice Decide(
        CompiledStrategy strategy, PropensityBeliefs beliefs, DecisionInputs inputs, ReadOnlySpan<float> scores, string channel,
        ReadOnlySpan<double> prices, ulong seed, ArbitrationWorkspace workspace)
    {
        for (var place = 0; place < strategy.Actions.Length; place++)
        {
            var over = Array.IndexOf(strategy.Actions[place].Channels, channel);
            workspace.Openings[place] = new(over < 0 ? ActionVerdict.WrongChannel : ActionVerdict.Ranked, ActionVerdict.Ranked, over);
        }

        if (scores.IsEmpty)
            Array.Fill(workspace.Propensities, float.NaN);
        else
            scores.CopyTo(workspace.Propensities);
        return Decide(strategy, beliefs, inputs, prices, seed, workspace);
    }

    /// <summary>Decides with the openings and propensities that the workspace holds.</summary>
    /// <param name="strategy">The rules and values.</param>
    /// <param name="beliefs">Of the same strategy.</param>
    /// <param name="inputs">The customer.</param>
    /// <param name="prices">Shadow price of each budget, in value per unit; empty for none.</param>
    /// <param name="seed">Derived from the decision's id.</param>
    /// <param name="workspace">Holds the outcomes afterwards.</param>
    public static Choice Decide(
        CompiledStrategy strategy, PropensityBeliefs beliefs, DecisionInputs inputs, ReadOnlySpan<double> prices, ulong seed, ArbitrationWorkspace workspace)
    {
        var round = workspace.Round;
        round.Clear();
        var (best, most) = (-1, 0.0);
        var share = strategy.Source.Exploration.Method == ExplorationMethod.Thompson ? strategy.Source.Exploration.Share : 0;
        for (var place = 0; place < strategy.Actions.Length; place++)
        {
            double score = workspace.Propensities[place];
            ref var outcome = ref workspace.Outcomes[place];
            outcome = Outcome(strategy, strategy.Actions[place], double.IsNaN(score) ? beliefs.Mean(place) : score, inputs, workspace.Openings[place], prices);
            if (outcome.Verdict != ActionVerdict.Ranked)
                continue;

            if (outcome.Priority > most || (best < 0 && outcome.Priority >= most))
                (best, most) = (place, outcome.Priority);
            if (share > 0)
                round.Add(place, outcome.Context * outcome.Value * strategy.Actions[place].Source.Lever, outcome.Charge, score, beliefs);
        }

        if (share == 0)
            return new Choice(best, 1, Explored: false, best);

        round.Prune();
        var explores = (Digest64.Of("explore"u8, seed) >> 11) * (1.0 / (1UL << 53)) < share;
        var chosen = explores ? round.Draw(strategy, seed) : best;
        var probability = (share * round.Probability(chosen)) + (chosen == best ? 1 - share : 0);
        return new Choice(chosen, probability, explores, best);
    }

    private static ActionOutcome Outcome(
        CompiledStrategy strategy, CompiledAction action, double propensity, DecisionInputs inputs, ActionOpening opening, ReadOnlySpan<double> prices)
    {
        if (action.Source.Kind == ActionKind.None)
            return new(ActionVerdict.Nothing, Truth.True, 0, 1, 0, 0, 0);

        if (opening.Before != ActionVerdict.Ranked)
            return Ended(opening.Before, Truth.False);

        if (action.Eligibility is { } eligibility && eligibility.Test(inputs) is var eligible and not Truth.True)
            return Ended(ActionVerdict.NotEligible, eligible);
        if (action.Applicability is { } applicability && applicability.Test(inputs) is var applicable and not Truth.True)
            return Ended(ActionVerdict.NotApplicable, applicable);
        if (action.Suitability is { } suitability && suitability.Test(inputs) is var suitable and not Truth.True)
            return Ended(ActionVerdict.NotSuitable, suitable);
        if (opening.After != ActionVerdict.Ranked)
            return Ended(opening.After, Truth.False);

        if (!action.Context.TryGet(inputs, out var context) || context < 0 || !action.Margin.TryGet(inputs, out var margin) || !action.ExpectedLoss.TryGet(inputs, out var loss)
            || !action.Lifetime.TryGet(inputs, out var lifetime) || !action.Experience.TryGet(inputs, out var experience))
            return Ended(ActionVerdict.NoValue, Truth.Unknown);

        var weights = strategy.Source.Objectives;
        var value = (weights.Revenue * (margin + lifetime)) - (weights.Risk * loss) + (weights.Experience * experience);
        var charge = weights.Revenue * action.Costs[opening.Channel];
        foreach (var (budget, amount) in action.Uses)
            charge += prices.IsEmpty ? 0 : prices[budget] * amount;
        var priority = (context * value * action.Source.Lever * propensity) - charge;
        return double.IsFinite(priority) && double.IsFinite(value)
            ? new(ActionVerdict.Ranked, Truth.True, propensity, context, value, charge, priority, opening.Channel)
            : Ended(ActionVerdict.NoValue, Truth.Error);
    }

    private static ActionOutcome Ended(ActionVerdict verdict, Truth answer) =>
        new(verdict, answer, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);
}
