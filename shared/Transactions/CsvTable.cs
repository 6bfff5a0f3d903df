using CsvHelper;

namespace ServerlessCLM.Transactions;

/// <summary>Rows of a CSV file (RFC 4180) with a header line, by the columns that the caller wants.</summary>
internal static class CsvTable
{
    internal readonly record struct Row(long Line, string[] Fields, bool IsWhole);

    /// <summary>Each row's fields in the order of the wanted columns; rows with fields missing or left over, or broken quotes, are not whole.</summary>
    /// <exception cref="SourceFormatException">A wanted column is not in the header.</exception>
    public static IEnumerable<Row> Read(SourceFile file, params string[] columns) =>
        file.Read(stream => Rows(file.Path, stream, columns));

    private static IEnumerable<Row> Rows(string path, Stream stream, string[] columns)
    {
        var broken = -1L;
        using var reader = CsvReader.Create(stream, new CsvReaderOptions
        {
            Separator = ',',
            TrackLineNumbers = true,
            PoolStrings = true,
            // One unclosed quote costs its row, not the rest of the file.
            AllowLineBreaksInQuotes = false,
            OnMalformedRecord = record => broken = record.LineNumber,
        });
        reader.ReadHeader();
        if (reader.Headers.Count == 0)
            throw new SourceFormatException(path, 1, "a header line is expected");

        var places = Array.ConvertAll(columns, column => reader.TryGetFieldIndex(column, out var place) ? place : -1);
        var missing = Array.IndexOf(places, -1);
        if (missing >= 0)
            throw new SourceFormatException(path, 1, $"column {columns[missing]} is missing");

        while (reader.Read())
        {
            var whole = broken != reader.LineNumber && reader.FieldCount == reader.Headers.Count;
            yield return new Row(reader.LineNumber, whole ? Array.ConvertAll(places, reader.GetString) : [], whole);
        }
    }
}
