namespace ServerlessCLM.Conditions;

/// <summary>The type of an expression, known before it is evaluated.</summary>
public sealed record CelType
{
    private CelType(string name, CelType? element = null, CelType? key = null) => (Name, Element, Key) = (name, element, key);

    /// <summary>Any type: it is looked at when the expression is evaluated.</summary>
    public static readonly CelType Dyn = new("dyn");

    public static readonly CelType Null = new("null"), Bool = new("bool"), Int = new("int"), Double = new("double"), String = new("string"),
        Timestamp = new("timestamp"), Duration = new("duration");

    private string Name { get; }

    /// <summary>What a list or map holds; null for other types.</summary>
    public CelType? Element { get; }

    /// <summary>What a map's keys are; null for other types.</summary>
    public CelType? Key { get; }

    public bool IsList => Element is not null && Key is null;

    public bool IsMap => Key is not null;

    public bool IsNumber => this == Int || this == Double;

    /// <summary>Whether its values have an order.</summary>
    public bool IsOrdered => IsNumber || this == Bool || this == String || this == Timestamp || this == Duration;

    public static CelType List(CelType element) => new("list", element);

    public static CelType Map(CelType key, CelType element) => new("map", element, key);

    /// <summary>Whether a value of the other type may stand where this is expected.</summary>
    public bool Takes(CelType other) => this == other || this == Dyn || other == Dyn
        || (Name == other.Name && Element is not null && Element.Takes(other.Element!) && (Key is null || Key.Takes(other.Key!)));

    public override string ToString() => IsMap ? $"map({Key}, {Element})" : IsList ? $"list({Element})" : Name;
}
