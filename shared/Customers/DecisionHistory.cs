namespace ServerlessCLM.Customers;

/// <summary>A decision in short.</summary>
/// <param name="Id">Of the decision.</param>
/// <param name="At">When it was made.</param>
/// <param name="Strategy">Id and version, as <c>card-retail@3</c>.</param>
/// <param name="Action">What was chosen; null for nothing.</param>
/// <param name="Channel">Over which it is meant; null for nothing.</param>
/// <param name="Placement">Where it was asked for.</param>
/// <param name="Probability">With which it was chosen.</param>
/// <param name="Explored">Whether the decision drew its propensities.</param>
public sealed record DecisionSummary(
    string Id, DateTimeOffset At, string Strategy, string? Action, string? Channel, string? Placement, double Probability, bool Explored);

/// <summary>What the customer said to an action.</summary>
public sealed record ActionAnswer(string Action, bool Accepted, DateTimeOffset At);

/// <summary>The latest decisions and answers, newest first: one row, read and changed with the customer's commit.</summary>
/// <param name="Total">Decisions ever made for the customer.</param>
/// <param name="Decisions">The latest <see cref="Capacity"/>.</param>
/// <param name="Answers">The latest answers, of each action the newest of either kind.</param>
public sealed record DecisionHistory(long Total, IReadOnlyList<DecisionSummary> Decisions, IReadOnlyList<ActionAnswer> Answers)
{
    /// <summary>Decisions, and answers, kept at the most: 600 bytes each in a row of 64 KiB.</summary>
    public const int Capacity = 50, MostAnswers = 200;

    public static readonly DecisionHistory Empty = new(0, [], []);

    public static DecisionHistory Of(CustomerSession session) =>
        session.Get(CustomerRows.Decisions, CustomersJson.Default.DecisionHistory) ?? Empty;

    public DecisionHistory With(DecisionSummary decision) =>
        this with { Total = Total + 1, Decisions = [decision, .. Decisions.Take(Capacity - 1)] };

    /// <summary>Without decisions made before an instant; what the customer answered to actions stays.</summary>
    public DecisionHistory Since(DateTimeOffset before) =>
        Decisions.Any(decision => decision.At < before) ? this with { Decisions = [.. Decisions.Where(decision => decision.At >= before)] } : this;

    /// <summary>Takes note of an outcome that says yes or no to an action; the action is the outcome's own, or that of its decision.</summary>
    public DecisionHistory With(OutcomeRow outcome)
    {
        bool? accepted = outcome.Outcome switch { "accept" or "convert" => true, "reject" => false, _ => null };
        var action = outcome.Action ?? Decisions.FirstOrDefault(decision => decision.Id == outcome.DecisionId)?.Action;
        if (accepted is not { } said || action is null)
            return this;

        var known = Answers.FirstOrDefault(answer => answer.Action == action && answer.Accepted == said);
        var answer = new ActionAnswer(action, said, known?.At > outcome.At ? known.At : outcome.At);
        return this with
        {
            Answers = [.. Answers.Where(each => each != known).Append(answer)
                .OrderByDescending(each => each.At).ThenBy(each => each.Action, StringComparer.Ordinal).ThenBy(each => each.Accepted).Take(MostAnswers)],
        };
    }
}
