using System.Text.Json;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions.Authorizations;

namespace ServerlessCLM.Cli.Simulate.Checks;

/// <summary>What somebody outside was told has been done is still so: consents, contacts, messages, authorizations, credit lines.</summary>
internal sealed class AnswersHold : Check
{
    public override Task<IReadOnlyList<Violation>> FindAsync(RunEnd end, CancellationToken cancellation)
    {
        var findings = new List<Violation>();
        foreach (var answer in end.Answers.Granted)
        {
            if (end.Partitions.GetValueOrDefault(answer.Dealing.Customer) is { Erased: null } partition && !Holds(answer, partition))
                findings.Add(Wrong(partition.Customer.Value, $"{answer.Dealing.Kind} {answer.Dealing.Key} as it was answered: {answer.Body?.ToJsonString()}", "nothing of it"));
            else if (answer.Dealing.Customer.Length > 0 && !end.Partitions.ContainsKey(answer.Dealing.Customer))
                findings.Add(Wrong(answer.Dealing.Customer, $"a customer to whom {answer.Dealing.Key} was done", "none"));
        }

        return Task.FromResult<IReadOnlyList<Violation>>(findings);
    }

    private static bool Holds(Answer answer, CustomerPartition partition)
    {
        var place = answer.Dealing.Path.Split('/');
        return answer.Dealing.Kind switch
        {
            // The bank tells of changes later, too.
            DealingKind.Profile => partition.Of(CustomerRows.Profile).Any(profile => (int)profile["version"]! >= (int)answer.Body!["version"]!),
            DealingKind.Consent => Has(partition, row => row == CustomerRows.Consent(place[3], place[4])),
            DealingKind.Contact => (string)answer.Body!["verdict"]! == "refuse" || CapsKept.ContactsOf(partition).Any(contact => contact.Id == place[3]),
            DealingKind.Call => (bool?)answer.Body!["confirmed"] != true || CapsKept.ContactsOf(partition).Any(contact => contact.Id == place[3] && contact.Status != Contact.Reserved),
            DealingKind.Message => Has(partition, row => row.StartsWith(CustomerRows.MessagePrefix, StringComparison.Ordinal) && row.EndsWith(place[3], StringComparison.Ordinal)),
            DealingKind.Dispatch => (string)answer.Body!["gate"]! != "allow" || MessagesOnce.DeliveriesOf(partition).Any(delivery => delivery.Id == place[3]),
            DealingKind.CreditLine => Has(partition, row => row.StartsWith(CustomerRows.CreditPrefix, StringComparison.Ordinal)),
            DealingKind.Authorization => IsKnown(answer, partition),
            _ => true,
        };
    }

    private static bool IsKnown(Answer answer, CustomerPartition partition)
    {
        var row = partition.Rows.FirstOrDefault(row => row.Key == CustomerRows.Authorizations).Value;
        return row is not null && JsonSerializer.Deserialize(row, AuthorizationsJson.Default.AuthorizationHistory)!.Find((string)answer.Body!["authorizationId"]!) is { } known
            && known.Decision.ToString() == (string)answer.Body["decision"]!;
    }

    private static bool Has(CustomerPartition partition, Func<string, bool> row) => partition.Rows.Any(each => row(each.Key));
}
