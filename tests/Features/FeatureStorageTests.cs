using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Features;
using ServerlessCLM.Scoring;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Features;

public class FeatureStorageTests
{
    [Fact]
    public void Storing_at_any_point_changes_nothing() =>
        Prop.ForAll(RandomHistory.Arrivals.ToArbitrary(), Gen.Choose(1, 9).ToArbitrary(), (arrivals, every) =>
        {
            var kept = new FeatureState();
            var stored = new FeatureState();
            SignalBuffer keptSignals = new(), storedSignals = new();
            for (var i = 0; i < arrivals.Length; i++)
            {
                CustomerScoring.Apply(kept, arrivals[i], keptSignals);
                CustomerScoring.Apply(stored, arrivals[i], storedSignals);
                if (i % every == 0)
                    stored.Read(BytesOf(stored));
            }

            Assert.Equal(BytesOf(kept), BytesOf(stored));
            Assert.Equal(keptSignals.Signals, storedSignals.Signals);
            var reread = new FeatureState();
            reread.Read(BytesOf(kept));
            Assert.Equal(BytesOf(kept), BytesOf(reread));
            FeatureEquivalenceTests.AssertEqualsNaive(stored, arrivals, arrivals.Max(payment => payment.Time));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void A_new_customer_is_stored_and_read()
    {
        var state = new FeatureState();
        var bytes = BytesOf(state);
        state.Apply(Payments.Of(1, -10));
        state.Read(bytes);
        Assert.Equal(bytes, BytesOf(state));
        state.Read([]);
        Assert.Equal(bytes, BytesOf(state));
    }

    [Fact]
    public void Ordinary_traffic_on_ninety_days_fits()
    {
        var state = new FeatureState();
        var signals = new SignalBuffer();
        Span<byte> buffer = new byte[FeatureState.MaxStoredSize];
        var largest = 0;
        foreach (var payment in OrdinaryTraffic(200))
        {
            CustomerScoring.Apply(state, payment, signals);
            largest = Math.Max(largest, state.Write(buffer));
        }

        Assert.Equal(FeatureState.Horizon, state.ActiveDays);
        Assert.InRange(largest, 1, FeatureState.OrdinaryStoredSize);
    }

    [Fact]
    public void Extreme_traffic_fits_the_buffer()
    {
        var state = new FeatureState();
        var signals = new SignalBuffer();
        foreach (var (day, kind) in Enumerable.Range(0, 240).SelectMany(day => Enum.GetValues<PaymentKind>().Select(kind => (day, kind))))
        {
            foreach (var status in Enum.GetValues<PaymentStatus>())
            {
                var payment = Payments.Of(day + 0.999 - (int)kind / 100.0, 0, kind).As(status).In((ContentGroup)(day % 16));
                payment.Amount = (kind == PaymentKind.Salary ? 1 : -1) * (1L << 55) - day - 1;
                payment.BalanceAfter = (day % 2 == 0 ? 1 : -1) * (1L << 60) + day;
                payment.CreditLimit = (1L << 60) + day;
                payment.Merchant = (ulong)(day + 1);
                payment.Country = (ushort)(day + 1);
                CustomerScoring.Apply(state, payment, signals);
            }
        }

        Assert.InRange(BytesOf(state).Length, 1, FeatureState.MaxStoredSize);
    }

    [Fact]
    public void Every_truncation_and_every_other_version_is_refused_with_a_reason()
    {
        var state = new FeatureState();
        foreach (var payment in OrdinaryTraffic(30))
            state.Apply(payment);

        var bytes = BytesOf(state);
        for (var length = 1; length < bytes.Length; length++)
        {
            var cut = bytes[..length];
            Assert.Contains("Stored feature state", Assert.Throws<InvalidDataException>(() => state.Read(cut)).Message, StringComparison.Ordinal);
            Assert.Equal(0, state.ActiveDays);
        }

        Assert.Contains("bytes follow", Assert.Throws<InvalidDataException>(() => state.Read([.. bytes, 0])).Message, StringComparison.Ordinal);
        bytes[0] = 9;
        Assert.Contains("version 9", Assert.Throws<InvalidDataException>(() => state.Read(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_byte_anywhere_is_refused()
    {
        var state = new FeatureState();
        foreach (var payment in OrdinaryTraffic(30))
            state.Apply(payment);

        var bytes = BytesOf(state);
        for (var place = 0; place < bytes.Length; place++)
        {
            bytes[place] ^= 1;
            Assert.Contains("Stored feature state", Assert.Throws<InvalidDataException>(() => state.Read(bytes)).Message, StringComparison.Ordinal);
            bytes[place] ^= 1;
        }

        state.Read(bytes);
        Assert.Equal(bytes, BytesOf(state));
    }

    [Fact]
    public void Applying_scoring_and_storing_allocate_nothing()
    {
        var state = new FeatureState();
        var signals = new SignalBuffer();
        var buffer = new byte[FeatureState.MaxStoredSize];
        var vector = new float[FeatureCatalogue.Count];
        var scores = new float[ScoreCatalogue.Count];
        var traffic = OrdinaryTraffic(400).ToArray();
        // What is made once, at first use, is made in a life of its own.
        Run(traffic);
        state = new FeatureState();
        Run(traffic.AsSpan(0, traffic.Length / 2));

        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(traffic.AsSpan(traffic.Length / 2));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(FeatureState.Horizon, state.ActiveDays);

        void Run(ReadOnlySpan<Payment> payments)
        {
            foreach (ref readonly var payment in payments)
            {
                signals.Clear();
                CustomerScoring.Apply(state, payment, signals);
                CustomerScoring.Wake(state, payment.Time, signals);
                var length = state.Write(buffer);
                state.Read(buffer.AsSpan(0, length));
                state.Fill(payment.Time, vector);
                ScoreSet.Fill(state, CustomerScoring.NextWake(state, payment.Time) == 0 ? 0 : payment.Time, scores);
            }
        }
    }

    /// <summary>Two or three card purchases a day, a monthly salary, rent, an instalment, cash on Fridays, now and then a decline.</summary>
    internal static IEnumerable<Payment> OrdinaryTraffic(int days)
    {
        var random = new Random(7);
        var balance = 3000m;
        for (var day = 0; day < days; day++)
        {
            if (day % 30 == 3)
                yield return Next(day + 0.1, 2841.37m, PaymentKind.Salary);
            if (day % 30 == 5)
                yield return Next(day + 0.2, -912.50m, PaymentKind.StandingOrder);
            if (day % 30 == 15)
                yield return Next(day + 0.2, -203.77m, PaymentKind.LoanPayment);
            if (day % 7 == 1)
                yield return Next(day + 0.3, -50m, PaymentKind.Cash);
            for (var purchase = random.Next(1, 4); purchase > 0; purchase--)
                yield return Next(day + 0.9 - purchase * 0.05, -random.Next(200, 6500) / 100m, PaymentKind.Card);
            if (day % 20 == 11)
                yield return Payments.Of(day + 0.95, -80).As(PaymentStatus.Declined);
        }

        Payment Next(double day, decimal amount, PaymentKind kind)
        {
            balance += amount;
            var payment = Payments.Of(day, amount, kind).WithBalance(balance, 1000).In((ContentGroup)random.Next(16));
            payment.Merchant = (ulong)random.Next(1, 200);
            payment.Country = (ushort)random.Next(1, 20);
            return payment;
        }
    }

    private static byte[] BytesOf(FeatureState state)
    {
        var buffer = new byte[FeatureState.MaxStoredSize];
        return buffer[..state.Write(buffer)];
    }
}
