using System.Text.Json.Nodes;
using ServerlessCLM.Conditions;
using ServerlessCLM.Governance;

namespace ServerlessCLM.Decisions;

/// <summary>One step of what would let an action win.</summary>
/// <param name="What">A value of the customer's, <c>value</c>, <c>channel</c>, a budget, a group.</param>
/// <param name="From">As it is.</param>
/// <param name="To">As it would have to be.</param>
/// <param name="Words">The same in words.</param>
/// <param name="Lever">Of <c>value</c>: the action's lever that comes to the same; null where none does.</param>
public sealed record DecisionChange(string What, JsonNode? From, JsonNode? To, string Words, double? Lever = null)
{
    public JsonObject ToJson()
    {
        var node = new JsonObject { ["what"] = What, ["from"] = From?.DeepClone(), ["to"] = To?.DeepClone(), ["words"] = Words };
        if (Lever is { } lever)
            node["lever"] = lever;
        return node;
    }
}

/// <summary>
/// Looks for the smallest change that would let an action win: first what keeps it out, one obstacle after the other in the order in which they
/// are met, then what it is worth. Each step is taken on the case and the case decided again, so that what is found has been tried.
/// </summary>
/// <remarks>A win is the largest priority: what is chosen by every decision that does not explore.</remarks>
internal sealed class SmallestChange(int place)
{
    /// <summary>Obstacles that an action may have.</summary>
    private const int MostSteps = 12;

    /// <summary>What a priority must be above another, in parts of it, to be larger whatever the order of adding up.</summary>
    private const double Slack = 1e-9;

    /// <summary>Largest lever that a strategy may have.</summary>
    private const double MostLever = 1000;

    private readonly List<DecisionChange> _changes = [];

    /// <summary>Where nothing was found, why.</summary>
    public string? Obstacle { get; private set; }

    /// <summary>The case with all changes taken but that of the value.</summary>
    public DecisionCase? Changed { get; private set; }

    /// <summary>The changes; null where there is none that can be named.</summary>
    /// <param name="decided">The case as it was.</param>
    /// <param name="first">What came of it.</param>
    public IReadOnlyList<DecisionChange>? Of(DecisionCase decided, DecisionOutcome first)
    {
        Changed = decided;
        for (var step = 0; step < MostSteps; step++)
        {
            var outcome = step == 0 ? first : Changed.Decide();
            try
            {
                if (outcome.Choice.Best == place)
                    return _changes;
                if (outcome.Actions[place].Verdict == ActionVerdict.Ranked)
                    return Worth(outcome) ? _changes : null;
                if (Next(Changed, outcome) is not { } next)
                    return null;
                Changed = next;
            }
            finally
            {
                if (outcome != first)
                    outcome.Dispose();
            }
        }

        Obstacle = "too much would have to be otherwise";
        return null;
    }

    private DecisionCase? Next(DecisionCase at, DecisionOutcome outcome)
    {
        var action = at.Strategy.Strategy.Actions[place];
        switch (outcome.Actions[place].Verdict)
        {
            case ActionVerdict.NotEligible or ActionVerdict.NotApplicable or ActionVerdict.NotSuitable:
                return WithRules(at, action);
            case ActionVerdict.WrongChannel:
                Add("channel", at.Request.Channel, action.Channels[0], $"asked for over {action.Channels[0]}");
                return at with { Request = at.Request with { Channel = action.Channels[0] } };
            case ActionVerdict.NotAsked:
                Add("actions", null, action.Source.Id, "among the actions that are asked for");
                return at with { Request = at.Request with { Actions = [.. at.Request.Actions, action.Source.Id] } };
            case ActionVerdict.HeldOut:
                Add("holdout", true, false, "a customer who is not held out");
                return at with { Groups = at.Groups with { Universal = false, Strategy = false } };
            case ActionVerdict.OtherArm:
                var arm = at.Groups.Arms.First(each => each.Withheld.Contains(action.Source.Id));
                Add($"experiment {arm.Experiment}", arm.Arm, null, $"a customer in the arm of {arm.Experiment} that has it");
                return at with { Groups = at.Groups with { Arms = [.. at.Groups.Arms.Except([arm])] } };
            case ActionVerdict.ProfilingObjection:
                Add("profiling", "objection", "none", "no objection to profiling");
                var willing = at.Customer.With(["flags", "objectsToProfiling"], null);
                return at with { Customer = willing with { Consents = [.. willing.Consents.Where(consent => consent.Purpose != "profiling")] } };
            case ActionVerdict.NoContact:
                return WithContact(at, action, outcome);
            case ActionVerdict.NoBudget:
                return WithBudgets(at, action);
            default:
                Obstacle = "its value or context cannot be computed";
                return null;
        }
    }

    private DecisionCase? WithRules(DecisionCase at, CompiledAction action)
    {
        var (customer, known) = (at.Customer, _changes.Count);
        var rules = new RuleChanges(at.Strategy.Strategy.Vocabulary, customer.Inputs(DecisionVocabulary.Scores));
        foreach (var rule in new[] { action.Eligibility, action.Applicability, action.Suitability }.OfType<Expression<DecisionInputs>>())
        {
            if (rules.Of(rule) is not { } needed)
            {
                Obstacle = $"no single value decides: {string.Join("; ", rules.Failing(rule))}";
                return null;
            }

            foreach (var change in needed.Where(change => !_changes.Exists(earlier => earlier.What == change.Name)))
            {
                if (customer.With(change) is not { } changed)
                {
                    Obstacle = $"{change.Name} cannot be asked for";
                    return null;
                }

                customer = changed;
                Add(change.Name, Words.Node(change.From), Words.Node(change.To), $"{change.Name} {Words.Of(change.From)} → {Words.Of(change.To)}");
            }
        }

        if (_changes.Count == known)
        {
            Obstacle = "its rules ask for values that exclude each other";
            return null;
        }

        return at with { Customer = customer };
    }

    /// <summary>Consent and contact details can be asked for; caps, quiet hours and legal stops cannot.</summary>
    private DecisionCase? WithContact(DecisionCase at, CompiledAction action, DecisionOutcome outcome)
    {
        foreach (var (over, channel) in action.Channels.Index().Where(each => at.Request.Channel is null || at.Request.Channel == each.Item))
        {
            var refusals = outcome.Contacts[action.Contacts[over]].Result.Verdicts.Where(verdict => verdict.Kind == VerdictKind.Refuse).ToList();
            var consent = refusals.Exists(verdict => verdict.Stage == GateStage.Consent);
            if (refusals.Count == 0 || !refusals.TrueForAll(verdict => verdict is { Stage: GateStage.Consent, Code: not "no-lawful-basis" } or { Code: "unreachable" or "objection" }))
                continue;

            var customer = at.Customer;
            if (consent)
            {
                customer = customer.WithConsent(action.Purpose, channel, granted: true);
                Add($"consent('{action.Purpose}', '{channel}')", null, true, $"consent for {action.Purpose} over {channel}");
            }

            if (refusals.Exists(verdict => verdict.Code == "objection"))
            {
                customer = customer.With(["flags", "objectsToMarketing"], null);
                Add("flags.objectsToMarketing", true, false, "no objection to marketing");
            }

            if (refusals.Exists(verdict => verdict.Code == "unreachable"))
            {
                customer = customer.With([channel switch { "email" => "email", "letter" => "address", _ => "phone" }], true).With(["unreachable", channel], null);
                Add($"reachable over {channel}", false, true, $"a way to reach the customer over {channel}");
            }

            return at with { Customer = customer };
        }

        Obstacle = $"the contact gate: {string.Join(", ", action.Channels.Select((channel, over) => $"{channel} {outcome.Contacts[action.Contacts[over]].Result.Code}"))}";
        return null;
    }

    private DecisionCase WithBudgets(DecisionCase at, CompiledAction action)
    {
        var budgets = at.Strategy.Learning.Budgets.ToArray();
        foreach (var (budget, amount) in action.Uses)
        {
            if (budgets[budget].Left >= amount)
                continue;

            var id = at.Strategy.Strategy.Source.Budgets[budget].Id;
            Add($"budget {id}", budgets[budget].Left, amount, $"{Words.Of(amount - budgets[budget].Left)} more left of the budget {id}");
            budgets[budget] = budgets[budget] with { Left = amount };
        }

        return at with { Strategy = at.Strategy.With(at.Strategy.Learning with { Budgets = budgets }) };
    }

    /// <summary>What the action would have to be worth to have the largest priority.</summary>
    private bool Worth(DecisionOutcome outcome)
    {
        var (own, best) = (outcome.Actions[place], outcome.Choice.Best);
        var lever = outcome.Case.Strategy.Strategy.Actions[place].Source.Lever;
        var target = best < 0 ? 0 : outcome.Actions[best].Priority;
        if (own.Propensity * own.Context * lever is not > 0 and var slope)
        {
            Obstacle = $"propensity × context × lever is {Words.Of(slope)}, so that no value is enough";
            return false;
        }

        // A tie that the last bit decides is no win: arbitration adds up in another order than this does.
        var clear = target + (Slack * Math.Max(1, Math.Abs(target)));
        bool Wins(double value, double by) => (own.Context * value * by * own.Propensity) - own.Charge > clear;

        // To the cent, which absorbs what rounding leaves.
        var needed = Math.Max(Math.Ceiling((((target + own.Charge) / (own.Propensity * own.Context * lever)) - own.Value) * 100) / 100, 0.01);
        while (!Wins(own.Value + needed, lever))
            needed += Math.Max(0.01, Math.Abs(needed) * 1e-9);

        double? levered = own.Value > 0 ? (clear + own.Charge) / (own.Context * own.Value * own.Propensity) : null;
        while (levered is { } least && least <= MostLever && !Wins(own.Value, least))
            levered = least * (1 + Slack);
        if (levered > MostLever)
            levered = null;
        Add("value", own.Value, own.Value + needed, levered is { } instead
            ? $"value higher by {Words.Of(needed)}, or the lever at {Words.Of(instead)} in place of {Words.Of(lever)}" : $"value higher by {Words.Of(needed)}", levered);
        return true;
    }

    private void Add(string what, JsonNode? from, JsonNode? to, string words, double? lever = null) => _changes.Add(new DecisionChange(what, from, to, words, lever));
}
