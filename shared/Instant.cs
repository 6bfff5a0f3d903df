using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessCLM;

/// <summary>Instants as text: UTC, ending in Z.</summary>
public static class Instant
{
    public static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>Reads a date or an RFC 3339 instant; without an offset it is UTC. A time without a date is none.</summary>
    public static bool TryParse(string? text, out DateTimeOffset at) => DateTimeOffset.TryParseExact(
        text, ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out at);
}

/// <summary>Writes instants as <see cref="Instant"/> does and reads any RFC 3339 instant.</summary>
public sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(Instant.Text(value));
}
