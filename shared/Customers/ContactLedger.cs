namespace ServerlessCLM.Customers;

/// <summary>A contact the customer had.</summary>
/// <param name="Id">Id of the message, or of the event that told of it.</param>
/// <param name="Channel">One of <see cref="Consent.Channels"/>.</param>
/// <param name="Purpose">One of <see cref="Consent.Purposes"/>.</param>
/// <param name="At">When.</param>
/// <param name="Status">What it came to: <c>sent</c>, or the last outcome known.</param>
public sealed record Contact(string Id, string Channel, string? Purpose, DateTimeOffset At, string Status);

/// <summary>The contacts of the last <see cref="Days"/> days, newest first: one row, read and changed with the customer's commit.</summary>
public sealed record ContactLedger(IReadOnlyList<Contact> Contacts)
{
    /// <summary>The longest window a cap may have.</summary>
    public const int Days = 400;

    /// <summary>Contacts kept at the most; a row holds 64 KiB.</summary>
    public const int Capacity = 400;

    public static readonly ContactLedger Empty = new([]);

    /// <summary>Adds a contact, or tells what became of a known one.</summary>
    public ContactLedger With(Contact contact)
    {
        var contacts = Contacts.Where(known => known.Id != contact.Id).Append(contact).OrderByDescending(known => known.At).ToList();
        var oldest = contacts[0].At.AddDays(-Days);
        return new([.. contacts.TakeWhile(known => known.At > oldest).Take(Capacity)]);
    }
}
