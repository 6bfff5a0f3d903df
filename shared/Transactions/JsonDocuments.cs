using System.Buffers;

namespace ServerlessCLM.Transactions;

/// <summary>Cuts a stream into JSON documents: one per line, the elements of an array, or a single object.</summary>
/// <remarks>With a document per line a broken one spoils only its line. The elements of an array are cut at their braces.</remarks>
internal static class JsonDocuments
{
    internal readonly record struct Document(long Line, byte[] Utf8);

    public static IEnumerable<Document> Read(Stream stream)
    {
        using var reader = new LineReader(stream);
        var lines = reader.Lines().SkipWhile(line => IsBlank(line.Utf8)).GetEnumerator();
        if (!lines.MoveNext())
            yield break;
        var first = lines.Current;
        var hasSecond = lines.MoveNext();
        var documents = StandsAlone(first.Utf8) || (hasSecond && StartsObject(first.Utf8) && StartsObject(lines.Current.Utf8))
            ? Rest(first, hasSecond, lines).Where(line => !IsBlank(line.Utf8))
            : Elements(Rest(first, hasSecond, lines));
        foreach (var document in documents)
            yield return document;
    }

    private static IEnumerable<Document> Rest(Document first, bool hasSecond, IEnumerator<Document> lines)
    {
        yield return first;
        for (; hasSecond; hasSecond = lines.MoveNext())
            yield return lines.Current;
    }

    /// <summary>Objects of the outermost level or of one array, and whatever else stands between them, each by itself.</summary>
    private static IEnumerable<Document> Elements(IEnumerable<Document> lines)
    {
        var element = new ArrayBufferWriter<byte>();
        long start = 0;
        var depth = 0;
        bool inString = false, escape = false, inArray = false;
        foreach (var line in lines)
        {
            foreach (var value in line.Utf8)
            {
                if (inString)
                {
                    inString = escape || value != '"';
                    escape = !escape && value == '\\';
                }
                else if (depth == 0 && (value is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)','
                    || (value == ']' && inArray)))
                {
                    if (element.WrittenCount > 0)
                        yield return Take(element, start);
                    continue;
                }
                else if (depth == 0 && value == '[' && !inArray && element.WrittenCount == 0)
                {
                    inArray = true;
                    continue;
                }
                else if (value == '"')
                    inString = true;
                else if (value is (byte)'{' or (byte)'[')
                    depth++;
                else if (value is (byte)'}' or (byte)']')
                    depth--;

                if (element.WrittenCount == 0)
                    start = line.Line;
                element.Write([value]);
                if (depth == 0 && !inString && value == '}')
                    yield return Take(element, start);
            }
        }

        if (element.WrittenCount > 0)
            yield return Take(element, start);
    }

    private static Document Take(ArrayBufferWriter<byte> element, long line)
    {
        var document = new Document(line, element.WrittenSpan.ToArray());
        element.Clear();
        return document;
    }

    private static bool StandsAlone(byte[] line)
    {
        var cursor = new JsonCursor(line);
        return StartsObject(line) && cursor.TrySkipValue(depth: 0) && cursor.AtEnd();
    }

    private static bool StartsObject(ReadOnlySpan<byte> line) => line.TrimStart(" \t\r\n"u8).StartsWith("{"u8);

    private static bool IsBlank(ReadOnlySpan<byte> line) => line.Trim(" \t\r\n"u8).IsEmpty;

    private sealed class LineReader(Stream stream) : IDisposable
    {
        private byte[] buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);

        /// <summary>Lines with their ends, numbered from 1.</summary>
        public IEnumerable<Document> Lines()
        {
            int start = 0, end = 0, searched = 0;
            for (long number = 1; ; number++)
            {
                int length;
                while ((length = buffer.AsSpan(start + searched, end - start - searched).IndexOf((byte)'\n') + 1) == 0)
                {
                    searched = end - start;
                    MakeRoom(ref start, ref end);
                    var read = stream.Read(buffer, end, buffer.Length - end);
                    if (read == 0)
                    {
                        if (searched > 0)
                            yield return new Document(number, buffer[start..end]);
                        yield break;
                    }

                    end += read;
                }

                length += searched;
                yield return new Document(number, buffer[start..(start + length)]);
                start += length;
                searched = 0;
            }
        }

        private void MakeRoom(ref int start, ref int end)
        {
            if (end < buffer.Length)
                return;
            var held = buffer.AsSpan(start, end - start);
            if (start > 0)
                held.CopyTo(buffer);
            else
            {
                var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                held.CopyTo(larger);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }

            (start, end) = (0, held.Length);
        }

        public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);
    }
}
