using System.Collections.Frozen;
using ServerlessCLM.Conditions;

namespace ServerlessCLM.Decisions;

/// <summary>A strategy made ready to decide by: immutable, shared by all threads.</summary>
public sealed class CompiledStrategy
{
    private readonly FrozenDictionary<string, int> _places;

    private CompiledStrategy(Strategy source, CompiledAction[] actions, Vocabulary<DecisionInputs> vocabulary)
    {
        (Source, Actions, Vocabulary) = (source, actions, vocabulary);
        var contacts = new Dictionary<ContactKind, int>();
        foreach (var action in actions)
            action.Contacts = [.. action.Channels.Select(channel => PlaceOf(new ContactKind(channel, action.Purpose, action.Source.Journey), contacts))];
        Contacts = [.. contacts.Keys];
        _places = actions.Index().ToFrozenDictionary(action => action.Item.Source.Id, action => action.Index, StringComparer.Ordinal);
    }

    public Strategy Source { get; }

    internal CompiledAction[] Actions { get; }

    /// <summary>The kinds of contact that actions may need, each once.</summary>
    internal ContactKind[] Contacts { get; }

    internal Vocabulary<DecisionInputs> Vocabulary { get; }

    /// <summary>Place of an action; −1 where the strategy has none of this id.</summary>
    public int PlaceOf(string action) => _places.GetValueOrDefault(action, -1);

    /// <exception cref="ConditionException">The strategy has not passed <see cref="StrategyKind"/>.</exception>
    public static CompiledStrategy Of(Strategy strategy, Vocabulary<DecisionInputs> vocabulary)
    {
        var budgets = strategy.Budgets.Index().ToDictionary(budget => budget.Item.Id, budget => budget.Index, StringComparer.Ordinal);
        return new(strategy, [.. strategy.Actions.Select(action => new CompiledAction(action, budgets, vocabulary))], vocabulary);
    }

    private static int PlaceOf(ContactKind kind, Dictionary<ContactKind, int> known)
    {
        if (!known.TryGetValue(kind, out var place))
            known[kind] = place = known.Count;
        return place;
    }
}

/// <summary>What the contact gate distinguishes: channel, purpose and journey.</summary>
internal readonly record struct ContactKind(string Channel, string Purpose, string? Journey);

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
        Purpose = source.Purpose ?? (source.Stage, source.Kind) switch
        {
            (LifecycleStage.PreDelinquency, _) => "arrears",
            (LifecycleStage.Collections, _) => "collections",
            (_, ActionKind.Service or ActionKind.Intervention) => "service",
            _ => "marketing",
        };
        Profiles = source.Propensity?.Model is not null || Expressions().Any(expression => expression.Names.Any(IsBehaviour));

        Expression<DecisionInputs>? Condition(string? text) => text is null ? null : vocabulary.Condition(text);
        CompiledAmount Amount(string? text, double absent) => new(text is null ? null : vocabulary.Amount(text), absent);
    }

    private static bool IsBehaviour(string name) =>
        name.StartsWith("features.", StringComparison.Ordinal) || name.StartsWith("scores.", StringComparison.Ordinal);

    private IEnumerable<Expression<DecisionInputs>> Expressions() =>
        new[] { Eligibility, Applicability, Suitability, Context.Expression, Margin.Expression, ExpectedLoss.Expression, Lifetime.Expression, Experience.Expression }.OfType<Expression<DecisionInputs>>();

    public StrategyAction Source { get; }

    /// <summary>What a contact about it is for.</summary>
    public string Purpose { get; }

    /// <summary>Whether it looks at the customer's behaviour: a model's score, or features and scores in its rules and amounts.</summary>
    public bool Profiles { get; }

    /// <summary>By place in <see cref="Channels"/>, the place in <see cref="CompiledStrategy.Contacts"/>.</summary>
    public int[] Contacts { get; internal set; } = [];

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

    /// <summary>Null where the amount is constant.</summary>
    public Expression<DecisionInputs>? Expression => _expression;

    /// <summary>The amount; false where a value is missing or it cannot be computed.</summary>
    public bool TryGet(DecisionInputs inputs, out double amount)
    {
        amount = _constant;
        return _expression is null || _expression.TryNumber(inputs, out amount);
    }
}
