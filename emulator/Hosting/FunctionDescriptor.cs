using System.Reflection;

namespace ServerlessCLM.Emulator;

/// <summary>A function as found in the app's assembly.</summary>
public sealed class FunctionDescriptor
{
    internal FunctionDescriptor(string name, MethodInfo method, ParameterInfo triggerParameter, TriggerBindingAttribute trigger, RetryAttribute? retry)
    {
        Name = name;
        Method = method;
        TriggerParameter = triggerParameter;
        Trigger = trigger;
        Retry = retry;
        Retries = RetrySchedule.Of(name, retry);
    }

    public string Name { get; }

    public MethodInfo Method { get; }

    public ParameterInfo TriggerParameter { get; }

    /// <summary>Whether a parameter of the method is the trigger's. By place, because reflection gives other objects for the same
    /// parameters when two threads ask at once.</summary>
    internal bool IsTrigger(ParameterInfo parameter) => parameter.Position == TriggerParameter.Position;

    /// <summary>The attribute on <see cref="TriggerParameter"/>.</summary>
    public TriggerBindingAttribute Trigger { get; }

    public RetryAttribute? Retry { get; }

    /// <summary>The waits that <see cref="Retry"/> asks for; no retry without it.</summary>
    internal RetrySchedule Retries { get; }
}
