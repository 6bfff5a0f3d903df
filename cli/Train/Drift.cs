using ServerlessCLM.Cli.Evaluate;
using ServerlessCLM.Models;

namespace ServerlessCLM.Cli.Train;

/// <summary>Whether the columns are distributed as they were.</summary>
internal static class Drift
{
    /// <summary>By column: the rows learned from against later ones, or the first half of the rows against the second.</summary>
    public static IReadOnlyList<(string Name, StabilityIndex Index)> Between(LearningData learning, DataTable? later) =>
    [
        .. learning.Inputs.Columns.Select(column => (column.Name, later is null
            ? Compare(Values(column, column)[..(column.Rows / 2)], Values(column, column)[(column.Rows / 2)..], column)
            : Compare(Values(column, column), Values(later.Column(column.Name), column), column))),
    ];

    public static string Told(LearningData learning, DataTable? later) => later is null
        ? $"the second half of {Path.GetFileName(learning.Path)} against the first"
        : $"{Path.GetFileName(later.Path)} against {Path.GetFileName(learning.Path)}";

    private static StabilityIndex Compare(double[] before, double[] after, DataColumn column)
    {
        if (column.Levels is not { } levels)
            return PopulationStability.Compare(before, after);

        // A bin for each level, then one for texts that are none of them, then one for missing texts.
        double[] edges = [.. Enumerable.Range(0, levels.Count).Select(level => (double)level)];
        return PopulationStability.Compare(PopulationStability.Count(before, edges), PopulationStability.Count(after, edges));
    }

    /// <summary>Numbers, or the places of texts among the levels of the column learned from.</summary>
    private static double[] Values(DataColumn column, DataColumn learned)
    {
        if (learned.Levels is not { } levels)
            return column.Numbers is { } numbers ? Array.ConvertAll(numbers, number => (double)number) : throw new UnusableArgumentException($"column {column.Name} of --recent must be of numbers");

        var places = levels.Index().ToDictionary(level => level.Item, level => level.Index, StringComparer.Ordinal);
        return [.. Enumerable.Range(0, column.Rows).Select(row => column.Text(row) is { } text ? places.GetValueOrDefault(text, levels.Count) : double.NaN)];
    }
}
