using ServerlessCLM.Transactions;

namespace ServerlessCLM.Models;

/// <summary>The columns of a table that a model can learn from, and why the others were dropped.</summary>
/// <param name="Columns">All but the target and the dropped ones.</param>
/// <param name="Dropped">One line for each dropped column.</param>
public sealed record ModelInputs(IReadOnlyList<DataColumn> Columns, IReadOnlyList<string> Dropped)
{
    /// <summary>Drops columns without a value, with the same value in every row, and of texts that hardly repeat (names, identifiers).</summary>
    /// <exception cref="SourceFormatException">Nothing is left.</exception>
    public static ModelInputs Of(DataTable table, string target)
    {
        var kept = new List<DataColumn>();
        var dropped = new List<string>();
        foreach (var column in table.Columns)
        {
            if (column.Name == target)
                continue;

            if (Uselessness(column) is { } reason)
                dropped.Add($"column {column.Name} is dropped: {reason}");
            else
                kept.Add(column);
        }

        return kept.Count > 0
            ? new ModelInputs(kept, dropped)
            : throw new SourceFormatException(table.Path, 1, $"no column is left to learn from beside {target}{string.Concat(dropped.Take(1).Select(word => "; " + word))}");
    }

    private static string? Uselessness(DataColumn column)
    {
        if (column.Missing == column.Rows)
            return "it has no value in any row";

        if (column.Levels is { } levels)
        {
            if (levels.Count > 2 && levels.Count > (column.Rows - column.Missing) / 2)
                return $"{levels.Count} different texts in {column.Rows} rows hardly repeat, as names and identifiers do";

            return levels.Count == 1 && column.Missing == 0 ? $"it has the same value, '{Rejection.Shorten(levels[0], 40)}', in every row" : null;
        }

        var first = column.Numbers![0];
        return Array.TrueForAll(column.Numbers, number => number == first) ? $"it has the same value, {first}, in every row" : null;
    }
}
