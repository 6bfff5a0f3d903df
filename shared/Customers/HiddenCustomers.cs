using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace ServerlessCLM.Customers;

/// <summary>
/// Ids derived from a customer and something said of them, which carry the customer's own id enciphered: whoever has the keys finds the customer by
/// the id alone, and to anybody else it tells nothing.
/// </summary>
/// <remarks>
/// HMAC-SHA256 of customer and what is said, cut to 16 bytes, then the customer's id, filled up with zeros to whole blocks, under AES-256 in counter
/// mode that starts at those 16 bytes; in base64url. Both keys are derived from the institution's.
/// </remarks>
public sealed class HiddenCustomers(byte[] naming, byte[] hiding)
{
    private const int Block = 16;

    public string Of(CustomerId customer, string said)
    {
        Span<byte> id = stackalloc byte[Block + CustomerId.MaxLength];
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(naming, Encoding.UTF8.GetBytes($"{customer}\n{said}"), hash);
        hash[..Block].CopyTo(id);
        var length = Encoding.ASCII.GetBytes(customer.Value, id[Block..]);
        length = (length + Block - 1) / Block * Block;
        Hide(id[..Block], id.Slice(Block, length));
        return Base64Url.EncodeToString(id[..(Block + length)]);
    }

    /// <summary>The customer that an id is about; false where it is none of these ids.</summary>
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

    private void Hide(ReadOnlySpan<byte> start, Span<byte> text)
    {
        using var aes = Aes.Create();
        aes.Key = hiding;
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

/// <summary>What a customer is called where people read who must not learn who it is, as in logs: always the same, and whoever may read customers finds them by it.</summary>
public sealed class CustomerPseudonyms(MasterKeys keys)
{
    /// <summary>No bank's id and no other id of the product's begins so and opens.</summary>
    private const char Mark = '~';

    private const string Said = "pseudonym";

    private readonly HiddenCustomers _hidden = new(keys.Derive("pseudonyms"), keys.Derive("pseudonym-customers"));

    /// <summary>Such as <c>~q83v…</c>, 44 characters for most customers.</summary>
    public string Of(CustomerId customer) => Mark + _hidden.Of(customer, Said);

    /// <summary>The customer of a pseudonym; false where the text is none.</summary>
    public bool TryFind(string text, out CustomerId customer)
    {
        customer = default;
        return text.Length > 0 && text[0] == Mark && _hidden.TryFind(text[1..], out customer) && Of(customer) == text;
    }
}
