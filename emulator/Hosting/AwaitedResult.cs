using System.Reflection;

namespace ServerlessCLM.Emulator;

/// <summary>Waits for what a function returns: nothing, a value, or a task of either.</summary>
internal static class AwaitedResult
{
    /// <summary>The way from a return value of this type to the result; null where there is none.</summary>
    public static Func<object?, ValueTask<object?>> Of(Type returned)
    {
        if (returned == typeof(Task))
            return static value => Wait((Task)value!);
        if (returned == typeof(ValueTask))
            return static value => Wait(((ValueTask)value!).AsTask());
        if (!returned.IsGenericType)
            return static value => ValueTask.FromResult(value);

        var definition = returned.GetGenericTypeDefinition();
        var name = definition == typeof(Task<>) ? nameof(WaitTask) : definition == typeof(ValueTask<>) ? nameof(WaitValueTask) : null;
        return name is null
            ? static value => ValueTask.FromResult(value)
            : typeof(AwaitedResult).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!
                .MakeGenericMethod(returned.GetGenericArguments())
                .CreateDelegate<Func<object?, ValueTask<object?>>>();
    }

    static async ValueTask<object?> Wait(Task task)
    {
        await task;
        return null;
    }

    static async ValueTask<object?> WaitTask<T>(object? task) => await (Task<T>)task!;

    static async ValueTask<object?> WaitValueTask<T>(object? task) => await (ValueTask<T>)task!;
}
