using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Decisions;

/// <summary>
/// Ids of decisions: derived from customer and cause, so that the same cause is the same decision, and carrying the customer's id enciphered, so
/// that a decision is found by its id alone while the id tells nobody else whose it is.
/// </summary>
/// <remarks>
/// HMAC-SHA256 of customer and cause, cut to 16 bytes, then the customer's id, filled up with zeros to whole blocks, under AES-256 in counter
/// mode that starts at those 16 bytes; in base64url. Both keys are derived from the institution's.
/// </remarks>
public sealed class DecisionIds(MasterKeys keys)
{
    private const int Block = 16;

    private readonly byte[] _naming = keys.Derive("decision-ids"), _hiding = keys.Derive("decision-id-customers");

    public string Of(CustomerId customer, string cause)
    {
        Span<byte> id = stackalloc byte[Block + CustomerId.MaxLength];
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_naming, Encoding.UTF8.GetBytes($"{customer}\n{cause}"), hash);
        hash[..Block].CopyTo(id);
        var length = Encoding.ASCII.GetBytes(customer.Value, id[Block..]);
        length = (length + Block - 1) / Block * Block;
        Hide(id[..Block], id.Slice(Block, length));
        return Base64Url.EncodeToString(id[..(Block + length)]);
    }

    /// <summary>The customer that an id is about; false where it is no decision's id.</summary>
    public bool TryFind([NotNullWhen(true)] string? id, out CustomerId customer)
    {
        customer = default;
        Span<byte> bytes = stackalloc byte[Block + CustomerId.MaxLength];
        if (id is null || !Base64Url.IsValid(id, out var length) || length < 2 * Block || length > bytes.Length || length % Block != 0)
            return false;

        bytes = bytes[..Base64Url.DecodeFromChars(id, bytes)];
        Hide(bytes[..Block], bytes[Block..]);
        return CustomerId.TryParse(Encoding.Latin1.GetString(bytes[Block..].TrimEnd((byte)0)), out customer);
    }

    /// <summary>What the draws of a decision follow from.</summary>
    public static ulong SeedOf(string id) => Digest64.Of(id);

    private void Hide(ReadOnlySpan<byte> start, Span<byte> text)
    {
        using var aes = Aes.Create();
        aes.Key = _hiding;
        Span<byte> counter = stackalloc byte[Block];
        Span<byte> stream = stackalloc byte[Block];
        start.CopyTo(counter);
        for (var at = 0; at < text.Length; at += Block)
        {
            aes.EncryptEcb(counter, stream, PaddingMode.None);
            for (var place = 0; place < Block; place++)
                text[at + place] ^= stream[place];
            var low = counter[(Block - sizeof(ulong))..];
            BinaryPrimitives.WriteUInt64BigEndian(low, BinaryPrimitives.ReadUInt64BigEndian(low) + 1);
        }
    }
}
