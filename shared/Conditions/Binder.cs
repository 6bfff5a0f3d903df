namespace ServerlessCLM.Conditions;

/// <summary>
/// Gives an expression its types and builds what evaluates it. What does not depend on the inputs is computed here, once. Every wrong name
/// and type is found, not only the first.
/// </summary>
internal sealed partial class Binder<TInputs>(Vocabulary<TInputs> vocabulary)
    where TInputs : class
{
    private readonly SortedSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<Syntax, CelType> _types = new(ReferenceEqualityComparer.Instance);

    /// <summary>Stands for what is wrong, so that nothing is found wrong twice.</summary>
    private readonly Constant<TInputs> _wrong = new(default, CelType.Dyn);

    public List<ConditionFinding> Findings { get; } = [];

    public IReadOnlyCollection<string> Names => _names;

    /// <summary>Types by the very node of the syntax.</summary>
    public IReadOnlyDictionary<Syntax, CelType> Types => _types;

    public Node<TInputs> Bind(Syntax expression)
    {
        var node = expression switch
        {
            Literal literal => new Constant<TInputs>(literal.Value, TypeOf(literal.Value)),
            Name or Select => BindName(expression),
            Has has => BindHas(has),
            Index index => BindIndex(index),
            Call call => BindCall(call),
            Not not => BindNot(not),
            Negate negate => BindNegate(negate),
            Arithmetic sum => BindArithmetic(sum),
            Relate relate => BindRelate(relate),
            In membership => BindIn(membership),
            Logical logical => BindLogical(logical),
            Conditional choice => BindConditional(choice),
            ListLiteral list => BindList(list),
            MapLiteral map => BindMap(map),
            _ => throw new ArgumentOutOfRangeException(nameof(expression), expression.GetType(), "is not an expression"),
        };
        _types[expression] = node.Type;
        return node;
    }

    private Node<TInputs> Wrong(int position, string reason)
    {
        Findings.Add(new(position, reason));
        return _wrong;
    }

    /// <summary>The node, or its value where nothing in it depends on the inputs and it can be computed.</summary>
    private static Node<TInputs> Folded(Node<TInputs> node, params ReadOnlySpan<Node<TInputs>> operands)
    {
        foreach (var operand in operands)
        {
            if (operand is not Constant<TInputs>)
                return node;
        }

        var value = node.Evaluate(null!);
        return value.IsKnown ? new Constant<TInputs>(value, node.Type) : node;
    }

    private static CelType TypeOf(in Value value) => value.Kind switch
    {
        ValueKind.Bool => CelType.Bool,
        ValueKind.Int => CelType.Int,
        ValueKind.Double => CelType.Double,
        ValueKind.String => CelType.String,
        _ => CelType.Null,
    };

    private Node<TInputs> BindName(Syntax expression)
    {
        if (PathOf(expression) is { } path)
        {
            if (vocabulary.Find(path) is { } declared)
            {
                _names.Add(path);
                return declared;
            }

            if (!IsBelowDeclared(expression))
                return Unknown(expression.Start, path);
        }

        var select = (Select)expression;
        var target = Bind(select.Target);
        if (target == _wrong)
            return _wrong;

        if (!target.Type.IsMap && target.Type != CelType.Dyn)
            return Wrong(select.Position, $"{Printer.Print(select.Target)} is {target.Type} and has no members");

        var key = new Constant<TInputs>(Value.Of(select.Member), CelType.String);
        return Folded(new Binary<TInputs>(target, key, target.Type.Element ?? CelType.Dyn, static (map, name) => Operations.At(map, name)), target);
    }

    private Node<TInputs> Unknown(int position, string path)
    {
        var below = path + ".";
        return vocabulary.Names.Any(name => name.StartsWith(below, StringComparison.Ordinal))
            ? Wrong(position, $"{path} is not a value; name one of its members, like {vocabulary.Names.First(name => name.StartsWith(below, StringComparison.Ordinal))}")
            : Wrong(position, $"{Rejection.Shorten(path, 80)} is not known{NearestName.Hint(path, vocabulary.Names)}");
    }

    /// <summary><c>a.b.c</c> as a text; null for anything else.</summary>
    private static string? PathOf(Syntax expression) => expression switch
    {
        Name name => name.Text,
        Select select => PathOf(select.Target) is { } target ? $"{target}.{select.Member}" : null,
        _ => null,
    };

    /// <summary>Whether a name to the left is declared, so that what follows is a member of its value.</summary>
    private bool IsBelowDeclared(Syntax expression) =>
        expression is Select select && (vocabulary.Find(PathOf(select.Target)!) is not null || IsBelowDeclared(select.Target));

    private Node<TInputs> BindHas(Has has)
    {
        var member = Bind(has.Member);
        return member == _wrong ? _wrong : Folded(new HasNode<TInputs>(member), member);
    }

    private Node<TInputs> BindIndex(Index index)
    {
        var (target, place) = (Bind(index.Target), Bind(index.Place));
        if (target == _wrong || place == _wrong)
            return _wrong;

        if (!target.Type.IsList && !target.Type.IsMap && target.Type != CelType.Dyn)
            return Wrong(index.Position, $"{target.Type} has no places; only lists and maps have");

        var expected = target.Type.IsList ? CelType.Int : target.Type.Key ?? CelType.Dyn;
        return expected.Takes(place.Type)
            ? Folded(new Binary<TInputs>(target, place, target.Type.Element ?? CelType.Dyn, static (container, at) => Operations.At(container, at)), target, place)
            : Wrong(index.Place.Start, $"the place is {place.Type}, but must be {expected}");
    }

    private Node<TInputs> BindNot(Not not)
    {
        var operand = Bind(not.Operand);
        return operand == _wrong ? _wrong
            : CelType.Bool.Takes(operand.Type) ? Folded(new NotNode<TInputs>(operand), operand)
            : Wrong(not.Position, $"! takes true or false, not {operand.Type}{Comparing(not.Operand, operand)}");
    }

    private Node<TInputs> BindNegate(Negate negate)
    {
        var operand = Bind(negate.Operand);
        return operand == _wrong ? _wrong
            : operand.Type.IsNumber || operand.Type == CelType.Dyn
                ? Folded(new Unary<TInputs>(operand, operand.Type, static value => Operations.Negate(value)), operand)
                : Wrong(negate.Position, $"- takes a number, not {operand.Type}");
    }

    private Node<TInputs> BindLogical(Logical logical)
    {
        var operands = new Node<TInputs>[logical.Operands.Count];
        var (isWrong, sign) = (false, logical.IsAnd ? "&&" : "||");
        for (var place = 0; place < operands.Length; place++)
        {
            var operand = operands[place] = Bind(logical.Operands[place]);
            if (operand != _wrong && !CelType.Bool.Takes(operand.Type))
                Wrong(logical.Operands[place].Start, $"{sign} takes true or false, not {operand.Type}{Comparing(logical.Operands[place], operand)}");
            isWrong |= operand == _wrong || !CelType.Bool.Takes(operand.Type);
        }

        return isWrong ? _wrong : Folded(new LogicalNode<TInputs>(logical.IsAnd, operands), operands);
    }

    /// <summary>What to do with a number or text where a truth is expected.</summary>
    private static string Comparing(Syntax operand, Node<TInputs> node) =>
        node.Type.IsNumber ? $"; compare it, like {Printer.Print(operand)} > 0" : node.Type == CelType.String ? $"; compare it, like {Printer.Print(operand)} == '…'" : "";

    private Node<TInputs> BindConditional(Conditional choice)
    {
        var (condition, then, otherwise) = (Bind(choice.Condition), Bind(choice.Then), Bind(choice.Otherwise));
        if (condition == _wrong || then == _wrong || otherwise == _wrong)
            return _wrong;

        if (!CelType.Bool.Takes(condition.Type))
            return Wrong(choice.Condition.Start, $"the condition before ? is {condition.Type}{Comparing(choice.Condition, condition)}");

        if (!then.Type.Takes(otherwise.Type))
            return Wrong(choice.Position, $"the values before and after : are {then.Type} and {otherwise.Type}, but must be of one type{Decimals(then.Type, otherwise.Type)}");

        var type = then.Type == otherwise.Type ? then.Type : CelType.Dyn;
        var node = new ConditionalNode<TInputs>(condition, then, otherwise, type);
        return condition is Constant<TInputs> { Value: { Kind: ValueKind.Bool, Bool: var holds } }
            ? Folded(node, condition, holds ? then : otherwise)
            : node;
    }

    private Node<TInputs> BindList(ListLiteral list)
    {
        var items = list.Items.Select(Bind).ToArray();
        return items.Contains(_wrong) ? _wrong : Folded(new ListNode<TInputs>(items, CelType.List(Joined(items))), items);
    }

    private Node<TInputs> BindMap(MapLiteral map)
    {
        var (keys, values) = (map.Entries.Select(entry => Bind(entry.Key)).ToArray(), map.Entries.Select(entry => Bind(entry.Value)).ToArray());
        if (keys.Contains(_wrong) || values.Contains(_wrong))
            return _wrong;

        for (var place = 0; place < keys.Length; place++)
        {
            if (keys[place].Type != CelType.String && keys[place].Type != CelType.Int && keys[place].Type != CelType.Bool && keys[place].Type != CelType.Dyn)
                return Wrong(map.Entries[place].Key.Start, $"a key is {keys[place].Type}, but must be string, int or bool");
        }

        return Folded(new MapNode<TInputs>(keys, values, CelType.Map(Joined(keys), Joined(values))), [.. keys, .. values]);
    }

    private static CelType Joined(Node<TInputs>[] items) =>
        items.Length > 0 && Array.TrueForAll(items, item => item.Type == items[0].Type) ? items[0].Type : CelType.Dyn;
}
