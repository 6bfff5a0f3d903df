using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ServerlessCLM.Customers;

/// <summary>What a strategy has learned of an action over a channel, as sums over decisions, which add up whatever the order.</summary>
/// <param name="Chosen">Decisions that chose it.</param>
/// <param name="Taken">Of those, accepted.</param>
/// <param name="Returned">Of those, rejected.</param>
/// <param name="Asked">Decisions whose customer is known to have seen it.</param>
/// <param name="Accepted">Of those, accepted.</param>
/// <param name="Weight">Σ w over those asked, w the inverse of the probability of the choice, at most <see cref="DecisionAttribution.MaxWeight"/>.</param>
/// <param name="WeightSquares">Σ w².</param>
/// <param name="WeightAccepted">Σ w over those accepted.</param>
public readonly record struct AnswerSums(
    long Chosen, long Taken, long Returned, long Asked, long Accepted, double Weight, double WeightSquares, double WeightAccepted)
    : IAdditionOperators<AnswerSums, AnswerSums, AnswerSums>, ISubtractionOperators<AnswerSums, AnswerSums, AnswerSums>
{
    /// <summary>Decisions of equal weight that say as much: (Σw)² / Σw² (Kish, 1965).</summary>
    [JsonIgnore]
    public double EffectiveAsked => WeightSquares <= 0 ? 0 : Weight * Weight / WeightSquares;

    /// <summary>Share that accepted, had every customer the action was possible for been asked: Σwa / Σw.</summary>
    [JsonIgnore]
    public double AcceptedShare => Weight <= 0 ? double.NaN : Math.Clamp(WeightAccepted / Weight, 0, 1);

    public static AnswerSums operator +(AnswerSums a, AnswerSums b) => new(
        a.Chosen + b.Chosen, a.Taken + b.Taken, a.Returned + b.Returned, a.Asked + b.Asked, a.Accepted + b.Accepted,
        a.Weight + b.Weight, a.WeightSquares + b.WeightSquares, a.WeightAccepted + b.WeightAccepted);

    public static AnswerSums operator -(AnswerSums a, AnswerSums b) => new(
        a.Chosen - b.Chosen, a.Taken - b.Taken, a.Returned - b.Returned, a.Asked - b.Asked, a.Accepted - b.Accepted,
        a.Weight - b.Weight, a.WeightSquares - b.WeightSquares, a.WeightAccepted - b.WeightAccepted);
}

/// <summary>What one commit of a customer adds to a strategy's sums; the data of a <c>clm.answer.v1</c> event.</summary>
/// <param name="Strategy">Its id: what is learned outlives its version.</param>
/// <param name="Action">The chosen action.</param>
/// <param name="Channel">Over which it was chosen.</param>
/// <param name="Decided">When the decision was made: budgets are counted by that day.</param>
/// <param name="Sums">What is added.</param>
public sealed record AnswerChange(string Strategy, string Action, string Channel, DateTimeOffset Decided, AnswerSums Sums)
{
    public const string EventType = "clm.answer.v1";
}

/// <summary>What outcomes of a decision are held against: a small row beside its record, in the customer's partition.</summary>
/// <param name="At">When the decision was made.</param>
/// <param name="Strategy">Id of its strategy.</param>
/// <param name="Action">What was chosen; null for nothing.</param>
/// <param name="Channel">Over which; null for nothing.</param>
/// <param name="Probability">With which it was chosen.</param>
/// <param name="Budgeted">Whether the action uses a budget.</param>
/// <param name="Outcomes">What has been told of it, each once.</param>
public sealed record DecisionAttribution(
    DateTimeOffset At, string Strategy, string? Action, string? Channel, double Probability, bool Budgeted, IReadOnlyList<string> Outcomes)
{
    /// <summary>The weight of one answer at the most: an answer to a choice made once in twenty counts for twenty, a rarer one not for more.</summary>
    public const double MaxWeight = 20;

    /// <summary>Outcomes remembered of one decision.</summary>
    private const int MaxOutcomes = 100;

    /// <summary>What can be told of an action of a decision only once; payments, conversations and replies may come again.</summary>
    private static readonly string[] Once = ["impression", "click", "accept", "reject", "convert", "complaint", "optOut"];

    /// <summary>Why an outcome cannot be of this decision; null where it can.</summary>
    public Rejection? Check(OutcomeRow outcome)
    {
        // Events tell milliseconds.
        if (outcome.At.ToUnixTimeMilliseconds() < At.ToUnixTimeMilliseconds())
            return new Rejection("time", $"is before the decision, which was made at {Instant.Text(At)}");

        return Once.Contains(outcome.Outcome) && Outcomes.Contains(NameOf(outcome))
            ? new Rejection("data.outcome", $"{outcome.Outcome} was told before of this decision; an outcome counts once")
            : null;
    }

    public DecisionAttribution With(OutcomeRow outcome) =>
        Outcomes.Contains(NameOf(outcome)) || Outcomes.Count == MaxOutcomes ? this : this with { Outcomes = [.. Outcomes, NameOf(outcome)] };

    /// <summary>What the decision adds to its strategy's sums, as far as its outcomes are known. An accept makes good for a reject.</summary>
    [JsonIgnore]
    public AnswerSums Sums
    {
        get
        {
            if (Action is null)
                return default;

            var (accepted, rejected) = (Outcomes.Contains("accept") || Outcomes.Contains("convert"), Outcomes.Contains("reject"));
            var asked = accepted || rejected || Outcomes.Any(outcome => outcome is "impression" or "click" or "complaint" or "optOut" or "conversation");
            var weight = asked ? Math.Min(1 / Probability, MaxWeight) : 0;
            return new AnswerSums(
                Budgeted ? 1 : 0, Budgeted && accepted ? 1 : 0, Budgeted && rejected && !accepted ? 1 : 0,
                asked ? 1 : 0, accepted ? 1 : 0, weight, weight * weight, accepted ? weight : 0);
        }
    }

    /// <summary>Puts the attribution of a new decision beside its record, and counts what the choice takes from budgets.</summary>
    public void PutInto(CustomerSession session, string decision)
    {
        session.Put(CustomerRows.DecisionOutcomes(decision), this, CustomersJson.Default.DecisionAttribution);
        Emit(session, decision, "decided", default);
    }

    /// <summary>Takes an outcome that has passed <see cref="Check"/>.</summary>
    /// <param name="cause">Id of the outcome.</param>
    public void Take(CustomerSession session, OutcomeRow outcome, string cause)
    {
        var after = With(outcome);
        if (after == this)
            return;

        session.Put(CustomerRows.DecisionOutcomes(outcome.DecisionId!), after, CustomersJson.Default.DecisionAttribution);
        after.Emit(session, outcome.DecisionId!, cause, Sums);
    }

    /// <summary>An outcome of another of the decision's actions is told apart and teaches nothing: with what probability it was shown is not known.</summary>
    private string NameOf(OutcomeRow outcome) => outcome.Action is null || outcome.Action == Action ? outcome.Outcome : $"{outcome.Outcome} {outcome.Action}";

    private void Emit(CustomerSession session, string decision, string cause, AnswerSums before)
    {
        var change = Sums - before;
        if (Action is null || Channel is null || change == default)
            return;

        var origin = $"{session.Customer}\n{decision}\n{cause}";
        var id = string.Create(CultureInfo.InvariantCulture, $"{Digest64.Of(origin):x16}{Digest64.Of(origin, 1):x16}");
        var body = new JsonObject
        {
            ["specversion"] = "1.0", ["id"] = id, ["source"] = "/clm/decisions", ["type"] = AnswerChange.EventType, ["subject"] = session.Customer.Value,
            ["time"] = Instant.Text(At), ["datacontenttype"] = "application/json",
            ["data"] = JsonSerializer.SerializeToNode(new AnswerChange(Strategy, Action, Channel, At, change), CustomersJson.Default.AnswerChange),
        };
        session.Emit(new Effect(id, EventStreams.SignalsHub, body.ToJsonString()));
    }
}
