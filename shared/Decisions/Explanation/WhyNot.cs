using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCLM.Conditions;
using ServerlessCLM.Governance;

namespace ServerlessCLM.Decisions;

/// <summary>Why actions were not chosen, in words, and what would let them win.</summary>
internal sealed class WhyNot : IDisposable
{
    private readonly DecisionRecord _record;
    private readonly DecisionOutcome _outcome;
    private readonly RuleChanges _rules;

    public WhyNot(DecisionRecord record, DecisionCase decided)
    {
        (_record, _outcome) = (record, decided.Decide());
        _rules = new RuleChanges(decided.Strategy.Strategy.Vocabulary, decided.Customer.Inputs(DecisionVocabulary.Scores));
    }

    public void Dispose() => _outcome.Dispose();

    /// <summary>Tells of an action that was not chosen.</summary>
    public void Explain(int place, JsonObject view)
    {
        var action = _outcome.Case.Strategy.Strategy.Actions[place];
        view["whyNot"] = Reason(action, _record.Actions.Span[place], place);
        if (action.Source.Kind == ActionKind.None)
            return;

        if (place == _record.Choice.Best)
        {
            view["change"] = new JsonArray();
            return;
        }

        var search = new SmallestChange(place);
        if (search.Of(_outcome.Case, _outcome) is { } changes)
            view["change"] = new JsonArray([.. changes.Select(change => (JsonNode)change.ToJson())]);
        else
            view["noChange"] = search.Obstacle;
    }

    private string Reason(CompiledAction action, in ActionOutcome outcome, int place)
    {
        var (choice, actions) = (_record.Choice, _outcome.Case.Strategy.Strategy.Actions);
        switch (outcome.Verdict)
        {
            case ActionVerdict.Ranked when place == choice.Best:
                return "it has the largest priority, and wins whenever a decision does not explore; this one drew another";
            case ActionVerdict.Ranked when choice.Best < 0:
                return string.Create(CultureInfo.InvariantCulture, $"its priority of {outcome.Priority:0.00##} is less than that of nothing");
            case ActionVerdict.Ranked:
                return string.Create(CultureInfo.InvariantCulture,
                    $"its priority of {outcome.Priority:0.00##} is less than the {_record.Actions.Span[choice.Best].Priority:0.00##} of {actions[choice.Best].Source.Id}");
            case ActionVerdict.Nothing:
                return "another action is worth more than nothing";
            case ActionVerdict.NotEligible:
                return Rule("eligibility", action.Eligibility!);
            case ActionVerdict.NotApplicable:
                return Rule("applicability", action.Applicability!);
            case ActionVerdict.NotSuitable:
                return Rule("suitability", action.Suitability!);
            case ActionVerdict.WrongChannel:
                return $"it has no contact over {_record.Request.Channel}";
            case ActionVerdict.NotAsked:
                return "it is not among the actions that were asked for";
            case ActionVerdict.HeldOut:
                return _record.Groups.Strategy ? "the customer is held out of everything the strategy does" : "the customer is held out of all marketing";
            case ActionVerdict.OtherArm:
                var arm = _record.Groups.Arms.First(each => each.Withheld.Contains(action.Source.Id));
                return $"the customer is in the arm {arm.Arm} of the experiment {arm.Experiment}, and it is another's";
            case ActionVerdict.ProfilingObjection:
                return "it is marketing that looks at the customer's behaviour, and the customer objects to profiling";
            case ActionVerdict.NoContact:
                return $"the contact gate refuses it: {string.Join(", ", Refusals(action))}";
            case ActionVerdict.NoBudget:
                return $"a budget has less left than it uses: {string.Join(", ", action.Source.Uses.Keys)}";
            default:
                return "its value or context cannot be computed, for something that it reads is missing";
        }
    }

    private IEnumerable<string> Refusals(CompiledAction action) => action.Channels
        .Select(channel => (Channel: channel, Contact: _record.ContactOf(channel, action.Purpose, action.Source.Journey)))
        .Where(each => each.Contact is { Result.Kind: VerdictKind.Refuse })
        .Select(each => $"{each.Channel} by {each.Contact!.Result.Verdicts.First(verdict => verdict.Kind == VerdictKind.Refuse).Rule}");

    private string Rule(string name, Expression<DecisionInputs> rule) => $"{name}: {string.Join("; ", _rules.Failing(rule))}";
}
