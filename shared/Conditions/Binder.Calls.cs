namespace ServerlessCLM.Conditions;

/// <summary>Functions: the host's and the language's.</summary>
internal sealed partial class Binder<TInputs>
{
    private Node<TInputs> BindCall(Call call)
    {
        if (call.Target is null && vocabulary.FindFunction(call.Function) is { } declared)
            return BindHostCall(call, declared);

        if (!Builtins.Find(call.Function, call.Target is not null, out var builtin))
            return UnknownFunction(call);

        Syntax[] given = call.Target is null ? [.. call.Arguments] : [call.Target, .. call.Arguments];
        var operands = given.Select(Bind).ToArray();
        if (operands.Contains(_wrong))
            return _wrong;

        if (builtin.ResultOf([.. operands.Select(operand => operand.Type)]) is not { } result)
            return Wrong(call.Position, $"{call.Function}() cannot be called so: {(operands.Length == 0 ? "nothing is given" : string.Join(", ", operands.Select(operand => operand.Type)))}; it takes {builtin.Takes}");

        if (builtin.Prepare is { } prepare)
            return Prepared(call, prepare, operands, given, result);

        Node<TInputs> node = operands.Length == 1
            ? new Unary<TInputs>(operands[0], result, builtin.Apply)
            : new Binary<TInputs>(operands[0], operands[1], result, builtin.ApplyTwo);
        node = Folded(node, operands);
        // Not computed from constants, it never will be: a mistake worth a word now.
        return Array.TrueForAll(operands, operand => operand is Constant<TInputs>) && node is not Constant<TInputs>
            ? Wrong(given[^1].Start, node.Evaluate(null!).Reason!)
            : node;
    }

    /// <summary>A function whose last argument is looked at once: a pattern, a zone.</summary>
    private Node<TInputs> Prepared(Call call, Func<Value, (Func<Value, Value>? Apply, string? Wrong)> prepare, Node<TInputs>[] operands, Syntax[] given, CelType result)
    {
        Value argument = default;
        if (operands.Length == 2)
        {
            if (operands[1] is not Constant<TInputs> constant)
                return Wrong(given[1].Start, $"the argument of {call.Function}() must be written out, so that it is checked once");
            argument = constant.Value;
        }

        var (apply, wrong) = prepare(argument);
        return apply is null
            ? Wrong(given[^1].Start, wrong!)
            : Folded(new Unary<TInputs>(operands[0], result, apply), operands[0]);
    }

    private Node<TInputs> BindHostCall(Call call, DeclaredFunction<TInputs> function)
    {
        var signature = $"{function.Name}({string.Join(", ", function.Arguments.Select(argument => argument.Name))})";
        if (call.Arguments.Count != function.Arguments.Count)
            return Wrong(call.Position, $"{signature} takes {function.Arguments.Count} arguments, not {call.Arguments.Count}");

        var operands = call.Arguments.Select(Bind).ToArray();
        var isWrong = false;
        for (var place = 0; place < operands.Length; place++)
        {
            var (argument, operand) = (function.Arguments[place], operands[place]);
            if (operand == _wrong)
                isWrong = true;
            else if (argument.Type != operand.Type && operand.Type != CelType.Dyn)
                isWrong |= Wrong(call.Arguments[place].Start, $"the {argument.Name} of {signature} is {operand.Type}, but must be {argument.Type}") == _wrong;
            else if (operand is Constant<TInputs> { Value: { Kind: ValueKind.String, Text: var text } } && argument.Allowed?.Contains(text) == false)
                isWrong |= Wrong(call.Arguments[place].Start, $"'{Rejection.Shorten(text, 60)}' is not a known {argument.Name}{NearestName.Hint(text, argument.Allowed)}") == _wrong;
        }

        if (isWrong)
            return _wrong;

        _names.Add($"{function.Name}()");
        return new HostCall<TInputs>(function, operands[0], operands.Length > 1 ? operands[1] : null);
    }

    private Node<TInputs> UnknownFunction(Call call)
    {
        if (call.Function is "all" or "exists" or "exists_one" or "map" or "filter")
            return Wrong(call.Position, $"{call.Function}() is a loop, and loops are not part of the language");

        if (Builtins.Find(call.Function, call.Target is null, out _) || (call.Target is not null && vocabulary.FindFunction(call.Function) is not null))
            return Wrong(call.Position, call.Target is null ? $"{call.Function}() is written behind a value, like name.{call.Function}(…)" : $"{call.Function}() is written without a value before it");

        foreach (var argument in call.Arguments)
            Bind(argument);
        return Wrong(call.Position, $"{Rejection.Shorten(call.Function, 60)}() is not a function{NearestName.Hint(call.Function, Builtins.Names.Concat(vocabulary.Functions).Append("has"))}");
    }
}
