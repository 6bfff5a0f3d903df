using ServerlessCLM.Governance;

namespace ServerlessCLM.Decisions;

/// <summary>What the contact gate says of one kind of contact.</summary>
/// <param name="Channel">Over which.</param>
/// <param name="Purpose">What for.</param>
/// <param name="Journey">One that the customer had contacts of; <see cref="AnyOther"/> for any other; null for none.</param>
/// <param name="Result">Its verdicts.</param>
public sealed record ContactVerdict(string Channel, string Purpose, string? Journey, GateResult Result)
{
    /// <summary>Journeys that the customer had no contact of are alike to the gate. No id of a journey reads so.</summary>
    public const string AnyOther = "*";
}

/// <summary>Asks the contact gate once for each kind of contact that it can tell apart, however many actions need it.</summary>
public sealed class ContactVerdicts
{
    private readonly int[] _places;

    private ContactVerdicts(int[] places, IReadOnlyList<ContactVerdict> verdicts) => (_places, Verdicts) = (places, verdicts);

    /// <summary>Each kind once.</summary>
    public IReadOnlyList<ContactVerdict> Verdicts { get; }

    /// <param name="contacts">Kinds of contact, as a strategy has them.</param>
    /// <param name="standing">The customer.</param>
    /// <param name="policies">All packs.</param>
    /// <param name="now">The instant.</param>
    /// <param name="id">Of the decision.</param>
    internal static ContactVerdicts Of(ContactKind[] contacts, CustomerStanding standing, PolicySet policies, DateTimeOffset now, string id)
    {
        var journeys = standing.Ledger.Contacts.Select(contact => contact.Journey).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var (places, known, verdicts) = (new int[contacts.Length], new Dictionary<ContactKind, int>(), new List<ContactVerdict>());
        for (var place = 0; place < contacts.Length; place++)
        {
            var contact = contacts[place];
            var alike = contact.Journey is { } journey && !journeys.Contains(journey) ? contact with { Journey = ContactVerdict.AnyOther } : contact;
            if (!known.TryGetValue(alike, out places[place]))
            {
                places[place] = known[alike] = verdicts.Count;
                var request = new ContactRequest(id, contact.Channel, contact.Purpose, Journey: contact.Journey);
                verdicts.Add(new ContactVerdict(alike.Channel, alike.Purpose, alike.Journey, ContactGate.Judge(standing, request, policies, now)));
            }
        }

        return new ContactVerdicts(places, verdicts);
    }

    /// <summary>What is said of a strategy's kind of contact.</summary>
    internal ContactVerdict this[int contact] => Verdicts[_places[contact]];
}
