using System.Buffers.Binary;
using System.Text;

namespace ServerlessCLM.Emulator;

/// <summary>
/// The one key under which a row is stored, so that bytewise order is the service's order: the table's number (4 bytes, big
/// endian), the partition key, a zero byte, the row key. The zero sorts before every character a key may hold. The characters
/// are written as CESU-8 (each surrogate on its own), whose byte order is the ordinal order of the UTF-16 strings.
/// </summary>
static class EntityKey
{
    internal static byte[] Of(int table, string partitionKey, string rowKey)
    {
        var key = new byte[4 + Length(partitionKey) + 1 + Length(rowKey)];
        BinaryPrimitives.WriteInt32BigEndian(key, table);
        var position = 4 + Write(partitionKey, key.AsSpan(4)) + 1;
        Write(rowKey, key.AsSpan(position));
        return key;
    }

    /// <summary>The table's number followed by the text and, after it, the given bytes.</summary>
    internal static byte[] Bound(int table, ReadOnlySpan<char> text, params ReadOnlySpan<byte> after)
    {
        var key = new byte[4 + Length(text) + after.Length];
        BinaryPrimitives.WriteInt32BigEndian(key, table);
        after.CopyTo(key.AsSpan(4 + Write(text, key.AsSpan(4))));
        return key;
    }

    internal static (string PartitionKey, string RowKey) Read(ReadOnlySpan<byte> key)
    {
        key = key[4..];
        var end = key.IndexOf((byte)0);
        return (Text(key[..end]), Text(key[(end + 1)..]));
    }

    static int Length(ReadOnlySpan<char> text)
    {
        var length = text.Length;
        foreach (var unit in text) length += unit < 0x80 ? 0 : unit < 0x800 ? 1 : 2;
        return length;
    }

    static int Write(ReadOnlySpan<char> text, Span<byte> output)
    {
        if (Ascii.FromUtf16(text, output, out var written) == System.Buffers.OperationStatus.Done) return written;
        var position = 0;
        foreach (var unit in text)
        {
            if (unit < 0x80)
            {
                output[position++] = (byte)unit;
                continue;
            }
            if (unit < 0x800)
            {
                output[position++] = (byte)(0xC0 | unit >> 6);
            }
            else
            {
                output[position++] = (byte)(0xE0 | unit >> 12);
                output[position++] = (byte)(0x80 | unit >> 6 & 0x3F);
            }
            output[position++] = (byte)(0x80 | unit & 0x3F);
        }
        return position;
    }

    static string Text(ReadOnlySpan<byte> bytes)
    {
        if (Ascii.IsValid(bytes)) return Encoding.ASCII.GetString(bytes);
        var units = new StringBuilder(bytes.Length);
        for (var i = 0; i < bytes.Length;)
        {
            int first = bytes[i++];
            units.Append((char)(first < 0x80 ? first
                : first < 0xE0 ? (first & 0x1F) << 6 | bytes[i++] & 0x3F
                : (first & 0x0F) << 12 | (bytes[i++] & 0x3F) << 6 | bytes[i++] & 0x3F));
        }
        return units.ToString();
    }
}
