using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Tests.Decisions.Learning;

public class DecisionAttributionTests
{
    private static readonly string[] Kinds = ["impression", "click", "accept", "reject", "convert", "complaint", "optOut", "payment", "conversation", "reply"];

    private static readonly DecisionAttribution Decided = new(Product.Now, "cards", "gold", "app", 0.25, Budgeted: true, []);

    [Fact]
    public void Whatever_is_told_and_in_what_order_what_was_emitted_adds_up_to_the_last_state()
    {
        var told = Gen.Elements(Kinds).SelectMany(kind => Gen.Elements(null, "gold", "silver").Select(action => (kind, action))).ListOf();
        Prop.ForAll(told.ToArbitrary(), outcomes =>
        {
            var session = Session();
            Decided.PutInto(session, "D-1");
            var count = 0;
            foreach (var (kind, action) in outcomes)
            {
                var known = session.Get(CustomerRows.DecisionOutcomes("D-1"), CustomersJson.Default.DecisionAttribution)!;
                var outcome = Outcome(kind, action);
                if (known.Check(outcome) is null)
                    known.Take(session, outcome, $"{count++}");
            }

            var last = session.Get(CustomerRows.DecisionOutcomes("D-1"), CustomersJson.Default.DecisionAttribution)!;
            Assert.Equal(last.Sums, Changes(session).Aggregate(default(AnswerSums), (sum, change) => sum + change.Sums));
            Assert.Equal(last.Outcomes.Count, last.Outcomes.Distinct().Count());
            Assert.Equal(session.Effects.Count, session.Effects.Select(effect => effect.Id).Distinct().Count());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Theory]
    [InlineData("impression", 1, 0, 4)]
    [InlineData("reject", 1, 0, 4)]
    [InlineData("convert", 1, 1, 4)]
    [InlineData("payment", 0, 0, 0)]
    public void An_answer_weighs_the_inverse_of_the_probability_of_its_choice(string outcome, long asked, long accepted, double weight)
    {
        var sums = Decided.With(Outcome(outcome)).Sums;
        Assert.Equal((asked, accepted, weight, weight * weight), (sums.Asked, sums.Accepted, sums.Weight, sums.WeightSquares));
        Assert.Equal(Math.Min(weight, 1) * DecisionAttribution.MaxWeight, (Decided with { Probability = 0.0001 }).With(Outcome(outcome)).Sums.Weight);
    }

    [Fact]
    public void An_outcome_before_its_decision_or_told_twice_is_refused_with_its_field()
    {
        Assert.Equal("time", Decided.Check(Outcome("click") with { At = Product.Now.AddMilliseconds(-1) })!.Value.Field);
        var accepted = Decided.With(Outcome("accept"));
        Assert.Equal("data.outcome", accepted.Check(Outcome("accept", "gold"))!.Value.Field);
        Assert.Null(accepted.Check(Outcome("accept", "silver")));
        Assert.Null(accepted.With(Outcome("payment")).Check(Outcome("payment")));
    }

    [Fact]
    public void An_accept_after_a_reject_takes_the_budget_again()
    {
        var rejected = Decided.With(Outcome("reject"));
        Assert.Equal((1, 0, 1), (rejected.Sums.Chosen, rejected.Sums.Taken, rejected.Sums.Returned));
        var accepted = rejected.With(Outcome("accept"));
        Assert.Equal((1, 1, 0), (accepted.Sums.Chosen, accepted.Sums.Taken, accepted.Sums.Returned));
        Assert.Equal(default, (Decided with { Action = null, Channel = null }).With(Outcome("accept")).Sums);
    }

    private static OutcomeRow Outcome(string outcome, string? action = null) => new("O-1", outcome, Product.Now, "app", "marketing", "D-1", action, null);

    private static CustomerSession Session() => new(CustomerId.Parse("C-1"), [], 0, null, new Dictionary<string, byte[]>());

    private static IEnumerable<AnswerChange> Changes(CustomerSession session) =>
        session.Effects.Select(effect => JsonNode.Parse(effect.Body)!["data"].Deserialize(CustomersJson.Default.AnswerChange)!);
}
