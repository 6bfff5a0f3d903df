using System.Text.Json.Nodes;

namespace ServerlessCLM.Decisions;

/// <summary>Why an action was not chosen, in words.</summary>
internal sealed class WhyNot(DecisionRecord record, DecisionCase decided)
{
    public void Explain(int place, JsonObject view)
    {
        var (outcome, choice, strategy) = (record.Actions.Span[place], record.Choice, decided.Strategy.Strategy);
        view["whyNot"] = outcome.Verdict switch
        {
            ActionVerdict.Ranked when choice.Explored => "the decision explored, and another was drawn",
            ActionVerdict.Ranked when choice.Action < 0 => "it is worth less than nothing",
            ActionVerdict.Ranked => $"{strategy.Actions[choice.Action].Source.Id} has a larger priority",
            ActionVerdict.Nothing => "another action is worth more than nothing",
            ActionVerdict.WrongChannel => $"it has no contact over {decided.Request.Channel}",
            ActionVerdict.NotEligible => "its eligibility does not hold",
            ActionVerdict.NotApplicable => "its applicability does not hold",
            ActionVerdict.NotSuitable => "its suitability does not hold",
            ActionVerdict.NoValue => "its value or context cannot be computed",
            ActionVerdict.NotAsked => "it is not among the actions that were asked for",
            ActionVerdict.HeldOut => "the customer is held out",
            ActionVerdict.OtherArm => "it belongs to another arm of an experiment",
            ActionVerdict.ProfilingObjection => "the customer objects to profiling",
            ActionVerdict.NoContact => "the contact gate refuses it over every channel",
            _ => "a budget has less left than it uses",
        };
    }
}
