using System.Buffers.Binary;
using System.Text;

namespace ServerlessCLM.Emulator;

/// <summary>The types a property may have; the values are stored, so they never change.</summary>
enum PropertyType : byte
{
    String = 1,
    Binary = 2,
    Boolean = 3,
    DateTime = 4,
    Double = 5,
    Guid = 6,
    Int32 = 7,
    Int64 = 8,
}

/// <summary>One property inside an encoded entity; spans point into the encoding.</summary>
readonly ref struct EncodedProperty(ReadOnlySpan<byte> name, PropertyType type, ReadOnlySpan<byte> value, ReadOnlySpan<byte> whole)
{
    /// <summary>UTF-8.</summary>
    public ReadOnlySpan<byte> Name { get; } = name;
    public PropertyType Type { get; } = type;

    /// <summary>UTF-8, raw bytes, one byte, UTC ticks, IEEE bits, the GUID's bytes, or a little-endian integer.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;

    /// <summary>Type, name and value as encoded.</summary>
    public ReadOnlySpan<byte> Whole { get; } = whole;

    public long Integer => Type is PropertyType.Int32
        ? BinaryPrimitives.ReadInt32LittleEndian(Value)
        : BinaryPrimitives.ReadInt64LittleEndian(Value);

    public double Double => BinaryPrimitives.ReadDoubleLittleEndian(Value);

    /// <summary>The value as a property of an entity holds it; instants are DateTimeOffset in UTC.</summary>
    public object ToObject() => Type switch
    {
        PropertyType.String => Encoding.UTF8.GetString(Value),
        PropertyType.Binary => Value.ToArray(),
        PropertyType.Boolean => Value[0] != 0,
        PropertyType.DateTime => new DateTimeOffset(Integer, TimeSpan.Zero),
        PropertyType.Double => Double,
        PropertyType.Guid => new Guid(Value),
        PropertyType.Int32 => (int)Integer,
        PropertyType.Int64 => Integer,
        _ => throw new InvalidDataException($"Property '{Encoding.UTF8.GetString(Name)}' is stored with the unknown type {(byte)Type}."),
    };
}

/// <summary>
/// The properties of an entity as bytes: one after the other, each its type (1 byte), the length of its name (varint) and
/// the name in UTF-8, then the value, which strings and binaries precede with their length (varint).
/// </summary>
static class EntityCodec
{
    static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>An instant in UTC; one of unspecified kind is taken as UTC, whatever zone the machine is in.</summary>
    internal static DateTimeOffset ToUtc(DateTime instant) =>
        new(instant.Kind == DateTimeKind.Local ? instant.ToUniversalTime() : DateTime.SpecifyKind(instant, DateTimeKind.Utc));

    /// <summary>Appends a property; a null value appends nothing, as nulls are not stored.</summary>
    /// <exception cref="NotSupportedException">The value is of a type that a table cannot hold.</exception>
    /// <exception cref="ArgumentException">A string is not valid UTF-16.</exception>
    internal static void Append(ref ByteBuffer output, string name, object? value)
    {
        switch (value)
        {
            case null: break;
            case string text: AppendText(ref output, name, text); break;
            case byte[] bytes: AppendBytes(ref output, name, bytes); break;
            case BinaryData data: AppendBytes(ref output, name, data.ToMemory().Span); break;
            case bool flag: AppendHead(ref output, PropertyType.Boolean, name); output.Take(1)[0] = flag ? (byte)1 : (byte)0; break;
            case DateTimeOffset instant: AppendInt64(ref output, PropertyType.DateTime, name, instant.UtcTicks); break;
            case DateTime instant: AppendInt64(ref output, PropertyType.DateTime, name, ToUtc(instant).UtcTicks); break;
            case double number:
                AppendHead(ref output, PropertyType.Double, name);
                BinaryPrimitives.WriteDoubleLittleEndian(output.Take(8), number);
                break;
            case Guid guid: AppendHead(ref output, PropertyType.Guid, name); guid.TryWriteBytes(output.Take(16)); break;
            case int number:
                AppendHead(ref output, PropertyType.Int32, name);
                BinaryPrimitives.WriteInt32LittleEndian(output.Take(4), number);
                break;
            case long number: AppendInt64(ref output, PropertyType.Int64, name, number); break;
            case Enum constant: AppendText(ref output, name, constant.ToString()); break;
            default:
                throw new NotSupportedException($"Property '{name}' is a {value.GetType().Name}; a table holds string, byte[], " +
                    "BinaryData, bool, DateTime, DateTimeOffset, double, Guid, int and long.");
        }
    }

    /// <summary>Reads the property at the start of what is left, and moves past it; false at the end.</summary>
    internal static bool TryNext(scoped ref ReadOnlySpan<byte> rest, out EncodedProperty property)
    {
        if (rest.IsEmpty)
        {
            property = default;
            return false;
        }
        var whole = rest;
        var type = (PropertyType)rest[0];
        var position = 1;
        var nameLength = ReadLength(rest, ref position);
        var name = rest.Slice(position, nameLength);
        position += nameLength;
        var length = type switch
        {
            PropertyType.String or PropertyType.Binary => ReadLength(rest, ref position),
            PropertyType.Boolean => 1,
            PropertyType.Int32 => 4,
            PropertyType.Guid => 16,
            PropertyType.DateTime or PropertyType.Double or PropertyType.Int64 => 8,
            _ => throw new InvalidDataException($"An entity holds the unknown property type {(byte)type}."),
        };
        property = new(name, type, rest.Slice(position, length), whole[..(position + length)]);
        rest = rest[(position + length)..];
        return true;
    }

    /// <summary>Finds a property by its UTF-8 name.</summary>
    internal static bool TryFind(ReadOnlySpan<byte> properties, ReadOnlySpan<byte> name, out EncodedProperty found)
    {
        while (TryNext(ref properties, out found))
        {
            if (found.Name.SequenceEqual(name)) return true;
        }
        return false;
    }

    /// <summary>The properties of the change, then those of the existing entity that the change does not name.</summary>
    internal static byte[] Merge(ReadOnlySpan<byte> existing, ReadOnlySpan<byte> change)
    {
        var merged = new ByteBuffer(existing.Length + change.Length);
        merged.Append(change);
        while (TryNext(ref existing, out var property))
        {
            if (!TryFind(change, property.Name, out _)) merged.Append(property.Whole);
        }
        return merged.ToArray();
    }

    static void AppendHead(ref ByteBuffer output, PropertyType type, string name)
    {
        output.Take(1)[0] = (byte)type;
        var length = Encoding.UTF8.GetByteCount(name);
        output.AppendLength(length);
        Encoding.UTF8.GetBytes(name, output.Take(length));
    }

    static void AppendInt64(ref ByteBuffer output, PropertyType type, string name, long value)
    {
        AppendHead(ref output, type, name);
        BinaryPrimitives.WriteInt64LittleEndian(output.Take(8), value);
    }

    static void AppendBytes(ref ByteBuffer output, string name, ReadOnlySpan<byte> value)
    {
        AppendHead(ref output, PropertyType.Binary, name);
        output.AppendLength(value.Length);
        output.Append(value);
    }

    static void AppendText(ref ByteBuffer output, string name, string value)
    {
        AppendHead(ref output, PropertyType.String, name);
        int length;
        try
        {
            length = StrictUtf8.GetByteCount(value);
        }
        catch (EncoderFallbackException error)
        {
            throw new ArgumentException($"Property '{name}' has a lone surrogate at index {error.Index}.", nameof(value), error);
        }
        output.AppendLength(length);
        StrictUtf8.GetBytes(value, output.Take(length));
    }

    static int ReadLength(ReadOnlySpan<byte> bytes, ref int position)
    {
        var length = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = bytes[position++];
            length |= (part & 0x7F) << shift;
            if (part < 0x80) return length;
        }
    }
}

/// <summary>A growing array on loan from the pool; <see cref="ToArray"/> copies what was written and returns the loan.</summary>
ref struct ByteBuffer(int capacity)
{
    byte[] _bytes = System.Buffers.ArrayPool<byte>.Shared.Rent(Math.Max(capacity, 256));
    int _length;

    public Span<byte> Take(int count)
    {
        if (_bytes.Length - _length < count)
        {
            var larger = System.Buffers.ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, _length + count));
            _bytes.AsSpan(0, _length).CopyTo(larger);
            System.Buffers.ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }
        var span = _bytes.AsSpan(_length, count);
        _length += count;
        return span;
    }

    public void Append(scoped ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    public void AppendLength(int length)
    {
        var rest = (uint)length;
        for (; rest >= 0x80; rest >>= 7) Take(1)[0] = (byte)(rest | 0x80);
        Take(1)[0] = (byte)rest;
    }

    public byte[] ToArray()
    {
        var result = _bytes.AsSpan(0, _length).ToArray();
        System.Buffers.ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        return result;
    }
}
