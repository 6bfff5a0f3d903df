using System.Reflection;

namespace ServerlessCLM.Emulator;

/// <summary>The functions of an app.</summary>
public sealed class FunctionCatalogue
{
    readonly Dictionary<string, FunctionDescriptor> byName;

    FunctionCatalogue(Dictionary<string, FunctionDescriptor> byName)
    {
        this.byName = byName;
        Functions = [.. byName.Values.OrderBy(function => function.Name, StringComparer.Ordinal)];
    }

    /// <summary>All functions, by name.</summary>
    public IReadOnlyList<FunctionDescriptor> Functions { get; }

    /// <summary>The function of that name, without regard to case; null when there is none.</summary>
    public FunctionDescriptor? Get(string name) => byName.GetValueOrDefault(name);

    /// <summary>The functions with a trigger attribute of that type, by name.</summary>
    public IEnumerable<(FunctionDescriptor Function, TTrigger Trigger)> TriggeredBy<TTrigger>()
        where TTrigger : TriggerBindingAttribute =>
        from function in Functions
        where function.Trigger is TTrigger
        select (function, (TTrigger)function.Trigger);

    /// <summary>Finds the methods with a <see cref="FunctionAttribute"/> in an assembly.</summary>
    /// <exception cref="FunctionsStartupException">A name is used twice, or a method cannot be a function.</exception>
    internal static FunctionCatalogue Of(Assembly assembly) => Of(assembly.GetTypes());

    internal static FunctionCatalogue Of(IEnumerable<Type> types)
    {
        const BindingFlags every = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var found = new Dictionary<string, FunctionDescriptor>(StringComparer.OrdinalIgnoreCase);
        foreach (var method in types.Where(type => type.IsClass).SelectMany(type => type.GetMethods(every)))
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is not { } attribute)
                continue;
            var function = Describe(attribute.Name, method);
            if (!found.TryAdd(function.Name, function))
                throw new FunctionsStartupException($"Function '{function.Name}' is defined twice: by {Place(found[function.Name].Method)} and by {Place(method)}.");
        }

        return new(found);
    }

    /// <exception cref="FunctionsStartupException">Some function's trigger is nobody's.</exception>
    internal void CheckClaimed(IEnumerable<ITriggerListener> listeners)
    {
        var claimed = listeners.Select(listener => listener.TriggerType).ToHashSet();
        if (Functions.FirstOrDefault(function => !claimed.Contains(function.Trigger.GetType())) is { } unclaimed)
            throw new FunctionsStartupException($"Function '{unclaimed.Name}': nothing here runs functions with {Name(unclaimed.Trigger)} on '{unclaimed.TriggerParameter.Name}'.");
    }

    internal static string Place(MethodInfo method) => $"{method.DeclaringType!.FullName}.{method.Name}";

    static string Name(Attribute attribute) => $"[{attribute.GetType().Name.Replace("Attribute", "", StringComparison.Ordinal)}]";

    static FunctionDescriptor Describe(string name, MethodInfo method)
    {
        if (string.IsNullOrEmpty(name) || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-') || !char.IsAsciiLetter(name[0]))
            throw new FunctionsStartupException($"Function '{name}' ({Place(method)}): a name starts with a letter and holds letters, digits, '_' and '-'.");
        if (!method.IsPublic || method.ContainsGenericParameters)
            throw new FunctionsStartupException($"Function '{name}' ({Place(method)}): the method must be public and not generic.");

        var triggers = method.GetParameters().Where(parameter => parameter.IsDefined(typeof(TriggerBindingAttribute))).ToArray();
        if (triggers.Length != 1)
            throw new FunctionsStartupException($"Function '{name}' ({Place(method)}): has {triggers.Length} trigger parameters, needs one.");
        return new(name, method, triggers[0], triggers[0].GetCustomAttribute<TriggerBindingAttribute>()!, method.GetCustomAttribute<RetryAttribute>());
    }
}
