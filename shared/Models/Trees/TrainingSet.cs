namespace ServerlessCLM.Models;

/// <summary>Rows that a model cannot be trained on; the message is one line with the place.</summary>
public sealed class TrainingDataException(string message) : Exception(message);

/// <summary>Rows to learn from, a column per feature. NaN and infinities are missing values.</summary>
public sealed class TrainingSet
{
    private readonly float[][] _columns;

    /// <param name="features">Names in the order of the columns; none twice.</param>
    /// <param name="columns">One array per feature, all of the same length. They are not copied and must not change.</param>
    /// <param name="labels">One per row, finite; 0 or 1 for a logistic objective.</param>
    /// <param name="weights">One per row, finite and not negative; null weighs all rows 1.</param>
    /// <exception cref="TrainingDataException">Lengths that do not fit, a name twice, a label or weight that cannot be used.</exception>
    public TrainingSet(IReadOnlyList<string> features, IReadOnlyList<float[]> columns, float[] labels, float[]? weights = null)
    {
        if (features.Count != columns.Count)
            throw new TrainingDataException($"{features.Count} features are named for {columns.Count} columns");
        if (weights is not null && weights.Length != labels.Length)
            throw new TrainingDataException($"there are {weights.Length} weights for {labels.Length} rows");

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var feature = 0; feature < features.Count; feature++)
        {
            if (!seen.Add(features[feature]))
                throw new TrainingDataException($"column {features[feature]} appears twice");
            if (columns[feature].Length != labels.Length)
                throw new TrainingDataException($"column {features[feature]} has {columns[feature].Length} values for {labels.Length} rows");
            foreach (var value in columns[feature])
                MissingValues += float.IsFinite(value) ? 0 : 1;
        }

        for (var row = 0; row < labels.Length; row++)
        {
            if (!float.IsFinite(labels[row]))
                throw new TrainingDataException($"row {row + 1} has no label");
            if (weights is not null && !(float.IsFinite(weights[row]) && weights[row] >= 0))
                throw new TrainingDataException($"the weight of row {row + 1} must be finite and not negative");
        }

        Features = [.. features];
        _columns = [.. columns];
        LabelArray = labels;
        WeightArray = weights;
    }

    public IReadOnlyList<string> Features { get; }

    public int Rows => LabelArray.Length;

    public ReadOnlySpan<float> Labels => LabelArray;

    /// <summary>Empty where all rows weigh 1.</summary>
    public ReadOnlySpan<float> Weights => WeightArray;

    /// <summary>How many values of all columns are NaN or infinite.</summary>
    public long MissingValues { get; }

    internal float[] LabelArray { get; }

    internal float[]? WeightArray { get; }

    public ReadOnlySpan<float> Column(int feature) => _columns[feature];

    internal float[] ColumnArray(int feature) => _columns[feature];

    /// <summary>Copies one row, in the order of <see cref="Features"/>.</summary>
    public void CopyRow(int row, Span<float> values)
    {
        for (var feature = 0; feature < _columns.Length; feature++)
            values[feature] = _columns[feature][row];
    }

    /// <summary>Some of the rows, in the order given; what a fold needs.</summary>
    public TrainingSet Select(IReadOnlyList<int> rows) => new(
        Features, [.. _columns.Select(column => Pick(column, rows))], Pick(LabelArray, rows), WeightArray is null ? null : Pick(WeightArray, rows));

    /// <summary>Refuses columns from which nothing can be learned: all values missing, or all the same.</summary>
    /// <remarks>Training itself passes over such columns: in a fold of a table a rare category may well be constant.</remarks>
    /// <exception cref="TrainingDataException">Names the first such column.</exception>
    public void RequireVaryingColumns()
    {
        for (var feature = 0; feature < _columns.Length; feature++)
        {
            var present = _columns[feature].Where(float.IsFinite);
            if (!present.Any())
                throw new TrainingDataException($"column {Features[feature]} has no value in any row");
            if (present.All(value => value == present.First()) && _columns[feature].All(float.IsFinite))
                throw new TrainingDataException($"column {Features[feature]} has the same value, {present.First()}, in every row");
        }
    }

    private static float[] Pick(float[] column, IReadOnlyList<int> rows)
    {
        var picked = new float[rows.Count];
        for (var i = 0; i < picked.Length; i++)
            picked[i] = column[rows[i]];
        return picked;
    }
}
