namespace ServerlessCLM.Emulator;

/// <summary>The name of an orchestrator or activity; compared without regard to case.</summary>
public readonly struct TaskName : IEquatable<TaskName>
{
    readonly string? name;

    /// <exception cref="ArgumentNullException">The name is null.</exception>
    public TaskName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        this.name = name;
    }

    public string Name => name ?? "";

    public static implicit operator TaskName(string value) => new(value);

    public static implicit operator string(TaskName value) => value.Name;

    public static bool operator ==(TaskName left, TaskName right) => left.Equals(right);

    public static bool operator !=(TaskName left, TaskName right) => !left.Equals(right);

    public bool Equals(TaskName other) => string.Equals(Name, other.Name, StringComparison.OrdinalIgnoreCase);

    public override bool Equals(object? obj) => obj is TaskName other && Equals(other);

    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Name);

    public override string ToString() => Name;
}

/// <summary>The version of a task.</summary>
public readonly record struct TaskVersion(string Version)
{
    public static implicit operator TaskVersion(string value) => new(value);

    public static implicit operator string(TaskVersion value) => value.Version ?? "";

    public override string ToString() => Version ?? "";
}
