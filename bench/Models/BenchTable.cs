using ServerlessCLM.Models;

namespace ServerlessCLM.Bench.Models;

/// <summary>A table of numbers: read from a CSV of the reference data with texts one-hot encoded, or made up.</summary>
internal sealed record BenchTable(string Name, string[] Features, float[][] Columns, float[] Labels, int[] FoldOf)
{
    public int Rows => Labels.Length;

    /// <summary>The label is <c>target</c>; columns that are known only afterwards are left out.</summary>
    public static BenchTable Read(string folder, string name, params string[] without)
    {
        var table = DataTable.Read(Path.Combine(folder, $"{name}.csv.gz"), new DataTableOptions { Exclude = without });
        var features = new List<string>();
        var columns = new List<float[]>();
        foreach (var column in table.Columns.Where(column => column.Name != "target"))
        {
            features.AddRange(column.Levels?.Select(level => $"{column.Name}={level}") ?? [column.Name]);
            columns.AddRange(column.Levels?.Select((_, place) => Array.ConvertAll(column.Codes!, code => code == place ? 1f : 0)) ?? [column.Numbers!]);
        }

        var labels = table.Column("target").Numbers!;
        var folds = Folds.Read(Path.Combine(folder, "folds", $"{name}.fold.csv.gz"), Array.ConvertAll(labels, label => label > 0));
        return new BenchTable(name, [.. features], [.. columns], labels, folds);
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
}
