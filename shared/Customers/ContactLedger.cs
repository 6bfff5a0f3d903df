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

    /// <summary>Contacts kept at the most.</summary>
    public const int Capacity = 400;

    /// <summary>Bytes of JSON kept at the most; a row holds 64 KiB. Only ids of more than a few characters reach it before <see cref="Capacity"/>.</summary>
    public const int MaxSize = 60 * 1024;

    /// <summary>Bytes of a contact's JSON at the most, its id left out.</summary>
    private const int ContactSize = 120;

    public static readonly ContactLedger Empty = new([]);

    /// <summary>Adds a contact, or tells what became of a known one.</summary>
    public ContactLedger With(Contact contact)
    {
        var contacts = Contacts.Where(known => known.Id != contact.Id).Append(contact).OrderByDescending(known => known.At).ToList();
        var oldest = contacts[0].At.AddDays(-Days);
        var size = 0;
        return new([.. contacts.TakeWhile(known => known.At > oldest && (size += ContactSize + SizeOf(known.Id)) <= MaxSize).Take(Capacity)]);
    }

    /// <summary>Bytes of a text in JSON at the most: what is neither letter nor digit may be escaped.</summary>
    private static int SizeOf(string id) => id.Sum(c => char.IsAsciiLetterOrDigit(c) ? 1 : 6);
}
