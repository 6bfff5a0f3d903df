using System.Text;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Transactions;

public class Iso8583JsonTests
{
    private static readonly DateTimeOffset now = new(2025, 1, 2, 0, 0, 0, TimeSpan.Zero);

    private static readonly CardNumbers cards = new(Encoding.ASCII.GetBytes("a tenant's secret key"));

    private const string Purchase =
        """{"mti":"0200","2":"4111111111111111","3":"000000","DE4":"000000004210","F7":"1231235959","011":"000123","18":"5411","32":"12345","37":"500112345678","39":"00","43":"GROCER 12                BERLIN       DE","49":"978"}""";

    [Fact]
    public void Reads_a_purchase()
    {
        var payment = Accept(Purchase);
        var token = cards.TokenOf("4111111111111111");
        Assert.Equal((token, token), (payment.Customer, payment.AccountId));
        Assert.Equal((-42.10m, "EUR", PaymentKind.Card, PaymentStatus.Booked), (payment.Amount, payment.Currency, payment.Kind, payment.Status));
        Assert.Equal(("5411", "GROCER 12", "DE", null), (payment.Mcc, payment.Merchant, payment.Country, payment.Reason));
        Assert.Equal(new DateTimeOffset(2024, 12, 31, 23, 59, 59, TimeSpan.Zero), payment.Time);
        Assert.Equal(("/iso8583/12345", "02-500112345678-000123-20241231235959"), (payment.Source, payment.Id));
        Assert.True(PaymentParser.TryParse(CloudEventWriter.ToBytes(payment), now.ToUnixTimeMilliseconds(), out _, out var rejection), rejection.ToString());
    }

    [Theory]
    [InlineData("\"39\":\"00\"", "\"39\":\"51\"", -42.10, PaymentKind.Card, PaymentStatus.Declined, "51")]
    [InlineData("\"mti\":\"0200\"", "\"mti\":\"0100\"", -42.10, PaymentKind.Card, PaymentStatus.Pending, null)]
    [InlineData("\"mti\":\"0200\"", "\"mti\":\"0400\"", 42.10, PaymentKind.Refund, PaymentStatus.Booked, null)]
    [InlineData("\"3\":\"000000\"", "\"3\":\"010000\"", -42.10, PaymentKind.Cash, PaymentStatus.Booked, null)]
    [InlineData("\"3\":\"000000\"", "\"3\":\"200000\"", 42.10, PaymentKind.Refund, PaymentStatus.Booked, null)]
    [InlineData("\"49\":\"978\"", "\"49\":392", -4210, PaymentKind.Card, PaymentStatus.Booked, null)]
    [InlineData("\"49\":\"978\"", "\"49\":\"048\"", -4.21, PaymentKind.Card, PaymentStatus.Booked, null)]
    [InlineData("\"49\":\"978\"", "\"49\":\"840\",\"6\":\"3900\",\"51\":\"EUR\"", -39, PaymentKind.Card, PaymentStatus.Booked, null)]
    [InlineData("\"2\":\"4111111111111111\"", "\"35\":\"4111111111111111=2512\"", -42.10, PaymentKind.Card, PaymentStatus.Booked, null)]
    public void Maps_fields(string replace, string by, double amount, PaymentKind kind, PaymentStatus status, string? reason)
    {
        var payment = Accept(Purchase.Replace(replace, by, StringComparison.Ordinal));
        Assert.Equal(((decimal)amount, kind, status, reason), (payment.Amount, payment.Kind, payment.Status, payment.Reason));
        Assert.Equal(cards.TokenOf("4111111111111111"), payment.AccountId);
    }

    [Theory]
    [InlineData("0101000000", 2025)]
    [InlineData("0102235959", 2025)]
    [InlineData("0103000001", 2024)]
    [InlineData("0229120000", 2024)]
    public void Infers_the_year(string field7, int year) =>
        Assert.Equal(year, Accept(Purchase.Replace("1231235959", field7, StringComparison.Ordinal)).Time.Year);

    [Theory]
    [InlineData("\"0200\"", "\"0800\"", "mti")]
    [InlineData("\"mti\":\"0200\",", "", "mti")]
    [InlineData("\"2\":\"4111111111111111\",", "", "2")]
    [InlineData("4111111111111111", "4111x", "2")]
    [InlineData("000000004210", "42.10", "4")]
    [InlineData("\"978\"", "\"000\"", "49")]
    [InlineData("1231235959", "1331235959", "7")]
    [InlineData("\"3\":\"000000\"", "\"3\":\"310000\"", "3")]
    [InlineData("\"5411\"", "\"54\"", "18")]
    [InlineData("\"39\":\"00\"", "\"39\":\"0000\"", "39")]
    [InlineData(",\"39\":\"00\"", "", "39")]
    [InlineData("\"DE4\"", "\"DE2\":\"1\",\"DE4\"", "DE2")]
    [InlineData("}", ",\"subject\":\"a b\"}", "subject")]
    [InlineData("}", "", "$")]
    [InlineData("{", "[{", "$")]
    public void Rejects_by_field(string replace, string by, string field)
    {
        var json = Encoding.UTF8.GetBytes(Purchase.Replace(replace, by, StringComparison.Ordinal));
        Assert.False(Iso8583Json.TryRead(json, now, cards, out _, out var rejection));
        Assert.Equal(field, rejection.Field);
        Assert.DoesNotContain("4111111111111111", rejection.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_a_file_of_messages_and_needs_a_key()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("x.json"), $"[{Purchase},\n {Purchase.Replace("0200", "0220", StringComparison.Ordinal)}, 17]");
        var entries = PaymentSources.Open("iso8583", folder.File("x.json"), new PaymentSourceOptions { Cards = cards }).Read().ToList();
        Assert.Equal([true, true, false], entries.Select(entry => entry.Payment is not null));
        Assert.Equal([1L, 2, 2], entries.Select(entry => entry.Line));
        Assert.Throws<ArgumentException>(() => PaymentSources.Open("iso8583", folder.File("x.json")));
    }

    private static PaymentRecord Accept(string json)
    {
        Assert.True(Iso8583Json.TryRead(Encoding.UTF8.GetBytes(json), now, cards, out var payment, out var rejection), rejection.ToString());
        return payment;
    }
}
