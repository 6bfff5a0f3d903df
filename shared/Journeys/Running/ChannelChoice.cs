using ServerlessCLM.Customers;

namespace ServerlessCLM.Journeys;

/// <summary>Which channels are tried for a contact, and in which order.</summary>
public static class ChannelChoice
{
    /// <summary>How often a customer of whom nothing is known answers, as answered and unanswered contacts.</summary>
    private const double PriorAnswers = 1, PriorContacts = 20;

    private static readonly HashSet<string> Answers = new(StringComparer.Ordinal) { "click", "accept", "convert", "payment", "reply", "conversation" };

    /// <summary>Before anything is known, the channel that costs least and disturbs least comes first.</summary>
    private static readonly string[] Cheapest = ["app", "push", "email", "sms", "call", "letter"];

    /// <param name="wanted">Channels in their order, or best: those the customer answers most, by the mean of a Beta distribution over past contacts.</param>
    /// <param name="written">Channels that the template has words for; null where there is no template.</param>
    /// <param name="ledger">Past contacts.</param>
    public static IReadOnlyList<string> Order(IReadOnlyList<string> wanted, IReadOnlySet<string>? written, ContactLedger ledger)
    {
        IEnumerable<string> channels = wanted is not [ContactNode.Best] ? wanted
            : Cheapest.OrderByDescending(channel => Rate(channel, ledger));
        return [.. channels.Where(channel => written?.Contains(channel) != false)];
    }

    private static double Rate(string channel, ContactLedger ledger)
    {
        var (contacts, answered) = (0, 0);
        foreach (var contact in ledger.Contacts)
        {
            if (contact.Channel != channel || contact.Status == Contact.Reserved)
                continue;
            contacts++;
            answered += Answers.Contains(contact.Status) ? 1 : 0;
        }

        return (answered + PriorAnswers) / (contacts + PriorContacts);
    }
}
