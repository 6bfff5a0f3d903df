using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Transactions;

public class PaymentRoundTripTests
{
    private static readonly Gen<string> texts =
        from length in Gen.Choose(1, 40)
        from letters in Gen.ArrayOf(Gen.Elements("aZ09 -/\\\"'<>&+.é€😀\u2028漢".EnumerateRunes().Select(rune => rune.ToString()).ToArray()), length)
        select string.Concat(letters);

    private static readonly Gen<decimal> amounts =
        from size in Gen.Elements(10_000L, 100_000_000, 10_000_000_000_000_000)
        from part in Gen.Choose(-1_000_000_000, 1_000_000_000)
        from scale in Gen.Choose(0, 4)
        select decimal.Round(part / 1e9m * size / 10_000m, scale);

    private static Gen<T?> Maybe<T>(Gen<T> gen)
        where T : struct => Gen.OneOf(Gen.Constant((T?)null), gen.Select(value => (T?)value));

    private static Gen<string?> MaybeText(Gen<string> gen) => Gen.OneOf(Gen.Constant((string?)null), gen.Select(value => (string?)value));

    private static Gen<string> Code(string letters, int length) =>
        Gen.ArrayOf(Gen.Elements(letters.ToCharArray()), length).Select(code => new string(code));

    internal static readonly Gen<PaymentRecord> Records =
        from source in texts
        from id in texts
        from customer in Gen.Choose(1, 128).SelectMany(length => Code("AZaz09._~:@-", length))
        from milliseconds in Gen.Choose(0, int.MaxValue).Select(part => part * 810L)
        from offset in Gen.Choose(-14 * 60, 14 * 60)
        from account in texts
        from amount in amounts
        from currency in Code("ABCEUXYZ", 3)
        from kind in Gen.Elements(Enum.GetValues<PaymentKind>())
        from status in Gen.Elements(Enum.GetValues<PaymentStatus>())
        from reason in Gen.Choose(1, 8).SelectMany(length => Code("AMZam059", length))
        from mcc in MaybeText(Code("0123456789", 4))
        from merchant in MaybeText(texts)
        from country in MaybeText(Code("ABDEZ", 2))
        from balance in Maybe(amounts)
        from limit in Maybe(amounts.Select(Math.Abs))
        from due in Maybe(Gen.Choose(1, ushort.MaxValue).Select(day => new DateOnly(1970, 1, 1).AddDays(day)))
        select new PaymentRecord
        {
            Source = source,
            Id = id,
            Customer = customer,
            Time = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToOffset(TimeSpan.FromMinutes(offset)),
            AccountId = account,
            Amount = amount,
            Currency = currency,
            Kind = kind,
            Status = status,
            Reason = status is PaymentStatus.Declined or PaymentStatus.Returned ? reason : null,
            Mcc = mcc,
            Merchant = merchant,
            Country = country,
            BalanceAfter = balance,
            CreditLimit = limit,
            DueDate = due,
        };

    [Fact]
    public void What_is_written_is_read_back() =>
        Prop.ForAll(Records.ToArbitrary(), record =>
        {
            var utf8 = CloudEventWriter.ToBytes(record);
            Assert.True(CloudEventsReader.TryRead(utf8, PaymentParserTests.Now, out var read, out var rejection), rejection.ToString());
            Assert.Equal(record, read);
            Assert.Equal(record.Time.Offset, read.Time.Offset);
            Assert.True(PaymentParser.TryParse(utf8, PaymentParserTests.Now, out var payment, out _));
            Assert.Equal(record.Customer, Encoding.UTF8.GetString(payment.Subject.In(utf8)));
            Assert.Equal(Digest64.Of($"{record.Source}\0{record.Id}"), payment.EventDigest);
            Assert.Equal(record.Merchant is null ? 0 : Digest64.Of(record.Merchant), payment.Merchant);
        }).QuickCheckThrowOnFailure();

    /// <summary>Cuts, swaps, doubles and overwrites bytes of valid events. What the parser takes, System.Text.Json takes too, with the
    /// same values; nothing throws.</summary>
    [Fact]
    public void Broken_events_never_throw_and_never_pass_what_another_parser_refuses()
    {
        var random = new Random(20_250_301);
        var events = Gen.Sample(Records, 60, new Rnd(20_250_301UL), 12).Select(record => CloudEventWriter.ToBytes(record))
            .Append(Encoding.UTF8.GetBytes(PaymentParserTests.Example)).ToList();
        var accepted = 0;
        for (var i = 0; i < 30_000; i++)
        {
            var utf8 = Mutate(events[random.Next(events.Count)], random);
            if (!PaymentParser.TryParse(utf8, PaymentParserTests.Now, out var payment, out var rejection))
            {
                Assert.False(string.IsNullOrEmpty(rejection.Field) || string.IsNullOrEmpty(rejection.Reason));
                continue;
            }

            accepted++;
            AssertEqualsPeer(utf8, payment);
        }

        Assert.InRange(accepted, 2_500, 29_500);
    }

    private static byte[] Mutate(byte[] utf8, Random random)
    {
        var bytes = utf8.ToList();
        for (var changes = random.Next(1, 4); changes > 0 && bytes.Count > 1; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                case 2:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 3:
                    bytes.Insert(at, "{}[]\",:\\ 0-.eEnu\t\n"u8[random.Next(18)]);
                    break;
                case 4:
                    (bytes[at], bytes[^1]) = (bytes[^1], bytes[at]);
                    break;
                default:
                    var digit = bytes.FindIndex(at, value => value is >= (byte)'0' and <= (byte)'9');
                    if (digit >= 0)
                        bytes[digit] = (byte)('0' + random.Next(10));
                    break;
            }
        }

        return [.. bytes];
    }

    private static void AssertEqualsPeer(byte[] utf8, in Payment payment)
    {
        using var json = JsonDocument.Parse(utf8);
        var data = json.RootElement.GetProperty("data");
        Assert.Equal(payment.Amount, data.GetProperty("amount").GetDecimal() * Payment.MoneyScale);
        Assert.Equal(payment.Time, json.RootElement.GetProperty("time").GetDateTimeOffset().ToUnixTimeMilliseconds());
        Assert.Equal(Encoding.UTF8.GetString(payment.Subject.In(utf8)), json.RootElement.GetProperty("subject").GetString());
        Assert.Equal(payment.Account, Digest64.Of(data.GetProperty("accountId").GetString()!));
        Assert.Equal(payment.EventDigest, Digest64.Of(
            json.RootElement.GetProperty("source").GetString() + "\0" + json.RootElement.GetProperty("id").GetString()));
        Assert.Equal(CloudEventWriter.NameOf(payment.Kind), data.GetProperty("kind").GetString());
        Assert.Equal(CloudEventWriter.NameOf(payment.Status), data.GetProperty("status").GetString());
        if (payment.BalanceAfter != Payment.NoMoney)
            Assert.Equal(payment.BalanceAfter, data.GetProperty("balanceAfter").GetDecimal() * Payment.MoneyScale);
    }
}
