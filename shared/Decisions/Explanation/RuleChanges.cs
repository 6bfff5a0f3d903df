using ServerlessCLM.Conditions;

namespace ServerlessCLM.Decisions;

/// <summary>A value that a rule asks about, as it is and as the rule would need it.</summary>
/// <param name="Term">A name such as <c>features.tenure_days</c>, or a call such as <c>consent('marketing', 'email')</c>.</param>
/// <param name="From">As it is; unknown where it is missing.</param>
/// <param name="To">As the rule would need it.</param>
internal sealed record TermChange(Syntax Term, Value From, Value To)
{
    /// <summary>The term as it is written.</summary>
    public string Name { get; } = Printer.Print(Term);
}

/// <summary>
/// Finds the fewest values that would have to be others for a rule to hold, each changed as little as its comparison asks. Of alternatives the one
/// with the fewest changes is taken, then the one with the smallest change in proportion.
/// </summary>
internal sealed class RuleChanges(Vocabulary<DecisionInputs> vocabulary, DecisionInputs inputs)
{
    private static readonly string[] Roots = ["features.", "scores.", "profile.", "products.", "flags."];

    private static readonly string[] Functions = ["consent", "accepted", "declined", "contacts"];

    /// <summary>The changes; null where the rule depends on something else, such as the clock or a sum of several values.</summary>
    /// <param name="rule">Compiled in the vocabulary.</param>
    public IReadOnlyList<TermChange>? Of(Expression<DecisionInputs> rule) => Find(rule.Syntax, wanted: true);

    /// <summary>The parts of a rule that keep it from holding, with the values that they stand on.</summary>
    public IEnumerable<string> Failing(Expression<DecisionInputs> rule) => Failing(rule.Syntax);

    private IEnumerable<string> Failing(Syntax part)
    {
        if (Test(part) == Truth.True)
            return [];
        if (part is Logical { IsAnd: true } all)
            return all.Operands.SelectMany(Failing);

        var values = Terms(part).DistinctBy(Printer.Print).Select(term => vocabulary.Evaluate(term, inputs) is { IsKnown: true } value
            ? $"{Printer.Print(term)} is {Words.Of(value)}" : $"{Printer.Print(term)} is missing");
        return [$"{Printer.Print(part)} does not hold: {string.Join(", ", values)}"];
    }

    private List<TermChange>? Find(Syntax rule, bool wanted)
    {
        if (Test(rule) == (wanted ? Truth.True : Truth.False))
            return [];

        return rule switch
        {
            Not not => Find(not.Operand, !wanted),
            Logical logical when logical.IsAnd == wanted => All(logical.Operands, wanted),
            Logical logical => logical.Operands.Select(operand => Find(operand, wanted)).OfType<List<TermChange>>()
                .OrderBy(changes => changes.Count).ThenBy(changes => changes.Sum(Size)).FirstOrDefault(),
            Conditional choice => Test(choice.Condition) switch
            {
                Truth.True => Find(choice.Then, wanted),
                Truth.False => Find(choice.Otherwise, wanted),
                _ => null,
            },
            Relate relate => Compare(relate, wanted),
            In membership when wanted && IsTerm(membership.Left) && vocabulary.Evaluate(membership.Right, inputs) is { Kind: ValueKind.List, Items: [var first, ..] } => [Change(membership.Left, first)],
            _ when IsTerm(rule) => [Change(rule, Value.Of(wanted))],
            _ => null,
        };
    }

    private List<TermChange>? All(IReadOnlyList<Syntax> operands, bool wanted)
    {
        var changes = new List<TermChange>();
        foreach (var operand in operands)
        {
            if (Find(operand, wanted) is not { } needed)
                return null;
            changes.AddRange(needed.Where(change => changes.TrueForAll(known => known.Name != change.Name)));
        }

        return changes;
    }

    private List<TermChange>? Compare(Relate relate, bool wanted)
    {
        var relation = wanted ? relate.Relation : Negated(relate.Relation);
        var (left, right) = (vocabulary.Evaluate(relate.Left, inputs), vocabulary.Evaluate(relate.Right, inputs));
        return IsTerm(relate.Left) && right.IsKnown && Target(relation, left, right) is { } to ? [Change(relate.Left, to)]
            : IsTerm(relate.Right) && left.IsKnown && Target(Mirrored(relation), right, left) is { } other ? [Change(relate.Right, other)]
            : null;
    }

    /// <summary>The value nearest to a bound that stands in a relation to it; null where there is none to be named.</summary>
    private static Value? Target(Relation relation, in Value from, in Value bound) => bound.Kind switch
    {
        ValueKind.Int or ValueKind.Double => Number(relation, from, bound.Kind == ValueKind.Int ? bound.Int : bound.Double),
        ValueKind.Bool or ValueKind.String when relation == Relation.Equal => bound,
        ValueKind.Bool when relation == Relation.NotEqual => Value.Of(!bound.Bool),
        _ => null,
    };

    private static Value? Number(Relation relation, in Value from, double bound)
    {
        if (from.Kind == ValueKind.Int)
        {
            var whole = relation switch
            {
                Relation.Greater => Math.Floor(bound) + 1,
                Relation.GreaterOrEqual => Math.Ceiling(bound),
                Relation.Less => Math.Ceiling(bound) - 1,
                Relation.LessOrEqual => Math.Floor(bound),
                Relation.NotEqual => bound + 1,
                _ => bound,
            };
            return whole >= 0 && Comparison.Test(relation, whole, bound) == Truth.True ? Value.Of((long)whole) : null;
        }

        // Features and scores are single-precision numbers: the nearest of those that stands so.
        var up = relation is Relation.Greater or Relation.GreaterOrEqual or Relation.NotEqual;
        var value = (float)bound;
        for (var step = 0; step < 3; step++)
        {
            if (Comparison.Test(relation, value, bound) == Truth.True)
                return float.IsFinite(value) ? Value.Of((double)value) : null;
            value = up ? MathF.BitIncrement(value) : MathF.BitDecrement(value);
        }

        return null;
    }

    private TermChange Change(Syntax term, Value to) => new(term, vocabulary.Evaluate(term, inputs), to);

    private Truth Test(Syntax part) => vocabulary.Evaluate(part, inputs).Truth;

    private static bool IsTerm(Syntax part) => part switch
    {
        Name or Select => Printer.Print(part) is var path && Array.Exists(Roots, root => path.StartsWith(root, StringComparison.Ordinal)),
        Call { Target: null } call => Functions.Contains(call.Function),
        _ => false,
    };

    private static IEnumerable<Syntax> Terms(Syntax part) => IsTerm(part) ? [part] : part switch
    {
        Not not => Terms(not.Operand),
        Negate negate => Terms(negate.Operand),
        Arithmetic sum => Terms(sum.Left).Concat(Terms(sum.Right)),
        Relate relate => Terms(relate.Left).Concat(Terms(relate.Right)),
        In membership => Terms(membership.Left).Concat(Terms(membership.Right)),
        Logical logical => logical.Operands.SelectMany(Terms),
        Conditional choice => Terms(choice.Condition).Concat(Terms(choice.Then)).Concat(Terms(choice.Otherwise)),
        Call call => call.Arguments.SelectMany(Terms),
        Has has => Terms(has.Member),
        _ => [],
    };

    private static double Size(TermChange change) => (change.From.Kind, change.To.Kind) is (ValueKind.Double, ValueKind.Double)
        ? Math.Abs(change.To.Double - change.From.Double) / Math.Max(1, Math.Abs(change.From.Double)) : 1;

    private static Relation Negated(Relation relation) => relation switch
    {
        Relation.Equal => Relation.NotEqual,
        Relation.NotEqual => Relation.Equal,
        Relation.Less => Relation.GreaterOrEqual,
        Relation.LessOrEqual => Relation.Greater,
        Relation.Greater => Relation.LessOrEqual,
        _ => Relation.Less,
    };

    /// <summary>The relation with its sides changed over.</summary>
    private static Relation Mirrored(Relation relation) => relation switch
    {
        Relation.Less => Relation.Greater,
        Relation.LessOrEqual => Relation.GreaterOrEqual,
        Relation.Greater => Relation.Less,
        Relation.GreaterOrEqual => Relation.LessOrEqual,
        _ => relation,
    };
}
