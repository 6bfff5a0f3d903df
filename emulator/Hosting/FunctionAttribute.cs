namespace ServerlessCLM.Emulator;

/// <summary>Marks a public method as a function that the host runs when its trigger fires.</summary>
/// <param name="name">Unique within the app, without regard to case.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FunctionAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
