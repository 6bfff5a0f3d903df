namespace ServerlessCLM.Conditions;

/// <summary>Reads a vector whose places have names; NaN is a value that is missing.</summary>
public delegate ReadOnlySpan<float> VectorReader<in TInputs>(TInputs inputs);

/// <summary>A function of the host's. Its arguments are known and of the declared types; a second one that is not declared is unknown.</summary>
public delegate Value HostFunction<in TInputs>(TInputs inputs, Value first, Value second);

/// <summary>An argument of a host's function.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Type">What it takes.</param>
/// <param name="Allowed">What a literal text may be; null for anything.</param>
public sealed record Argument(string Name, CelType Type, IReadOnlyCollection<string>? Allowed = null);

/// <summary>
/// What conditions can speak of: names and functions with their types, and how each is read from the inputs. Built once, then shared
/// by any number of threads that compile.
/// </summary>
/// <typeparam name="TInputs">What a condition is evaluated against: a customer's vectors, profile, ledger and clock.</typeparam>
public sealed class Vocabulary<TInputs>
    where TInputs : class
{
    private readonly Dictionary<string, Node<TInputs>> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DeclaredFunction<TInputs>> _functions = new(StringComparer.Ordinal);

    /// <summary>Declares one value.</summary>
    /// <param name="name">A name, or names with dots between them, such as <c>profile.country</c>.</param>
    /// <param name="type">A map's members are looked up when they are asked for; those it lacks are unknown.</param>
    /// <param name="read">Returns a value of the type, or <see cref="Conditions.Value.Missing"/>.</param>
    public Vocabulary<TInputs> Value(string name, CelType type, Func<TInputs, Value> read)
    {
        _names.Add(name, new HostValue<TInputs>(name, type, read));
        return this;
    }

    /// <summary>Declares the places of a vector as <c>root.name</c>, of type double.</summary>
    /// <param name="root">Such as <c>features</c>.</param>
    /// <param name="names">In the order of the vector.</param>
    /// <param name="read">The vector; as long as there are names.</param>
    public Vocabulary<TInputs> Vector(string root, IEnumerable<string> names, VectorReader<TInputs> read)
    {
        var place = 0;
        foreach (var name in names)
            _names.Add($"{root}.{name}", new VectorPlace<TInputs>($"{root}.{name}", place++, read));
        return this;
    }

    /// <summary>Declares a function of one or two arguments.</summary>
    public Vocabulary<TInputs> Function(string name, IReadOnlyList<Argument> arguments, CelType result, HostFunction<TInputs> call)
    {
        if (arguments.Count is 0 or > 2)
            throw new ArgumentException($"{name} must take one or two arguments", nameof(arguments));
        _functions.Add(name, new DeclaredFunction<TInputs>(name, arguments, result, call));
        return this;
    }

    /// <summary>Compiles a condition: an expression that answers true or false.</summary>
    /// <exception cref="ConditionException">With every name and type that is wrong.</exception>
    public Expression<TInputs> Condition(string text) => Compile(text, CelType.Bool);

    /// <summary>Compiles an amount: an expression that is a number, whole or not.</summary>
    /// <exception cref="ConditionException">With every name and type that is wrong.</exception>
    public Expression<TInputs> Amount(string text) => Compile(text, CelType.Double);

    /// <summary>Compiles an expression of any type.</summary>
    /// <exception cref="ConditionException">With every name and type that is wrong.</exception>
    public Expression<TInputs> Compile(string text) => Compile(text, CelType.Dyn);

    /// <summary>Every name that is declared.</summary>
    public IReadOnlyCollection<string> Names => _names.Keys;

    /// <summary>The value of a part of an expression that has been compiled.</summary>
    internal Conditions.Value Evaluate(Syntax part, TInputs inputs) => new Binder<TInputs>(this).Bind(part).Evaluate(inputs);

    /// <summary>Type of a declared name; null for a name that is not declared.</summary>
    public CelType? TypeOf(string name) => Find(name)?.Type;

    /// <summary>The functions that are declared: name, and how one is called, like <c>accepted(action: string, window: duration): bool</c>.</summary>
    public IEnumerable<(string Name, string Signature)> Signatures => _functions.Values.Select(function =>
        (function.Name, $"{function.Name}({string.Join(", ", function.Arguments.Select(argument => $"{argument.Name}: {argument.Type}"))}): {function.Result}"));

    internal IEnumerable<string> Functions => _functions.Keys;

    internal Node<TInputs>? Find(string name) => _names.GetValueOrDefault(name);

    internal DeclaredFunction<TInputs>? FindFunction(string name) => _functions.GetValueOrDefault(name);

    private Expression<TInputs> Compile(string text, CelType expected)
    {
        var syntax = Parser.Parse(text);
        var binder = new Binder<TInputs>(this);
        var root = binder.Bind(syntax);
        if (binder.Findings.Count == 0 && !expected.Takes(root.Type) && !(expected == CelType.Double && root.Type == CelType.Int))
            binder.Findings.Add(new(syntax.Start, $"is {root.Type}, but must be {(expected == CelType.Bool ? "true or false" : "a number")}"));

        return binder.Findings.Count == 0
            ? new Expression<TInputs>(text, syntax, root, binder.Types, binder.Names)
            : throw new ConditionException([.. binder.Findings.OrderBy(finding => finding.Position)]);
    }
}

internal sealed record DeclaredFunction<TInputs>(string Name, IReadOnlyList<Argument> Arguments, CelType Result, HostFunction<TInputs> Call);
