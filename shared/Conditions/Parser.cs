using System.Globalization;

namespace ServerlessCLM.Conditions;

/// <summary>A recursive descent over CEL's grammar (cel-spec, langdef.md), without macros, messages, bytes and unsigned numbers.</summary>
internal ref struct Parser
{
    /// <summary>UTF-16 units of an expression at the most.</summary>
    public const int MaxLength = 4096;

    /// <summary>Operations within one another at the most; a chain of <c>&amp;&amp;</c> or <c>||</c> is one.</summary>
    public const int MaxDepth = 64;

    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return", "var",
        "void", "while", "in", "true", "false", "null",
    };

    private Lexer _lexer;
    private Token _token, _next;
    private int _open;

    private Parser(string text)
    {
        _lexer = new Lexer(text);
        _token = _lexer.Next();
        _next = _token.Kind == TokenKind.End ? _token : _lexer.Next();
    }

    /// <exception cref="ConditionException">Not an expression; nothing else is ever thrown.</exception>
    public static Syntax Parse(string text)
    {
        if (text.Length > MaxLength)
            throw new ConditionException(MaxLength, $"the expression is longer than {MaxLength} characters");

        var parser = new Parser(text);
        var expression = parser.Expression();
        return parser._token.Kind == TokenKind.End
            ? expression
            : throw parser.Unexpected("the end, or an operator");
    }

    private Syntax Expression()
    {
        Enter();
        var condition = Or();
        var question = _token.Position;
        if (Skip("?"))
        {
            var then = Or();
            Expect(":");
            var otherwise = Expression();
            condition = Built(new Conditional(question, condition, then, otherwise), condition, then, otherwise);
        }

        _open--;
        return condition;
    }

    private Syntax Or()
    {
        var (first, position) = (And(), _token.Position);
        if (!_token.Is("||"))
            return first;

        var operands = new List<Syntax> { first };
        while (Skip("||"))
            operands.Add(And());
        return Built(new Logical(position, IsAnd: false, operands), [.. operands]);
    }

    private Syntax And()
    {
        var (first, position) = (Relation(), _token.Position);
        if (!_token.Is("&&"))
            return first;

        var operands = new List<Syntax> { first };
        while (Skip("&&"))
            operands.Add(Relation());
        return Built(new Logical(position, IsAnd: true, operands), [.. operands]);
    }

    private Syntax Relation()
    {
        var left = Sum();
        while (true)
        {
            var token = _token;
            if (token is { Kind: TokenKind.Identifier, Text: "in" })
            {
                Take();
                var right = Sum();
                left = Built(new In(token.Position, left, right), left, right);
            }
            else if (RelationOf(token) is { } relation)
            {
                Take();
                var right = Sum();
                left = Built(new Relate(token.Position, relation, left, right), left, right);
            }
            else
                return left;
        }
    }

    private static Relation? RelationOf(Token token) => token.Kind != TokenKind.Symbol ? null : token.Text switch
    {
        "==" => Conditions.Relation.Equal,
        "!=" => Conditions.Relation.NotEqual,
        "<" => Conditions.Relation.Less,
        "<=" => Conditions.Relation.LessOrEqual,
        ">" => Conditions.Relation.Greater,
        ">=" => Conditions.Relation.GreaterOrEqual,
        _ => null,
    };

    private Syntax Sum()
    {
        var left = Product();
        while (_token is { Kind: TokenKind.Symbol, Text: "+" or "-" } sign)
        {
            Take();
            var right = Product();
            left = Built(new Arithmetic(sign.Position, sign.Text == "+" ? ArithmeticOperator.Add : ArithmeticOperator.Subtract, left, right), left, right);
        }

        return left;
    }

    private Syntax Product()
    {
        var left = Unary();
        while (_token is { Kind: TokenKind.Symbol, Text: "*" or "/" or "%" } sign)
        {
            Take();
            var right = Unary();
            var operation = sign.Text switch
            {
                "*" => ArithmeticOperator.Multiply,
                "/" => ArithmeticOperator.Divide,
                _ => ArithmeticOperator.Modulo,
            };
            left = Built(new Arithmetic(sign.Position, operation, left, right), left, right);
        }

        return left;
    }

    private Syntax Unary()
    {
        var sign = _token;
        if (sign.Is("-") && _next.Kind is TokenKind.Int or TokenKind.Double)
        {
            Take();
            return Members(Number(negative: true, sign.Position));
        }

        if (!sign.Is("!") && !sign.Is("-"))
            return Members(Primary());

        Enter();
        Take();
        var operand = Unary();
        _open--;
        return sign.Is("!") ? Built(new Not(sign.Position, operand), operand) : Built(new Negate(sign.Position, operand), operand);
    }

    private Syntax Members(Syntax target)
    {
        while (true)
        {
            if (_token.Is("."))
            {
                Take();
                var member = _token;
                if (member.Kind != TokenKind.Identifier || member.Text == "in")
                    throw Unexpected("a name");
                Take();
                target = _token.Is("(")
                    ? CallOf(member, target)
                    : Built(new Select(member.Position, target, member.Text), target);
            }
            else if (_token.Is("["))
            {
                var position = _token.Position;
                Take();
                var place = Expression();
                Expect("]");
                target = Built(new Index(position, target, place), target, place);
            }
            else
                return target;
        }
    }

    private Syntax Primary()
    {
        var token = _token;
        switch (token.Kind)
        {
            case TokenKind.Int or TokenKind.Double:
                return Number(negative: false, token.Position);
            case TokenKind.String:
                Take();
                return new Literal(token.Position, token.Value);
            case TokenKind.Identifier:
                return NameOrCall(token);
        }

        if (Skip("("))
        {
            var inner = Expression();
            Expect(")");
            return inner;
        }

        if (Skip("["))
        {
            var items = Sequence("]");
            return Built(new ListLiteral(token.Position, items), [.. items]);
        }

        return Skip("{") ? Map(token.Position) : throw Unexpected("a value");
    }

    private Syntax NameOrCall(Token token)
    {
        Value? constant = token.Text switch { "true" => Value.Of(value: true), "false" => Value.Of(value: false), "null" => Value.Null, _ => null };
        if (constant is { } value)
        {
            Take();
            return new Literal(token.Position, value);
        }

        if (Reserved.Contains(token.Text))
            throw new ConditionException(token.Position, $"'{token.Text}' is a reserved word and cannot be a name");

        Take();
        return _token.Is("(") ? CallOf(token, target: null) : new Name(token.Position, token.Text);
    }

    private Syntax CallOf(Token function, Syntax? target)
    {
        Expect("(");
        var arguments = Sequence(")");
        if (target is null && function.Text == "has")
        {
            return arguments is [Select member]
                ? Built(new Has(function.Position, member), member)
                : throw new ConditionException(function.Position, "has() takes one name with a member, like has(features.balance)");
        }

        return Built(new Call(function.Position, target, function.Text, arguments), target is null ? [.. arguments] : [target, .. arguments]);
    }

    private Syntax Map(int position)
    {
        var entries = new List<(Syntax Key, Syntax Value)>();
        while (!Skip("}"))
        {
            var key = Expression();
            Expect(":");
            entries.Add((key, Expression()));
            if (!_token.Is("}"))
                Expect(",");
        }

        return Built(new MapLiteral(position, entries), [.. entries.SelectMany(entry => new[] { entry.Key, entry.Value })]);
    }

    /// <summary>Expressions with commas between them; a list, not a call, may have one more at its end.</summary>
    private List<Syntax> Sequence(string close)
    {
        var items = new List<Syntax>();
        while (!Skip(close))
        {
            items.Add(Expression());
            if (_token.Is(close))
                continue;
            Expect(",");
            if (close == ")" && _token.Is(close))
                throw Unexpected("an argument");
        }

        return items;
    }

    private Literal Number(bool negative, int position)
    {
        var token = _token;
        Take();
        if (token.Kind == TokenKind.Double)
            return new Literal(position, Value.Of(negative ? -token.Value.Double : token.Value.Double));

        var isHex = token.Text.Length > 2 && token.Text[1] is 'x' or 'X';
        var isNumber = isHex
            ? ulong.TryParse(token.Text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size)
            : ulong.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out size);
        if (!isNumber || size > (negative ? 1UL << 63 : long.MaxValue))
            throw new ConditionException(position, $"{(negative ? "-" : "")}{Rejection.Shorten(token.Text, 40)} does not fit in 64 bits");
        return new Literal(position, Value.Of(negative ? (long)(0 - size) : (long)size));
    }

    /// <summary>Counts what is open, so that no text can exhaust the stack.</summary>
    private void Enter()
    {
        if (++_open > MaxDepth)
            throw TooDeep(_token.Position);
    }

    /// <summary>Counts what is below, so that no tree can exhaust it either.</summary>
    private static Syntax Built(Syntax made, params ReadOnlySpan<Syntax> children)
    {
        var depth = 0;
        foreach (var child in children)
            depth = Math.Max(depth, child.Depth + 1);
        return depth <= MaxDepth ? made with { Depth = depth } : throw TooDeep(made.Position);
    }

    private static ConditionException TooDeep(int position) => new(position, $"operations are nested more than {MaxDepth} deep");

    private void Take()
    {
        _token = _next;
        if (_token.Kind != TokenKind.End)
            _next = _lexer.Next();
    }

    private bool Skip(string symbol)
    {
        if (!_token.Is(symbol))
            return false;
        Take();
        return true;
    }

    private void Expect(string symbol)
    {
        if (!Skip(symbol))
            throw Unexpected($"'{symbol}'");
    }

    private readonly ConditionException Unexpected(string expected) => new(_token.Position, _token.Kind switch
    {
        TokenKind.End => $"the expression ends where {expected} is expected",
        TokenKind.String => $"a text stands where {expected} is expected",
        _ => $"'{Rejection.Shorten(_token.Text, 40)}' stands where {expected} is expected",
    });
}
