using System.Globalization;
using NodaTime;
using NodaTime.Text;
using ServerlessCLM.Governance;

namespace ServerlessCLM.Decisions;

/// <summary>One action of an answer.</summary>
/// <param name="Rank">From 1.</param>
/// <param name="Action">Its id.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Channel">Over which to do it.</param>
/// <param name="Purpose">What the contact is for.</param>
/// <param name="Priority">propensity × context × value × lever − charge.</param>
/// <param name="NotBefore">Until when quiet hours hold; null for at once.</param>
/// <param name="ValidUntil">Until when the decision holds; null for no end.</param>
/// <param name="Journey">The journey that it starts.</param>
/// <param name="Obligations">What the message must carry.</param>
/// <param name="Reasons">Why it stands where it stands, in words.</param>
public sealed record AnsweredAction(
    int Rank, string Action, ActionKind Kind, string Channel, string Purpose, double Priority, DateTimeOffset? NotBefore, DateTimeOffset? ValidUntil,
    string? Journey, IReadOnlyList<string> Obligations, IReadOnlyList<string> Reasons);

/// <summary>A decision, in short: what to do for a customer now, best first; an empty list is nothing.</summary>
/// <param name="DecisionId">For outcomes, the record and its replay.</param>
/// <param name="CustomerId">Whose.</param>
/// <param name="At">When it was made.</param>
/// <param name="Strategy">Id and version.</param>
/// <param name="Placement">As asked.</param>
/// <param name="Chosen">The action of rank 1; null for nothing.</param>
/// <param name="Probability">With which it was chosen, given the inputs.</param>
/// <param name="Explored">Whether this decision drew its propensities.</param>
/// <param name="Actions">By rank: the chosen one, then those by priority that are worth more than nothing.</param>
public sealed record DecisionAnswer(
    string DecisionId, string CustomerId, DateTimeOffset At, string Strategy, string? Placement, string? Chosen, double Probability, bool Explored,
    IReadOnlyList<AnsweredAction> Actions)
{
    /// <param name="record">The decision.</param>
    /// <param name="strategy">The version that it was made by.</param>
    public static DecisionAnswer Of(DecisionRecord record, CompiledStrategy strategy)
    {
        var actions = new List<AnsweredAction>();
        foreach (var place in record.Ranking(record.Request.Limit))
            actions.Add(Describe(record, strategy.Actions[place], record.Actions.Span[place], actions.Count + 1));

        return new DecisionAnswer(record.Id, record.Customer.Value, record.Inputs.Now, record.StrategyName, record.Request.Placement,
            record.Choice.Action < 0 ? null : strategy.Actions[record.Choice.Action].Source.Id,
            record.Choice.Probability, record.Choice.Explored, actions);
    }

    private static AnsweredAction Describe(DecisionRecord record, CompiledAction action, in ActionOutcome outcome, int rank)
    {
        var source = action.Source;
        var channel = action.Channels[outcome.Channel];
        var contact = record.ContactOf(channel, action.Purpose, source.Journey);
        var valid = source.Valid is { } period && PeriodPattern.NormalizingIso.Parse(period).TryGetValue(Period.Zero, out var length)
            ? (LocalDateTime.FromDateTime(record.Inputs.Now.UtcDateTime) + length).InUtc().ToDateTimeOffset() : (DateTimeOffset?)null;
        return new AnsweredAction(rank, source.Id, source.Kind, channel, action.Purpose, outcome.Priority, contact?.Result.Until, valid, source.Journey,
            contact?.Result.Obligations ?? [], Reasons(record, source, outcome, rank));
    }

    private static List<string> Reasons(DecisionRecord record, StrategyAction action, in ActionOutcome outcome, int rank)
    {
        var by = action.Propensity?.Model is { } model && record.Inputs.Models.FirstOrDefault(score => score.Id == model) is { } score
            ? $"model {score.Id}@{score.Version}" : "what is believed of all customers";
        var reasons = new List<string>
        {
            string.Create(CultureInfo.InvariantCulture, $"accepted with {outcome.Propensity:0.##%} by {by}"),
            string.Create(CultureInfo.InvariantCulture, $"worth {outcome.Value:0.00} when accepted"),
        };
        if (outcome.Context != 1)
            reasons.Add(string.Create(CultureInfo.InvariantCulture, $"times {outcome.Context:0.###} for the moment"));
        if (action.Lever != 1)
            reasons.Add(string.Create(CultureInfo.InvariantCulture, $"times {action.Lever:0.###} by the lever"));
        if (outcome.Charge != 0)
            reasons.Add(string.Create(CultureInfo.InvariantCulture, $"less {outcome.Charge:0.00##} for contact and budgets"));
        if (rank == 1 && record.Choice.Explored)
            reasons.Add(string.Create(CultureInfo.InvariantCulture, $"drawn by a decision that explores, with probability {record.Choice.Probability:0.####}"));
        return reasons;
    }
}
