namespace ServerlessCLM.Conditions;

/// <summary>A condition or amount, compiled once; any number of threads may evaluate it, and without allocation unless it builds texts or lists.</summary>
public sealed class Expression<TInputs>
{
    private readonly Node<TInputs> _root;

    internal Expression(string text, Syntax syntax, Node<TInputs> root, IReadOnlyDictionary<Syntax, CelType> types, IReadOnlyCollection<string> names) =>
        (Text, Syntax, _root, Types, Names) = (text, syntax, root, types, names);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    public CelType Type => _root.Type;

    /// <summary>The declared names it reads, such as <c>features.tenure_days</c>.</summary>
    public IReadOnlyCollection<string> Names { get; }

    internal Syntax Syntax { get; }

    internal IReadOnlyDictionary<Syntax, CelType> Types { get; }

    /// <summary>Whether it is the same value whatever the inputs.</summary>
    public bool IsConstant => _root is Constant<TInputs>;

    /// <summary>The answer; what is neither true nor false does not permit.</summary>
    public Truth Test(TInputs inputs) => _root.Test(inputs);

    /// <summary>Whether the answer is true.</summary>
    public bool Holds(TInputs inputs) => _root.Test(inputs) == Truth.True;

    /// <summary>The number, or false where a value is missing, the expression cannot be computed, or it is infinite or NaN.</summary>
    public bool TryNumber(TInputs inputs, out double number) => _root.Number(inputs, out number) == ValueKind.Double && double.IsFinite(number);

    /// <summary>The value; one that is not known says what is missing, or why it cannot be computed.</summary>
    public Value Evaluate(TInputs inputs) => _root.Evaluate(inputs);

    /// <summary>The texts written out as first arguments of a function, and where.</summary>
    public IEnumerable<(string Text, int Position)> LiteralArguments(string function) => Types.Keys.OfType<Call>()
        .Where(call => call.Function == function && call.Target is null)
        .Select(call => call.Arguments.FirstOrDefault())
        .OfType<Literal>()
        .Where(literal => literal.Value.Kind == ValueKind.String)
        .Select(literal => (literal.Value.Text, literal.Position));

    /// <summary>The expression, written in one way only.</summary>
    public override string ToString() => Printer.Print(Syntax);
}
