using System.Buffers.Binary;
using System.Runtime.Serialization;

namespace ServerlessCLM.Emulator;

/// <summary>The encoding of an application property: a byte for the type, then the value, little-endian.</summary>
static class PropertyValue
{
    enum Kind : byte
    {
        Null, String, False, True, Byte, SByte, Int16, UInt16, Int32, UInt32, Int64, UInt64, Single, Double, Decimal, Char, Guid,
        DateTime, DateTimeOffset, TimeSpan, Uri, Bytes,
    }

    /// <exception cref="SerializationException">The value's type is not one that AMQP carries.</exception>
    public static void Write(BatchWriter writer, string name, object? value)
    {
        switch (value)
        {
            case null: Tag(writer, Kind.Null); break;
            case string text: Tag(writer, Kind.String); writer.WriteText(text); break;
            case bool flag: Tag(writer, flag ? Kind.True : Kind.False); break;
            case byte number: Tag(writer, Kind.Byte); writer.WriteByte(number); break;
            case sbyte number: Tag(writer, Kind.SByte); writer.WriteByte((byte)number); break;
            case short number: Tag(writer, Kind.Int16); BinaryPrimitives.WriteInt16LittleEndian(writer.Take(2), number); break;
            case ushort number: Tag(writer, Kind.UInt16); BinaryPrimitives.WriteUInt16LittleEndian(writer.Take(2), number); break;
            case int number: Tag(writer, Kind.Int32); BinaryPrimitives.WriteInt32LittleEndian(writer.Take(4), number); break;
            case uint number: Tag(writer, Kind.UInt32); BinaryPrimitives.WriteUInt32LittleEndian(writer.Take(4), number); break;
            case long number: WriteInt64(writer, Kind.Int64, number); break;
            case ulong number: WriteInt64(writer, Kind.UInt64, (long)number); break;
            case float number: Tag(writer, Kind.Single); BinaryPrimitives.WriteSingleLittleEndian(writer.Take(4), number); break;
            case double number: Tag(writer, Kind.Double); BinaryPrimitives.WriteDoubleLittleEndian(writer.Take(8), number); break;
            case decimal number: Tag(writer, Kind.Decimal); WriteDecimal(writer, number); break;
            case char character: Tag(writer, Kind.Char); BinaryPrimitives.WriteUInt16LittleEndian(writer.Take(2), character); break;
            case Guid guid: Tag(writer, Kind.Guid); guid.TryWriteBytes(writer.Take(16)); break;
            case DateTime time: WriteInt64(writer, Kind.DateTime, time.ToBinary()); break;
            case DateTimeOffset time:
                WriteInt64(writer, Kind.DateTimeOffset, time.Ticks);
                BinaryPrimitives.WriteInt16LittleEndian(writer.Take(2), (short)time.TotalOffsetMinutes);
                break;
            case TimeSpan span: WriteInt64(writer, Kind.TimeSpan, span.Ticks); break;
            case Uri uri: Tag(writer, Kind.Uri); writer.WriteText(uri.OriginalString); break;
            case byte[] bytes: Tag(writer, Kind.Bytes); writer.WriteBytes(bytes); break;
            default: throw new SerializationException($"Property '{name}' is a {value.GetType()}, which an event cannot carry.");
        }
    }

    public static object? Read(ref BatchReader reader)
    {
        var kind = (Kind)reader.ReadByte();
        return kind switch
        {
            Kind.Null => null,
            Kind.String => reader.ReadText(),
            Kind.False => false,
            Kind.True => true,
            Kind.Byte => reader.ReadByte(),
            Kind.SByte => (sbyte)reader.ReadByte(),
            Kind.Int16 => BinaryPrimitives.ReadInt16LittleEndian(reader.Take(2)),
            Kind.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(reader.Take(2)),
            Kind.Int32 => BinaryPrimitives.ReadInt32LittleEndian(reader.Take(4)),
            Kind.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(reader.Take(4)),
            Kind.Int64 => ReadInt64(ref reader),
            Kind.UInt64 => (ulong)ReadInt64(ref reader),
            Kind.Single => BinaryPrimitives.ReadSingleLittleEndian(reader.Take(4)),
            Kind.Double => BinaryPrimitives.ReadDoubleLittleEndian(reader.Take(8)),
            Kind.Decimal => ReadDecimal(ref reader),
            Kind.Char => (char)BinaryPrimitives.ReadUInt16LittleEndian(reader.Take(2)),
            Kind.Guid => new Guid(reader.Take(16)),
            Kind.DateTime => DateTime.FromBinary(ReadInt64(ref reader)),
            Kind.DateTimeOffset => new DateTimeOffset(ReadInt64(ref reader), TimeSpan.FromMinutes(BinaryPrimitives.ReadInt16LittleEndian(reader.Take(2)))),
            Kind.TimeSpan => TimeSpan.FromTicks(ReadInt64(ref reader)),
            Kind.Uri => new Uri(reader.ReadText(), UriKind.RelativeOrAbsolute),
            Kind.Bytes => reader.ReadBytes().ToArray(),
            _ => throw new InvalidDataException($"A property of unknown type {(byte)kind}."),
        };
    }

    static void Tag(BatchWriter writer, Kind kind) => writer.WriteByte((byte)kind);

    static void WriteInt64(BatchWriter writer, Kind kind, long number)
    {
        Tag(writer, kind);
        BinaryPrimitives.WriteInt64LittleEndian(writer.Take(8), number);
    }

    static long ReadInt64(ref BatchReader reader) => BinaryPrimitives.ReadInt64LittleEndian(reader.Take(8));

    static void WriteDecimal(BatchWriter writer, decimal number)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(number, bits);
        foreach (var part in bits)
            BinaryPrimitives.WriteInt32LittleEndian(writer.Take(4), part);
    }

    static decimal ReadDecimal(ref BatchReader reader)
    {
        Span<int> bits = stackalloc int[4];
        foreach (ref var part in bits)
            part = BinaryPrimitives.ReadInt32LittleEndian(reader.Take(4));
        return new decimal(bits);
    }
}
