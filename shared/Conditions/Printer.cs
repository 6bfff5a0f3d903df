using System.Globalization;

namespace ServerlessCLM.Conditions;

/// <summary>Writes an expression in one way only: single blanks, no parentheses that are not needed.</summary>
internal static class Printer
{
    /// <summary>How tightly an operation holds its operands.</summary>
    private const int OfOr = 1, OfAnd = 2, OfRelation = 3, OfSum = 4, OfProduct = 5, OfUnary = 6, OfMember = 7;

    public static string Print(Syntax expression) => expression switch
    {
        Literal literal => Literal(literal.Value),
        Name name => name.Text,
        Select select => $"{Within(select.Target, OfMember)}.{select.Member}",
        Has has => $"has({Print(has.Member)})",
        Index index => $"{Within(index.Target, OfMember)}[{Print(index.Place)}]",
        Call { Target: null } call => $"{call.Function}({Joined(call.Arguments)})",
        Call call => $"{Within(call.Target, OfMember)}.{call.Function}({Joined(call.Arguments)})",
        Not not => $"!{Within(not.Operand, OfUnary)}",
        Negate negate => Negated(Within(negate.Operand, OfUnary)),
        Arithmetic sum => $"{Within(sum.Left, Strength(sum))} {Sign(sum.Operator)} {Within(sum.Right, Strength(sum) + 1)}",
        Relate relate => $"{Within(relate.Left, OfRelation)} {Sign(relate.Relation)} {Within(relate.Right, OfRelation + 1)}",
        In membership => $"{Within(membership.Left, OfRelation)} in {Within(membership.Right, OfRelation + 1)}",
        Logical logical => string.Join(logical.IsAnd ? " && " : " || ", logical.Operands.Select(operand => Within(operand, Strength(logical) + 1))),
        Conditional choice => $"{Within(choice.Condition, OfOr)} ? {Within(choice.Then, OfOr)} : {Print(choice.Otherwise)}",
        ListLiteral list => $"[{Joined(list.Items)}]",
        MapLiteral map => $"{{{string.Join(", ", map.Entries.Select(entry => $"{Print(entry.Key)}: {Print(entry.Value)}"))}}}",
        _ => throw new ArgumentOutOfRangeException(nameof(expression), expression.GetType(), "is not an expression"),
    };

    /// <summary>A value as it would be written; what has no literal is written as the call that makes it.</summary>
    public static string Literal(Value value) => value.Kind switch
    {
        ValueKind.Unknown => "unknown",
        ValueKind.Error => $"error: {value.Reason}",
        ValueKind.Null => "null",
        ValueKind.Bool => value.Bool ? "true" : "false",
        ValueKind.Int => value.Int.ToString(CultureInfo.InvariantCulture),
        ValueKind.Double => Double(value.Double),
        ValueKind.String => StringLiteral.Write(value.Text),
        ValueKind.Timestamp => $"timestamp('{Times.Text(value)}')",
        ValueKind.Duration => $"duration('{Times.Text(value)}')",
        ValueKind.List => $"[{string.Join(", ", value.Items.Select(Literal))}]",
        _ => $"{{{string.Join(", ", value.Entries.Select(entry => $"{Literal(entry.Key)}: {Literal(entry.Value)}"))}}}",
    };

    internal static string Sign(Relation relation) => relation switch
    {
        Relation.Equal => "==",
        Relation.NotEqual => "!=",
        Relation.Less => "<",
        Relation.LessOrEqual => "<=",
        Relation.Greater => ">",
        _ => ">=",
    };

    internal static char Sign(ArithmeticOperator operation) => operation switch
    {
        ArithmeticOperator.Add => '+',
        ArithmeticOperator.Subtract => '-',
        ArithmeticOperator.Multiply => '*',
        ArithmeticOperator.Divide => '/',
        _ => '%',
    };

    /// <summary>Directly before a number the minus would be the number's own.</summary>
    private static string Negated(string operand) => char.IsAsciiDigit(operand[0]) ? $"-({operand})" : $"-{operand}";

    private static string Double(double value)
    {
        var text = Conversions.Text(value);
        return text.AsSpan().IndexOfAnyExcept("-0123456789") < 0 ? text + ".0" : text;
    }

    private static string Joined(IEnumerable<Syntax> items) => string.Join(", ", items.Select(Print));

    private static string Within(Syntax operand, int least) => Strength(operand) >= least ? Print(operand) : $"({Print(operand)})";

    private static int Strength(Syntax expression) => expression switch
    {
        Conditional => 0,
        Logical { IsAnd: false } => OfOr,
        Logical => OfAnd,
        Relate or In => OfRelation,
        Arithmetic { Operator: ArithmeticOperator.Add or ArithmeticOperator.Subtract } => OfSum,
        Arithmetic => OfProduct,
        Not or Negate => OfUnary,
        Literal { Value.Kind: ValueKind.Int or ValueKind.Double } number => Literal(number.Value)[0] == '-' ? OfUnary : OfMember,
        _ => OfMember,
    };
}
