namespace ServerlessCLM.Conditions;

/// <summary>A node that is a truth: <see cref="Node{TInputs}.Test"/> is the quick way, <c>Evaluate</c> also says what is missing.</summary>
internal abstract class TruthNode<TInputs>() : Node<TInputs>(CelType.Bool)
{
    public abstract override Truth Test(TInputs inputs);
}

/// <summary><c>&amp;&amp;</c> and <c>||</c> over any number of operands: one that decides ends it, wherever it stands.</summary>
internal sealed class LogicalNode<TInputs>(bool isAnd, Node<TInputs>[] operands) : TruthNode<TInputs>
{
    private readonly Truth _deciding = isAnd ? Truth.False : Truth.True, _neutral = isAnd ? Truth.True : Truth.False;

    public override Truth Test(TInputs inputs)
    {
        var result = _neutral;
        foreach (var operand in operands)
        {
            var truth = operand.Test(inputs);
            if (truth == _deciding)
                return truth;
            if (truth > Truth.True && (result <= Truth.True || truth > result))
                result = truth;
        }

        return result;
    }

    public override Value Evaluate(TInputs inputs)
    {
        var result = Value.Of(_neutral);
        foreach (var operand in operands)
        {
            var value = operand.Evaluate(inputs);
            if (value.Truth == _deciding)
                return value;
            if (value.IsKnown && value.Kind != ValueKind.Bool)
                value = Value.Error("the operand is neither true nor false");
            if (!value.IsKnown && (result.IsKnown || value.Truth > result.Truth))
                result = value;
        }

        return result;
    }
}

internal sealed class NotNode<TInputs>(Node<TInputs> operand) : TruthNode<TInputs>
{
    public override Truth Test(TInputs inputs) => operand.Test(inputs) switch
    {
        Truth.True => Truth.False,
        Truth.False => Truth.True,
        var neither => neither,
    };

    public override Value Evaluate(TInputs inputs)
    {
        var value = operand.Evaluate(inputs);
        return value.Kind == ValueKind.Bool ? Value.Of(!value.Bool)
            : value.IsKnown ? Value.Error("the operand is neither true nor false") : value;
    }
}

/// <summary>A comparison of two numbers of which one at least is no constant.</summary>
internal sealed class NumberRelation<TInputs>(Relation relation, Node<TInputs> left, Node<TInputs> right) : TruthNode<TInputs>
{
    public override Truth Test(TInputs inputs)
    {
        var one = left.Number(inputs, out var x);
        var other = right.Number(inputs, out var y);
        return one == ValueKind.Double && other == ValueKind.Double ? Comparison.Test(relation, x, y)
            : one == ValueKind.Unknown || other == ValueKind.Unknown ? Truth.Unknown : Truth.Error;
    }

    public override Value Evaluate(TInputs inputs) => ValueRelation<TInputs>.Evaluate(relation, left.Evaluate(inputs), right.Evaluate(inputs));
}

/// <summary>A comparison of any two values.</summary>
internal sealed class ValueRelation<TInputs>(Relation relation, Node<TInputs> left, Node<TInputs> right) : TruthNode<TInputs>
{
    public override Truth Test(TInputs inputs) => Comparison.Test(relation, left.Evaluate(inputs), right.Evaluate(inputs));

    public override Value Evaluate(TInputs inputs) => Evaluate(relation, left.Evaluate(inputs), right.Evaluate(inputs));

    internal static Value Evaluate(Relation relation, in Value left, in Value right) => Comparison.Test(relation, left, right) switch
    {
        Truth.Unknown => left.Kind == ValueKind.Unknown ? left : right,
        Truth.Error => left.Kind == ValueKind.Error ? left : right.Kind == ValueKind.Error ? right : Value.Error("the values have no order"),
        var truth => Value.Of(truth),
    };
}

/// <summary><c>item in container</c>.</summary>
internal sealed class InNode<TInputs>(Node<TInputs> item, Node<TInputs> container) : TruthNode<TInputs>
{
    public override Truth Test(TInputs inputs)
    {
        var (one, among) = (item.Evaluate(inputs), container.Evaluate(inputs));
        return one.IsKnown && among.IsKnown ? Operations.Contains(among, one)
            : one.Kind == ValueKind.Unknown || among.Kind == ValueKind.Unknown ? Truth.Unknown : Truth.Error;
    }

    public override Value Evaluate(TInputs inputs)
    {
        var (one, among) = (item.Evaluate(inputs), container.Evaluate(inputs));
        return !one.IsKnown ? one : !among.IsKnown ? among
            : Operations.Contains(among, one) is var truth && truth <= Truth.True ? Value.Of(truth) : Value.Error("only lists and maps have members");
    }
}

/// <summary><c>has(a.b)</c>: whether the value is there; the one question that a missing value answers.</summary>
internal sealed class HasNode<TInputs>(Node<TInputs> member) : TruthNode<TInputs>
{
    public override Truth Test(TInputs inputs) => member.Evaluate(inputs).Kind switch
    {
        ValueKind.Unknown => Truth.False,
        ValueKind.Error => Truth.Error,
        _ => Truth.True,
    };

    public override Value Evaluate(TInputs inputs)
    {
        var value = member.Evaluate(inputs);
        return value.Kind == ValueKind.Error ? value : Value.Of(value.IsKnown);
    }
}

internal sealed class ConditionalNode<TInputs>(Node<TInputs> condition, Node<TInputs> then, Node<TInputs> otherwise, CelType type) : Node<TInputs>(type)
{
    public override Value Evaluate(TInputs inputs)
    {
        var decides = condition.Evaluate(inputs);
        return decides.Truth switch
        {
            Truth.True => then.Evaluate(inputs),
            Truth.False => otherwise.Evaluate(inputs),
            _ => decides.IsKnown ? Value.Error("the condition is neither true nor false") : decides,
        };
    }

    public override Truth Test(TInputs inputs) => condition.Test(inputs) switch
    {
        Truth.True => then.Test(inputs),
        Truth.False => otherwise.Test(inputs),
        var neither => neither,
    };

    public override ValueKind Number(TInputs inputs, out double number)
    {
        switch (condition.Test(inputs))
        {
            case Truth.True: return then.Number(inputs, out number);
            case Truth.False: return otherwise.Number(inputs, out number);
            case Truth.Unknown:
                number = double.NaN;
                return ValueKind.Unknown;
            default:
                number = double.NaN;
                return ValueKind.Error;
        }
    }
}
