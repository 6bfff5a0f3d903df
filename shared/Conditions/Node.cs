namespace ServerlessCLM.Conditions;

/// <summary>
/// A compiled operation. A tree of these is evaluated by virtual calls: quick to build, which matters with thousands of expressions in
/// a strategy, and quick enough (docs/decisions/0011).
/// </summary>
internal abstract class Node<TInputs>(CelType type)
{
    public CelType Type { get; } = type;

    public abstract Value Evaluate(TInputs inputs);

    /// <summary>The value as a truth, for those that need no <see cref="Value"/> on the way.</summary>
    public virtual Truth Test(TInputs inputs) => Evaluate(inputs).Truth;

    /// <summary>The value as a number, whole ones too.</summary>
    /// <returns><see cref="ValueKind.Double"/>, or unknown, or error.</returns>
    public virtual ValueKind Number(TInputs inputs, out double number)
    {
        var value = Evaluate(inputs);
        number = value.Kind switch { ValueKind.Double => value.Double, ValueKind.Int => value.Int, _ => double.NaN };
        return value.Kind switch { ValueKind.Double or ValueKind.Int => ValueKind.Double, ValueKind.Unknown => ValueKind.Unknown, _ => ValueKind.Error };
    }
}

/// <summary>A value known when the expression was compiled.</summary>
internal sealed class Constant<TInputs>(Value value, CelType type) : Node<TInputs>(type)
{
    private readonly double _number = value.Kind switch { ValueKind.Double => value.Double, ValueKind.Int => value.Int, _ => double.NaN };
    private readonly ValueKind _kind = value.Kind is ValueKind.Double or ValueKind.Int ? ValueKind.Double : ValueKind.Error;

    public Value Value => value;

    public override Value Evaluate(TInputs inputs) => value;

    public override ValueKind Number(TInputs inputs, out double number)
    {
        number = _number;
        return _kind;
    }
}

/// <summary>A declared value.</summary>
internal sealed class HostValue<TInputs>(string name, CelType type, Func<TInputs, Value> read) : Node<TInputs>(type)
{
    public override Value Evaluate(TInputs inputs) => read(inputs) is { Kind: not ValueKind.Unknown } value ? value : Value.Missing(name);

    public override Truth Test(TInputs inputs) => read(inputs).Truth;
}

/// <summary>A place of a declared vector.</summary>
internal sealed class VectorPlace<TInputs>(string name, int place, VectorReader<TInputs> read) : Node<TInputs>(CelType.Double)
{
    public override Value Evaluate(TInputs inputs)
    {
        var value = read(inputs)[place];
        return float.IsNaN(value) ? Value.Missing(name) : Value.Of((double)value);
    }

    public override ValueKind Number(TInputs inputs, out double number)
    {
        number = read(inputs)[place];
        return double.IsNaN(number) ? ValueKind.Unknown : ValueKind.Double;
    }
}

/// <summary>An operation that is unknown or an error where an operand is.</summary>
internal abstract class Strict<TInputs>(CelType type) : Node<TInputs>(type)
{
    /// <summary>What is to be passed on of two operands of which one at least is not known.</summary>
    protected static Value Missing(in Value left, in Value right) =>
        left.Kind == ValueKind.Unknown || (left.Kind == ValueKind.Error && right.Kind != ValueKind.Unknown) ? left : right;
}

/// <summary>A built-in function or operator of one operand.</summary>
internal sealed class Unary<TInputs>(Node<TInputs> operand, CelType type, Func<Value, Value> apply) : Strict<TInputs>(type)
{
    public override Value Evaluate(TInputs inputs)
    {
        var value = operand.Evaluate(inputs);
        return value.IsKnown ? apply(value) : value;
    }
}

/// <summary>A built-in function or operator of two operands.</summary>
internal sealed class Binary<TInputs>(Node<TInputs> left, Node<TInputs> right, CelType type, Func<Value, Value, Value> apply) : Strict<TInputs>(type)
{
    public override Value Evaluate(TInputs inputs)
    {
        var (one, other) = (left.Evaluate(inputs), right.Evaluate(inputs));
        return one.IsKnown && other.IsKnown ? apply(one, other) : Missing(one, other);
    }
}

/// <summary>Arithmetic on two doubles.</summary>
internal sealed class NumberArithmetic<TInputs>(ArithmeticOperator operation, Node<TInputs> left, Node<TInputs> right) : Strict<TInputs>(CelType.Double)
{
    public override Value Evaluate(TInputs inputs)
    {
        var (one, other) = (left.Evaluate(inputs), right.Evaluate(inputs));
        return one.IsKnown && other.IsKnown ? Operations.Apply(operation, one, other) : Missing(one, other);
    }

    public override ValueKind Number(TInputs inputs, out double number)
    {
        var one = left.Number(inputs, out var x);
        var other = right.Number(inputs, out var y);
        number = Operations.Apply(operation, x, y);
        return one == ValueKind.Double && other == ValueKind.Double ? ValueKind.Double
            : one == ValueKind.Unknown || other == ValueKind.Unknown ? ValueKind.Unknown : ValueKind.Error;
    }
}

/// <summary>A call of the host's.</summary>
internal sealed class HostCall<TInputs>(DeclaredFunction<TInputs> function, Node<TInputs> first, Node<TInputs>? second) : Strict<TInputs>(function.Result)
{
    public override Value Evaluate(TInputs inputs)
    {
        var one = first.Evaluate(inputs);
        if (second is null)
            return one.IsKnown ? Named(function.Call(inputs, one, default)) : one;

        var other = second.Evaluate(inputs);
        return one.IsKnown && other.IsKnown ? Named(function.Call(inputs, one, other)) : Missing(one, other);
    }

    private Value Named(in Value value) => value is { Kind: ValueKind.Unknown, Reason: null } ? Value.Missing($"{function.Name}()") : value;
}

/// <summary>A list of which at least one item must be computed.</summary>
internal sealed class ListNode<TInputs>(Node<TInputs>[] items, CelType type) : Strict<TInputs>(type)
{
    public override Value Evaluate(TInputs inputs)
    {
        var values = new Value[items.Length];
        for (var place = 0; place < items.Length; place++)
        {
            values[place] = items[place].Evaluate(inputs);
            if (!values[place].IsKnown)
                return values[place];
        }

        return Value.List(values);
    }
}

/// <summary>A map of which at least one key or value must be computed.</summary>
internal sealed class MapNode<TInputs>(Node<TInputs>[] keys, Node<TInputs>[] values, CelType type) : Strict<TInputs>(type)
{
    public override Value Evaluate(TInputs inputs)
    {
        var entries = new Dictionary<Value, Value>(keys.Length);
        for (var place = 0; place < keys.Length; place++)
        {
            var (key, value) = (keys[place].Evaluate(inputs), values[place].Evaluate(inputs));
            if (!key.IsKnown || !value.IsKnown)
                return Missing(key, value);
            if (!entries.TryAdd(key, value))
                return Value.Error("the map has a key twice");
        }

        return Value.Map(entries);
    }
}
