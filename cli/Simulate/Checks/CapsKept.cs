using System.Text.Json;
using System.Xml;
using ServerlessCLM.Customers;
using ServerlessCLM.Governance;

namespace ServerlessCLM.Cli.Simulate.Checks;

/// <summary>No cap was exceeded by what was sent: counted anew from the ledger, contact by contact, in each cap's window.</summary>
internal sealed class CapsKept : Check
{
    /// <summary>Packs of the institution and of Germany, where all customers of simulations live.</summary>
    private static readonly string[] Jurisdictions = ["*", "EU", "DE"];

    private static readonly List<(PolicyRule Rule, IReadOnlyList<string> Purposes, TimeSpan Window)> Caps = [.. PolicySet.Defaults
        .Where(pack => Jurisdictions.Contains(pack.Jurisdiction))
        .SelectMany(pack => pack.Rules.Where(rule => rule is { Kind: RuleKind.Cap, Per: CapScope.Customer })
            .Select(rule => (rule, rule.Purposes.Count > 0 ? rule.Purposes : pack.Purposes, XmlConvert.ToTimeSpan(rule.Window!))))];

    public override Task<IReadOnlyList<Violation>> FindAsync(RunEnd end, CancellationToken cancellation)
    {
        var findings = new List<Violation>();
        foreach (var partition in end.Living)
        {
            foreach (var (rule, purposes, window) in Caps)
            {
                var sent = SentOf(partition).Where(contact => IsAbout(rule.Channels, contact.Channel) && IsAbout(purposes, contact.Purpose)).ToList();
                findings.AddRange(sent.Select(last => (last, Count: sent.Count(contact => contact.At <= last.At && contact.At > last.At - window)))
                    .Where(counted => counted.Count > rule.Limit)
                    .Select(counted => Wrong(partition.Customer.Value, $"at most {rule.Limit} contacts in {rule.Window} by {rule.Id}", $"{counted.Count} up to {counted.last.Id} at {counted.last.At:u}")));
            }
        }

        return Task.FromResult<IReadOnlyList<Violation>>(findings);
    }

    internal static IEnumerable<Contact> ContactsOf(CustomerPartition partition) => partition.Rows
        .Where(row => row.Key == CustomerRows.Contacts).SelectMany(row => JsonSerializer.Deserialize(row.Value, CustomersJson.Default.ContactLedger)!.Contacts);

    private static IEnumerable<Contact> SentOf(CustomerPartition partition) => ContactsOf(partition).Where(contact => contact.Status != Contact.Reserved);

    private static bool IsAbout(IReadOnlyList<string> names, string? name) => names.Count == 0 || name is null || names.Contains(name);
}
