using System.Text.Json;
using ServerlessCLM.Customers;
using ServerlessCLM.Messages.Channels;

namespace ServerlessCLM.Cli.Simulate.Checks;

/// <summary>
/// A message reaches its gateway under one key, always in the same words, and no more often than the product says it tried; and only when its place
/// in the contact ledger was confirmed and it was on record.
/// </summary>
internal sealed class MessagesOnce : Check
{
    public override Task<IReadOnlyList<Violation>> FindAsync(RunEnd end, CancellationToken cancellation)
    {
        var findings = new List<Violation>();
        var living = end.Living.ToDictionary(partition => partition.Customer.Value, StringComparer.Ordinal);
        foreach (var message in end.Mailbox.Letters.GroupBy(letter => (letter.Customer, letter.MessageId)))
        {
            var (customer, id) = message.Key;
            var key = MessageDelivery.KeyOf(SimulatedProduct.Tenant, CustomerId.Parse(customer), id);
            findings.AddRange(message.Select(letter => letter.Key).Distinct(StringComparer.Ordinal).Where(used => used != key)
                .Select(used => Wrong(customer, $"message {id} under the key {key}", $"also under {used}")));
            if (message.Select(letter => letter.Body).Distinct(StringComparer.Ordinal).Count() > 1)
                findings.Add(Wrong(customer, $"message {id} in the same words each time", "others"));
            // What was on record of who is erased is gone.
            if (!living.TryGetValue(customer, out var partition))
                continue;

            if (CapsKept.ContactsOf(partition).FirstOrDefault(contact => contact.Id == id) is not { Status: not Contact.Reserved })
                findings.Add(Wrong(customer, $"a confirmed place in the ledger for message {id}, which was handed over", "none"));
            if (DeliveriesOf(partition).FirstOrDefault(delivery => delivery.Id == id) is null)
                findings.Add(Wrong(customer, $"message {id}, which was handed over, on record", "none"));
        }

        return Task.FromResult<IReadOnlyList<Violation>>(findings);
    }

    internal static IEnumerable<MessageDelivery> DeliveriesOf(CustomerPartition partition) => partition.Rows
        .Where(row => row.Key.StartsWith(CustomerRows.DeliveryPrefix, StringComparison.Ordinal))
        .Select(row => JsonSerializer.Deserialize(row.Value, ChannelsJson.Default.MessageDelivery)!);
}
