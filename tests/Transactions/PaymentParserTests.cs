using System.Text;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Transactions;

public class PaymentParserTests
{
    /// <summary>2025-03-02T00:00:00Z, twelve hours after the example.</summary>
    internal const long Now = 1_740_873_600_000;

    internal const string Example =
        """
        {"specversion":"1.0","id":"e-1","source":"/bank/core","type":"clm.transaction.v1","subject":"c-42",
         "time":"2025-03-01T13:00:00.250+01:00","data":{"accountId":"A-1","amount":-42.10,"currency":"EUR","kind":"card",
         "status":"booked","mcc":"5411","merchant":"Grocer 12","country":"DE","balanceAfter":812.55,"creditLimit":3000.00,
         "dueDate":"2025-03-05"}}
        """;

    [Fact]
    public void Reads_the_example()
    {
        var utf8 = Encoding.UTF8.GetBytes(Example);
        Assert.True(PaymentParser.TryParse(utf8, Now, out var payment, out var rejection), rejection.ToString());
        Assert.Equal("c-42"u8, payment.Subject.In(utf8));
        Assert.Equal("e-1"u8, payment.Id.In(utf8));
        Assert.Equal(Digest64.Of("/bank/core\0e-1"), payment.EventDigest);
        Assert.Equal(1_740_830_400_250, payment.Time);
        Assert.Equal(60, payment.OffsetMinutes);
        Assert.Equal(-421_000, payment.Amount);
        Assert.Equal(8_125_500, payment.BalanceAfter);
        Assert.Equal(30_000_000, payment.CreditLimit);
        Assert.Equal(Digest64.Of("A-1"), payment.Account);
        Assert.Equal(Digest64.Of("Grocer 12"), payment.Merchant);
        Assert.Equal((uint)('E' | ('U' << 8) | ('R' << 16)), payment.Currency);
        Assert.Equal((ushort)('D' | ('E' << 8)), payment.Country);
        Assert.Equal(5411, payment.MerchantCategory);
        Assert.Equal(ContentGroup.Groceries, payment.Group);
        Assert.Equal(PaymentKind.Card, payment.Kind);
        Assert.Equal(PaymentStatus.Booked, payment.Status);
        Assert.Equal(0UL, payment.Reason);
        Assert.Equal(20_152, payment.DueDay);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("-0.0", 0)]
    [InlineData("0e99999999999999999999", 0)]
    [InlineData("42.1", 421_000)]
    [InlineData("-0.0001", -1)]
    [InlineData("1.500000", 15_000)]
    [InlineData("1e2", 1_000_000)]
    [InlineData("12.5E-3", 125)]
    [InlineData("100000000000000000000000e-20", 10_000_000)]
    [InlineData("1000000000000", 10_000_000_000_000_000)]
    [InlineData("-1000000000000.0000", -10_000_000_000_000_000)]
    public void Reads_money_exactly(string number, long tenThousandths)
    {
        var payment = Accept(Example.Replace("-42.10", number, StringComparison.Ordinal));
        Assert.Equal(tenThousandths, payment.Amount);
    }

    [Theory]
    [InlineData("1970-01-02T00:00:00Z", 86_400_000, 0)]
    [InlineData("2024-02-29T23:59:59.9999z", 1_709_251_199_999, 0)]
    [InlineData("2025-01-01t00:30:00.5-03:30", 1_735_704_000_500, -210)]
    [InlineData("2025-01-01T00:00:00-00:00", 1_735_689_600_000, 0)]
    [InlineData("2025-01-01T00:00:00\\u002B02:00", 1_735_682_400_000, 120)]
    public void Reads_times(string time, long expected, int offset)
    {
        var payment = Accept(Example.Replace("2025-03-01T13:00:00.250+01:00", time, StringComparison.Ordinal));
        Assert.Equal((expected, offset), (payment.Time, payment.OffsetMinutes));
    }

    [Fact]
    public void Accepts_a_time_up_to_a_day_ahead() =>
        Assert.Equal(Now + 86_400_000, Accept(Example.Replace("2025-03-01T13:00:00.250+01:00", "2025-03-03T00:00:00Z", StringComparison.Ordinal)).Time);

    [Fact]
    public void Takes_members_in_any_order_and_ignores_those_it_does_not_know()
    {
        var reordered = Accept(
            """
            { "data": {"x":[1,{"amount":"no"},[]],"status":"booked","kind":"card","currency":"EUR","amount":-42.10,"accountId":"A-1",
              "mcc":null,"merchant":null,"country":null,"balanceAfter":null,"creditLimit":null,"dueDate":null,"reason":null},
              "time":"2025-03-01T12:00:00.25Z","traceparent":"00-ab","extra":{"id":[true,false,null,-1.5e+3,"\ud83d\ude00"]},
              "subject":"c-42","type":"clm.transaction.v1","source":"\/bank\u002fcore","\u0069d":"e-1","specversion":"1.0" }
            """);
        var example = Accept(Example);
        Assert.Equal(example.EventDigest, reordered.EventDigest);
        Assert.Equal(example.Time, reordered.Time);
        Assert.Equal(example.Amount, reordered.Amount);
        Assert.Equal((Payment.NoMoney, Payment.NoMoney), (reordered.BalanceAfter, reordered.CreditLimit));
        Assert.Equal(0, reordered.MerchantCategory + reordered.Country + reordered.DueDay);
        Assert.Equal(0UL, reordered.Merchant);
        Assert.Equal(ContentGroup.Other, reordered.Group);
    }

    [Fact]
    public void Keeps_the_reason_of_a_return()
    {
        var payment = Accept(Example.Replace("\"booked\"", "\"returned\",\"reason\":\"AM04\"", StringComparison.Ordinal));
        Assert.Equal(PaymentStatus.Returned, payment.Status);
        Assert.Equal((ulong)('A' | ('M' << 8) | ('0' << 16) | ('4' << 24)), payment.Reason);
    }

    [Fact]
    public void Allocates_nothing()
    {
        var utf8 = Encoding.UTF8.GetBytes(Example);
        var bad = Encoding.UTF8.GetBytes(Example.Replace("\"EUR\"", "\"eur\"", StringComparison.Ordinal));
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                if (!PaymentParser.TryParse(utf8, Now, out _, out _) || PaymentParser.TryParse(bad, Now, out _, out _)
                    || !CloudEventEnvelope.TryRead(utf8, Now, out _, out _))
                    Assert.Fail("the example was rejected or the bad one taken");
            }
        }));
    }

    [Fact]
    public void Peeks_at_events_of_every_type()
    {
        foreach (var type in Enum.GetValues<EventType>())
        {
            var json = $$"""{"id":"a\tb","source":"s","specversion":"1.0","type":"{{CloudEventEnvelope.NameOf(type)}}","subject":"c","time":"2025-03-01T12:00:00Z","data": {"any":[{}]} }""";
            var utf8 = Encoding.UTF8.GetBytes(json.Replace("a\\tb", "a\\u00e9", StringComparison.Ordinal));
            Assert.True(CloudEventEnvelope.TryRead(utf8, Now, out var envelope, out var rejection), rejection.ToString());
            Assert.Equal(type, envelope.Type);
            Assert.Equal("""{"any":[{}]}"""u8, envelope.Data.In(utf8));
            Assert.Equal("c"u8, envelope.Subject.In(utf8));
            Assert.Equal("s"u8, envelope.Source.In(utf8));
            Assert.Equal(Digest64.Of("s\0aé"), envelope.EventDigest);
        }
    }

    [Theory]
    [InlineData("""{"a":1}""", "specversion", "is required")]
    [InlineData("""{"type":"clm.unknown.v1"}""", "type", "must be clm.transaction.v1, clm.outcome.v1, clm.profile.v1 or clm.lifecycle.v1")]
    [InlineData("""{"data":[]}""", "data", "must be an object")]
    [InlineData("""{"data":{"a":}}""", "$", "must be one JSON object in UTF-8 (RFC 8259), nested at most 64 deep; broken at byte 13")]
    public void Peeking_names_field_and_reason(string json, string field, string reason)
    {
        Assert.False(CloudEventEnvelope.TryRead(Encoding.UTF8.GetBytes(json), Now, out _, out var rejection));
        Assert.Equal(new Rejection(field, reason), rejection);
    }

    internal static Payment Accept(string json)
    {
        Assert.True(PaymentParser.TryParse(Encoding.UTF8.GetBytes(json), Now, out var payment, out var rejection), rejection.ToString());
        return payment;
    }
}
