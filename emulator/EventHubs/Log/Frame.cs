using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace ServerlessCLM.Emulator;

/// <summary>
/// The unit that a partition writes and makes durable: the batches of one group commit behind a header. As no frame is begun before the one
/// before it is on disk, a crash can damage the last frame only.
/// Header, little-endian: magic, CRC32C, payload bytes (int32), events (int32), first sequence number (int64), enqueued time (int64, UTC ticks).
/// The checksum covers the frame's place in its file, the header after it and the payload, so that a copy elsewhere is not taken for a frame.
/// </summary>
readonly record struct Frame(int PayloadBytes, int Events, long FirstSequenceNumber, long EnqueuedTicks)
{
    public const int HeaderBytes = 32;

    /// <summary>The largest payload a frame is given; what claims more is damaged.</summary>
    public const int MaximumPayloadBytes = 8 * 1024 * 1024;

    const int ChecksumAt = 4;
    const int CheckedFrom = 8;

    public static ReadOnlySpan<byte> Magic => "CLF1"u8;

    public int TotalBytes => HeaderBytes + PayloadBytes;

    public long NextSequenceNumber => FirstSequenceNumber + Events;

    public DateTimeOffset EnqueuedTime => new(EnqueuedTicks, TimeSpan.Zero);

    /// <summary>Writes the header for a payload at a place in the file.</summary>
    public void WriteHeader(Span<byte> header, long offset, IReadOnlyList<ReadOnlyMemory<byte>> payload)
    {
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], PayloadBytes);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], Events);
        BinaryPrimitives.WriteInt64LittleEndian(header[16..], FirstSequenceNumber);
        BinaryPrimitives.WriteInt64LittleEndian(header[24..], EnqueuedTicks);
        var crc = Crc32C.Append(BitOperations.Crc32C(uint.MaxValue, (ulong)offset), header[CheckedFrom..HeaderBytes]);
        for (var i = 0; i < payload.Count; i++)
            crc = Crc32C.Append(crc, payload[i].Span);
        BinaryPrimitives.WriteUInt32LittleEndian(header[ChecksumAt..], crc);
    }

    /// <summary>Reads a header, checking only that its numbers can be.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> bytes, out Frame frame)
    {
        frame = default;
        if (bytes.Length < HeaderBytes || !bytes.StartsWith(Magic)) return false;
        frame = new Frame(
            BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]));
        return frame is { PayloadBytes: > 0 and <= MaximumPayloadBytes, Events: > 0, FirstSequenceNumber: >= 0 };
    }

    /// <summary>Whether a whole frame is what was written at this place in the file.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> frame, long offset) =>
        BinaryPrimitives.ReadUInt32LittleEndian(frame[ChecksumAt..])
            == Crc32C.Append(BitOperations.Crc32C(uint.MaxValue, (ulong)offset), frame[CheckedFrom..]);
}

/// <summary>The Castagnoli checksum over bytes, by the processor's own instruction.</summary>
static class Crc32C
{
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
            crc = BitOperations.Crc32C(crc, word);
        foreach (var rest in bytes[(words.Length * sizeof(ulong))..])
            crc = BitOperations.Crc32C(crc, rest);
        return crc;
    }
}
