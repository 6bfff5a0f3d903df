using ServerlessCLM.Customers;

namespace ServerlessCLM.Tests.Customers;

public class ContactLedgerTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Keeps_contacts_newest_first_and_one_entry_each()
    {
        var ledger = ContactLedger.Empty
            .With(new Contact("a", "email", "marketing", Now.AddDays(-2), "sent"))
            .With(new Contact("b", "sms", "service", Now, "sent"))
            .With(new Contact("a", "email", "marketing", Now.AddDays(-2), "click"));

        Assert.Equal(["b", "a"], ledger.Contacts.Select(contact => contact.Id));
        Assert.Equal("click", ledger.Contacts[1].Status);
    }

    [Fact]
    public void Forgets_what_no_window_reaches()
    {
        var ledger = ContactLedger.Empty
            .With(new Contact("old", "email", null, Now.AddDays(-ContactLedger.Days - 1), "sent"))
            .With(new Contact("new", "email", null, Now, "sent"));

        Assert.Equal("new", Assert.Single(ledger.Contacts).Id);
    }

    [Fact]
    public void Never_outgrows_its_row()
    {
        var ledger = ContactLedger.Empty;
        for (var i = 0; i < ContactLedger.Capacity + 50; i++)
            ledger = ledger.With(new Contact($"{i:x32}", "letter", "collections", Now.AddMinutes(i), "impression"));

        Assert.Equal(ContactLedger.Capacity, ledger.Contacts.Count);
        Assert.Equal($"{ContactLedger.Capacity + 49:x32}", ledger.Contacts[0].Id);
        var row = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(ledger, CustomersJson.Default.ContactLedger);
        Assert.True(row.Length + Sealed.Overhead <= 64 * 1024, $"{row.Length} bytes");
    }
}
