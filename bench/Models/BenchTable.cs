using System.Globalization;
using System.IO.Compression;
using CsvHelper;
using ServerlessCLM.Models;

namespace ServerlessCLM.Bench.Models;

/// <summary>A table of numbers: read from a CSV of the reference data with texts one-hot encoded, or made up.</summary>
internal sealed record BenchTable(string Name, string[] Features, float[][] Columns, float[] Labels, int[] Folds)
{
    public int Rows => Labels.Length;

    /// <summary>The label is <c>target</c>; columns that are known only afterwards are left out.</summary>
    public static BenchTable Read(string folder, string name, params string[] without)
    {
        var lines = Records(Path.Combine(folder, $"{name}.csv.gz")).ToArray();
        var rows = lines[1..];
        var features = new List<string>();
        var columns = new List<float[]>();
        for (var column = 0; column < lines[0].Length; column++)
        {
            var header = lines[0][column];
            if (header == "target" || without.Contains(header))
                continue;

            var texts = rows.Select(row => row[column]).ToArray();
            if (texts.All(text => text.Length == 0 || float.TryParse(text, CultureInfo.InvariantCulture, out _)))
            {
                features.Add(header);
                columns.Add([.. texts.Select(text => text.Length == 0 ? float.NaN : float.Parse(text, CultureInfo.InvariantCulture))]);
                continue;
            }

            foreach (var value in texts.Distinct().Order(StringComparer.Ordinal))
            {
                features.Add($"{header}={value}");
                columns.Add([.. texts.Select(text => text == value ? 1f : 0f)]);
            }
        }

        var target = Array.IndexOf(lines[0], "target");
        return new BenchTable(
            name, [.. features], [.. columns], [.. rows.Select(row => float.Parse(row[target], CultureInfo.InvariantCulture))],
            [.. Records(Path.Combine(folder, "folds", $"{name}.fold.csv.gz")).Skip(1).Select(record => int.Parse(record[0]))]);
    }

    /// <summary>Rows whose label hangs on all features, each in ten places missing; folds 0 to 4 in turn.</summary>
    public static BenchTable Made(int rows, int features)
    {
        var random = new Random(4);
        var columns = new float[features][];
        var margins = new double[rows];
        for (var feature = 0; feature < features; feature++)
        {
            columns[feature] = new float[rows];
            var weight = random.NextDouble() - .5;
            var bend = random.NextDouble() - .5;
            for (var row = 0; row < rows; row++)
            {
                var value = columns[feature][row] = (float)((random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 2);
                margins[row] += (weight * value) + (bend * value * (feature == 0 ? 1 : columns[feature - 1][row]));
            }
        }

        foreach (var column in columns)
        {
            for (var row = 0; row < rows; row++)
                column[row] = random.Next(10) == 0 ? float.NaN : column[row];
        }

        var labels = margins.Select(margin => random.NextDouble() < 1 / (1 + Math.Exp(-margin)) ? 1f : 0f).ToArray();
        return new BenchTable(
            $"made, {rows:N0} × {features}", [.. Enumerable.Range(0, features).Select(feature => $"x{feature}")], columns, labels,
            [.. Enumerable.Range(0, rows).Select(row => row % 5)]);
    }

    public TrainingSet All() => new(Features, Columns, Labels);

    public float[] RowMajor()
    {
        var values = new float[Rows * Features.Length];
        for (var row = 0; row < Rows; row++)
        {
            for (var feature = 0; feature < Features.Length; feature++)
                values[(row * Features.Length) + feature] = Columns[feature][row];
        }

        return values;
    }

    private static IEnumerable<string[]> Records(string path)
    {
        using var stream = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var reader = CsvReader.Create(stream, new CsvReaderOptions { Separator = ',' });
        reader.ReadHeader();
        yield return [.. reader.Headers];
        while (reader.Read())
            yield return [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)];
    }
}
