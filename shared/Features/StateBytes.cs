using System.Buffers.Binary;

namespace ServerlessCLM.Features;

/// <summary>Writes numbers into a stored state: little-endian, whole numbers as LEB128.</summary>
internal ref struct StateWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    public int Length { get; private set; }

    public void Byte(byte value) => _destination[Length++] = value;

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

    /// <summary>A day at or before <paramref name="newest"/>; 0 stays recognisable.</summary>
    public void Day(int day, int newest) => Unsigned(day == 0 ? 0u : (uint)(newest - day + 1));
}

/// <summary>Reads what <see cref="StateWriter"/> wrote.</summary>
internal ref struct StateReader(ReadOnlySpan<byte> stored)
{
    private readonly ReadOnlySpan<byte> _stored = stored;
    private int _position;

    public readonly int Rest => _stored.Length - _position;

    public byte Byte() => _position < _stored.Length ? _stored[_position++] : throw Short(1);

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double)));

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

    public ushort Day(int newest)
    {
        var age = UpTo((uint)newest, "the age of a day");
        return age == 0 ? (ushort)0 : (ushort)(newest - age + 1);
    }

    private ReadOnlySpan<byte> Take(int length)
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
