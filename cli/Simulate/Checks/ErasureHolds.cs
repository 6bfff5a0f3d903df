using ServerlessCLM.Customers;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Cli.Simulate.Checks;

/// <summary>Of who was erased nothing is left but the mark and the links of the audit chain, which hold no content.</summary>
internal sealed class ErasureHolds : Check
{
    public override async Task<IReadOnlyList<Violation>> FindAsync(RunEnd end, CancellationToken cancellation)
    {
        var findings = new List<Violation>();
        foreach (var erased in end.Answers.Of(DealingKind.Erasure).Select(answer => answer.Dealing.Customer))
        {
            if (end.Partitions.GetValueOrDefault(erased)?.Erased is null)
                findings.Add(Wrong(erased, "a customer who was erased", "one who was not"));
            var customer = CustomerId.Parse(erased);
            var filter = TableClient.CreateQueryFilter($"PartitionKey eq {customer.PartitionKey(SimulatedProduct.Tenant)} and RowKey ne {CustomerRows.State}");
            await foreach (var row in end.Product.Get<CustomerTables>().Of(customer).QueryAsync<TableEntity>(filter, cancellationToken: cancellation))
            {
                if (!row.RowKey.StartsWith(CustomerRows.AuditPrefix, StringComparison.Ordinal) || row.ContainsKey("Data"))
                    findings.Add(Wrong(erased, "nothing left of who was erased", row.RowKey));
            }
        }

        return findings;
    }
}
