using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Features;

/// <summary>Balances held from day to day, written plainly.</summary>
internal sealed class NaiveBalances(IEnumerable<Payment> payments, DateOnly asOf)
{
    private readonly Payment[] _given = [.. payments.Where(payment =>
        payment.Status is PaymentStatus.Booked or PaymentStatus.Returned && payment.BalanceAfter != Payment.NoMoney)];

    /// <summary>The payment whose balance holds at the end of a day; OrderBy keeps the order of application within a second.</summary>
    public Payment? Closing(DateOnly day) => _given
        .Where(payment => NaiveFeatures.DateOf(payment) <= day)
        .OrderBy(payment => payment.Time / 1000)
        .Select(payment => (Payment?)payment)
        .LastOrDefault();

    public long? Lowest() => _given.Min(payment => (long?)payment.BalanceAfter);

    /// <summary>Mean of the lowest balance of each of the latest eight calendar months.</summary>
    public double MonthlyLow()
    {
        if (_given.Length == 0)
            return double.NaN;

        var newest = _given.Max(Month);
        return _given.Where(payment => Month(payment) > newest - 8)
            .GroupBy(Month)
            .Average(month => NaiveFeatures.Units(month.Min(payment => payment.BalanceAfter)));
    }

    public double ShareBelow(long amount) => _given.Length == 0 ? double.NaN
        : _given.Count(payment => Band(payment.BalanceAfter) < Band(amount)) / (double)_given.Length;

    private static int Month(Payment payment)
    {
        var date = NaiveFeatures.DateOf(payment);
        return date.Year * 12 + date.Month;
    }

    /// <summary>0 below one unit, k from 2^(k − 1) units to below 2^k.</summary>
    private static int Band(long amount)
    {
        var band = 0;
        for (var units = amount / 10_000; units >= 1 && band < 31; units /= 2)
            band++;

        return band;
    }

    public double Utilisation(DateOnly day) => Closing(day) is { CreditLimit: > 0 } closing ? Used(closing.BalanceAfter, closing.CreditLimit) : double.NaN;

    public double Windowed(string name, int days)
    {
        var window = Enumerable.Range(0, days).Select(age => asOf.AddDays(-age)).ToList();
        var closings = window.Select(Closing).OfType<Payment>().ToList();
        if (closings.Count == 0)
            return double.NaN;

        var values = closings.Select(closing => NaiveFeatures.Units(closing.BalanceAfter)).ToList();
        var limited = closings.Where(closing => closing.CreditLimit > 0).ToList();
        return name switch
        {
            "balance_min" => values.Concat(Within(window).Select(payment => NaiveFeatures.Units(payment.BalanceAfter))).Min(),
            "balance_mean" => values.Average(),
            "balance_volatility" => Math.Sqrt(values.Average(value => (value - values.Average()) * (value - values.Average()))),
            "balance_slope" => Slope([.. window.Where(day => Closing(day) is not null)
                .Select(day => ((double)day.DayNumber, NaiveFeatures.Units(Closing(day)!.Value.BalanceAfter)))]),
            "below_zero_days" => values.Count(value => value < 0),
            _ when limited.Count == 0 => double.NaN,
            "utilisation_max" => window.Where(day => Closing(day) is { CreditLimit: > 0 }).Max(MostUsed),
            "utilisation_mean" => limited.Average(closing => Used(closing.BalanceAfter, closing.CreditLimit)),
            "utilisation_trend" => Utilisation(asOf) - limited.Average(closing => Used(closing.BalanceAfter, closing.CreditLimit)),
            "utilisation_high_days" => limited.Count(closing => Used(closing.BalanceAfter, closing.CreditLimit) > 0.9),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "is not known to the naive model"),
        };
    }

    private IEnumerable<Payment> Within(IEnumerable<DateOnly> window) =>
        _given.Where(payment => window.Contains(NaiveFeatures.DateOf(payment)));

    private double MostUsed(DateOnly day)
    {
        var closing = Closing(day)!.Value;
        return Within([day]).Select(payment => payment.BalanceAfter).Append(closing.BalanceAfter).Max(balance => Used(balance, closing.CreditLimit));
    }

    private static double Used(long balance, long limit) => Math.Max(0, -(double)balance / limit);

    private static double Slope((double X, double Y)[] points)
    {
        double meanX = points.Average(point => point.X), meanY = points.Average(point => point.Y);
        return NaiveFeatures.Divide(
            points.Sum(point => (point.X - meanX) * (point.Y - meanY)), points.Sum(point => (point.X - meanX) * (point.X - meanX)));
    }
}
