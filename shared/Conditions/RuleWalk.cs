namespace ServerlessCLM.Conditions;

/// <summary>One rule, followed with what is known when it is asked.</summary>
internal sealed class RuleWalk(int rule, IReadOnlyDictionary<Syntax, CelType> types, List<RuleFinding> findings)
{
    private static readonly Vocabulary<object> Nothing = new();

    /// <summary>What is known where the expression is true; reports what can never be, or never matters.</summary>
    /// <param name="isFirst">Whether nothing was asked before.</param>
    public Facts Narrow(Syntax expression, Facts known, bool isFirst)
    {
        switch (expression)
        {
            case Logical { IsAnd: true } all:
                foreach (var operand in all.Operands)
                {
                    var before = known;
                    known = NarrowOne(operand, before, isFirst);
                    if (known.IsImpossible)
                        return known;
                    isFirst = false;
                }

                return known;

            case Logical any:
                return NarrowAny(any, known, isFirst);

            case Conditional choice:
                return NarrowChoice(choice, known, isFirst);

            case Literal { Value.Kind: ValueKind.Bool }:
                var left = Assume(expression, truth: true, known);
                if (left.IsImpossible)
                    Report(RuleFault.NeverTrue, expression, "is never true");
                return left;

            default:
                return types[expression] == CelType.Bool ? NarrowOne(expression, known, isFirst) : Visit(expression, known);
        }
    }

    private Facts NarrowOne(Syntax operand, Facts known, bool isFirst)
    {
        if (operand is Logical or Conditional or Literal)
            return Narrow(operand, known, isFirst);

        var left = Assume(operand, truth: true, known);
        if (left.IsImpossible)
            Report(RuleFault.NeverTrue, operand, isFirst ? "is never true" : "is never true where what stands before it is");
        else if (Assume(operand, truth: false, known).IsImpossible)
            Report(RuleFault.NeverFalse, operand, isFirst ? "is never false" : "adds nothing: it is never false where what stands before it is true");
        return left;
    }

    private Facts NarrowAny(Logical any, Facts known, bool isFirst)
    {
        // Where the alternatives before are not true they are false, or something in them is missing.
        var (result, others, falses) = (Facts.None, known, known);
        var reported = findings.Count;
        foreach (var operand in any.Operands)
        {
            var alone = Assume(operand, truth: true, known);
            if (alone.IsImpossible)
                Report(RuleFault.Unreachable, operand, isFirst ? "this alternative is never true" : "this alternative is never true where what stands before it is");
            else if (Assume(operand, truth: true, others).IsImpossible)
                Report(RuleFault.Unreachable, operand, "this alternative never decides: those before it are true wherever it is");
            else if (operand is Logical or Conditional)
                alone = Narrow(operand, known, isFirst);

            result = result.Or(alone);
            others = AssumeNotTrue(operand, others);
            falses = Assume(operand, truth: false, falses);
        }

        if (result.IsImpossible)
        {
            findings.RemoveRange(reported, findings.Count - reported);
            Report(RuleFault.NeverTrue, any, isFirst ? "is never true" : "is never true where what stands before it is");
        }
        else if (falses.IsImpossible)
            Report(RuleFault.NeverFalse, any, isFirst ? "is never false" : "adds nothing: it is never false where what stands before it is true");

        return result;
    }

    private Facts NarrowChoice(Conditional choice, Facts known, bool isFirst)
    {
        var (then, otherwise) = (Assume(choice.Condition, truth: true, known), Assume(choice.Condition, truth: false, known));
        if (then.IsImpossible)
            Report(RuleFault.Unreachable, choice.Then, "this value is never taken: the condition before it is never true");
        if (otherwise.IsImpossible)
            Report(RuleFault.Unreachable, choice.Otherwise, "this value is never taken: the condition before it is never false");
        if (types[choice] != CelType.Bool)
        {
            Visit(choice.Then, then);
            Visit(choice.Otherwise, otherwise);
            return known;
        }

        var left = Assume(choice, truth: true, known);
        if (left.IsImpossible)
            Report(RuleFault.NeverTrue, choice, isFirst ? "is never true" : "is never true where what stands before it is");
        return left;
    }

    /// <summary>Looks for choices within an expression that is no truth itself.</summary>
    private Facts Visit(Syntax expression, Facts known)
    {
        if (known.IsImpossible)
            return known;

        switch (expression)
        {
            case Conditional choice:
                NarrowChoice(choice, known, isFirst: true);
                break;
            case Arithmetic sum:
                Visit(sum.Left, known);
                Visit(sum.Right, known);
                break;
            case Negate negate:
                Visit(negate.Operand, known);
                break;
            case Call call:
                foreach (var argument in call.Arguments)
                    Visit(argument, known);
                break;
        }

        return known;
    }

    private void Report(RuleFault fault, Syntax expression, string reason) => findings.Add(new(rule, fault, new(expression.Start,
        $"{Rejection.Shorten(Printer.Print(expression), 80)} {reason}")));

    /// <summary>What is known where the expression is true, or where it is false.</summary>
    private Facts Assume(Syntax expression, bool truth, Facts known)
    {
        if (known.IsImpossible)
            return known;

        switch (expression)
        {
            case Literal { Value: { Kind: ValueKind.Bool, Bool: var value } }:
                return value == truth ? known : Facts.None;

            case Not not:
                return Assume(not.Operand, !truth, known);

            case Logical logical when logical.IsAnd == truth:
                foreach (var operand in logical.Operands)
                    known = Assume(operand, truth, known);
                return known;

            case Logical logical:
                return logical.Operands.Aggregate(Facts.None, (sum, operand) => sum.Or(Assume(operand, truth, known)));

            case Conditional choice:
                return Assume(choice.Then, truth, Assume(choice.Condition, truth: true, known))
                    .Or(Assume(choice.Otherwise, truth, Assume(choice.Condition, truth: false, known)));

            case Relate relate:
                return AssumeRelation(relate, truth, known);

            case In { Right: var right } membership when ConstantOf(right) is { Kind: ValueKind.List } list:
                known = AssumePresent(membership.Left, known);
                return known.With(Printer.Print(membership.Left), domain => truth ? domain.Among(list.Items) : domain.Without(list.Items));

            default:
                if (ConstantOf(expression) is { Kind: ValueKind.Bool } constant)
                    return constant.Bool == truth ? known : Facts.None;
                return AssumeTruth(Printer.Print(expression), truth, AssumePresent(expression, known));
        }
    }

    private Facts AssumeNotTrue(Syntax expression, Facts known) => Compared(expression).Aggregate(
        Assume(expression, truth: false, known), (sum, member) => sum.Or(AssumeTruth($"has({member})", truth: false, known)));

    /// <summary>Members, as they are printed, without which the expression is neither true nor false.</summary>
    private static IEnumerable<string> Compared(Syntax expression) => expression switch
    {
        Select => [Printer.Print(expression)],
        Not not => Compared(not.Operand),
        Negate negate => Compared(negate.Operand),
        Arithmetic sum => [.. Compared(sum.Left), .. Compared(sum.Right)],
        Relate relate => [.. Compared(relate.Left), .. Compared(relate.Right)],
        In membership => Compared(membership.Left),
        Call call => [.. call.Target is { } target ? Compared(target) : [], .. call.Arguments.SelectMany(Compared)],
        Conditional choice => [.. Compared(choice.Condition), .. Compared(choice.Then), .. Compared(choice.Otherwise)],
        Logical logical => logical.Operands.SelectMany(Compared),
        _ => [],
    };

    private Facts AssumeRelation(Relate relate, bool truth, Facts known)
    {
        var (one, other) = (ConstantOf(relate.Left), ConstantOf(relate.Right));
        if (one is not null && other is not null)
            return Comparison.Test(relate.Relation, one.Value, other.Value) == Comparison.Of(truth) ? known : Facts.None;

        known = AssumePresent(relate.Left, AssumePresent(relate.Right, known));
        var relation = truth ? relate.Relation : Opposite(relate.Relation);
        if (other is { } right)
            return Compare(relate.Left, relation, right, known);
        if (one is { } left)
            return Compare(relate.Right, Mirrored(relation), left, known);

        // Of two expressions only whether they are equal and whether the first is less, each a truth of its own.
        var (text, mirrored) = (Printer.Print(relate.Left), Printer.Print(relate.Right));
        return relation switch
        {
            Relation.Equal => AssumeTruth($"{text} == {mirrored}", truth: true, known),
            Relation.NotEqual => AssumeTruth($"{text} == {mirrored}", truth: false, known),
            Relation.Less => AssumeTruth($"{text} < {mirrored}", truth: true, known),
            Relation.GreaterOrEqual => AssumeTruth($"{text} < {mirrored}", truth: false, known),
            Relation.Greater => AssumeTruth($"{mirrored} < {text}", truth: true, known),
            _ => AssumeTruth($"{mirrored} < {text}", truth: false, known),
        };
    }

    private Facts Compare(Syntax expression, Relation relation, Value constant, Facts known) =>
        known.With(Printer.Print(expression), domain => domain.With(relation, constant, types[expression] == CelType.Int));

    private static Facts AssumeTruth(string expression, bool truth, Facts known) =>
        known.With(expression, domain => domain.With(Relation.Equal, Value.Of(truth), isWhole: false));

    /// <summary>What is compared is there, or the comparison would be neither true nor false.</summary>
    private static Facts AssumePresent(Syntax expression, Facts known) =>
        expression is Select ? AssumeTruth($"has({Printer.Print(expression)})", truth: true, known) : known;

    private static Value? ConstantOf(Syntax expression)
    {
        if (expression is Literal literal)
            return literal.Value;

        if (expression is Name or Select)
            return null;

        var binder = new Binder<object>(Nothing);
        return binder.Bind(expression) is Constant<object> constant && binder.Findings.Count == 0 ? constant.Value : null;
    }

    private static Relation Opposite(Relation relation) => relation switch
    {
        Relation.Equal => Relation.NotEqual,
        Relation.NotEqual => Relation.Equal,
        Relation.Less => Relation.GreaterOrEqual,
        Relation.LessOrEqual => Relation.Greater,
        Relation.Greater => Relation.LessOrEqual,
        _ => Relation.Less,
    };

    private static Relation Mirrored(Relation relation) => relation switch
    {
        Relation.Less => Relation.Greater,
        Relation.LessOrEqual => Relation.GreaterOrEqual,
        Relation.Greater => Relation.Less,
        Relation.GreaterOrEqual => Relation.LessOrEqual,
        _ => relation,
    };
}
