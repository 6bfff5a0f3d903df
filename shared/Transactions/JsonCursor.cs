using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace ServerlessCLM.Transactions;

/// <summary>Where a JSON string's content stands in the source, without its quotes, and whether it holds escapes.</summary>
internal readonly record struct JsonText(int Start, int Length, bool Escaped)
{
    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> source) => source.Slice(Start, Length);
}

internal enum JsonStep { Member, End, Malformed }

/// <summary>
/// A forward-only walk over one JSON document (RFC 8259) that checks the whole grammar, what it skips included, and never
/// allocates. Values nest at most <see cref="MaximumDepth"/> deep. The caller has checked that the bytes are UTF-8.
/// </summary>
internal ref struct JsonCursor(ReadOnlySpan<byte> json)
{
    public const int MaximumDepth = 64;

    private readonly ReadOnlySpan<byte> json = json;
    private int at;

    /// <summary>Bytes read so far; after a failure, the byte that broke the grammar.</summary>
    public readonly int Position => at;

    /// <summary>The next byte that is not white space, without taking it; 0 at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte Peek() => (uint)at < (uint)json.Length && json[at] > ' ' ? json[at] : PeekBeyondSpace();

    private byte PeekBeyondSpace()
    {
        while ((uint)at < (uint)json.Length)
        {
            var next = json[at];
            if (next is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
                return next;
            at++;
        }

        return 0;
    }

    public bool AtEnd()
    {
        Peek();
        return at == json.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(byte expected)
    {
        if (Peek() != expected)
            return false;
        at++;
        return true;
    }

    /// <summary>Inside an object: the next member's name, with the cursor left at its value, or the object's end.</summary>
    public JsonStep NextMember(bool first, out JsonText name)
    {
        name = default;
        if (TryTake((byte)'}'))
            return JsonStep.End;
        if (!first && !TryTake((byte)','))
            return JsonStep.Malformed;
        return TryReadString(out name) && TryTake((byte)':') ? JsonStep.Member : JsonStep.Malformed;
    }

    public bool TryReadString(out JsonText text)
    {
        text = default;
        if (!TryTake((byte)'"'))
            return false;
        var start = at;
        var escaped = false;
        while (true)
        {
            SkipPlain();
            if (at >= json.Length)
                return false;
            switch (json[at])
            {
                case (byte)'"':
                    text = new JsonText(start, at - start, escaped);
                    at++;
                    return true;
                case (byte)'\\':
                    escaped = true;
                    if (!TrySkipEscape())
                        return false;
                    break;
                default:
                    return false;
            }
        }
    }

    /// <summary>Moves to the next quote, backslash or control character, eight bytes at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SkipPlain()
    {
        const ulong ones = 0x0101010101010101, highs = ones << 7;
        var rest = json[at..];
        while (rest.Length >= 8)
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(rest);
            ulong quote = word ^ (ones * '"'), slash = word ^ (ones * '\\');

            // A borrow can mark bytes above a true mark, never below it, so the lowest mark is right.
            var marks = (((quote - ones) & ~quote) | ((slash - ones) & ~slash) | ((word - (ones * ' ')) & ~word)) & highs;
            if (marks != 0)
            {
                at = json.Length - rest.Length + (BitOperations.TrailingZeroCount(marks) >> 3);
                return;
            }

            rest = rest[8..];
        }

        at = json.Length - rest.Length;
        while (at < json.Length && json[at] is not ((byte)'"' or (byte)'\\' or < (byte)' '))
            at++;
    }

    private bool TrySkipEscape()
    {
        if (at + 1 >= json.Length)
            return false;
        switch (json[at + 1])
        {
            case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                at += 2;
                return true;
            case (byte)'u' when at + 6 <= json.Length:
                foreach (var digit in json.Slice(at + 2, 4))
                {
                    if (!char.IsAsciiHexDigit((char)digit))
                        return false;
                }

                at += 6;
                return true;
            default:
                return false;
        }
    }

    /// <summary>Takes a number and gives its bytes, which follow the JSON grammar.</summary>
    public bool TryReadNumber(out ReadOnlySpan<byte> number)
    {
        Peek();
        number = default;
        var start = at;
        if (Next() == '-')
            at++;
        if (Next() == '0')
            at++;
        else if (!TrySkipDigits())
            return false;
        if (Next() == '.')
        {
            at++;
            if (!TrySkipDigits())
                return false;
        }

        if (Next() is (byte)'e' or (byte)'E')
        {
            at++;
            if (Next() is (byte)'+' or (byte)'-')
                at++;
            if (!TrySkipDigits())
                return false;
        }

        number = json[start..at];
        return true;
    }

    private readonly byte Next() => (uint)at < (uint)json.Length ? json[at] : (byte)0;

    private bool TrySkipDigits()
    {
        var start = at;
        while ((uint)at < (uint)json.Length && (uint)(json[at] - '0') <= 9)
            at++;
        return at > start;
    }

    /// <summary>Takes <c>null</c> if it comes next.</summary>
    public bool TryTakeNull() => Peek() == 'n' && TryTakeWord("null"u8);

    private bool TryTakeWord(ReadOnlySpan<byte> word)
    {
        if (!json[at..].StartsWith(word))
            return false;
        at += word.Length;
        return true;
    }

    /// <summary>Takes any value that stands inside <paramref name="depth"/> others.</summary>
    public bool TrySkipValue(int depth)
    {
        // One bit per open value, the innermost lowest: 1 for an object, 0 for an array.
        ulong kinds = 0;
        var outer = depth;
        while (true)
        {
            var opened = false;
            switch (Peek())
            {
                case (byte)'{' or (byte)'[':
                    if (depth == MaximumDepth)
                        return false;
                    depth++;
                    kinds = (kinds << 1) | (json[at] == '{' ? 1UL : 0UL);
                    at++;
                    opened = true;
                    break;
                case (byte)'"':
                    if (!TryReadString(out _))
                        return false;
                    break;
                case (byte)'t':
                    if (!TryTakeWord("true"u8))
                        return false;
                    break;
                case (byte)'f':
                    if (!TryTakeWord("false"u8))
                        return false;
                    break;
                case (byte)'n':
                    if (!TryTakeWord("null"u8))
                        return false;
                    break;
                default:
                    if (!TryReadNumber(out _))
                        return false;
                    break;
            }

            // Close what ends here, then stand before the next value or be done.
            for (; ; opened = false)
            {
                if (depth == outer)
                    return true;
                if (!TryTake((kinds & 1) != 0 ? (byte)'}' : (byte)']'))
                    break;
                depth--;
                kinds >>= 1;
            }

            if (!opened && !TryTake((byte)','))
                return false;
            if ((kinds & 1) != 0 && !(TryReadString(out _) && TryTake((byte)':')))
                return false;
        }
    }
}
