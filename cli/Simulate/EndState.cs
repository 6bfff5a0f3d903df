using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Emulator;
using ServerlessCLM.Features;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Cli.Simulate;

/// <summary>What a run has come to: every customer's features and rows, and the signals that were sent.</summary>
/// <param name="Customers">By customer: the bytes of the features in hexadecimal, then the rows.</param>
/// <param name="Signals">Ids on the signals hub in its order, partition by partition; one that was sent again comes again.</param>
/// <param name="Announced">Intents that nobody has cleared.</param>
internal sealed record EndState(SortedDictionary<string, string[]> Customers, IReadOnlyList<string> Signals, int Announced)
{
    public static async Task<EndState> ReadAsync(SimulatedProduct product, IEnumerable<string> customers, CancellationToken cancellation)
    {
        var states = new SortedDictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var customer in customers)
        {
            if (await product.Get<CustomerStore>().ReadAsync(CustomerId.Parse(customer), cancellation) is { } partition)
                states[customer] = [Features(partition.Block!), .. partition.Rows.Select(row => $"{row.Key} {System.Text.Encoding.UTF8.GetString(row.Value)}")];
        }

        var signals = new List<string>();
        foreach (var log in product.Get<EventHubsNamespace>().GetHub(EventStreams.SignalsHub).Partitions)
        {
            var sent = new List<EventData>();
            log.ReadFrom(0).Read(sent, int.MaxValue);
            signals.AddRange(sent.Select(signal => (string)JsonNode.Parse(signal.EventBody.ToMemory().Span)!["id"]!));
        }

        var announced = 0;
        await foreach (var _ in product.Get<CustomerTables>().Intents.Single().QueryAsync<TableEntity>(cancellationToken: cancellation))
            announced++;
        return new EndState(states, signals, announced);
    }

    /// <summary>How this state differs from that of a run in which nothing went wrong, a line each; none when it does not.</summary>
    public IReadOnlyList<string> DifferencesFrom(EndState faultless)
    {
        var differences = new List<string>();
        foreach (var customer in faultless.Customers.Keys.Union(Customers.Keys).Order(StringComparer.Ordinal))
        {
            var (expected, found) = (faultless.Customers.GetValueOrDefault(customer) ?? [], Customers.GetValueOrDefault(customer) ?? []);
            if (expected.ElementAtOrDefault(0) != found.ElementAtOrDefault(0))
                differences.Add($"{customer}: the features differ");
            differences.AddRange(expected.Skip(1).Except(found.Skip(1), StringComparer.Ordinal).Select(row => $"{customer}: missing {row}"));
            differences.AddRange(found.Skip(1).Except(expected.Skip(1), StringComparer.Ordinal).Select(row => $"{customer}: too much {row}"));
        }

        differences.AddRange(faultless.Signals.Except(Signals, StringComparer.Ordinal).Select(id => $"signal {id} was never sent"));
        differences.AddRange(Signals.Except(faultless.Signals, StringComparer.Ordinal).Select(id => $"signal {id} was sent and should not"));
        if (Announced > 0)
            differences.Add(string.Create(CultureInfo.InvariantCulture, $"{Announced} commits are announced and never dispatched"));
        return differences;
    }

    private static string Features(byte[] block)
    {
        var state = new CustomerState();
        state.Read(block);
        var bytes = new byte[FeatureState.MaxStoredSize];
        return Convert.ToHexString(bytes.AsSpan(0, state.Features.Write(bytes)));
    }
}
