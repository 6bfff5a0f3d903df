using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessCLM.Governance;

/// <summary>Where one chain stood when it was anchored.</summary>
/// <param name="Chain">Pseudonym of the customer's partition: the two hexadecimal digits of its hash prefix, then a keyed digest.</param>
/// <param name="Sequence">Of its last entry.</param>
/// <param name="Hash">Of its last entry, in hexadecimal.</param>
public sealed record AnchoredHead(string Chain, long Sequence, string Hash);

/// <summary>
/// What is kept, unchangeable, of all chains that grew since the anchor before. Customers appear under pseudonyms: the blob stays when a
/// customer is erased.
/// </summary>
/// <param name="Number">From 1, without a gap.</param>
/// <param name="At">When.</param>
/// <param name="Previous">SHA-256 of the anchor before as stored; empty for the first.</param>
/// <param name="Root">Root of the Merkle tree over <paramref name="Heads"/>, each as <c>chain sequence hash</c>.</param>
/// <param name="Heads">In the order of their chains.</param>
public sealed record Anchor(long Number, DateTimeOffset At, string Previous, string Root, IReadOnlyList<AnchoredHead> Heads)
{
    public static Anchor Of(long number, DateTimeOffset at, string previous, IReadOnlyList<AnchoredHead> heads) => new(number, at, previous, RootOf(heads), heads);

    public static string RootOf(IReadOnlyList<AnchoredHead> heads) => Convert.ToHexStringLower(MerkleTree.Root(
        [.. heads.Select(head => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{head.Chain} {head.Sequence} {head.Hash}")))]));

    public static string DigestOf(ReadOnlySpan<byte> stored) => Convert.ToHexStringLower(SHA256.HashData(stored));

    /// <summary>One line of JSON, then a line with the signature of the first: HMAC-SHA256 in hexadecimal.</summary>
    public byte[] Write(byte[] key)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(this, AnchorJson.Default.Anchor);
        return [.. body, (byte)'\n', .. Encoding.ASCII.GetBytes(Convert.ToHexStringLower(HMACSHA256.HashData(key, body))), (byte)'\n'];
    }

    /// <exception cref="InvalidDataException">The signature does not hold, or the root is not that of the heads.</exception>
    public static Anchor Read(ReadOnlySpan<byte> stored, byte[] key)
    {
        var split = stored.IndexOf((byte)'\n');
        if (split < 0)
            throw new InvalidDataException("it has no signature");

        var body = stored[..split];
        Span<byte> signed = [.. Encoding.ASCII.GetBytes(Convert.ToHexStringLower(HMACSHA256.HashData(key, body))), (byte)'\n'];
        if (!CryptographicOperations.FixedTimeEquals(signed, stored[(split + 1)..]))
            throw new InvalidDataException("its signature does not hold");

        var anchor = JsonSerializer.Deserialize(body, AnchorJson.Default.Anchor)!;
        return anchor.Root == RootOf(anchor.Heads) ? anchor : throw new InvalidDataException("its root is not that of its heads");
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(Anchor))]
internal sealed partial class AnchorJson : JsonSerializerContext;
