using System.Buffers.Binary;
using System.Numerics;

namespace ServerlessCLM.Features;

public sealed partial class FeatureState
{
    /// <summary>Version of the stored form that this code writes and reads.</summary>
    public const byte StoredVersion = 3;

    /// <summary>No state is stored in more bytes than this: the size of a buffer for <see cref="Write"/>.</summary>
    public const int MaxStoredSize = 1536 + Horizon * DayCodec.MaxSize;

    /// <summary>A customer with ordinary traffic on every one of ninety days is stored in at most this many bytes.</summary>
    public const int OrdinaryStoredSize = 1550;

    // Version, length of the whole, checksum of what follows.
    private const int LengthPlace = 1, ChecksumPlace = 3, HeaderSize = 7;

    /// <summary>Replaces this state by a stored one.</summary>
    /// <param name="stored">Exactly the bytes that <see cref="Write"/> wrote; empty for a new customer.</param>
    /// <exception cref="InvalidDataException">The bytes are no stored state of this version, or damaged; says why. The state is then empty.</exception>
    public void Read(ReadOnlySpan<byte> stored)
    {
        Clear();
        if (stored.IsEmpty)
            return;

        try
        {
            ReadFrom(stored);
        }
        catch (InvalidDataException)
        {
            Clear();
            throw;
        }
    }

    /// <summary>Writes the state. The same calls of <see cref="Apply"/> give the same bytes.</summary>
    /// <param name="destination"><see cref="MaxStoredSize"/> bytes are always enough.</param>
    /// <returns>The number of bytes written.</returns>
    public int Write(Span<byte> destination)
    {
        RequireLittleEndian();
        var writer = new StateWriter(destination[HeaderSize..]);
        LifetimeCodec.Write(ref writer, ref _life);
        _days.Write(ref writer);

        var length = HeaderSize + writer.Length;
        destination[0] = StoredVersion;
        BinaryPrimitives.WriteUInt16LittleEndian(destination[LengthPlace..], (ushort)length);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[ChecksumPlace..], Checksum(destination[HeaderSize..length]));
        return length;
    }

    private void ReadFrom(ReadOnlySpan<byte> stored)
    {
        RequireLittleEndian();
        if (stored[0] != StoredVersion)
            throw new InvalidDataException($"Stored feature state: version {stored[0]}; this code reads version {StoredVersion}.");

        int length = stored.Length < HeaderSize ? HeaderSize : BinaryPrimitives.ReadUInt16LittleEndian(stored[LengthPlace..]);
        if (stored.Length < length)
            throw new InvalidDataException($"Stored feature state: ends after {stored.Length} bytes; it has at least {length}.");

        if (stored.Length > length)
            throw new InvalidDataException($"Stored feature state: {stored.Length - length} bytes follow its end; it has {length}.");

        if (Checksum(stored[HeaderSize..]) != BinaryPrimitives.ReadUInt32LittleEndian(stored[ChecksumPlace..]))
            throw new InvalidDataException("Stored feature state: damaged, its checksum does not hold.");

        var reader = new StateReader(stored[HeaderSize..]);
        LifetimeCodec.Read(ref reader, ref _life);
        _days.Read(ref reader);
        if (reader.Rest != 0)
            throw new InvalidDataException($"Stored feature state: {reader.Rest} bytes are left over.");
    }

    /// <summary>CRC-32C over whole words, in two strands that the processor can follow at once, and then the rest.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint one = uint.MaxValue, other = 0;
        for (; bytes.Length >= 16; bytes = bytes[16..])
        {
            one = BitOperations.Crc32C(one, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            other = BitOperations.Crc32C(other, BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
        }

        one = BitOperations.Crc32C(one, other);
        foreach (var rest in bytes)
            one = BitOperations.Crc32C(one, rest);

        return one;
    }

    /// <summary>Figures are stored as they lie in memory.</summary>
    private static void RequireLittleEndian()
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("Stored feature states need a little-endian processor.");
    }
}
