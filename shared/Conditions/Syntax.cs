namespace ServerlessCLM.Conditions;

/// <summary>A parsed expression.</summary>
/// <param name="Position">Where it stands in the text; of an operation, its operator.</param>
public abstract record Syntax(int Position)
{
    /// <summary>Levels of operations below this one.</summary>
    internal int Depth { get; init; }

    /// <summary>Where its text begins.</summary>
    internal virtual int Start => Position;
}

internal sealed record Literal(int Position, Value Value) : Syntax(Position);

internal sealed record Name(int Position, string Text) : Syntax(Position);

/// <summary><c>target.member</c>.</summary>
internal sealed record Select(int Position, Syntax Target, string Member) : Syntax(Position)
{
    internal override int Start => Target.Start;
}

/// <summary><c>has(target.member)</c>.</summary>
internal sealed record Has(int Position, Select Member) : Syntax(Position);

/// <summary><c>target[place]</c>.</summary>
internal sealed record Index(int Position, Syntax Target, Syntax Place) : Syntax(Position)
{
    internal override int Start => Target.Start;
}

/// <summary><c>function(arguments)</c>, or <c>target.function(arguments)</c>.</summary>
internal sealed record Call(int Position, Syntax? Target, string Function, IReadOnlyList<Syntax> Arguments) : Syntax(Position)
{
    internal override int Start => Target?.Start ?? Position;
}

internal sealed record Not(int Position, Syntax Operand) : Syntax(Position);

internal sealed record Negate(int Position, Syntax Operand) : Syntax(Position);

internal enum ArithmeticOperator : byte { Add, Subtract, Multiply, Divide, Modulo }

internal sealed record Arithmetic(int Position, ArithmeticOperator Operator, Syntax Left, Syntax Right) : Syntax(Position)
{
    internal override int Start => Left.Start;
}

internal sealed record Relate(int Position, Relation Relation, Syntax Left, Syntax Right) : Syntax(Position)
{
    internal override int Start => Left.Start;
}

/// <summary><c>left in right</c>.</summary>
internal sealed record In(int Position, Syntax Left, Syntax Right) : Syntax(Position)
{
    internal override int Start => Left.Start;
}

/// <summary>A chain of <c>&amp;&amp;</c> or of <c>||</c>, of two operands at least.</summary>
internal sealed record Logical(int Position, bool IsAnd, IReadOnlyList<Syntax> Operands) : Syntax(Position)
{
    internal override int Start => Operands[0].Start;
}

/// <summary><c>condition ? then : otherwise</c>.</summary>
internal sealed record Conditional(int Position, Syntax Condition, Syntax Then, Syntax Otherwise) : Syntax(Position)
{
    internal override int Start => Condition.Start;
}

internal sealed record ListLiteral(int Position, IReadOnlyList<Syntax> Items) : Syntax(Position);

internal sealed record MapLiteral(int Position, IReadOnlyList<(Syntax Key, Syntax Value)> Entries) : Syntax(Position);
