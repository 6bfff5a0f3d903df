namespace ServerlessCLM.Customers;

/// <summary>A contact the customer had, or that is reserved for them.</summary>
/// <param name="Id">Id of the message, or of the event that told of it.</param>
/// <param name="Channel">One of <see cref="Consent.Channels"/>.</param>
/// <param name="Purpose">One of <see cref="Consent.Purposes"/>.</param>
/// <param name="At">When; of a reservation, when it is meant to be.</param>
/// <param name="Status"><see cref="Reserved"/>, <see cref="Sent"/>, or the last outcome known.</param>
/// <param name="Debt">The debt it was about.</param>
/// <param name="Journey">The journey it belongs to.</param>
/// <param name="Expires">When a reservation ceases to hold its place.</param>
public sealed record Contact(
    string Id, string Channel, string? Purpose, DateTimeOffset At, string Status, string? Debt = null, string? Journey = null, DateTimeOffset? Expires = null)
{
    public const string Reserved = "reserved", Sent = "sent";

    /// <summary>Whether it takes a place under a cap: sent, or reserved and not expired.</summary>
    public bool Counts(DateTimeOffset now) => Status != Reserved || Expires is null || Expires > now;

    /// <summary>Whether the customer was spoken with; only an attempt that nobody answered is known not to be a conversation.</summary>
    public bool IsConversation => Channel == "call" && Status is not (Reserved or Sent or "impression");
}

/// <summary>The contacts of the last <see cref="Days"/> days, newest first: one row, read and changed with the customer's commit.</summary>
/// <param name="Contacts">Newest first.</param>
/// <param name="Forgotten">By channel the newest contact that had to give way though a window may still reach it: before it nothing is known.</param>
public sealed record ContactLedger(IReadOnlyList<Contact> Contacts, IReadOnlyDictionary<string, DateTimeOffset>? Forgotten = null)
{
    /// <summary>The longest window a cap may have.</summary>
    public const int Days = 400;

    /// <summary>Contacts kept at the most.</summary>
    public const int Capacity = 400;

    /// <summary>Bytes of JSON kept at the most; a row holds 64 KiB. Only ids of more than a few characters reach it before <see cref="Capacity"/>.</summary>
    public const int MaxSize = 60 * 1024;

    /// <summary>Bytes of a contact's JSON at the most, what may be left out and the id not counted.</summary>
    private const int ContactSize = 120;

    public static readonly ContactLedger Empty = new([]);

    public Contact? Find(string id)
    {
        foreach (var contact in Contacts)
        {
            if (contact.Id == id)
                return contact;
        }

        return null;
    }

    /// <summary>Adds a contact, or puts another in its place.</summary>
    public ContactLedger With(Contact contact) => Of([.. Contacts.Where(known => known.Id != contact.Id), contact]);

    public ContactLedger Without(string id) => Of([.. Contacts.Where(known => known.Id != id)]);

    /// <summary>Takes note of what became of a contact. Of a known one the rest stays as it is.</summary>
    public ContactLedger WithOutcome(Contact outcome) =>
        With(Find(outcome.Id) is { } known ? known with { Status = outcome.Status, Expires = null } : outcome);

    /// <summary>Whether all contacts of a channel (null for any) since an instant are here.</summary>
    public bool Knows(string? channel, DateTimeOffset since)
    {
        if (Forgotten is null)
            return true;

        foreach (var (name, forgotten) in Forgotten)
        {
            if ((channel is null || channel == name) && forgotten > since)
                return false;
        }

        return true;
    }

    private ContactLedger Of(List<Contact> contacts)
    {
        if (contacts.Count == 0)
            return this with { Contacts = contacts };

        contacts = [.. contacts.OrderByDescending(known => known.At)];
        var oldest = contacts[0].At.AddDays(-Days);
        contacts.RemoveAll(known => known.At <= oldest);
        var size = contacts.Sum(SizeOf);
        Dictionary<string, DateTimeOffset>? forgotten = null;
        while (contacts.Count > Capacity || size > MaxSize)
        {
            // What is looked at inside the app is no message: it gives way first.
            var last = contacts.FindLastIndex(known => known.Channel == "app");
            var place = last > 0 ? last : contacts.Count - 1;
            var gone = contacts[place];
            contacts.RemoveAt(place);
            size -= SizeOf(gone);
            forgotten ??= new(Forgotten ?? new Dictionary<string, DateTimeOffset>(), StringComparer.Ordinal);
            if (!forgotten.TryGetValue(gone.Channel, out var known) || known < gone.At)
                forgotten[gone.Channel] = gone.At;
        }

        return new(contacts, forgotten ?? Forgotten);
    }

    private static int SizeOf(Contact contact) => ContactSize + SizeOf(contact.Id)
        + (contact.Debt is { } debt ? 10 + SizeOf(debt) : 0) + (contact.Journey is { } journey ? 13 + SizeOf(journey) : 0) + (contact.Expires is null ? 0 : 45);

    /// <summary>Bytes of a text in JSON at the most: what is neither letter nor digit may be escaped.</summary>
    private static int SizeOf(string id) => id.Sum(c => char.IsAsciiLetterOrDigit(c) ? 1 : 6);
}
