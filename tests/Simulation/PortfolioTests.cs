using System.Buffers;
using System.Buffers.Binary;
using ServerlessCLM.Simulation;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Simulation;

public class PortfolioTests
{
    private static readonly PortfolioOptions small = new(7, 24, new DateOnly(2025, 2, 1), new DateOnly(2025, 6, 1)) { Turbulence = 4 };

    /// <summary>Digest of every byte a small portfolio sends. It changes only when the simulation is meant to change.</summary>
    [Fact]
    public void Is_the_same_to_the_last_byte_on_every_machine()
    {
        Assert.Equal(GoldenDigest, DigestOf(new Portfolio(small).Merge()));
        Assert.Equal(GoldenDigest, DigestOf(new Portfolio(small).Merge()));
        Assert.NotEqual(GoldenDigest, DigestOf(new Portfolio(small with { Seed = 8 }).Merge()));
    }

    private const ulong GoldenDigest = 15840466781645140089;

    [Fact]
    public void Every_payment_can_be_read_at_its_own_time()
    {
        var ids = new HashSet<(string, string)>();
        var output = new ArrayBufferWriter<byte>();
        foreach (var payment in new Portfolio(small).Merge().OfType<SimulatedPayment>())
        {
            output.ResetWrittenCount();
            CloudEventWriter.Write(payment.Payment, output);
            Assert.True(PaymentParser.TryParse(output.WrittenSpan, payment.Time.ToUnixTimeMilliseconds(), out var read, out var rejection),
                $"{rejection}: {payment}");
            Assert.Equal(payment.Payment.Amount * Payment.MoneyScale, read.Amount);
            Assert.Equal(payment.Payment.BalanceAfter * Payment.MoneyScale, read.BalanceAfter);
            Assert.Equal(payment.Time.TotalOffsetMinutes, read.OffsetMinutes);
            Assert.True(ids.Add((payment.Payment.Source, payment.Payment.Id)), payment.Payment.Id);
        }

        Assert.NotEmpty(ids);
    }

    [Fact]
    public void Every_fact_is_an_event_about_its_customer()
    {
        var facts = new Portfolio(small).Merge().OfType<SimulatedFact>().ToList();
        Assert.Contains(facts, fact => fact.Type == SimulatedFact.Profile);
        Assert.Contains(facts, fact => fact.Type == SimulatedFact.Lifecycle);
        foreach (var fact in facts)
        {
            var bytes = fact.ToBytes();
            Assert.True(CloudEventEnvelope.TryRead(bytes, fact.Time.ToUnixTimeMilliseconds(), out var envelope, out var rejection), rejection.ToString());
            Assert.Equal(fact.Customer, System.Text.Encoding.UTF8.GetString(envelope.Subject.In(bytes)));
        }
    }

    [Fact]
    public void Merging_is_sorting()
    {
        var portfolio = new Portfolio(small);
        var sorted = portfolio.Customers
            .SelectMany(customer => portfolio.Events(customer).Select(each => (Event: each, customer.Index)))
            .OrderBy(item => item.Event.Time.UtcTicks).ThenBy(item => item.Index)
            .Select(item => item.Event);
        Assert.Equal(DigestOf(sorted), DigestOf(portfolio.Merge()));
    }

    [Fact]
    public void A_customers_times_ascend()
    {
        var portfolio = new Portfolio(small with { Customers = 200 });
        foreach (var customer in portfolio.Customers)
        {
            var last = DateTimeOffset.MinValue;
            foreach (var each in portfolio.Events(customer))
            {
                Assert.True(each.Time > last, $"{each} comes after {last:O}");
                last = each.Time;
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(23)]
    public void A_customer_does_not_depend_on_how_many_others_there_are(int index)
    {
        var few = new Portfolio(small);
        var many = new Portfolio(small with { Customers = 50_000 });
        Assert.Equal(DigestOf(few.Events(few.Customer(index))), DigestOf(many.Events(many.Customer(index))));
    }

    [Fact]
    public void A_later_end_only_appends()
    {
        var whole = new Portfolio(small);
        for (var end = small.Start.AddDays(1); end < small.End; end = end.AddDays(17))
        {
            var midnight = new DateTimeOffset(end, TimeOnly.MinValue, TimeSpan.Zero);
            Assert.Equal(
                DigestOf(whole.Merge().TakeWhile(each => each.Time < midnight)),
                DigestOf(new Portfolio(small with { End = end }).Merge()));
        }
    }

    [Theory]
    [InlineData("", "IdPrefix")]
    [InlineData("a b", "IdPrefix")]
    public void A_bad_prefix_is_named(string prefix, string name) =>
        Assert.Equal(name, Assert.Throws<ArgumentException>(() => new Portfolio(small with { IdPrefix = prefix })).ParamName);

    [Fact]
    public void Bad_options_are_named()
    {
        Assert.Equal("Customers", Assert.Throws<ArgumentException>(() => new Portfolio(small with { Customers = 0 })).ParamName);
        Assert.Equal("End", Assert.Throws<ArgumentException>(() => new Portfolio(small with { End = small.Start })).ParamName);
        Assert.Equal("Turbulence", Assert.Throws<ArgumentException>(() => new Portfolio(small with { Turbulence = double.NaN })).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Portfolio(small).Customer(small.Customers));
    }

    private static ulong DigestOf(IEnumerable<SimulatedEvent> events)
    {
        var output = new ArrayBufferWriter<byte>();
        Span<byte> chain = stackalloc byte[8];
        foreach (var each in events)
        {
            switch (each)
            {
                case SimulatedPayment payment:
                    CloudEventWriter.Write(payment.Payment, output);
                    break;
                case SimulatedFact fact:
                    output.Write(fact.ToBytes());
                    break;
                case LifeEvent life:
                    BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(8), life.Time.UtcTicks);
                    output.Advance(8);
                    BinaryPrimitives.WriteDoubleLittleEndian(output.GetSpan(9), life.Size);
                    output.GetSpan(9)[8] = (byte)life.Kind;
                    output.Advance(9);
                    break;
                default:
                    Assert.Fail($"{each}");
                    break;
            }

            BinaryPrimitives.WriteUInt64LittleEndian(chain, Digest64.Of(output.WrittenSpan, BinaryPrimitives.ReadUInt64LittleEndian(chain)));
            output.ResetWrittenCount();
        }

        return BinaryPrimitives.ReadUInt64LittleEndian(chain);
    }
}
