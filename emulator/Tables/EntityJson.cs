using System.Globalization;
using System.Text;
using System.Text.Json;
using Azure;

namespace ServerlessCLM.Emulator;

/// <summary>
/// Between encoded entities and OData JSON (learn.microsoft.com/rest/api/storageservices/payload-format-for-table-service-operations):
/// a property whose type JSON does not show has it beside it, as <c>NAME@odata.type</c>.
/// </summary>
static class EntityJson
{
    const string TypeSuffix = "@odata.type";
    const string InstantFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    internal static byte[] Write(RowWrite write)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString(TableEntity.PartitionKeyName, write.PartitionKey);
        json.WriteString(TableEntity.RowKeyName, write.RowKey);
        var rest = write.Properties.Span;
        while (EntityCodec.TryNext(ref rest, out var property)) Write(json, property);
        json.WriteEndObject();
        json.Flush();
        return output.WrittenSpan.ToArray();
    }

    static void Write(Utf8JsonWriter json, in EncodedProperty property)
    {
        if (EdmTypeOf(property.Type) is { } type) json.WriteString(Encoding.UTF8.GetString(property.Name) + TypeSuffix, type);
        json.WritePropertyName(property.Name);
        switch (property.Type)
        {
            case PropertyType.String: json.WriteStringValue(property.Value); break;
            case PropertyType.Binary: json.WriteBase64StringValue(property.Value); break;
            case PropertyType.Boolean: json.WriteBooleanValue(property.Value[0] != 0); break;
            case PropertyType.Int32: json.WriteNumberValue(property.Integer); break;
            case PropertyType.Int64: json.WriteStringValue(property.Integer.ToString(CultureInfo.InvariantCulture)); break;
            case PropertyType.Double when double.IsFinite(property.Double): json.WriteNumberValue(property.Double); break;
            case PropertyType.Double: json.WriteStringValue(property.Double.ToString(CultureInfo.InvariantCulture)); break;
            case PropertyType.Guid: json.WriteStringValue(new Guid(property.Value)); break;
            default: json.WriteStringValue(new DateTime(property.Integer, DateTimeKind.Utc).ToString(InstantFormat, CultureInfo.InvariantCulture)); break;
        }
    }

    /// <summary>The type to name; null for those that JSON shows.</summary>
    static string? EdmTypeOf(PropertyType type) => type switch
    {
        PropertyType.Binary => "Edm.Binary",
        PropertyType.DateTime => "Edm.DateTime",
        PropertyType.Double => "Edm.Double",
        PropertyType.Guid => "Edm.Guid",
        PropertyType.Int64 => "Edm.Int64",
        _ => null,
    };

    /// <param name="entity">The entity in JSON with minimal metadata.</param>
    /// <param name="etag">Its version where the JSON does not hold it.</param>
    /// <exception cref="InvalidDataException">A property is of a type that tables do not have.</exception>
    internal static StoredRow Read(JsonElement entity, ETag etag = default)
    {
        var types = entity.EnumerateObject().Where(property => property.Name.EndsWith(TypeSuffix, StringComparison.Ordinal))
            .ToDictionary(property => property.Name[..^TypeSuffix.Length], property => property.Value.GetString()!);
        var (partitionKey, rowKey, timestamp) = ("", "", default(DateTimeOffset));
        var output = new ByteBuffer(1024);
        foreach (var property in entity.EnumerateObject())
        {
            switch (property.Name)
            {
                case TableEntity.PartitionKeyName: partitionKey = property.Value.GetString()!; break;
                case TableEntity.RowKeyName: rowKey = property.Value.GetString()!; break;
                case TableEntity.TimestampName: timestamp = InstantOf(property.Value); break;
                case TableEntity.ETagName: etag = new ETag(property.Value.GetString()!); break;
                default:
                    if (TableEntity.IsSystem(property.Name) || property.Name.EndsWith(TypeSuffix, StringComparison.Ordinal)) break;
                    EntityCodec.Append(ref output, property.Name, ValueOf(property, types.GetValueOrDefault(property.Name)));
                    break;
            }
        }
        return new StoredRow(partitionKey, rowKey, timestamp, etag, output.ToArray());
    }

    static object? ValueOf(JsonProperty property, string? type)
    {
        var value = property.Value;
        return (type, value.ValueKind) switch
        {
            (_, JsonValueKind.Null) => null,
            ("Edm.Binary", _) => value.GetBytesFromBase64(),
            ("Edm.DateTime", _) => InstantOf(value),
            ("Edm.Guid", _) => value.GetGuid(),
            ("Edm.Int64", _) => long.Parse(value.GetString()!, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
            ("Edm.Double", JsonValueKind.String) => double.Parse(value.GetString()!, NumberStyles.Float, CultureInfo.InvariantCulture),
            ("Edm.Double", _) => value.GetDouble(),
            (null or "Edm.Int32", JsonValueKind.Number) => NumberOf(value),
            (null or "Edm.Boolean", JsonValueKind.True or JsonValueKind.False) => value.GetBoolean(),
            (null or "Edm.String", JsonValueKind.String) => value.GetString(),
            _ => throw new InvalidDataException($"Property '{property.Name}' came as {value.ValueKind} of the type '{type}', which tables do not have."),
        };
    }

    /// <summary>An integer is Int32; what has a point or an exponent, or is beyond 32 bits, is a double.</summary>
    static object NumberOf(JsonElement value) => value.TryGetInt32(out var integer) && !value.GetRawText().Contains('.', StringComparison.Ordinal)
        ? (object)integer // Without the cast both would become doubles.
        : value.GetDouble();

    static DateTimeOffset InstantOf(JsonElement value) =>
        DateTimeOffset.Parse(value.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
