using ServerlessCLM.Transactions;

namespace ServerlessCLM.Models;

/// <summary>The column to predict, of two values.</summary>
/// <param name="Positive">The value that counts as the event.</param>
/// <param name="Negative">The other.</param>
/// <param name="Events">One a row.</param>
/// <param name="Told">How the event was chosen, in words.</param>
public sealed record BinaryTarget(string Name, string Positive, string Negative, bool[] Events, string Told)
{
    private static readonly string[] Yes = ["1", "yes", "true", "y", "t"];
    private static readonly string[] No = ["0", "no", "false", "n", "f"];

    /// <summary>1, yes, true, y and t are the event against 0, no, false, n and f; of any other two values the rarer one is.</summary>
    /// <exception cref="SourceFormatException">A missing value, or not just two values.</exception>
    public static BinaryTarget Of(DataTable table, string name)
    {
        var column = table.Column(name);
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var row = 0; row < column.Rows; row++)
        {
            var text = column.Text(row)
                ?? throw Unusable($"has no value in row {row + 1}; the target must have one in every row");
            counts[text] = counts.GetValueOrDefault(text) + 1;
            if (counts.Count > 2)
                throw Unusable($"must have two values to be the target, it has at least {string.Join(", ", counts.Keys.Select(Quoted))}");
        }

        if (counts.Count < 2)
            throw Unusable($"must have two values to be the target, all {column.Rows} rows have {Quoted(counts.Keys.First())}");

        string[] values = [.. counts.Keys];
        var yes = Array.FindIndex(values, value => Yes.Contains(value, StringComparer.OrdinalIgnoreCase));
        var isUsual = yes >= 0 && No.Contains(values[1 - yes], StringComparer.OrdinalIgnoreCase);
        var chosen = isUsual ? yes : counts[values[0]] < counts[values[1]] ? 0 : 1;
        var (positive, negative) = (values[chosen], values[1 - chosen]);
        var reason = isUsual ? "" : counts[positive] < counts[negative] ? $", the rarer value beside {negative}" : $", as often as {negative}";
        return new BinaryTarget(
            name, positive, negative, [.. Enumerable.Range(0, column.Rows).Select(row => column.Text(row) == positive)],
            $"the event is {name} = {positive}{reason} ({counts[positive]:N0} of {column.Rows:N0} rows)");

        SourceFormatException Unusable(string reason) => new(table.Path, 0, $"column {name} {reason}");

        static string Quoted(string value) => $"'{Rejection.Shorten(value, 40)}'";
    }
}
