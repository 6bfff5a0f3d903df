using System.Text;

namespace ServerlessCLM.Transactions;

/// <summary>Rows of a CSV file (RFC 4180, a row per line) with a header line, by the columns that the caller wants.</summary>
internal static class CsvTable
{
    internal readonly record struct Row(long Line, string[] Fields, bool IsWhole);

    /// <summary>Each row's fields in the order of the wanted columns; rows with fields missing or left over are not whole.</summary>
    /// <exception cref="SourceFormatException">A wanted column is not in the header.</exception>
    public static IEnumerable<Row> Read(SourceFile file, params string[] columns) =>
        file.Read(stream => Rows(file.Path, stream, columns));

    private static IEnumerable<Row> Rows(string path, Stream stream, string[] columns)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var record = new List<string>();
        if (reader.ReadLine() is not { } first || !TrySplit(first, record))
            throw new SourceFormatException(path, 1, "a header line is expected");
        var width = record.Count;
        var places = Array.ConvertAll(columns, column => record.IndexOf(column));
        var missing = Array.IndexOf(places, -1);
        if (missing >= 0)
            throw new SourceFormatException(path, 1, $"column {columns[missing]} is missing");
        for (long line = 2; reader.ReadLine() is { } text; line++)
        {
            if (text.Length == 0)
                continue;
            var whole = TrySplit(text, record) && record.Count == width;
            yield return new Row(line, whole ? Array.ConvertAll(places, place => record[place]) : [], whole);
        }
    }

    private static bool TrySplit(string line, List<string> fields)
    {
        fields.Clear();
        for (var start = 0; ; )
        {
            if (start < line.Length && line[start] == '"')
            {
                var field = new StringBuilder();
                for (start++; ; start++)
                {
                    var quote = line.IndexOf('"', start);
                    if (quote < 0)
                        return false;
                    field.Append(line, start, quote - start);
                    start = quote + 1;
                    if (start == line.Length || line[start] != '"')
                        break;
                    field.Append('"');
                }

                fields.Add(field.ToString());
                if (start == line.Length)
                    return true;
                if (line[start++] != ',')
                    return false;
                continue;
            }

            var comma = line.IndexOf(',', start);
            fields.Add(comma < 0 ? line[start..] : line[start..comma]);
            if (comma < 0)
                return true;
            start = comma + 1;
        }
    }
}
