using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Emulator;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Cli.Simulate.Checks;

/// <summary>
/// A debt is what was told of it less what was paid, what was paid is what was told, each payment once, and a promise is as it was made; what was
/// authorized is what the stream has, to the cent.
/// </summary>
internal sealed class MoneyBalances : Check
{
    public override Task<IReadOnlyList<Violation>> FindAsync(RunEnd end, CancellationToken cancellation)
    {
        var findings = new List<Violation>();
        foreach (var partition in end.Living.Where(partition => Workload.HasDebt(((List<string>)[.. end.Workload.Customers]).IndexOf(partition.Customer.Value))))
        {
            var row = partition.Rows.FirstOrDefault(row => row.Key == CustomerRows.Debt(Workload.DebtOf(partition.Customer.Value)));
            if (row.Value is null)
                findings.Add(Wrong(partition.Customer.Value, "a debt", "none"));
            else
                findings.AddRange(Look(partition.Customer.Value, JsonSerializer.Deserialize(row.Value, DebtJson.Default.Debt)!));
        }

        findings.AddRange(Authorized(end));
        return Task.FromResult<IReadOnlyList<Violation>>(findings);
    }

    private IEnumerable<Violation> Look(string customer, Debt debt)
    {
        foreach (var (what, expected, found) in ((string, decimal, decimal)[])
        [
            ("a balance", Workload.Balance - Workload.Paid, debt.Balance),
            ("payments", Workload.Paid, debt.Payments.Sum(payment => payment.Amount)),
            ("an instalment", Workload.Instalment, debt.Instalments.Sum(instalment => instalment.Amount)),
            ("paid of instalments", debt.Payments.Sum(payment => payment.Allocated), debt.Instalments.Sum(instalment => instalment.Paid)),
            ("promised", Workload.Promised, debt.Promise?.Amount ?? 0),
            ("paid on the promise", Workload.Paid, debt.Promise?.Paid ?? 0),
            ("promises before", 0, debt.PastPromises.Count),
        ])
        {
            if (expected != found)
                yield return Wrong(customer, $"{what}: {expected}", $"{found}");
        }
    }

    private IEnumerable<Violation> Authorized(RunEnd end)
    {
        var moved = end.Hub(EventStreams.TransactionsHub).Select(data => JsonNode.Parse(data.EventBody.ToMemory().Span)!)
            .DistinctBy(payment => ((string)payment["source"]!, (string)payment["id"]!)).GroupBy(payment => (string)payment["subject"]!)
            .ToDictionary(payments => payments.Key, payments => payments.Where(IsAuthorized).ToList(), StringComparer.Ordinal);
        foreach (var customer in end.Answers.Of(DealingKind.Authorization).GroupBy(answer => answer.Dealing.Customer))
        {
            var expected = customer.Sum(answer => (string)answer.Body!["decision"]! == "Approve" ? (decimal)JsonNode.Parse(answer.Sent)!["amount"]! : 0);
            var found = moved.GetValueOrDefault(customer.Key, []).Where(payment => (string)payment["data"]!["status"]! == "pending").Sum(payment => -(decimal)payment["data"]!["amount"]!);
            // Who was erased before an answer came can ask for it no more: what was authorized then is known to the stream alone.
            if (customer.Key == end.Workload.Erased ? found < expected : found != expected)
                yield return Wrong(customer.Key, $"{expected} EUR authorized on the stream", $"{found}");
        }
    }

    private static bool IsAuthorized(JsonNode payment) => ((string)payment["source"]!).Contains("authorization", StringComparison.Ordinal);
}
