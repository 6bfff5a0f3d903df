using System.Globalization;

namespace ServerlessCLM.Emulator;

/// <summary>Reads route values and other named texts as parameters' types, in the invariant culture.</summary>
internal static class TextValue
{
    /// <summary>The value, or null when the text is no such thing.</summary>
    public delegate object? Reader(string text);

    /// <summary>How to read a type or its nullable; null when it cannot be read from text.</summary>
    public static Reader? ReaderFor(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string) || type == typeof(object))
            return static text => text;
        if (type == typeof(int))
            return Parse<int>;
        if (type == typeof(long))
            return Parse<long>;
        if (type == typeof(decimal))
            return Parse<decimal>;
        if (type == typeof(double))
            return Parse<double>;
        if (type == typeof(Guid))
            return Parse<Guid>;
        if (type == typeof(DateOnly))
            return Parse<DateOnly>;
        if (type == typeof(bool))
            return static text => bool.TryParse(text, out var value) ? value : null;
        // A time without an offset is UTC, whatever the machine's zone.
        if (type == typeof(DateTimeOffset))
            return static text => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var value) ? value : null;
        return null;
    }

    /// <summary>The type in the words of an error.</summary>
    public static string NameOf(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Int32 or TypeCode.Int64 => "a whole number",
            TypeCode.Decimal or TypeCode.Double => "a number",
            TypeCode.Boolean => "true or false",
            TypeCode.String => "a text",
            _ when type == typeof(DateTimeOffset) => "a time as in 2026-01-31T08:00:00Z",
            _ when type == typeof(DateOnly) => "a date as in 2026-01-31",
            _ => $"a {type.Name}",
        };
    }

    static object? Parse<T>(string text)
        where T : struct, IParsable<T> =>
        T.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null;
}
