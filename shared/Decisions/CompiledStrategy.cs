using ServerlessCLM.Conditions;

namespace ServerlessCLM.Decisions;

/// <summary>A strategy made ready to decide by: immutable, shared by all threads.</summary>
public sealed class CompiledStrategy
{
    private CompiledStrategy(Strategy source, CompiledAction[] actions) => (Source, Actions) = (source, actions);

    public Strategy Source { get; }

    internal CompiledAction[] Actions { get; }

    /// <exception cref="ConditionException">The strategy has not passed <see cref="StrategyKind"/>.</exception>
    public static CompiledStrategy Of(Strategy strategy, Vocabulary<DecisionInputs> vocabulary)
    {
        var budgets = strategy.Budgets.Index().ToDictionary(budget => budget.Item.Id, budget => budget.Index, StringComparer.Ordinal);
        return new(strategy, [.. strategy.Actions.Select(action => new CompiledAction(action, budgets, vocabulary))]);
    }
}

/// <summary>One action, with its expressions compiled.</summary>
internal sealed class CompiledAction
{
    public CompiledAction(StrategyAction source, Dictionary<string, int> budgets, Vocabulary<DecisionInputs> vocabulary)
    {
        Source = source;
        Key = Digest64.Of(source.Id);
        Eligibility = Condition(source.Eligibility);
        Applicability = Condition(source.Applicability);
        Suitability = Condition(source.Suitability);
        Context = Amount(source.Context, absent: 1);
        Margin = Amount(source.Value?.Margin, absent: 0);
        ExpectedLoss = Amount(source.Value?.ExpectedLoss, absent: 0);
        Lifetime = Amount(source.Value?.Lifetime, absent: 0);
        Experience = Amount(source.Value?.Experience, absent: 0);
        Channels = [.. source.Channels];
        Costs = [.. source.Channels.Select(channel => (double)source.Cost.GetValueOrDefault(channel))];
        Uses = [.. source.Uses.Select(use => (budgets[use.Key], (double)use.Value))];

        Expression<DecisionInputs>? Condition(string? text) => text is null ? null : vocabulary.Condition(text);
        CompiledAmount Amount(string? text, double absent) => new(text is null ? null : vocabulary.Amount(text), absent);
    }

    public StrategyAction Source { get; }

    /// <summary>Tells actions apart in draws, wherever they stand in the document.</summary>
    public ulong Key { get; }

    public Expression<DecisionInputs>? Eligibility { get; }

    public Expression<DecisionInputs>? Applicability { get; }

    public Expression<DecisionInputs>? Suitability { get; }

    public CompiledAmount Context { get; }

    public CompiledAmount Margin { get; }

    public CompiledAmount ExpectedLoss { get; }

    public CompiledAmount Lifetime { get; }

    public CompiledAmount Experience { get; }

    public string[] Channels { get; }

    /// <summary>Of one contact, by place in <see cref="Channels"/>.</summary>
    public double[] Costs { get; }

    /// <summary>Places of budgets, and how much of each.</summary>
    public (int Budget, double Amount)[] Uses { get; }
}

/// <summary>An amount, computed once where it is constant.</summary>
internal sealed class CompiledAmount
{
    private readonly Expression<DecisionInputs>? _expression;
    private readonly double _constant;

    public CompiledAmount(Expression<DecisionInputs>? expression, double absent)
    {
        var isConstant = expression is null || (expression.IsConstant && expression.TryNumber(null!, out absent));
        (_expression, _constant) = (isConstant ? null : expression, absent);
    }

    /// <summary>The amount; false where a value is missing or it cannot be computed.</summary>
    public bool TryGet(DecisionInputs inputs, out double amount)
    {
        amount = _constant;
        return _expression is null || _expression.TryNumber(inputs, out amount);
    }
}
