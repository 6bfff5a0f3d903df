using System.Security.Cryptography;
using System.Text;

namespace ServerlessCLM.Customers;

/// <summary>
/// AES-256-GCM over one row: version, nonce, ciphertext, tag. The row's place is authenticated, so a sealed value
/// moved to another customer or row does not open.
/// </summary>
public static class Sealed
{
    /// <summary>Bytes that sealing adds.</summary>
    public const int Overhead = 1 + NonceSize + TagSize;

    private const byte Version = 1;
    private const int NonceSize = 12, TagSize = 16;

    public static byte[] Close(byte[] key, ReadOnlySpan<byte> plain, string partitionKey, string rowKey)
    {
        var result = new byte[plain.Length + Overhead];
        result[0] = Version;
        var nonce = result.AsSpan(1, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        Span<byte> place = stackalloc byte[PlaceSize(partitionKey, rowKey)];
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(nonce, plain, result.AsSpan(1 + NonceSize, plain.Length), result.AsSpan(result.Length - TagSize),
            Place(partitionKey, rowKey, place));
        return result;
    }

    /// <exception cref="CryptographicException">Another key, another place, or changed bytes.</exception>
    public static byte[] Open(byte[] key, ReadOnlySpan<byte> sealedBytes, string partitionKey, string rowKey)
    {
        if (sealedBytes.Length < Overhead || sealedBytes[0] != Version)
            throw new CryptographicException($"it is not a sealed value of version {Version}");

        var plain = new byte[sealedBytes.Length - Overhead];
        Span<byte> place = stackalloc byte[PlaceSize(partitionKey, rowKey)];
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(sealedBytes.Slice(1, NonceSize), sealedBytes.Slice(1 + NonceSize, plain.Length), sealedBytes[^TagSize..], plain,
            Place(partitionKey, rowKey, place));
        return plain;
    }

    private static int PlaceSize(string partitionKey, string rowKey) =>
        Math.Min(4096, Encoding.UTF8.GetMaxByteCount(partitionKey.Length + rowKey.Length + 1));

    private static ReadOnlySpan<byte> Place(string partitionKey, string rowKey, Span<byte> place)
    {
        var at = Encoding.UTF8.GetBytes(partitionKey, place);
        place[at++] = 0;
        return place[..(at + Encoding.UTF8.GetBytes(rowKey, place[at..]))];
    }
}
