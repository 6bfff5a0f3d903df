using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Journeys.Collections;

/// <summary>What a link is for.</summary>
public enum LinkPurpose : byte
{
    /// <summary>See the balance and pay.</summary>
    View = 1,

    /// <summary>See, pay, and make one promise.</summary>
    Promise = 2,

    /// <summary>See, pay, and set up one plan.</summary>
    Plan = 3,

    /// <summary>Names a debt towards the payment provider; opens nothing.</summary>
    Payment = 4,
}

/// <summary>What a link says once its signature is right.</summary>
/// <param name="Id">Of the link: what it does, it does once.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="Customer">Whose.</param>
/// <param name="Debt">Which debt.</param>
/// <param name="Expires">From here on it opens nothing.</param>
public sealed record LinkClaims(string Id, LinkPurpose Purpose, CustomerId Customer, string Debt, DateTimeOffset Expires);

/// <summary>The keys that links are signed with, by id. Another one made current rotates them; an old one stays as long as its links.</summary>
public sealed class LinkKeys
{
    public const int Size = 32;

    private readonly Dictionary<string, (byte[] Signing, byte[] Sealing)> _keys = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">A key or its id is not as it must be.</exception>
    public LinkKeys(IReadOnlyDictionary<string, byte[]> keys, string current)
    {
        foreach (var (id, key) in keys)
        {
            if (id.Length is 0 or > 16 || !id.All(char.IsAsciiLetterOrDigit))
                throw new ArgumentException($"key id '{id}' must be 1 to 16 letters and digits", nameof(keys));
            if (key.Length != Size)
                throw new ArgumentException($"key {id} has {key.Length} bytes; {Size} are needed", nameof(keys));

            _keys[id] = (Derived(key, "link-signature"), Derived(key, "link-content"));
        }

        if (!_keys.ContainsKey(current))
            throw new ArgumentException($"key {current} is missing", nameof(current));

        Current = current;
    }

    public string Current { get; }

    internal bool TryGet(string id, out byte[] signing, out byte[] content)
    {
        var known = _keys.TryGetValue(id, out var pair);
        (signing, content) = pair;
        return known;
    }

    private static byte[] Derived(byte[] key, string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, key, Size, info: Encoding.UTF8.GetBytes(purpose));
}

/// <summary>
/// Links that open one debt of one customer for one purpose until an instant. They carry nothing that can be read: customer and debt are
/// sealed (AES-256-GCM), and all of it is signed (HMAC-SHA256).
/// </summary>
/// <remarks>
/// <c>key.payload.signature</c>, the latter two in base64url. Payload: purpose (1 byte), expiry (8, unix seconds, big-endian), nonce (12), ciphertext,
/// tag (16). The nonce is made from what is sealed, so that the same link is the same text; two links with one nonce are one link.
/// </remarks>
public sealed class SelfServiceLinks(LinkKeys keys)
{
    /// <summary>Longest life of a link.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(31);

    private const int HeaderSize = 9, NonceSize = 12, TagSize = 16, MaxLength = 512;

    /// <param name="customer">Whose.</param>
    /// <param name="debt">Which debt.</param>
    /// <param name="purpose">What for.</param>
    /// <param name="cause">What it comes of: another cause is another link.</param>
    /// <param name="expires">When it ends.</param>
    public string Create(CustomerId customer, string debt, LinkPurpose purpose, string cause, DateTimeOffset expires)
    {
        keys.TryGet(keys.Current, out var signing, out var sealing);
        var plain = Encoding.UTF8.GetBytes($"{customer}\n{debt}\n{Digest64.Of(cause):x16}");
        var payload = new byte[HeaderSize + NonceSize + plain.Length + TagSize];
        var header = payload.AsSpan(0, HeaderSize);
        header[0] = (byte)purpose;
        BinaryPrimitives.WriteInt64BigEndian(header[1..], expires.ToUnixTimeSeconds());
        var nonce = payload.AsSpan(HeaderSize, NonceSize);
        HMACSHA256.HashData(sealing, (byte[])[.. header, .. plain]).AsSpan(0, NonceSize).CopyTo(nonce);
        using (var aes = new AesGcm(sealing, TagSize))
            aes.Encrypt(nonce, plain, payload.AsSpan(HeaderSize + NonceSize, plain.Length), payload.AsSpan(payload.Length - TagSize), header);

        var text = $"{keys.Current}.{Base64Url.EncodeToString(payload)}";
        return $"{text}.{Base64Url.EncodeToString(HMACSHA256.HashData(signing, Encoding.ASCII.GetBytes(text)))}";
    }

    /// <summary>What a link says; null where it is none of ours. Whether it has expired is the caller's to ask.</summary>
    public LinkClaims? Read(string token)
    {
        if (token.Length > MaxLength || token.Split('.') is not [var id, var body, var signature] || !keys.TryGet(id, out var signing, out var sealing))
            return null;

        Span<byte> own = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(signing, Encoding.UTF8.GetBytes($"{id}.{body}"), own);
        if (Decode(signature) is not { } given || !CryptographicOperations.FixedTimeEquals(given, own) || Decode(body) is not { Length: > HeaderSize + NonceSize + TagSize } payload)
            return null;

        var plain = new byte[payload.Length - HeaderSize - NonceSize - TagSize];
        using (var aes = new AesGcm(sealing, TagSize))
        {
            aes.Decrypt(payload.AsSpan(HeaderSize, NonceSize), payload.AsSpan(HeaderSize + NonceSize, plain.Length), payload.AsSpan(payload.Length - TagSize), plain,
                payload.AsSpan(0, HeaderSize));
        }

        var parts = Encoding.UTF8.GetString(plain).Split('\n');
        return new LinkClaims(Convert.ToHexStringLower(SHA256.HashData(payload)[..16]), (LinkPurpose)payload[0], CustomerId.Parse(parts[0]), parts[1],
            DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(payload.AsSpan(1))));
    }

    private static byte[]? Decode(string text) => Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;
}
