using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;
using System.Runtime.Serialization;
using System.Text;
using Azure;

namespace ServerlessCLM.Emulator;

/// <summary>
/// Between entities and their encoding. A <see cref="TableEntity"/> maps entry by entry; any other type by its public
/// properties, as <see cref="DataMemberAttribute"/> renames and <see cref="IgnoreDataMemberAttribute"/> leaves them out.
/// </summary>
static class EntityMapping
{
    static readonly ConcurrentDictionary<Type, FrozenDictionary<string, PropertyInfo>> Shapes = new();
    static readonly ConcurrentDictionary<int, string> Names = new();

    internal static byte[] Encode(ITableEntity entity)
    {
        var output = new ByteBuffer(1024);
        switch (entity)
        {
            case TableEntity table:
                foreach (var (name, value) in table.Entries)
                {
                    if (!TableEntity.IsSystem(name)) EntityCodec.Append(ref output, name, value);
                }
                break;
            case IDictionary<string, object?> dictionary:
                foreach (var (name, value) in dictionary)
                {
                    if (!TableEntity.IsSystem(name)) EntityCodec.Append(ref output, name, value);
                }
                break;
            default:
                foreach (var (name, property) in ShapeOf(entity.GetType()))
                {
                    EntityCodec.Append(ref output, name, property.GetValue(entity));
                }
                break;
        }
        return output.ToArray();
    }

    /// <param name="row">The row as read.</param>
    /// <param name="select">The properties wanted; null for all. Keys, timestamp and ETag follow the same choice, the ETag always comes.</param>
    internal static T Decode<T>(in StoredRow row, IReadOnlySet<string>? select) where T : class, ITableEntity
    {
        if (typeof(T) == typeof(TableEntity)) return (T)(object)DecodeTableEntity(row, select);
        var entity = Activator.CreateInstance<T>();
        entity.ETag = row.ETag;
        if (Wanted(select, TableEntity.PartitionKeyName)) entity.PartitionKey = row.PartitionKey;
        if (Wanted(select, TableEntity.RowKeyName)) entity.RowKey = row.RowKey;
        if (Wanted(select, TableEntity.TimestampName)) entity.Timestamp = row.Timestamp;
        var dictionary = entity as IDictionary<string, object?>;
        var shape = dictionary is null ? ShapeOf(typeof(T)) : null;
        var rest = row.Properties.Span;
        while (EntityCodec.TryNext(ref rest, out var property))
        {
            var name = NameOf(property.Name);
            if (!Wanted(select, name)) continue;
            if (dictionary is not null) dictionary[name] = property.ToObject();
            else if (shape!.TryGetValue(name, out var target) && target.CanWrite) Assign(entity, name, target, property.ToObject());
        }
        return entity;
    }

    static TableEntity DecodeTableEntity(in StoredRow row, IReadOnlySet<string>? select)
    {
        var entity = new TableEntity(capacity: 12) { ETag = row.ETag };
        if (Wanted(select, TableEntity.PartitionKeyName)) entity.PartitionKey = row.PartitionKey;
        if (Wanted(select, TableEntity.RowKeyName)) entity.RowKey = row.RowKey;
        if (Wanted(select, TableEntity.TimestampName)) entity.Timestamp = row.Timestamp;
        var rest = row.Properties.Span;
        while (EntityCodec.TryNext(ref rest, out var property))
        {
            var name = NameOf(property.Name);
            if (Wanted(select, name)) entity[name] = property.ToObject();
        }
        return entity;
    }

    static bool Wanted(IReadOnlySet<string>? select, string name) => select is null || select.Contains(name);

    static void Assign(object entity, string name, PropertyInfo property, object value)
    {
        var wanted = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        object? converted = value switch
        {
            _ when wanted.IsInstanceOfType(value) => value,
            DateTimeOffset instant when wanted == typeof(DateTime) => instant.UtcDateTime,
            byte[] bytes when wanted == typeof(BinaryData) => BinaryData.FromBytes(bytes),
            string text when wanted.IsEnum && Enum.TryParse(wanted, text, out var constant) => constant,
            int number when wanted == typeof(long) => (long)number,
            _ => throw new InvalidOperationException($"Property '{name}' holds {value.GetType().Name}, not {wanted.Name}."),
        };
        property.SetValue(entity, converted);
    }

    /// <summary>A name as a string, the same instance each time: an application has few property names and reads them often.</summary>
    static string NameOf(ReadOnlySpan<byte> utf8)
    {
        var hash = new HashCode();
        hash.AddBytes(utf8);
        var code = hash.ToHashCode();
        if (Names.TryGetValue(code, out var known) && Same(known, utf8)) return known;
        var name = Encoding.UTF8.GetString(utf8);
        if (Names.Count < 4096) Names[code] = name;
        return name;
    }

    static bool Same(string name, ReadOnlySpan<byte> utf8) =>
        Ascii.Equals(utf8, name) || (name.Length != utf8.Length && string.Equals(name, Encoding.UTF8.GetString(utf8), StringComparison.Ordinal));

    static FrozenDictionary<string, PropertyInfo> ShapeOf(Type type) => Shapes.GetOrAdd(type, static type =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanRead && property.GetIndexParameters().Length == 0
                && property.Name is not (TableEntity.PartitionKeyName or TableEntity.RowKeyName or TableEntity.TimestampName)
                && property.PropertyType != typeof(ETag)
                && property.GetCustomAttribute<IgnoreDataMemberAttribute>() is null)
            .ToFrozenDictionary(property => property.GetCustomAttribute<DataMemberAttribute>()?.Name ?? property.Name));
}
