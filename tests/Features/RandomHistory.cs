using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Features;

/// <summary>Random histories: payments in the order of arrival, which is not that of time, with gaps of weeks and some
/// that come months late.</summary>
internal static class RandomHistory
{
    private static readonly Gen<int> Gap = Gen.Frequency(
        (20, Gen.Choose(0, 3)), (3, Gen.Choose(4, 35)), (1, Gen.Choose(60, 500)));

    private static readonly Gen<Payment> OnePayment =
        from kind in Gen.Elements(Enum.GetValues<PaymentKind>())
        from status in Gen.Frequency((9, Gen.Constant(PaymentStatus.Booked)), (1, Gen.Elements(Enum.GetValues<PaymentStatus>())))
        from cents in Gen.Frequency((8, Gen.Choose(-90_000, -1)), (4, Gen.Choose(0, 400_000)), (1, Gen.Choose(-5, 5)))
        from fraction in Gen.Frequency((9, Gen.Constant(0)), (1, Gen.Choose(0, 99)))
        from second in Gen.Frequency((3, Gen.Choose(0, 86_399)), (1, Gen.Elements(0, 3600, 86_399)))
        from balance in Gen.Choose(-300_000, 900_000)
        from hasBalance in Gen.Choose(0, 3)
        from limit in Gen.Elements(0, 200_000, 300_000)
        from merchant in Gen.Choose(0, 90)
        from country in Gen.Elements("", "DE", "FR", "GB", "US")
        from due in Gen.Elements(-2, -1, 0, 3)
        from offset in Gen.Elements(0, 60, -300)
        from category in Gen.Frequency((9, Gen.Constant((ushort)5411)), (1, Gen.Constant((ushort)6513)))
        from decisions in Gen.Choose(0, 15)
        select new Payment
        {
            Kind = kind,
            Status = status,
            Amount = kind == PaymentKind.Salary ? Math.Abs(cents * 100L) : cents * 100L + fraction,
            Time = second * 1000L + merchant,
            BalanceAfter = hasBalance == 0 ? Payment.NoMoney : balance * 100L + fraction,
            CreditLimit = limit == 0 ? Payment.NoMoney : limit * 100L,
            Merchant = (ulong)merchant * 0x9E3779B97F4A7C15,
            Country = country.Length == 0 ? (ushort)0 : (ushort)(country[0] | (country[1] << 8)),
            DueDay = (ushort)(due == 0 ? 0 : 1000 + due),
            OffsetMinutes = (short)offset,
            MerchantCategory = category,
            Group = (ContentGroup)decisions,
            Currency = 'E' | ('U' << 8) | ('R' << 16),
        };

    /// <summary>Payments with a day each, then disturbed in their order by the lateness that each has.</summary>
    public static Gen<Payment[]> Arrivals { get; } =
        from count in Gen.Choose(1, 150)
        from drafts in Gen.ArrayOf(OnePayment, count)
        from gaps in Gen.ArrayOf(Gap, count)
        from late in Gen.ArrayOf(Gen.Frequency((8, Gen.Constant(0)), (2, Gen.Choose(1, 40)), (1, Gen.Choose(80, 130))), count)
        select InOrderOfArrival(drafts, gaps, late);

    private static Payment[] InOrderOfArrival(Payment[] drafts, int[] gaps, int[] late)
    {
        var day = Payments.Epoch;
        for (var i = 0; i < drafts.Length; i++)
        {
            ref var payment = ref drafts[i];
            day += gaps[i];
            payment.Time += day * Payments.Day;
            payment.EventDigest = (ulong)i + 1;
            if (payment.DueDay != 0)
                payment.DueDay = (ushort)(day + payment.DueDay - 1000);
        }

        return [.. drafts.Select((payment, i) => (payment, arrival: payment.Time + late[i] * Payments.Day, i))
            .OrderBy(row => row.arrival).ThenBy(row => row.i).Select(row => row.payment)];
    }
}
