using ServerlessCLM.Cli.Simulate.Checks;
using ServerlessCLM.Customers;
using ServerlessCLM.Features;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Cli.Simulate;

/// <summary>
/// What a run comes to whatever goes wrong: by customer the rows of what was told with its own time. What depends on when the product came to it
/// (decisions, contacts, silence) is not in it.
/// </summary>
internal sealed record EndState(IReadOnlyDictionary<string, string[]> Customers)
{
    public static EndState Of(RunEnd end) => new(end.Living.ToDictionary(partition => partition.Customer.Value, Rows, StringComparer.Ordinal));

    /// <summary>How this state differs from that of a run in which nothing went wrong.</summary>
    public IEnumerable<Violation> DifferencesFrom(EndState faultless)
    {
        foreach (var customer in faultless.Customers.Keys.Union(Customers.Keys).Order(StringComparer.Ordinal))
        {
            var (expected, found) = (faultless.Customers.GetValueOrDefault(customer) ?? [], Customers.GetValueOrDefault(customer) ?? []);
            foreach (var row in expected.Except(found, StringComparer.Ordinal))
                yield return new Violation("SameAsWithoutFaults", customer, row, "no such row");
            foreach (var row in found.Except(expected, StringComparer.Ordinal))
                yield return new Violation("SameAsWithoutFaults", customer, "no such row", row);
        }
    }

    /// <summary>The features of a block as bytes.</summary>
    public static string FeaturesOf(FeatureState features)
    {
        var bytes = new byte[FeatureState.MaxStoredSize];
        return Convert.ToHexString(bytes.AsSpan(0, features.Write(bytes)));
    }

    private static string[] Rows(CustomerPartition partition) => [.. partition.Rows
        .Where(row => row.Key.StartsWith(CustomerRows.LifecyclePrefix, StringComparison.Ordinal))
        .Select(row => $"{row.Key} {System.Text.Encoding.UTF8.GetString(row.Value)}")
        // What is posted as a signal has the time at which it came.
        .Where(row => !Workload.Signals.Any(name => row.Contains($"\"{name}\"", StringComparison.Ordinal)))];
}
