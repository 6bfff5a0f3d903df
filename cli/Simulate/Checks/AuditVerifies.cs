using ServerlessCLM.Customers;
using ServerlessCLM.Governance;

namespace ServerlessCLM.Cli.Simulate.Checks;

/// <summary>Every chain verifies, anchors vouch for all of it, and what should be on record is: decisions, contacts that were made, the erasure.</summary>
internal sealed class AuditVerifies : Check
{
    public override async Task<IReadOnlyList<Violation>> FindAsync(RunEnd end, CancellationToken cancellation)
    {
        var report = await end.Product.Get<AuditVerification>().VerifyAsync(0, 255, cancellation);
        var findings = report.Findings.Select(finding => Wrong(null, "chains that verify", finding.ToString())).ToList();
        if (report.Unanchored > 0)
            findings.Add(Wrong(null, "anchors for every entry that is older than an hour", $"{report.Unanchored} entries without"));
        foreach (var partition in end.Living)
        {
            var entries = await end.Product.Get<CustomerStore>().ReadAuditAsync(partition.Customer, cancellation) ?? [];
            await foreach (var (row, _) in end.Product.Get<CustomerStore>().ReadRowsAsync(partition.Customer, CustomerRows.DecisionPrefix, cancellation))
                Expect("decision", row[CustomerRows.DecisionPrefix.Length..]);
            foreach (var contact in CapsKept.ContactsOf(partition).Where(contact => contact.Status == Contact.Sent))
                Expect("contact", contact.Id);

            void Expect(string kind, string id)
            {
                if (!entries.Any(entry => entry.Kind == kind && (string?)entry.Content?["id"] == id))
                    findings.Add(Wrong(partition.Customer.Value, $"{kind} {id} in the audit chain", "none"));
            }
        }

        return findings;
    }
}
