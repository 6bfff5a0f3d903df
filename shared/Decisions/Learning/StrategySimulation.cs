using ServerlessCLM.Experiments;
using ServerlessCLM.Governance;

namespace ServerlessCLM.Decisions.Learning;

/// <summary>What a version of a strategy would do with a sample of customers, were each decided on now.</summary>
/// <param name="Version">The version.</param>
/// <param name="Decided">Customers that the strategy is for.</param>
/// <param name="Nothing">Of those, for whom it would do nothing.</param>
/// <param name="Accepted">Expected number of accepts.</param>
/// <param name="Revenue">Expected margin and lifetime value, Σ propensity × (margin + lifetime), before weights.</param>
/// <param name="ExpectedLoss">Σ propensity × expected loss.</param>
/// <param name="ContactCost">Cost of the contacts.</param>
/// <param name="Contacts">By channel.</param>
/// <param name="Actions">Customers by action chosen.</param>
/// <param name="Budgets">What the choices would use.</param>
public sealed record StrategyForecast(
    int Version, int Decided, int Nothing, double Accepted, double Revenue, double ExpectedLoss, double ContactCost,
    IReadOnlyDictionary<string, int> Contacts, IReadOnlyDictionary<string, int> Actions, IReadOnlyDictionary<string, double> Budgets);

/// <summary>A customer for whom two versions would do different things; null is nothing.</summary>
public sealed record SimulatedChange(string CustomerId, string? Before, string? After);

/// <summary>A draft against the version in force on the same customers. Nothing is kept, counted or sent.</summary>
/// <param name="Sampled">Customers in the sample.</param>
/// <param name="Population">About how many customers there are.</param>
/// <param name="Before">Of the version in force; null where none is.</param>
/// <param name="After">Of the draft.</param>
/// <param name="Changed">Customers for whom they differ.</param>
/// <param name="Examples">Of those, at most <see cref="MostExamples"/>.</param>
public sealed record SimulationResult(
    int Sampled, double Population, StrategyForecast? Before, StrategyForecast After, int Changed, IReadOnlyList<SimulatedChange> Examples)
{
    public const int MostExamples = 50;
}

/// <summary>Dry runs of strategies: pure functions of a sample.</summary>
public static class StrategySimulation
{
    /// <param name="before">The version in force; null where none is.</param>
    /// <param name="after">The draft.</param>
    /// <param name="sample">Customers for all.</param>
    /// <param name="policies">The packs.</param>
    /// <param name="holdout">Customers who are never touched.</param>
    public static SimulationResult Compare(ReadyStrategy? before, ReadyStrategy after, CustomerSample sample, PolicySet policies, UniversalHoldout holdout)
    {
        var (one, other) = (before is null ? null : new Tally(before), new Tally(after));
        var (changed, examples) = (0, new List<SimulatedChange>());
        foreach (var customer in sample.Customers)
        {
            var (was, becomes) = (one?.Take(customer, policies, holdout), other.Take(customer, policies, holdout));
            if (was == becomes)
                continue;

            changed++;
            if (examples.Count < SimulationResult.MostExamples)
                examples.Add(new SimulatedChange(customer.Id.Value, was, becomes));
        }

        return new SimulationResult(sample.Customers.Count, sample.Population, one?.Forecast(), other.Forecast(), changed, examples);
    }

    private sealed class Tally(ReadyStrategy strategy)
    {
        private readonly SortedDictionary<string, int> _contacts = new(StringComparer.Ordinal), _actions = new(StringComparer.Ordinal);
        private readonly SortedDictionary<string, double> _budgets = new(StringComparer.Ordinal);
        private int _decided, _nothing;
        private double _accepted, _revenue, _loss, _cost;

        public StrategyForecast Forecast() => new(strategy.Strategy.Source.Version, _decided, _nothing, _accepted, _revenue, _loss, _cost, _contacts, _actions, _budgets);

        /// <summary>Id of the action chosen; null for nothing.</summary>
        public string? Take(SampledCustomer customer, PolicySet policies, UniversalHoldout holdout)
        {
            if (!customer.IsFor(strategy.Strategy.Source))
                return null;

            _decided++;
            using var outcome = customer.CaseOf(strategy, policies, holdout).Decide();
            if (outcome.Choice.Action < 0 || strategy.Strategy.Actions[outcome.Choice.Action] is not { Source.Kind: not ActionKind.None } action)
            {
                _nothing++;
                return null;
            }

            var chosen = outcome.Actions[outcome.Choice.Action];
            var inputs = customer.Snapshot.Inputs(DecisionVocabulary.Scores);
            _accepted += chosen.Propensity;
            _revenue += chosen.Propensity * (AmountOf(action.Margin, inputs) + AmountOf(action.Lifetime, inputs));
            _loss += chosen.Propensity * AmountOf(action.ExpectedLoss, inputs);
            _cost += action.Costs[chosen.Channel];
            Count(_contacts, action.Channels[chosen.Channel]);
            Count(_actions, action.Source.Id);
            foreach (var (budget, amount) in action.Uses)
            {
                var id = strategy.Strategy.Source.Budgets[budget].Id;
                _budgets[id] = _budgets.GetValueOrDefault(id) + amount;
            }

            return action.Source.Id;
        }

        /// <summary>Of an action that was ranked, every amount is known.</summary>
        private static double AmountOf(CompiledAmount amount, DecisionInputs inputs) => amount.TryGet(inputs, out var value) ? value : 0;

        private static void Count(SortedDictionary<string, int> counts, string name) => counts[name] = counts.GetValueOrDefault(name) + 1;
    }
}
