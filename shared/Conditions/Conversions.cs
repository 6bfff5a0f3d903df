using System.Globalization;

namespace ServerlessCLM.Conditions;

/// <summary>The functions named after types: <c>int()</c>, <c>double()</c>, <c>string()</c>, <c>bool()</c>, <c>timestamp()</c>, <c>duration()</c>.</summary>
internal static class Conversions
{
    public static Value ToInt(Value value) => value.Kind switch
    {
        ValueKind.Int => value,
        // Both ends are left out: 2^63 is no int, and a double cannot tell −2^63 from what is below it.
        ValueKind.Double => Math.Abs(value.Double) < 9223372036854775808.0 ? Value.Of((long)value.Double) : Value.Error("the number does not fit in 64 bits"),
        ValueKind.Timestamp => Value.Of(value.Seconds),
        ValueKind.String => long.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? Value.Of(number)
            : NotA(value, "a whole number"),
        _ => Cannot("int"),
    };

    public static Value ToDouble(Value value) => value.Kind switch
    {
        ValueKind.Double => value,
        ValueKind.Int => Value.Of((double)value.Int),
        ValueKind.String => double.TryParse(value.Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture, out var number)
            ? Value.Of(number)
            : NotA(value, "a number"),
        _ => Cannot("double"),
    };

    public static Value ToText(Value value) => value.Kind switch
    {
        ValueKind.String => value,
        ValueKind.Bool => Value.Of(value.Bool ? "true" : "false"),
        ValueKind.Int => Value.Of(value.Int.ToString(CultureInfo.InvariantCulture)),
        ValueKind.Double => Value.Of(Text(value.Double)),
        ValueKind.Timestamp or ValueKind.Duration => Value.Of(Times.Text(value)),
        _ => Cannot("string"),
    };

    public static Value ToBool(Value value) => value.Kind switch
    {
        ValueKind.Bool => value,
        ValueKind.String => value.Text switch
        {
            "1" or "t" or "true" or "TRUE" or "True" => Value.Of(value: true),
            "0" or "f" or "false" or "FALSE" or "False" => Value.Of(value: false),
            _ => NotA(value, "true or false"),
        },
        _ => Cannot("bool"),
    };

    public static Value ToTimestamp(Value value) => value.Kind switch
    {
        ValueKind.Timestamp => value,
        ValueKind.Int => Times.Timestamp(value.Int),
        ValueKind.String => Times.Timestamp(value.Text),
        _ => Cannot("timestamp"),
    };

    public static Value ToDuration(Value value) => value.Kind switch
    {
        ValueKind.Duration => value,
        ValueKind.String => Times.Duration(value.Text),
        _ => Cannot("duration"),
    };

    /// <summary>The shortest text that reads back as the number.</summary>
    public static string Text(double value) => double.IsNaN(value) ? "NaN"
        : double.IsInfinity(value) ? value > 0 ? "+Inf" : "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e');

    private static Value NotA(Value text, string what) => Value.Error($"'{Rejection.Shorten(text.Text, 40)}' is not {what}");

    private static Value Cannot(string type) => Value.Error($"{type}() has no such argument");
}
