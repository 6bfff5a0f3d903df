using ServerlessCLM.Customers;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Cli.Simulate.Checks;

/// <summary>Set aside was what the workload meant to be: payments of a debt that nobody knows. Each says so.</summary>
internal sealed class DeadLettersExplained : Check
{
    private const int Page = 1000;

    public override async Task<IReadOnlyList<Violation>> FindAsync(RunEnd end, CancellationToken cancellation)
    {
        var letters = end.Product.Get<DeadLetters>();
        var findings = new List<Violation>();
        foreach (var letter in (await letters.ListAsync(EventStreams.TransactionsHub, open: true, Page, null, cancellation)).Letters)
            findings.Add(Wrong(null, "no payment set aside", $"{letter.Id}: {letter.Rejection}"));

        var aside = (await letters.ListAsync(EventStreams.EventsHub, open: true, Page, null, cancellation)).Letters;
        findings.AddRange(aside.Where(letter => letter.Rejection.Field != "data.details.debt").Select(letter => Wrong(null, "only debts that nobody knows set aside", $"{letter.Id}: {letter.Rejection}")));
        var expected = end.Answers.Of(DealingKind.Events).Count(answer => answer.Sent.Contains("nobody-s", StringComparison.Ordinal));
        // An event that its sender repeated is set aside as often as it came.
        if (aside.Count < expected)
            findings.Add(Wrong(null, $"{expected} events set aside", $"{aside.Count}"));
        return findings;
    }
}
