using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace ServerlessCLM.Emulator;

/// <summary>A function made ready to run: reflection is done once, here.</summary>
internal sealed class FunctionMethod
{
    readonly FunctionDescriptor function;
    readonly MethodInvoker method;
    readonly ObjectFactory? make;
    readonly Func<InvocationContext, object?>[] arguments;
    readonly Func<object?, ValueTask<object?>> result;

    /// <exception cref="FunctionsStartupException">A parameter is of a kind that nothing supplies.</exception>
    public FunctionMethod(FunctionDescriptor function, IReadOnlyList<InputBinding> inputs)
    {
        this.function = function;
        method = MethodInvoker.Create(function.Method);
        make = function.Method.IsStatic ? null : ActivatorUtilities.CreateFactory(function.Method.DeclaringType!, []);
        arguments = [.. function.Method.GetParameters().Select(parameter => Argument(parameter, inputs))];
        result = AwaitedResult.Of(function.Method.ReturnType);
    }

    /// <summary>Runs the function in the context's scope; what it throws comes out as it is.</summary>
    public async Task<object?> RunAsync(InvocationContext context)
    {
        var values = new object?[arguments.Length];
        for (var index = 0; index < values.Length; index++)
            values[index] = arguments[index](context);

        var instance = make?.Invoke(context.InstanceServices, null);
        try
        {
            return await result(method.Invoke(instance, values.AsSpan()));
        }
        finally
        {
            if (instance is IAsyncDisposable asynchronous)
                await asynchronous.DisposeAsync();
            else
                (instance as IDisposable)?.Dispose();
        }
    }

    Func<InvocationContext, object?> Argument(ParameterInfo parameter, IReadOnlyList<InputBinding> inputs)
    {
        if (function.IsTrigger(parameter))
            return context => context.TriggerValue;
        if (parameter.ParameterType == typeof(FunctionContext))
            return context => context;
        if (parameter.ParameterType == typeof(CancellationToken))
            return context => context.CancellationToken;
        if (parameter.GetCustomAttribute<InputBindingAttribute>() is { } attribute)
        {
            var input = inputs.FirstOrDefault(candidate => candidate.AttributeType == attribute.GetType() && parameter.ParameterType.IsAssignableFrom(candidate.ValueType));
            return input is not null
                ? context => input.Bind(attribute, context)
                : throw Unbindable(parameter, $"nothing here supplies it for [{attribute.GetType().Name}]");
        }

        // By name from what the trigger knows: the value as it is, or its text read as the parameter's type.
        var name = parameter.Name!;
        var read = TextValue.ReaderFor(parameter.ParameterType);
        if (read is null && !parameter.IsDefined(typeof(FromBodyAttribute)))
            throw Unbindable(parameter, "no trigger, route value or service input is of that type");
        var fallback = parameter.HasDefaultValue ? parameter.DefaultValue : null;
        return context => context.BindingContext.BindingData.TryGetValue(name, out var value)
            ? Fit(parameter, value, read)
            : parameter.HasDefaultValue || Nullable.GetUnderlyingType(parameter.ParameterType) is not null
                ? fallback
                : throw new InvalidOperationException($"Function '{function.Name}': the trigger supplies no '{name}'.");
    }

    object Fit(ParameterInfo parameter, object value, TextValue.Reader? read)
    {
        if (parameter.ParameterType.IsInstanceOfType(value))
            return value;
        return value is string text && read is not null && read(text) is { } fitting
            ? fitting
            : throw new InvalidOperationException($"Function '{function.Name}': '{parameter.Name}' is not {TextValue.NameOf(parameter.ParameterType)}.");
    }

    FunctionsStartupException Unbindable(ParameterInfo parameter, string reason) =>
        new($"Function '{function.Name}': parameter '{parameter.Name}' of type {parameter.ParameterType.Name} cannot be bound: {reason}.");
}
