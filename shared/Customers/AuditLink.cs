using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ServerlessCLM.Customers;

/// <summary>
/// One link of a customer's audit chain as stored: what binds an entry to its place, its time, its sealed content and the entry before.
/// It holds no content, so that it outlives the customer's key.
/// </summary>
/// <remarks>
/// version (1 byte), flags (1), sequence (8, little-endian, from 1), instant (8, unix milliseconds), hash of the entry before (32, zeros for
/// the first), SHA-256 of the sealed content (32); then, where the flags say so, the signature (32). The hash of an entry is SHA-256 over
/// the partition key, a zero byte and all but the signature; the signature is HMAC-SHA256 of that hash.
/// </remarks>
public static class AuditLink
{
    /// <summary>Bytes of a hash or a signature.</summary>
    public const int HashSize = 32;

    /// <summary>Bytes of a link without signature.</summary>
    public const int Size = 2 + 8 + 8 + HashSize + HashSize;

    /// <summary>Bytes of a link with signature.</summary>
    public const int SignedSize = Size + HashSize;

    private const byte Version = 1, SignedFlag = 1, ErasureFlag = 2;
    private const int SequenceAt = 2, InstantAt = 10, PreviousAt = 18, DigestAt = 50;

    /// <summary>Writes a link without its signature, which <see cref="Sign"/> adds.</summary>
    /// <param name="sequence">From 1.</param>
    /// <param name="at">Unix milliseconds.</param>
    /// <param name="previous">Hash of the entry before; empty for the first.</param>
    /// <param name="content">The sealed content; empty for none.</param>
    /// <param name="signed">Whether a signature follows: on the last entry of each commit.</param>
    /// <param name="erasure">Whether it records that the customer was erased.</param>
    public static byte[] Write(long sequence, long at, ReadOnlySpan<byte> previous, ReadOnlySpan<byte> content, bool signed, bool erasure = false)
    {
        var link = new byte[signed ? SignedSize : Size];
        link[0] = Version;
        link[1] = (byte)((signed ? SignedFlag : 0) | (erasure ? ErasureFlag : 0));
        BinaryPrimitives.WriteInt64LittleEndian(link.AsSpan(SequenceAt), sequence);
        BinaryPrimitives.WriteInt64LittleEndian(link.AsSpan(InstantAt), at);
        previous.CopyTo(link.AsSpan(PreviousAt));
        SHA256.HashData(content, link.AsSpan(DigestAt, HashSize));
        return link;
    }

    public static void Sign(byte[] link, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> key) => HMACSHA256.HashData(key, hash, link.AsSpan(Size));

    /// <summary>Whether the bytes are a link at all; nothing else here may be asked of bytes that are not.</summary>
    public static bool IsOne(ReadOnlySpan<byte> link) =>
        link.Length is Size or SignedSize && link[0] == Version && (link[1] & ~(SignedFlag | ErasureFlag)) == 0
        && link.Length == (IsSigned(link) ? SignedSize : Size);

    public static bool IsSigned(ReadOnlySpan<byte> link) => (link[1] & SignedFlag) != 0;

    public static bool IsErasure(ReadOnlySpan<byte> link) => (link[1] & ErasureFlag) != 0;

    public static long Sequence(ReadOnlySpan<byte> link) => BinaryPrimitives.ReadInt64LittleEndian(link[SequenceAt..]);

    /// <summary>Unix milliseconds.</summary>
    public static long At(ReadOnlySpan<byte> link) => BinaryPrimitives.ReadInt64LittleEndian(link[InstantAt..]);

    public static ReadOnlySpan<byte> Previous(ReadOnlySpan<byte> link) => link.Slice(PreviousAt, HashSize);

    /// <summary>Whether this is the sealed content that the link was made for.</summary>
    public static bool Binds(ReadOnlySpan<byte> link, ReadOnlySpan<byte> content)
    {
        Span<byte> digest = stackalloc byte[HashSize];
        SHA256.HashData(content, digest);
        return digest.SequenceEqual(link.Slice(DigestAt, HashSize));
    }

    public static bool HasSignature(ReadOnlySpan<byte> link, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> key)
    {
        Span<byte> signature = stackalloc byte[HashSize];
        HMACSHA256.HashData(key, hash, signature);
        return CryptographicOperations.FixedTimeEquals(signature, link[Size..]);
    }

    /// <summary>The entry's hash, which the next entry repeats.</summary>
    public static void Hash(ReadOnlySpan<byte> link, string partitionKey, Span<byte> hash)
    {
        Span<byte> buffer = stackalloc byte[512];
        var size = Encoding.UTF8.GetByteCount(partitionKey) + 1 + Size;
        var bytes = size <= buffer.Length ? buffer[..size] : new byte[size];
        var at = Encoding.UTF8.GetBytes(partitionKey, bytes);
        bytes[at] = 0;
        link[..Size].CopyTo(bytes[(at + 1)..]);
        SHA256.HashData(bytes, hash);
    }
}
