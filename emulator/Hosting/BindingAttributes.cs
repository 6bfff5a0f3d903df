namespace ServerlessCLM.Emulator;

/// <summary>What connects a parameter or result of a function to the outside.</summary>
public abstract class BindingAttribute : Attribute;

/// <summary>Marks the one parameter whose value starts the function.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public abstract class TriggerBindingAttribute : BindingAttribute;

/// <summary>Marks a parameter that the host supplies beside the trigger's value.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public abstract class InputBindingAttribute : BindingAttribute;

/// <summary>Marks where a function's result goes.</summary>
public abstract class OutputBindingAttribute : BindingAttribute;
