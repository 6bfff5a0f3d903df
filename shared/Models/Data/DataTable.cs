using System.Globalization;
using CsvHelper;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Models;

/// <summary>How a table is read.</summary>
public sealed record DataTableOptions
{
    /// <summary>Columns to leave out.</summary>
    public IReadOnlyCollection<string> Exclude { get; init; } = [];

    /// <summary>Columns whose values are texts even where they look like numbers.</summary>
    public IReadOnlyCollection<string> Texts { get; init; } = [];

    /// <summary>Numbers that stand for a missing value.</summary>
    public IReadOnlyCollection<float> MissingCodes { get; init; } = [];
}

/// <summary>
/// A CSV file (RFC 4180) with a header line as columns. A column is of numbers when nine in ten of its values are; a text among them
/// is an error with its line. Empty fields, NA, N/A, NaN, null, none, ?, . and infinite numbers are missing values.
/// </summary>
public sealed class DataTable
{
    /// <summary>Share of numbers among the values from which on a column is held to be of numbers.</summary>
    private const double MostlyNumbers = 0.9;

    private static readonly HashSet<string> MissingTexts = new(StringComparer.OrdinalIgnoreCase) { "", "NA", "N/A", "null", "none", "?", "." };

    private static readonly HashSet<string> NotFiniteTexts = new(StringComparer.OrdinalIgnoreCase)
    {
        "NaN", "-NaN", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity",
    };

    private DataTable(string path, IReadOnlyList<DataColumn> columns, long notFinite)
    {
        Path = path;
        Columns = columns;
        NotFinite = notFinite;
        Rows = columns.Count == 0 ? 0 : columns[0].Rows;
    }

    public string Path { get; }

    public int Rows { get; }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<DataColumn> Columns { get; }

    /// <summary>NaN and infinite numbers that the file spelt out, taken for missing.</summary>
    public long NotFinite { get; }

    /// <exception cref="SourceFormatException">No such column.</exception>
    public DataColumn Column(string name) =>
        Columns.FirstOrDefault(column => column.Name == name)
        ?? throw new SourceFormatException(Path, 1, $"column {name} is missing; there are {string.Join(", ", Columns.Select(column => column.Name))}");

    /// <summary>Reads a file, through gzip when its name ends in .gz.</summary>
    /// <exception cref="SourceFormatException">It cannot be used; the message gives the line, the column and the reason.</exception>
    public static DataTable Read(string path, DataTableOptions options)
    {
        var file = new SourceFile(path);
        if (!path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) && IsGzip(path))
            throw new SourceFormatException(path, 0, "is compressed by gzip; give it a name that ends in .gz");

        var builders = new List<Builder>();
        long notFinite = 0;
        foreach (var row in file.Read(stream => Records(path, stream, options, builders)))
        {
            foreach (var builder in builders)
                notFinite += builder.Add(row.GetString(builder.Place), row.LineNumber) ? 1 : 0;
        }

        if (builders.Count == 0 || builders[0].Rows == 0)
            throw new SourceFormatException(path, 1, "at least one row below the header is expected");

        return new DataTable(path, [.. builders.Select(builder => builder.Build(path))], notFinite);
    }

    private static IEnumerable<CsvReader> Records(string path, Stream stream, DataTableOptions options, List<Builder> builders)
    {
        using var csv = CsvReader.Create(stream, new CsvReaderOptions
        {
            TrackLineNumbers = true, PoolStrings = true, TrimWhitespace = true, MalformedData = CsvMalformedDataHandling.Throw,
        });
        Guard(path, () =>
        {
            csv.ReadHeader();
            return true;
        });
        CheckHeader(path, csv.Headers, options);
        builders.AddRange(csv.Headers.Index()
            .Where(header => !options.Exclude.Contains(header.Item))
            .Select(header => new Builder(header.Item, header.Index, options.Texts.Contains(header.Item), options.MissingCodes)));
        while (Guard(path, csv.Read))
        {
            if (csv.FieldCount != csv.Headers.Count)
                throw new SourceFormatException(path, csv.LineNumber, $"has {csv.FieldCount} fields, the header has {csv.Headers.Count}");

            yield return csv;
        }
    }

    private static bool IsGzip(string path)
    {
        using var file = File.OpenRead(path);
        return file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
    }

    private static bool Guard(string path, Func<bool> read)
    {
        try
        {
            return read();
        }
        catch (CsvFormatException broken)
        {
            throw new SourceFormatException(path, broken.LineNumber, broken.Message, broken);
        }
    }

    private static void CheckHeader(string path, IReadOnlyList<string> headers, DataTableOptions options)
    {
        if (headers.Count == 0)
            throw new SourceFormatException(path, 1, "a header line is expected");

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var place = 0; place < headers.Count; place++)
        {
            if (headers[place].Length == 0)
                throw new SourceFormatException(path, 1, $"column {place + 1} has no name");

            if (!seen.Add(headers[place]))
                throw new SourceFormatException(path, 1, $"column {headers[place]} is there twice");
        }

        foreach (var name in options.Exclude.Concat(options.Texts))
        {
            if (!seen.Contains(name))
                throw new SourceFormatException(path, 1, $"column {name} is missing; there are {string.Join(", ", headers)}");
        }
    }

    /// <summary>Takes a column in as numbers and as texts until it is known which it is.</summary>
    private sealed class Builder(string name, int place, bool isText, IReadOnlyCollection<float> missingCodes)
    {
        private readonly List<float> _numbers = [];
        private readonly List<string?> _texts = [];
        private int _notNumbers, _values;
        private (long Line, string Text)? _first;

        public int Place => place;

        public int Rows => _texts.Count;

        /// <summary>Whether the text is a number that is not finite.</summary>
        public bool Add(string text, long line)
        {
            var isNumber = float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number);
            var isNotFinite = !isText && (NotFiniteTexts.Contains(text) || (isNumber && !float.IsFinite(number)));
            if (isNotFinite || MissingTexts.Contains(text))
            {
                _numbers.Add(float.NaN);
                _texts.Add(null);
                return isNotFinite;
            }

            _values++;
            _texts.Add(text);
            _numbers.Add(isNumber && !missingCodes.Contains(number) ? number : float.NaN);
            if (!isNumber)
            {
                _notNumbers++;
                _first ??= (line, text);
            }

            return false;
        }

        public DataColumn Build(string path)
        {
            if (isText || _notNumbers > _values * (1 - MostlyNumbers))
                return DataColumn.OfTexts(name, _texts);

            if (_first is var (line, text))
            {
                throw new SourceFormatException(path, line,
                    $"column {name}: '{Rejection.Shorten(text, 40)}' must be a number, as the rest of the column is; or name the column as text");
            }

            return DataColumn.OfNumbers(name, [.. _numbers]);
        }
    }
}
