using ServerlessCLM.Transactions;

namespace ServerlessCLM.Models;

/// <summary>The parts of a cross-validation: each row is tested once, by a model trained on the other folds.</summary>
public static class Folds
{
    /// <summary>Folds of equal size with equal shares of events, shuffled by a seed.</summary>
    /// <returns>The fold of each row, from 0.</returns>
    /// <exception cref="ArgumentException">Fewer than two rows a fold with or without the event.</exception>
    public static int[] Stratified(ReadOnlySpan<bool> events, int folds, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        var random = new SplitMix64(seed);
        var assigned = new int[events.Length];
        var next = 0;
        foreach (var outcome in (ReadOnlySpan<bool>)[true, false])
        {
            var rows = new List<int>();
            for (var row = 0; row < events.Length; row++)
            {
                if (events[row] == outcome)
                    rows.Add(row);
            }

            if (rows.Count < 2 * folds)
            {
                throw new ArgumentException(
                    $"must hold at least {2 * folds} rows {(outcome ? "with" : "without")} the event for {folds} folds, there are {rows.Count}", nameof(events));
            }

            var shuffled = rows.ToArray();
            random.Shuffle(shuffled.AsSpan());
            foreach (var row in shuffled)
                assigned[row] = next++ % folds;
        }

        return assigned;
    }

    /// <summary>Reads the fold of each row, in their order, from the only column of a CSV file or the one called fold. Any whole numbers will do.</summary>
    /// <returns>The fold of each row, from 0 in the order of the file's numbers.</returns>
    /// <exception cref="SourceFormatException">Another number of rows, a fold that is no number, or a fold without both outcomes.</exception>
    public static int[] Read(string path, ReadOnlySpan<bool> events)
    {
        var table = DataTable.Read(path, new DataTableOptions());
        var column = table.Columns.Count == 1 ? table.Columns[0] : table.Column("fold");
        if (column.Rows != events.Length)
            throw new SourceFormatException(path, 0, $"has {column.Rows} folds for {events.Length} rows of data");

        if (column.Numbers is not { } numbers || Array.Exists(numbers, number => float.IsNaN(number) || number != MathF.Floor(number)))
            throw new SourceFormatException(path, 0, $"column {column.Name} must be a whole number in every row");

        float[] names = [.. numbers.Distinct().Order()];
        if (names.Length is < 2 or > 100)
            throw new SourceFormatException(path, 0, $"2 to 100 folds are expected, there are {names.Length}");

        int[] folds = [.. numbers.Select(number => Array.BinarySearch(names, number))];
        for (var fold = 0; fold < names.Length; fold++)
        {
            int hits = 0, rows = 0;
            for (var row = 0; row < folds.Length; row++)
            {
                rows += folds[row] == fold ? 1 : 0;
                hits += folds[row] == fold && events[row] ? 1 : 0;
            }

            if (hits < 2 || hits > rows - 2)
                throw new SourceFormatException(path, 0, $"fold {names[fold]} must have at least two rows with and two without the event, it has {hits} and {rows - hits}");
        }

        return folds;
    }
}
