using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Conditions;
using ServerlessCLM.Decisions.Learning;
using ServerlessCLM.Documents;

namespace ServerlessCLM.Decisions;

/// <summary>Strategies as documents: names, types and rules are checked before anybody is decided on by them.</summary>
public sealed class StrategyKind(Vocabulary<DecisionInputs> vocabulary) : DocumentKind("strategy", "strategies")
{
    protected override void CheckMeaning(JsonObject document, Findings findings)
    {
        Strategy strategy;
        try
        {
            strategy = Strategy.Read(document);
        }
        catch (JsonException wrong)
        {
            findings.Error(wrong.Path ?? JsonPath.Root, "cannot be read");
            return;
        }

        CheckIds("$.budgets", strategy.Budgets.Select(budget => budget.Id), findings);
        CheckIds("$.actions", strategy.Actions.Select(action => action.Id), findings);
        if (strategy.Exploration is { Method: ExplorationMethod.None, Share: > 0 })
            findings.Error("$.exploration.share", "must be 0 where the method is none");
        if (strategy.Objectives is { Revenue: 0, Risk: 0, Experience: 0 })
            findings.Error("$.objectives", "must have one weight above 0");

        var (actions, budgets, used) = (strategy.Actions.Select(action => action.Id).ToHashSet(StringComparer.Ordinal), strategy.Budgets.Select(budget => budget.Id).ToList(), new HashSet<string>(StringComparer.Ordinal));
        for (var place = 0; place < strategy.Actions.Count; place++)
        {
            var (action, path) = (strategy.Actions[place], JsonPath.Item("$.actions", place));
            foreach (var budget in action.Uses.Keys)
            {
                used.Add(budget);
                if (!budgets.Contains(budget))
                    findings.Error(JsonPath.Member($"{path}.uses", budget), $"is not a budget of the strategy{NearestName.Hint(budget, budgets)}");
            }

            CheckAction(action, path, findings);
            CheckConditions(action, path, actions, findings);
        }

        for (var place = 0; place < strategy.Budgets.Count; place++)
        {
            if (!BudgetPeriod.TryRead(strategy.Budgets[place].Per, out _))
                findings.Error($"{JsonPath.Item("$.budgets", place)}.per", "must be whole days or whole months, like P1D, P1W, P1M or P1Y");
            if (!used.Contains(strategy.Budgets[place].Id))
                findings.Warning(JsonPath.Item("$.budgets", place), "no action uses it");
        }
    }

    private static void CheckIds(string path, IEnumerable<string> ids, Findings findings)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (place, id) in ids.Index())
        {
            if (!known.Add(id))
                findings.Error($"{JsonPath.Item(path, place)}.id", $"{id} is there twice");
        }
    }

    private void CheckAction(StrategyAction action, string path, Findings findings)
    {
        if (action.Kind == ActionKind.None)
        {
            if (action is not { Propensity: null, Value: null, Channels.Count: 0, Uses.Count: 0, Cost.Count: 0, Journey: null })
                findings.Error(path, "an action of kind none does nothing: it has no propensity, value, channels, cost, uses or journey");
            return;
        }

        if (action.Channels.Count == 0)
            findings.Error($"{path}.channels", "is required of every action but none");
        if (action.Propensity is null)
            findings.Error($"{path}.propensity", "is required of every action but none");
        if (action.Propensity?.Model is { } model && !vocabulary.Names.Contains($"scores.{model}"))
            findings.Warning($"{path}.propensity.model", $"is no score, so that the prior holds{NearestName.Hint($"scores.{model}", vocabulary.Names.Where(name => name.StartsWith("scores.", StringComparison.Ordinal)))}");
        foreach (var channel in action.Cost.Keys.Where(channel => !action.Channels.Contains(channel)))
            findings.Warning(JsonPath.Member($"{path}.cost", channel), "is not among the channels");
    }

    private void CheckConditions(StrategyAction action, string path, HashSet<string> actions, Findings findings)
    {
        var (rules, paths) = (new List<Expression<DecisionInputs>>(), new List<string>());
        foreach (var (name, text) in new[] { ("eligibility", action.Eligibility), ("applicability", action.Applicability), ("suitability", action.Suitability) })
        {
            if (text is null || findings.Condition(vocabulary, $"{path}.{name}", text) is not { } rule)
                continue;
            rules.Add(rule);
            paths.Add($"{path}.{name}");
            CheckActionNames(rule, $"{path}.{name}", actions, findings);
        }

        foreach (var fault in RuleAnalysis.Of(rules))
        {
            if (fault.Fault == RuleFault.NeverTrue)
                findings.Error(paths[fault.Rule], fault.Finding.Reason, fault.Finding.Position);
            else
                findings.Warning(paths[fault.Rule], fault.Finding.Reason, fault.Finding.Position);
        }

        var value = action.Value;
        foreach (var (name, text) in new[] { ("context", action.Context), ("value.margin", value?.Margin), ("value.expectedLoss", value?.ExpectedLoss), ("value.lifetime", value?.Lifetime), ("value.experience", value?.Experience) })
        {
            if (text is null || findings.Amount(vocabulary, $"{path}.{name}", text) is not { } amount)
                continue;
            foreach (var fault in RuleAnalysis.Of(amount))
                findings.Warning($"{path}.{name}", fault.Finding.Reason, fault.Finding.Position);
            if (amount.IsConstant && name is "context" or "value.expectedLoss" && amount.TryNumber(null!, out var number) && number < 0)
                findings.Error($"{path}.{name}", "must not be negative");
        }
    }

    /// <summary>Actions named in a rule are of this strategy, or the rule waits for what never comes.</summary>
    private static void CheckActionNames(Expression<DecisionInputs> rule, string path, HashSet<string> actions, Findings findings)
    {
        foreach (var (name, position) in rule.LiteralArguments("accepted").Concat(rule.LiteralArguments("declined")))
        {
            if (!actions.Contains(name))
                findings.Warning(path, $"{name} is not an action of the strategy{NearestName.Hint(name, actions)}", position);
        }
    }
}
