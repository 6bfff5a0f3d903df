using System.Text;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Transactions;

/// <summary>The readers against the reference data beside the repository.</summary>
public class BankDataTests
{
    [Fact]
    public void Reads_every_berka_transaction_in_order_with_balances_that_add_up()
    {
        var source = PaymentSources.Open("berka", TestData.Shared("berka"));
        var entries = source.Read().ToList();
        Assert.All(entries, entry => Assert.NotNull(entry.Payment));
        var payments = entries.ConvertAll(entry => entry.Payment!);
        Assert.Equal(79_302, payments.Count);
        Assert.Equal(source.TotalBytes, source.BytesRead);

        var times = payments.ConvertAll(payment => payment.Time);
        Assert.Equal(times.Order(), times);
        Assert.All(times, time => Assert.Equal(12, time.Hour));

        var accounts = payments.GroupBy(payment => payment.Customer).ToList();
        Assert.Equal(1_583, accounts.Count);
        var pairs = accounts.SelectMany(account => account.Zip(account.Skip(1))).ToList();
        var consistent = pairs.Count(pair => 
            Math.Abs((pair.First.BalanceAfter + pair.Second.Amount - pair.Second.BalanceAfter)!.Value) <= BerkaReader.Rounding);
        Assert.InRange(consistent / (double)pairs.Count, 0.999, 1);
        AcceptAll(payments);
    }

    [Fact]
    public void Maps_berka_codes()
    {
        var kinds = PaymentSources.Open("berka", TestData.Shared("berka")).Read()
            .GroupBy(entry => (entry.Payment!.Kind, entry.Payment.Mcc)).ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal(8_631, kinds[(PaymentKind.Fee, null)]);
        Assert.Equal(14_593 + 107, kinds[(PaymentKind.Interest, null)]);
        Assert.Equal(1_770, kinds[(PaymentKind.Salary, null)]);
        Assert.Equal(123, kinds[(PaymentKind.LoanPayment, null)]);
        Assert.Equal(66, kinds[(PaymentKind.Card, null)]);
        Assert.Equal(5_748, kinds[(PaymentKind.StandingOrder, "4900")]);
        Assert.Equal(163, kinds[(PaymentKind.Cash, "4900")]);
        Assert.Equal(1_325, kinds[(PaymentKind.StandingOrder, "6300")]);
        Assert.Equal(3_522 + 3_450, kinds[(PaymentKind.Transfer, null)]);
        Assert.Equal(23_234 + 15_063 + 1_507, kinds[(PaymentKind.Cash, null)]);
    }

    [Fact]
    public void Reads_every_ibm_card_transaction()
    {
        var entries = PaymentSources.Open("ibm-card", TestData.Shared("streams", "ibm_user0_card_transactions.csv.gz")).Read().ToList();
        Assert.All(entries, entry => Assert.NotNull(entry.Payment));
        var payments = entries.ConvertAll(entry => entry.Payment!);
        Assert.Equal(19_963, payments.Count);
        Assert.Equal(5, payments.DistinctBy(payment => payment.AccountId).Count());
        Assert.Equal(470, payments.Count(payment => payment.Reason == "51"));
        Assert.Equal(19_389, payments.Count(payment => payment.Status == PaymentStatus.Booked));
        Assert.Equal(146, payments.Count(payment => payment.Country == "MX"));
        Assert.Equal(1_317, payments.Count(payment => payment.Country is null));
        Assert.All(payments, payment => Assert.Equal(payment.Kind == PaymentKind.Refund, payment.Amount > 0));

        var first = payments[0];
        Assert.Equal(("ibm-0", "0-0", -134.09m, "5300", "US"), (first.Customer, first.AccountId, first.Amount, first.Mcc, first.Country));
        Assert.Equal(new DateTimeOffset(2002, 9, 1, 6, 21, 0, TimeSpan.Zero), first.Time);
        AcceptAll(payments);
    }

    private static void AcceptAll(IEnumerable<PaymentRecord> payments)
    {
        foreach (var payment in payments)
        {
            if (!PaymentParser.TryParse(CloudEventWriter.ToBytes(payment), PaymentParserTests.Now, out _, out var rejection))
                Assert.Fail($"{payment}: {rejection}");
        }
    }

    [Theory]
    [InlineData("trans_id,account_id\n1,2", "line 1: column date is missing")]
    [InlineData("", "line 1: a header line is expected")]
    public void Names_what_is_wrong_with_a_table(string csv, string message)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("trans.csv"), csv);
        var error = Assert.Throws<SourceFormatException>(() => PaymentSources.Open("berka", folder.Path).Read().ToList());
        Assert.Equal($"{folder.File("trans.csv")}, {message}", error.Message);
    }

    [Fact]
    public void Yields_bad_rows_as_rejections_between_the_others()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("trans.csv"), """
            trans_id,account_id,date,type,operation,amount,balance,k_symbol,bank,account,source
            1,7,930101,PRIJEM,VKLAD,700.00,700.00,,,,a
            2,7,939901,PRIJEM,VKLAD,1.00,701.00,,,,a
            3,7,930102,GESCHENK,VKLAD,1.00,701.00,,,,a
            4,7,930102,PRIJEM,VKLAD,1.00
            5,7,930102,PRIJEM,VKLAD,1.00001,701.00,,,,a
            6,7,930102,VYDAJ,"PREVOD NA UCET",100.00,600.00,SIPO,YZ,87144583.0,a
            7,7,930102,VYDAJ,VYBER,1.00,599.00,LEASING,,,a
            """);
        var entries = PaymentSources.Open("berka", folder.Path).Read().ToList();
        Assert.Equal([(3, "date"), (4, "type"), (5, "$"), (6, "amount"), (8, "k_symbol")],
            entries.Where(entry => entry.Payment is null).Select(entry => ((int)entry.Line, entry.Rejection.Field)));
        Assert.Equal(["1", "6"], entries.Where(entry => entry.Payment is not null).Select(entry => entry.Payment!.Id));
        Assert.Equal("YZ 87144583", entries[^1].Payment!.Merchant);
    }

    [Fact]
    public void Orders_a_day_by_its_balances()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("trans.csv"), """
            trans_id,account_id,date,type,operation,amount,balance,k_symbol,bank,account,source
            3,7,930102,VYDAJ,VYBER,30.00,75.00,,,,b
            2,7,930102,PRIJEM,VKLAD,5.00,105.00,,,,b
            1,7,930101,PRIJEM,VKLAD,100.00,100.00,,,,b
            """);
        Assert.Equal(["1", "2", "3"], PaymentSources.Open("berka", folder.Path).Read().Select(entry => entry.Payment!.Id));
    }

    [Fact]
    public void Names_the_formats_it_knows_and_files_it_cannot_read()
    {
        var unknown = Assert.Throws<ArgumentException>(() => PaymentSources.Open("mt940", "x"));
        Assert.Contains("berka, ibm-card, cloudevents, camt, iso8583", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("no such folder", Assert.Throws<SourceFormatException>(() => PaymentSources.Open("berka", "/nowhere")).Message, StringComparison.Ordinal);
        Assert.Contains("no such file", Assert.Throws<SourceFormatException>(() => PaymentSources.Open("camt", "/nowhere")).Message, StringComparison.Ordinal);
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("x.csv.gz"), "not gzip", Encoding.UTF8);
        Assert.Throws<SourceFormatException>(() => PaymentSources.Open("ibm-card", folder.File("x.csv.gz")).Read().ToList());
    }
}
