namespace ServerlessCLM.Conditions;

/// <summary>Operators and functions on known values; whole numbers that leave 64 bits are errors, never wrapped.</summary>
internal static class Operations
{
    private const string Overflow = "the whole number leaves 64 bits", ByZero = "division by zero", NoOverload = "the operation has no such operands";

    public static Value Apply(ArithmeticOperator operation, in Value left, in Value right) => (left.Kind, right.Kind) switch
    {
        (ValueKind.Int, ValueKind.Int) => Apply(operation, left.Int, right.Int),
        (ValueKind.Double, ValueKind.Double) when operation != ArithmeticOperator.Modulo => Value.Of(Apply(operation, left.Double, right.Double)),
        (ValueKind.String, ValueKind.String) when operation == ArithmeticOperator.Add => Value.Of(left.Text + right.Text),
        (ValueKind.List, ValueKind.List) when operation == ArithmeticOperator.Add => Value.List([.. left.Items, .. right.Items]),
        (ValueKind.Timestamp, ValueKind.Duration) or (ValueKind.Duration, ValueKind.Timestamp) or (ValueKind.Duration, ValueKind.Duration)
            when operation == ArithmeticOperator.Add => Times.Add(left, right),
        (ValueKind.Timestamp, ValueKind.Duration or ValueKind.Timestamp) or (ValueKind.Duration, ValueKind.Duration)
            when operation == ArithmeticOperator.Subtract => Times.Subtract(left, right),
        _ => Value.Error(NoOverload),
    };

    public static double Apply(ArithmeticOperator operation, double left, double right) => operation switch
    {
        ArithmeticOperator.Add => left + right,
        ArithmeticOperator.Subtract => left - right,
        ArithmeticOperator.Multiply => left * right,
        _ => left / right,
    };

    public static Value Negate(in Value value) => value.Kind switch
    {
        ValueKind.Int => value.Int == long.MinValue ? Value.Error(Overflow) : Value.Of(-value.Int),
        ValueKind.Double => Value.Of(-value.Double),
        _ => Value.Error(NoOverload),
    };

    /// <summary>Code points of a text, members of a list or map.</summary>
    public static Value Size(Value value) => value.Kind switch
    {
        ValueKind.String => Value.Of(CodePoints(value.Text)),
        ValueKind.List => Value.Of(value.Items.Count),
        ValueKind.Map => Value.Of(value.Entries.Count),
        _ => Value.Error("size() takes a text, a list or a map"),
    };

    public static Value At(in Value target, in Value place)
    {
        if (target.Kind == ValueKind.Map)
            return target.Entries.TryGetValue(place, out var found) ? found : Value.Missing(place.ToString());

        if (target.Kind != ValueKind.List)
            return Value.Error("only lists and maps have places");

        var at = place.Kind switch
        {
            ValueKind.Int => place.Int,
            ValueKind.Double when place.Double == Math.Floor(place.Double) && Math.Abs(place.Double) < int.MaxValue => (long)place.Double,
            _ => -1,
        };
        return at >= 0 && at < target.Items.Count ? target.Items[(int)at] : Value.Error("the list has no such place");
    }

    public static Truth Contains(in Value container, in Value item)
    {
        if (container.Kind == ValueKind.Map)
            return Comparison.Of(container.Entries.ContainsKey(item));

        if (container.Kind != ValueKind.List)
            return Truth.Error;

        var items = container.Items;
        for (var place = 0; place < items.Count; place++)
        {
            if (Comparison.AreEqual(items[place], item))
                return Truth.True;
        }

        return Truth.False;
    }

    private static Value Apply(ArithmeticOperator operation, long left, long right)
    {
        if (operation >= ArithmeticOperator.Divide)
        {
            if (right == 0)
                return Value.Error(ByZero);
            if (right == -1)
                return operation == ArithmeticOperator.Modulo ? Value.Of(0L) : Negate(Value.Of(left));
            return Value.Of(operation == ArithmeticOperator.Divide ? left / right : left % right);
        }

        var exact = operation switch
        {
            ArithmeticOperator.Add => (Int128)left + right,
            ArithmeticOperator.Subtract => (Int128)left - right,
            _ => (Int128)left * right,
        };
        return exact == (long)exact ? Value.Of((long)exact) : Value.Error(Overflow);
    }

    private static int CodePoints(string text)
    {
        var count = text.Length;
        foreach (var c in text)
            count -= char.IsLowSurrogate(c) ? 1 : 0;
        return count;
    }
}
