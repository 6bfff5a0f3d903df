using ServerlessCLM.Governance;

namespace ServerlessCLM.Decisions;

/// <summary>All that a decision is a function of.</summary>
/// <param name="Id">Of the decision; its draws follow from it.</param>
/// <param name="Strategy">The version, with what has been learned.</param>
/// <param name="Customer">As known.</param>
/// <param name="Policies">The packs.</param>
/// <param name="Request">What is asked.</param>
/// <param name="Groups">Holdouts and arms.</param>
public sealed record DecisionCase(
    string Id, ReadyStrategy Strategy, CustomerSnapshot Customer, PolicySet Policies, DecisionRequest Request, DecisionGroups Groups)
{
    /// <summary>Decides. Pure: the same case gives the same outcomes.</summary>
    /// <exception cref="DecisionRefusedException">The request names an action that the strategy lacks.</exception>
    public DecisionOutcome Decide()
    {
        var strategy = Strategy.Strategy;
        var standing = Customer.Standing();
        var contacts = ContactVerdicts.Of(strategy.Contacts, standing, Policies, Customer.Now, Id);
        var (asked, withheld) = (PlacesOf(Request.Actions), PlacesOf(Groups.Arms.SelectMany(arm => arm.Withheld)));
        var objects = standing.ObjectsToProfiling;
        var workspace = Strategy.Rent();
        for (var place = 0; place < strategy.Actions.Length; place++)
        {
            var action = strategy.Actions[place];
            workspace.Openings[place] = Opening(action, asked is null || asked[place], withheld is not null && withheld[place], objects, contacts);
            workspace.Propensities[place] = action.Source.Propensity?.Model is { } model ? Customer.ScoreOf(ModelOf(model)) : float.NaN;
        }

        var choice = Arbitration.Decide(
            strategy, Strategy.Beliefs, Customer.Inputs(DecisionVocabulary.Scores), Strategy.Prices, DecisionIds.SeedOf(Id), workspace);
        return new DecisionOutcome(this, choice, contacts, workspace);
    }

    private string ModelOf(string model)
    {
        foreach (var arm in Groups.Arms)
        {
            if (arm.InsteadOf == model)
                return arm.Model ?? model;
        }

        return model;
    }

    private ActionOpening Opening(CompiledAction action, bool asked, bool withheld, bool objects, ContactVerdicts contacts)
    {
        if (action.Source.Kind == ActionKind.None)
            return default;
        if (!asked)
            return Ends(ActionVerdict.NotAsked);
        if (Request.Channel is { } channel && Array.IndexOf(action.Channels, channel) < 0)
            return Ends(ActionVerdict.WrongChannel);
        if (Groups.Strategy || (Groups.Universal && action.Purpose == "marketing"))
            return Ends(ActionVerdict.HeldOut);
        if (objects && action.Profiles && action.Purpose == "marketing")
            return Ends(ActionVerdict.ProfilingObjection);

        var over = Over(action, contacts);
        return new ActionOpening(ActionVerdict.Ranked,
            withheld ? ActionVerdict.OtherArm : over < 0 ? ActionVerdict.NoContact : Fits(action) ? ActionVerdict.Ranked : ActionVerdict.NoBudget, over);

        static ActionOpening Ends(ActionVerdict verdict) => new(verdict, ActionVerdict.Ranked, -1);
    }

    /// <summary>The cheapest channel among those allowed now, or else among those allowed later.</summary>
    private int Over(CompiledAction action, ContactVerdicts contacts)
    {
        var (best, later) = (-1, false);
        for (var over = 0; over < action.Channels.Length; over++)
        {
            if (Request.Channel is { } channel && action.Channels[over] != channel)
                continue;

            var kind = contacts[action.Contacts[over]].Result.Kind;
            if (kind == VerdictKind.Refuse)
                continue;

            if (best < 0 || (later && kind == VerdictKind.Allow) || (later == (kind == VerdictKind.Postpone) && action.Costs[over] < action.Costs[best]))
                (best, later) = (over, kind == VerdictKind.Postpone);
        }

        return best;
    }

    private bool Fits(CompiledAction action)
    {
        foreach (var (budget, amount) in action.Uses)
        {
            if (budget < Strategy.Learning.Budgets.Count && Strategy.Learning.Budgets[budget].Left < amount)
                return false;
        }

        return true;
    }

    /// <summary>Places of actions; null where none is named.</summary>
    private bool[]? PlacesOf(IEnumerable<string> actions)
    {
        bool[]? places = null;
        foreach (var (number, action) in actions.Index())
        {
            var place = Strategy.Strategy.PlaceOf(action);
            if (place < 0)
                throw DecisionRefusedException.UnknownAction(number, action, Strategy.Strategy);
            (places ??= new bool[Strategy.Strategy.Actions.Length])[place] = true;
        }

        return places;
    }
}

/// <summary>What came of a case. Disposing gives its room back; the outcomes must have been read by then.</summary>
public sealed class DecisionOutcome : IDisposable
{
    private readonly ArbitrationWorkspace _workspace;

    internal DecisionOutcome(DecisionCase decided, Choice choice, ContactVerdicts contacts, ArbitrationWorkspace workspace) =>
        (Case, Choice, Contacts, _workspace) = (decided, choice, contacts, workspace);

    public DecisionCase Case { get; }

    public Choice Choice { get; }

    public ContactVerdicts Contacts { get; }

    /// <summary>In the strategy's order.</summary>
    public ReadOnlySpan<ActionOutcome> Actions => _workspace.Outcomes;

    public void Dispose() => Case.Strategy.Return(_workspace);
}
