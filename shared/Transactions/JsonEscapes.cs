using System.Buffers.Text;
using System.Text;

namespace ServerlessCLM.Transactions;

/// <summary>Undoes the escapes of a JSON string (RFC 8259 §7) whose grammar has been checked.</summary>
internal static class JsonEscapes
{
    /// <summary>Writes the text as UTF-8; false when it does not fit or holds half of a surrogate pair.</summary>
    public static bool TryUndo(ReadOnlySpan<byte> escaped, Span<byte> target, out int written)
    {
        written = 0;
        while (true)
        {
            var plain = escaped.IndexOf((byte)'\\');
            var run = plain < 0 ? escaped : escaped[..plain];
            if (!run.TryCopyTo(target[written..]))
                return false;
            written += run.Length;
            if (plain < 0)
                return true;
            escaped = escaped[plain..];
            if (!TryRune(ref escaped, out var rune) || !rune.TryEncodeToUtf8(target[written..], out var size))
                return false;
            written += size;
        }
    }

    private static bool TryRune(ref ReadOnlySpan<byte> escaped, out Rune rune)
    {
        var kind = escaped[1];
        if (kind != 'u')
        {
            escaped = escaped[2..];
            rune = new Rune(kind switch
            {
                (byte)'b' => '\b',
                (byte)'f' => '\f',
                (byte)'n' => '\n',
                (byte)'r' => '\r',
                (byte)'t' => '\t',
                _ => (char)kind,
            });
            return true;
        }

        var unit = Unit(escaped);
        escaped = escaped[6..];
        if (Rune.TryCreate(unit, out rune))
            return true;
        if (!escaped.StartsWith("\\u"u8) || !Rune.TryCreate(unit, Unit(escaped), out rune))
            return false;
        escaped = escaped[6..];
        return true;
    }

    private static char Unit(ReadOnlySpan<byte> escaped) =>
        Utf8Parser.TryParse(escaped.Slice(2, 4), out ushort unit, out _, 'x') ? (char)unit : '\uD800';
}
