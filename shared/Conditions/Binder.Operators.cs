namespace ServerlessCLM.Conditions;

/// <summary>Comparisons and arithmetic.</summary>
internal sealed partial class Binder<TInputs>
{
    /// <summary>Whole numbers up to here have a double of their own.</summary>
    private const long ExactInDouble = 1L << 53;

    private Node<TInputs> BindRelate(Relate relate)
    {
        var (left, right) = (Bind(relate.Left), Bind(relate.Right));
        if (left == _wrong || right == _wrong)
            return _wrong;

        var (one, other) = (left.Type, right.Type);
        var sign = Printer.Sign(relate.Relation);
        if (one == CelType.Null != (other == CelType.Null) && one != CelType.Dyn && other != CelType.Dyn)
            return Wrong(relate.Position, $"{sign} cannot compare {one} with {other}; ask has() whether a value is there");

        if (!one.Takes(other) && !(one.IsNumber && other.IsNumber))
            return Wrong(relate.Position, $"{sign} cannot compare {one} with {other}");

        if (relate.Relation > Relation.NotEqual && ((one != CelType.Dyn && !one.IsOrdered) || (other != CelType.Dyn && !other.IsOrdered)))
            return Wrong(relate.Position, $"{sign} takes values with an order, not {(one.IsOrdered ? other : one)}");

        return Folded(IsDouble(left) && IsDouble(right)
            ? new NumberRelation<TInputs>(relate.Relation, left, right)
            : new ValueRelation<TInputs>(relate.Relation, left, right), left, right);
    }

    /// <summary>A double, or a whole number that is one as well.</summary>
    private static bool IsDouble(Node<TInputs> node) => node.Type == CelType.Double
        || node is Constant<TInputs> { Value: { Kind: ValueKind.Int, Int: >= -ExactInDouble and <= ExactInDouble } };

    private Node<TInputs> BindIn(In membership)
    {
        var (item, container) = (Bind(membership.Left), Bind(membership.Right));
        if (item == _wrong || container == _wrong)
            return _wrong;

        if (!container.Type.IsList && !container.Type.IsMap && container.Type != CelType.Dyn)
            return Wrong(membership.Position, $"in looks into a list or map, not {container.Type}");

        var held = container.Type.Key ?? container.Type.Element ?? CelType.Dyn;
        return held.Takes(item.Type) || (held.IsNumber && item.Type.IsNumber)
            ? Folded(new InNode<TInputs>(item, container), item, container)
            : Wrong(membership.Position, $"{item.Type} is never in {container.Type}");
    }

    private Node<TInputs> BindArithmetic(Arithmetic sum)
    {
        var (left, right) = (Bind(sum.Left), Bind(sum.Right));
        if (left == _wrong || right == _wrong)
            return _wrong;

        var operation = sum.Operator;
        if (ResultOf(operation, left.Type, right.Type) is not { } type)
            return Wrong(sum.Position, $"{left.Type} {Printer.Sign(operation)} {right.Type} is not defined{Decimals(left.Type, right.Type)}");

        return Folded(left.Type == CelType.Double && right.Type == CelType.Double
            ? new NumberArithmetic<TInputs>(operation, left, right)
            : new Binary<TInputs>(left, right, type, (one, other) => Operations.Apply(operation, one, other)), left, right);
    }

    private static CelType? ResultOf(ArithmeticOperator operation, CelType left, CelType right)
    {
        var (isAdd, isSubtract) = (operation == ArithmeticOperator.Add, operation == ArithmeticOperator.Subtract);
        if (left == CelType.Dyn || right == CelType.Dyn)
            return CelType.Dyn;
        if (left == CelType.Int && right == CelType.Int)
            return CelType.Int;
        if (left == CelType.Double && right == CelType.Double && operation != ArithmeticOperator.Modulo)
            return CelType.Double;
        if (isAdd && left == CelType.String && right == CelType.String)
            return CelType.String;
        if (isAdd && left.IsList && right.IsList)
            return left == right ? left : CelType.List(CelType.Dyn);

        var (isTime, isLength) = (left == CelType.Timestamp, left == CelType.Duration);
        if ((isAdd || isSubtract) && isTime && right == CelType.Duration)
            return CelType.Timestamp;
        if ((isAdd || isSubtract) && isLength && right == CelType.Duration)
            return CelType.Duration;
        if (isAdd && isLength && right == CelType.Timestamp)
            return CelType.Timestamp;
        return isSubtract && isTime && right == CelType.Timestamp ? CelType.Duration : null;
    }

    /// <summary>CEL never turns a whole number into another by itself.</summary>
    private static string Decimals(CelType one, CelType other) =>
        one.IsNumber && other.IsNumber ? "; write the whole number with a decimal point, or take double()" : "";
}
