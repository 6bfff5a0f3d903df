using System.Text;
using System.Text.Json;

namespace ServerlessCLM.Emulator;

/// <summary>Payloads as JSON, as the worker's default serializer writes them.</summary>
internal static class DurableJson
{
    /// <summary>The most bytes of UTF-8 in one payload.</summary>
    public const int MaxBytes = 1 << 20;

    static readonly JsonSerializerOptions Options = new() { PropertyNameCaseInsensitive = true, IncludeFields = true };

    /// <param name="value">Null gives no payload.</param>
    /// <param name="what">Names it in the error.</param>
    /// <exception cref="ArgumentException">It is too large or cannot be written.</exception>
    public static string? Serialize(object? value, string what)
    {
        if (value is null)
            return null;
        string json;
        try
        {
            json = JsonSerializer.Serialize(value, value.GetType(), Options);
        }
        catch (Exception wrong) when (wrong is NotSupportedException or JsonException)
        {
            throw new ArgumentException($"The {what} of type {value.GetType().Name} cannot be written as JSON: {wrong.Message}", nameof(value), wrong);
        }

        Check(json, what);
        return json;
    }

    /// <exception cref="ArgumentException">It is too large.</exception>
    public static void Check(string json, string what)
    {
        if (json.Length * 3 > MaxBytes && Encoding.UTF8.GetByteCount(json) is var size and > MaxBytes)
            throw new ArgumentException($"The {what} is {size:N0} bytes of JSON; at most {MaxBytes:N0} fit. Keep it elsewhere and pass its name.", nameof(json));
    }

    public static T? Deserialize<T>(string? json) => json is null ? default : JsonSerializer.Deserialize<T>(json, Options);

    public static object? Deserialize(string? json, Type type)
    {
        if (json is not null)
            return JsonSerializer.Deserialize(json, type, Options);
        return type.IsValueType ? Activator.CreateInstance(type) : null;
    }
}

/// <summary>What an instance id may be.</summary>
public static class InstanceIds
{
    /// <exception cref="ArgumentException">It is not 1 to 100 characters, begins with @, or holds / \ # ? or a control character.</exception>
    internal static void Check(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        if (id.Length > 100)
            throw new ArgumentException($"Instance id '{id[..20]}…' has {id.Length} characters, at most 100 are allowed.", nameof(id));
        if (id[0] == '@' || id.Any(letter => letter is '/' or '\\' or '#' or '?' || char.IsControl(letter)))
            throw new ArgumentException($"Instance id '{id}' must not begin with @ nor hold / \\ # ? or control characters.", nameof(id));
    }
}
