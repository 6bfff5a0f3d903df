using ServerlessCLM.Emulator;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Features;
using ServerlessCLM.Scoring;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Cli.Simulate.Checks;

/// <summary>
/// Every payment that was taken is on the stream, and every customer's features are those of the distinct payments there, each counted once, as the
/// scoring core makes them without storage, batches or faults.
/// </summary>
internal sealed class PaymentsOnce : Check
{
    public override Task<IReadOnlyList<Violation>> FindAsync(RunEnd end, CancellationToken cancellation)
    {
        var findings = new List<Violation>();
        var payments = end.Hub(EventStreams.TransactionsHub).Select(data => data.EventBody.ToArray()).DistinctBy(IdOf).ToList();
        var ids = payments.Select(IdOf).ToHashSet();
        findings.AddRange(Taken(end).Where(taken => !ids.Contains(taken)).Select(taken => Wrong(null, $"payment {taken.Id}, which was taken, on the stream", "none")));
        foreach (var partition in end.Living)
        {
            var state = new CustomerState();
            state.Read(partition.Block!);
            var expected = EndState.FeaturesOf(Features(payments, partition.Customer));
            if (EndState.FeaturesOf(state.Features) is var found && found != expected)
                findings.Add(Wrong(partition.Customer.Value, $"the features of its payments, each once: {expected}", found));
        }

        return Task.FromResult<IReadOnlyList<Violation>>(findings);
    }

    private static FeatureState Features(List<byte[]> payments, CustomerId customer)
    {
        var (features, signals) = (new FeatureState(), new SignalBuffer());
        foreach (var body in payments)
        {
            if (!PaymentParser.TryParse(body, long.MaxValue / 2, out var payment, out _) || Encoding.UTF8.GetString(payment.Subject.In(body)) != customer.Value)
                continue;
            signals.Clear();
            CustomerScoring.Apply(features, payment, signals);
        }

        return features;
    }

    private static IEnumerable<(string Source, string Id)> Taken(RunEnd end) =>
        end.Answers.Of(DealingKind.Payments).SelectMany(answer => JsonNode.Parse(answer.Sent)!.AsArray().Select(payment => IdOf(payment!)));

    private static (string Source, string Id) IdOf(byte[] body) => IdOf(JsonNode.Parse(body)!);

    private static (string Source, string Id) IdOf(JsonNode payment) => ((string)payment["source"]!, (string)payment["id"]!);
}
