using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Cli.Simulate.Checks;

/// <summary>Every effect that was committed has been sent and cleared, every signal on record is on its hub, and what was sent again is the same.</summary>
internal sealed class EffectsSent : Check
{
    /// <summary>Intents that nobody has cleared.</summary>
    public static async Task<IReadOnlyList<string>> IntentsAsync(SimulatedProduct product, CancellationToken cancellation)
    {
        var left = new List<string>();
        foreach (var intents in product.Get<CustomerTables>().Intents)
        {
            await foreach (var intent in intents.QueryAsync<TableEntity>(cancellationToken: cancellation))
                left.Add($"{intent.PartitionKey} {intent.RowKey}");
        }

        return left;
    }

    public override async Task<IReadOnlyList<Violation>> FindAsync(RunEnd end, CancellationToken cancellation)
    {
        var findings = new List<Violation>();
        findings.AddRange((await IntentsAsync(end.Product, cancellation)).Select(intent => Wrong(null, "no intent left", intent)));
        foreach (var hub in (string[])[EventStreams.SignalsHub, EventStreams.TransactionsHub])
        {
            var bodies = end.Hub(hub).Select(data => data.EventBody.ToString()).GroupBy(body => ((string)JsonNode.Parse(body)!["source"]!, (string)JsonNode.Parse(body)!["id"]!));
            findings.AddRange(bodies.Where(sent => sent.Distinct(StringComparer.Ordinal).Count() > 1)
                .Select(sent => Wrong(null, $"one event {sent.Key} on {hub}, however often it is sent", string.Join(" and ", sent.Distinct(StringComparer.Ordinal)))));
        }

        var signals = end.Hub(EventStreams.SignalsHub).Select(data => (string)JsonNode.Parse(data.EventBody.ToMemory().Span)!["id"]!).ToHashSet(StringComparer.Ordinal);
        foreach (var partition in end.Living)
        {
            var customer = partition.Customer.Value;
            findings.AddRange(partition.Rows.Where(row => row.Key.StartsWith(CustomerRows.OutboxPrefix, StringComparison.Ordinal))
                .Select(row => Wrong(customer, "an empty outbox", row.Key)));
            findings.AddRange(partition.Of(CustomerRows.SignalPrefix).Where(signal => !signals.Contains((string)signal["id"]!))
                .Select(signal => Wrong(customer, $"signal {signal["name"]} {signal["id"]} on its hub", "none")));
        }

        return findings;
    }
}
