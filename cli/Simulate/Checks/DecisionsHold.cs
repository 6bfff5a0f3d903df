using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;

namespace ServerlessCLM.Cli.Simulate.Checks;

/// <summary>Every decision that was answered is on record, each cause has one, and made again from its record it is the same.</summary>
internal sealed class DecisionsHold : Check
{
    public override async Task<IReadOnlyList<Violation>> FindAsync(RunEnd end, CancellationToken cancellation)
    {
        var findings = new List<Violation>();
        foreach (var partition in end.Living)
        {
            var customer = partition.Customer.Value;
            var kept = new HashSet<string>(StringComparer.Ordinal);
            await foreach (var (row, _) in end.Product.Get<CustomerStore>().ReadRowsAsync(partition.Customer, CustomerRows.DecisionPrefix, cancellation))
                kept.Add(row[CustomerRows.DecisionPrefix.Length..]);
            var answered = end.Answers.Of(DealingKind.Decision).Where(answer => answer.Dealing.Customer == customer).Select(answer => (string)answer.Body!["decisionId"]!).ToHashSet(StringComparer.Ordinal);
            findings.AddRange(answered.Except(kept).Select(id => Wrong(customer, $"decision {id}, which was answered, on record", "none")));
            findings.AddRange(kept.Except(answered).Select(id => Wrong(customer, "no decision but those that were answered", id)));
            var replays = await end.Product.Get<DecisionRecords>().ReplayAsync([partition.Customer], cancellation);
            findings.AddRange(replays.Different.Select(replay => Wrong(customer, $"decision {replay.DecisionId} made again the same", replay.ToJson().ToJsonString())));
        }

        return findings;
    }
}
