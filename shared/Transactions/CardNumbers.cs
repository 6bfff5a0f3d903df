using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;

namespace ServerlessCLM.Transactions;

/// <summary>Replaces card numbers by tokens before anything is stored.</summary>
/// <remarks>
/// A card number is a run of 13–19 digits that stands alone and passes the Luhn check (ISO/IEC 7812-1), whole or in groups of
/// four and more (the last may be shorter) between single spaces or single hyphens. Its token is
/// <c>tok_</c>, 96 bits of HMAC-SHA256 under the tenant's key in hexadecimal, <c>_</c> and the last four digits: the same card
/// gives the same token, and the key is needed to test a guess. In JSON only strings are changed, so it stays one. A text that is nothing but a plus
/// and up to 15 digits is a telephone number (ITU-T E.164), one in ten of which passes the check.
/// </remarks>
/// <param name="key">The tenant's key, at least 16 bytes.</param>
public sealed class CardNumbers(ReadOnlyMemory<byte> key)
{
    private const int FewestDigits = 13, MostDigits = 19, MostPhoneDigits = 15;

    private readonly byte[] key = key.Length >= 16
        ? key.ToArray()
        : throw new ArgumentException("A token key has at least 16 bytes.", nameof(key));

    /// <summary>The token of a card number given by its digits.</summary>
    public string TokenOf(ReadOnlySpan<char> digits)
    {
        Span<byte> ascii = stackalloc byte[MostDigits];
        if (digits.Length is < 4 or > MostDigits || digits.ContainsAnyExceptInRange('0', '9'))
            throw new ArgumentException("A card number has 4 to 19 digits.", nameof(digits));
        return TokenOf(ascii[..Encoding.ASCII.GetBytes(digits, ascii)]);
    }

    private string TokenOf(ReadOnlySpan<byte> digits)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, digits, hash);
        return $"tok_{Convert.ToHexStringLower(hash[..12])}_{Encoding.ASCII.GetString(digits[^4..])}";
    }

    /// <summary>The text with tokens for card numbers; the very same memory, and nothing allocated, when it holds none.</summary>
    /// <param name="utf8">A JSON object, array or string, whose strings are searched, or any other text, which is searched whole.</param>
    public ReadOnlyMemory<byte> Tokenise(ReadOnlyMemory<byte> utf8)
    {
        var text = utf8.Span;
        if (!MayHoldCard(text))
            return utf8;
        var cursor = new JsonCursor(text);
        var isJson = cursor.Peek() is (byte)'{' or (byte)'[' or (byte)'"' && cursor.TrySkipValue(depth: 0) && cursor.AtEnd();
        var output = new ArrayBufferWriter<byte>(text.Length + 64);
        var found = isJson ? TokeniseStrings(text, output) : TokeniseText(text, output);
        return found ? output.WrittenMemory : utf8;
    }

    /// <summary>Enough digits in a row, separators left out, or escapes that may hide some.</summary>
    private static bool MayHoldCard(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf("\\u003"u8) >= 0)
            return true;
        while (true)
        {
            var start = text.IndexOfAnyInRange((byte)'0', (byte)'9');
            if (start < 0)
                return false;
            text = text[start..];
            int at = 0, digits = 0;
            for (; at < text.Length && (IsDigit(text[at]) || IsSeparator(text[at])); at++)
                digits += IsDigit(text[at]) ? 1 : 0;
            if (digits >= FewestDigits)
                return true;
            text = text[at..];
        }
    }

    private bool TokeniseStrings(ReadOnlySpan<byte> json, ArrayBufferWriter<byte> output)
    {
        var found = false;
        var copied = 0;
        for (var at = 0; at < json.Length; at++)
        {
            if (json[at] != '"')
                continue;
            var start = ++at;
            var escaped = false;
            for (; json[at] != '"'; at++)
            {
                if (json[at] == '\\')
                {
                    escaped = true;
                    at++;
                }
            }

            output.Write(json[copied..start]);
            copied = at;
            found |= escaped ? TokeniseEscaped(json[start..at], output) : TokeniseText(json[start..at], output);
        }

        output.Write(json[copied..]);
        return found;
    }

    private bool TokeniseEscaped(ReadOnlySpan<byte> escaped, ArrayBufferWriter<byte> output)
    {
        var plain = new byte[escaped.Length];
        var tokens = new ArrayBufferWriter<byte>(escaped.Length + 64);
        if (!JsonEscapes.TryUndo(escaped, plain, out var size) || !TokeniseText(plain.AsSpan(0, size), tokens))
        {
            output.Write(escaped);
            return false;
        }

        var encoded = JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(Encoding.UTF8.GetString(tokens.WrittenSpan));
        output.Write(Encoding.UTF8.GetBytes(encoded));
        return true;
    }

    private bool TokeniseText(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> output)
    {
        if (IsPhoneNumber(text))
        {
            output.Write(text);
            return false;
        }

        Span<byte> digits = stackalloc byte[MostDigits];
        var copied = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (!IsDigit(text[at]) || (at > 0 && !IsBorder(text[at - 1])))
                continue;
            var length = CardAt(text[at..], digits, out var count);
            if (length == 0)
                continue;
            output.Write(text[copied..at]);
            output.Write(Encoding.ASCII.GetBytes(TokenOf(digits[..count])));
            copied = at + length;
            at = copied - 1;
        }

        output.Write(text[copied..]);
        return copied > 0;
    }

    /// <summary>Length of the longest card number that starts the text, 0 without one.</summary>
    private static int CardAt(ReadOnlySpan<byte> text, Span<byte> digits, out int count)
    {
        int read = 0, length = 0, group = 0;
        byte separator = 0;
        count = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (IsDigit(text[at]))
            {
                if (read == MostDigits)
                    break;
                digits[read++] = text[at];
                group++;
                var ends = at + 1 == text.Length || (!IsDigit(text[at + 1]) && IsBorder(text[at + 1]));
                if (ends && read >= FewestDigits && digits[0] != '0' && PassesLuhn(digits[..read]))
                    (length, count) = (at + 1, read);
            }
            else if (IsSeparator(text[at]) && group >= 4 && (separator == 0 || separator == text[at]))
            {
                separator = text[at];
                group = 0;
            }
            else
                break;
        }

        return length;
    }

    /// <summary>The check digit of ISO/IEC 7812-1: from the right, every second digit doubled, digit sums add up to a
    /// multiple of ten.</summary>
    internal static bool PassesLuhn(ReadOnlySpan<byte> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[digits.Length - 1 - i] - '0';
            sum += (i & 1) == 0 ? digit : (digit * 2 / 10) + (digit * 2 % 10);
        }

        return sum % 10 == 0;
    }

    private static bool IsPhoneNumber(ReadOnlySpan<byte> text) =>
        text.Length is > 1 and <= MostPhoneDigits + 1 && text[0] == '+' && !text[1..].ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static bool IsDigit(byte value) => (uint)(value - '0') <= 9;

    private static bool IsSeparator(byte value) => value is (byte)' ' or (byte)'-';

    private static bool IsBorder(byte value) => !char.IsAsciiLetterOrDigit((char)value) && value != '_';
}
