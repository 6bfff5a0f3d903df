using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Azure;

namespace ServerlessCLM.Emulator;

/// <summary>
/// A row as a dictionary. The keys, the timestamp and the ETag are entries too, named <c>PartitionKey</c>,
/// <c>RowKey</c>, <c>Timestamp</c> and <c>odata.etag</c>. Values may be string, byte[], BinaryData, bool, DateTime,
/// DateTimeOffset, double, Guid, int or long; a null value is not stored.
/// </summary>
public sealed class TableEntity : ITableEntity, IDictionary<string, object?>
{
    internal const string PartitionKeyName = "PartitionKey";
    internal const string RowKeyName = "RowKey";
    internal const string TimestampName = "Timestamp";
    internal const string ETagName = "odata.etag";

    readonly Dictionary<string, object?> _properties;

    /// <summary>An entity without keys; both must be set before it is written.</summary>
    public TableEntity() => _properties = [];

    /// <summary>An entity with its keys.</summary>
    public TableEntity(string? partitionKey, string? rowKey) : this()
    {
        PartitionKey = partitionKey!;
        RowKey = rowKey!;
    }

    /// <summary>An entity with the given entries, the keys among them.</summary>
    public TableEntity(IDictionary<string, object> values) : this()
    {
        ArgumentNullException.ThrowIfNull(values);
        foreach (var (name, value) in values) _properties[name] = value;
    }

    internal TableEntity(int capacity) => _properties = new(capacity);

    /// <inheritdoc/>
    public string PartitionKey
    {
        get => GetString(PartitionKeyName)!;
        set => _properties[PartitionKeyName] = value;
    }

    /// <inheritdoc/>
    public string RowKey
    {
        get => GetString(RowKeyName)!;
        set => _properties[RowKeyName] = value;
    }

    /// <inheritdoc/>
    public DateTimeOffset? Timestamp
    {
        get => GetDateTimeOffset(TimestampName);
        set => _properties[TimestampName] = value;
    }

    /// <inheritdoc/>
    public ETag ETag
    {
        get => GetString(ETagName) is { } etag ? new ETag(etag) : default;
        set => _properties[ETagName] = value.ToString();
    }

    /// <summary>The value under a name; null when there is none.</summary>
    public object? this[string key]
    {
        get => _properties.GetValueOrDefault(key);
        set => _properties[key] = value;
    }

    /// <summary>The names of all entries, keys, timestamp and ETag included.</summary>
    public ICollection<string> Keys => _properties.Keys;

    ICollection<object?> IDictionary<string, object?>.Values => _properties.Values;

    /// <summary>The number of entries, keys, timestamp and ETag included.</summary>
    public int Count => _properties.Count;

    bool ICollection<KeyValuePair<string, object?>>.IsReadOnly => false;

    /// <summary>A string; null when absent. Another type is an <see cref="InvalidOperationException"/>.</summary>
    public string? GetString(string key) => Get<string>(key);

    /// <summary>Bytes; null when absent.</summary>
    public byte[]? GetBinary(string key) =>
        _properties.GetValueOrDefault(key) is BinaryData data ? data.ToArray() : Get<byte[]>(key);

    /// <summary>Bytes; null when absent.</summary>
    public BinaryData? GetBinaryData(string key) =>
        _properties.GetValueOrDefault(key) is byte[] bytes ? BinaryData.FromBytes(bytes) : Get<BinaryData>(key);

    /// <summary>A truth value; null when absent.</summary>
    public bool? GetBoolean(string key) => GetValue<bool>(key);

    /// <summary>A UTC instant; null when absent.</summary>
    public DateTime? GetDateTime(string key) =>
        _properties.GetValueOrDefault(key) is DateTimeOffset instant ? instant.UtcDateTime : GetValue<DateTime>(key);

    /// <summary>A UTC instant; null when absent.</summary>
    public DateTimeOffset? GetDateTimeOffset(string key) =>
        _properties.GetValueOrDefault(key) is DateTime instant ? EntityCodec.ToUtc(instant) : GetValue<DateTimeOffset>(key);

    /// <summary>A double; null when absent.</summary>
    public double? GetDouble(string key) => GetValue<double>(key);

    /// <summary>A GUID; null when absent.</summary>
    public Guid? GetGuid(string key) => GetValue<Guid>(key);

    /// <summary>A 32-bit integer; null when absent. A 64-bit one is an <see cref="InvalidOperationException"/>.</summary>
    public int? GetInt32(string key) => GetValue<int>(key);

    /// <summary>A 64-bit integer; null when absent. A 32-bit one is an <see cref="InvalidOperationException"/>.</summary>
    public long? GetInt64(string key) => GetValue<long>(key);

    /// <inheritdoc/>
    public void Add(string key, object? value) => _properties.Add(key, value);

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _properties.ContainsKey(key);

    /// <inheritdoc/>
    public bool Remove(string key) => _properties.Remove(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out object? value) => _properties.TryGetValue(key, out value);

    /// <inheritdoc/>
    public void Clear() => _properties.Clear();

    void ICollection<KeyValuePair<string, object?>>.Add(KeyValuePair<string, object?> item) => _properties.Add(item.Key, item.Value);

    bool ICollection<KeyValuePair<string, object?>>.Contains(KeyValuePair<string, object?> item) => _properties.Contains(item);

    void ICollection<KeyValuePair<string, object?>>.CopyTo(KeyValuePair<string, object?>[] array, int arrayIndex) =>
        ((ICollection<KeyValuePair<string, object?>>)_properties).CopyTo(array, arrayIndex);

    bool ICollection<KeyValuePair<string, object?>>.Remove(KeyValuePair<string, object?> item) =>
        ((ICollection<KeyValuePair<string, object?>>)_properties).Remove(item);

    IEnumerator<KeyValuePair<string, object?>> IEnumerable<KeyValuePair<string, object?>>.GetEnumerator() => _properties.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _properties.GetEnumerator();

    internal Dictionary<string, object?> Entries => _properties;

    internal static bool IsSystem(string name) =>
        name is PartitionKeyName or RowKeyName or TimestampName || name.StartsWith("odata.", StringComparison.Ordinal);

    T? Get<T>(string key) where T : class => _properties.GetValueOrDefault(key) switch
    {
        null => null,
        T value => value,
        var other => throw WrongType(key, typeof(T), other),
    };

    T? GetValue<T>(string key) where T : struct => _properties.GetValueOrDefault(key) switch
    {
        null => null,
        T value => value,
        var other => throw WrongType(key, typeof(T), other),
    };

    static InvalidOperationException WrongType(string key, Type wanted, object value) =>
        new($"Property '{key}' holds {value.GetType().Name}, not {wanted.Name}.");
}
