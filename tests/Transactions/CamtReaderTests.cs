using System.Text;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Transactions;

public class CamtReaderTests
{
    private static List<SourceEntry> Sample(string name, Func<string, string>? customerOf = null) =>
        [.. PaymentSources.Open("camt", TestData.Sample("Transactions", "samples", name),
            new PaymentSourceOptions { CustomerOf = customerOf }).Read()];

    [Fact]
    public void Reads_a_statement_with_running_balances()
    {
        var payments = Sample("camt053.xml").ConvertAll(entry => entry.Payment!);
        Assert.Equal(
            [
                ("REF-1", 2500.00m, PaymentKind.Salary, PaymentStatus.Booked, "Works GmbH", 3500.00m),
                ("REF-2", -1100.00m, PaymentKind.StandingOrder, PaymentStatus.Booked, "Haus AG", 2400.00m),
                ("REF-3-1", -20.00m, PaymentKind.DirectDebit, PaymentStatus.Booked, "Strom", 2380.00m),
                ("REF-3-2", -40.00m, PaymentKind.DirectDebit, PaymentStatus.Booked, "Wasser", 2340.00m),
                (payments[4].Id, -5.50m, PaymentKind.Fee, PaymentStatus.Booked, null, 2334.50m),
                ("REF-5", 10.00m, PaymentKind.DirectDebit, PaymentStatus.Returned, "Fitness", 2344.50m),
            ],
            payments.Select(payment => (payment.Id, payment.Amount, payment.Kind, payment.Status, payment.Merchant, payment.BalanceAfter!.Value)));
        Assert.Matches("^[0-9a-f]{16}$", payments[4].Id);
        Assert.Equal("AM04", payments[5].Reason);
        Assert.Equal(("6513", "DE"), (payments[1].Mcc, payments[0].Country));
        Assert.Equal(
            ["2025-03-01T12:00:00+00:00", "2025-03-02T12:00:00+00:00", "2025-03-02T12:00:01+00:00", "2025-03-02T12:00:02+00:00",
             "2025-03-03T08:15:00+01:00", "2025-03-03T09:00:00+00:00"],
            payments.Select(payment => payment.Time.ToString("yyyy-MM-ddTHH:mm:sszzz")));
        Assert.All(payments, payment =>
        {
            Assert.Equal(("DE89370400440532013000", "DE89370400440532013000"), (payment.Customer, payment.AccountId));
            Assert.Equal("/iso20022/DE89370400440532013000", payment.Source);
            Assert.True(PaymentParser.TryParse(CloudEventWriter.ToBytes(payment), PaymentParserTests.Now + 604_800_000, out _, out var rejection), rejection.ToString());
        });
    }

    [Fact]
    public void Reads_a_report_with_pending_entries_and_rejects_mere_information()
    {
        var entries = Sample("camt052.xml", account => "owner-of-" + account);
        var restaurant = entries[0].Payment!;
        Assert.Equal(("REF-9-PDNG", PaymentStatus.Pending, PaymentKind.Card), (restaurant.Id, restaurant.Status, restaurant.Kind));
        Assert.Equal(("5812", "Rösti Bar", "CH", "owner-of-4711"), (restaurant.Mcc, restaurant.Merchant, restaurant.Country, restaurant.Customer));
        Assert.Equal(new DateTimeOffset(2025, 3, 3, 9, 30, 0, TimeSpan.Zero), restaurant.Time);
        Assert.Equal((PaymentKind.Cash, -100m, null), (entries[1].Payment!.Kind, entries[1].Payment!.Amount, entries[1].Payment!.BalanceAfter));
        Assert.Equal(new SourceEntry(21, null, new Rejection("Ntry/Sts", "must be BOOK or PDNG: nothing else moves money")), entries[2]);
    }

    [Fact]
    public void Reads_notifications_of_several_accounts()
    {
        var entries = Sample("camt054.xml");
        Assert.Equal(("E2E-7-CRDT", PaymentKind.Transfer, "Oma"), (entries[0].Payment!.Id, entries[0].Payment!.Kind, entries[0].Payment!.Merchant));
        Assert.Equal(("DE02120300000000202051", PaymentKind.LoanPayment), (entries[1].Payment!.AccountId, entries[1].Payment!.Kind));
        Assert.Equal("Ntry/Amt/@Ccy", entries[2].Rejection.Field);
    }

    [Fact]
    public void Gives_no_balances_that_the_closing_balance_denies()
    {
        var xml = File.ReadAllText(TestData.Sample("Transactions", "samples", "camt053.xml")).Replace("2344.50", "2344.51", StringComparison.Ordinal);
        Assert.All(Read(xml), entry => Assert.Null(entry.Payment!.BalanceAfter));
    }

    [Theory]
    [InlineData("<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>", "line 1: For security reasons DTD is prohibited")]
    [InlineData("<Document>\n<BkToCstmrStmt>\n<Stmt><Acct></Stmt>", "line 3: ")]
    [InlineData("<Document><pain.001/></Document>", "line 1: holds no camt.052, camt.053 or camt.054 message")]
    [InlineData("no xml", "line 1: ")]
    public void Names_what_is_wrong_with_a_document(string xml, string message)
    {
        var error = Assert.Throws<SourceFormatException>(() => Read(xml).Count);
        Assert.StartsWith("statement.xml, " + message, error.Message, StringComparison.Ordinal);
    }

    private static List<SourceEntry> Read(string xml) =>
        [.. CamtReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(xml)), "statement.xml")];
}
