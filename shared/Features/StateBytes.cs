using System.Buffers.Binary;

namespace ServerlessCLM.Features;

/// <summary>Writes numbers into a stored state: little-endian, whole numbers as LEB128.</summary>
internal ref struct StateWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    public int Length { get; private set; }

    public void Byte(byte value) => _destination[Length++] = value;

    public void Bytes(scoped ReadOnlySpan<byte> values)
    {
        values.CopyTo(_destination[Length..]);
        Length += values.Length;
    }

    public void UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_destination[Length..], value);
        Length += sizeof(ushort);
    }

    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_destination[Length..], value);
        Length += sizeof(uint);
    }

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_destination[Length..], value);
        Length += sizeof(long);
    }

    public void UInt64(ulong value) => Int64((long)value);

    public void Double(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(_destination[Length..], value);
        Length += sizeof(double);
    }

    public void Unsigned(ulong value)
    {
        while (value >= 0x80)
        {
            _destination[Length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _destination[Length++] = (byte)value;
    }

    /// <summary>Zigzag, so that small negative numbers are short too.</summary>
    public void Signed(long value) => Unsigned((ulong)((value << 1) ^ (value >> 63)));
}

/// <summary>Reads what <see cref="StateWriter"/> wrote.</summary>
internal ref struct StateReader(ReadOnlySpan<byte> stored)
{
    private readonly ReadOnlySpan<byte> _stored = stored;
    private int _position;

    public readonly int Rest => _stored.Length - _position;

    public byte Byte() => _position < _stored.Length ? _stored[_position++] : throw Short(1);

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(sizeof(ushort)));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(sizeof(uint)));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(sizeof(long)));

    public ulong UInt64() => (ulong)Int64();

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Bytes(sizeof(double)));

    public ulong Unsigned()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Byte();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }

        throw new InvalidDataException($"Stored feature state: a number ending at byte {_position} has more than 64 bits.");
    }

    public long Signed()
    {
        var value = Unsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>A whole number that must not exceed <paramref name="most"/>.</summary>
    public uint UpTo(uint most, string name)
    {
        var value = Unsigned();
        return value <= most ? (uint)value : throw new InvalidDataException(
            $"Stored feature state: {name} is {value}, at most {most} is possible.");
    }

    public ReadOnlySpan<byte> Bytes(int length)
    {
        if (Rest < length)
            throw Short(length);

        var taken = _stored.Slice(_position, length);
        _position += length;
        return taken;
    }

    private readonly InvalidDataException Short(int length) => new(
        $"Stored feature state: ends after {_stored.Length} bytes, where {length} more belong at byte {_position}.");
}
