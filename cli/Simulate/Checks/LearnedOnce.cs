using System.Text.Json;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions.Learning;

namespace ServerlessCLM.Cli.Simulate.Checks;

/// <summary>What the strategy has learned, and what it has used of its budget, is the sum of its decisions with their outcomes, each once.</summary>
internal sealed class LearnedOnce : Check
{
    private const double Tolerance = 1e-9;

    public override async Task<IReadOnlyList<Violation>> FindAsync(RunEnd end, CancellationToken cancellation)
    {
        var findings = new List<Violation>();
        var expected = new Dictionary<(string, string), AnswerSums>();
        var told = new Dictionary<string, DecisionAttribution>(StringComparer.Ordinal);
        foreach (var partition in end.Living)
        {
            await foreach (var row in end.Product.Get<CustomerStore>().ReadRowsAsync(partition.Customer, CustomerRows.AnsweredPrefix, cancellation))
            {
                var attribution = told[row.Row[CustomerRows.AnsweredPrefix.Length..]] = JsonSerializer.Deserialize(row.Content, CustomersJson.Default.DecisionAttribution)!;
                if (attribution is { Strategy: SimulatedStrategy.Id, Action: { } action, Channel: { } channel } && attribution.Sums != default)
                    expected[(action, channel)] = expected.GetValueOrDefault((action, channel)) + attribution.Sums;
            }
        }

        var learned = await end.Product.Get<StrategyTotals>().ReadAsync(SimulatedStrategy.Id, DateTimeOffset.UnixEpoch.AddYears(30), cancellation);
        foreach (var place in expected.Keys.Union(learned.Answers.Keys).Order())
        {
            var (sum, found) = (expected.GetValueOrDefault(place), learned.Answers.GetValueOrDefault(place));
            if (!AreSame(sum, found))
                findings.Add(Wrong(null, $"of {place} {sum}", $"{found}"));
        }

        var (chosen, used) = (expected.Values.Sum(sum => sum.Chosen), learned.Used.Values.Sum(sum => sum.Chosen));
        if (chosen != used)
            findings.Add(Wrong(null, $"{chosen} choices that take of the budget", $"{used}"));
        foreach (var answer in end.Answers.Of(DealingKind.Outcome).Where(answer => (int)answer.Body!["accepted"]! > 0))
        {
            var data = System.Text.Json.Nodes.JsonNode.Parse(answer.Sent)!["data"]!;
            if (!told.TryGetValue((string)data["decisionId"]!, out var attribution) || !attribution.Outcomes.Contains((string)data["outcome"]!))
                findings.Add(Wrong(answer.Dealing.Customer, $"outcome {data["outcome"]} of decision {data["decisionId"]}, which was taken, counted", "it is not"));
        }

        return findings;
    }

    private static bool AreSame(AnswerSums one, AnswerSums other) =>
        (one.Chosen, one.Taken, one.Returned, one.Asked, one.Accepted) == (other.Chosen, other.Taken, other.Returned, other.Asked, other.Accepted)
        && Math.Abs(one.Weight - other.Weight) < Tolerance && Math.Abs(one.WeightSquares - other.WeightSquares) < Tolerance && Math.Abs(one.WeightAccepted - other.WeightAccepted) < Tolerance;
}
