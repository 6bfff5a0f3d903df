using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCLM.Conditions;

namespace ServerlessCLM.Decisions;

/// <summary>Values as people read them: a number in single precision has no more digits than it needs.</summary>
internal static class Words
{
    public static string Of(in Value value) => value.Kind switch
    {
        ValueKind.Unknown => "unknown",
        ValueKind.Double when (float)value.Double == value.Double => ((float)value.Double).ToString(CultureInfo.InvariantCulture),
        ValueKind.Double => value.Double.ToString(CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    public static JsonNode? Node(in Value value) => value.Kind switch
    {
        ValueKind.Bool => value.Bool,
        ValueKind.Int => value.Int,
        ValueKind.Double when (float)value.Double == value.Double => (float)value.Double,
        ValueKind.Double => value.Double,
        ValueKind.String => value.Text,
        _ => null,
    };

    public static string Of(double number) => number.ToString("0.00##", CultureInfo.InvariantCulture);
}
