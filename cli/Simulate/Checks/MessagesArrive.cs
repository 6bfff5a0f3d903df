using ServerlessCLM.Customers;
using ServerlessCLM.Messages;
using ServerlessCLM.Messages.Channels;

namespace ServerlessCLM.Cli.Simulate.Checks;

/// <summary>Every message is with its gateway or has ended for a reason, and nobody needs to look at one any more.</summary>
internal sealed class MessagesArrive : Check
{
    public override async Task<IReadOnlyList<Violation>> FindAsync(RunEnd end, CancellationToken cancellation)
    {
        var (findings, now) = (new List<Violation>(), end.Product.Now);
        var taken = end.Mailbox.Letters.Select(letter => (letter.Customer, letter.MessageId)).ToHashSet();
        foreach (var partition in end.Living)
        {
            foreach (var delivery in MessagesOnce.DeliveriesOf(partition))
            {
                var customer = partition.Customer.Value;
                if (delivery.Status == DeliveryStatus.Pending && !(delivery.Due > now))
                    findings.Add(Wrong(customer, $"message {delivery.Id} handed over or ended", $"pending, due {delivery.Due:u}, after {delivery.Attempts} attempts"));
                else if (delivery is { Status: DeliveryStatus.Accepted, Embedded: false } && !taken.Contains((customer, delivery.Id)))
                    findings.Add(Wrong(customer, $"message {delivery.Id}, which is accepted, with the gateway", "it never came"));
                else if (delivery is { Status: DeliveryStatus.Cancelled or DeliveryStatus.Rejected or DeliveryStatus.Expired, Reason: null })
                    findings.Add(Wrong(customer, $"a reason why message {delivery.Id} is {delivery.Status}", "none"));
            }
        }

        await foreach (var due in end.Product.Get<MessageIndex>().DueAsync(now, cancellation))
            findings.Add(Wrong(due.Customer.Value, "nothing due for a look", due.RowKey));
        return findings;
    }
}
