using ServerlessCLM.Features;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Features;

/// <summary>The catalogue's definitions, written plainly over the full list of payments.</summary>
internal sealed class NaiveFeatures(IReadOnlyList<Payment> payments, DateOnly asOf)
{
    private readonly Payment[] _booked = [.. payments.Where(payment => payment.Status == PaymentStatus.Booked)];

    public float this[string name] => (float)Value(name);

    private double Value(string name)
    {
        if (name.StartsWith("share_", StringComparison.Ordinal))
            return ShareOf(Enum.Parse<ContentGroup>(name["share_".Length..], ignoreCase: true));

        var suffix = name.Split('_').LastOrDefault(part => part is "7d" or "30d" or "90d");
        var days = suffix is null ? 0 : int.Parse(suffix[..^1]);
        return name switch
        {
            _ when name.Contains("_vs_", StringComparison.Ordinal) && days != 0 && !name.StartsWith("balance", StringComparison.Ordinal) => Against(name),
            "tenure_days" => Since(payments),
            "days_since_payment" => Since(_booked),
            "days_since_purchase" => Since(Out(PaymentKind.Card)),
            "days_since_inflow" => Since(In),
            "days_since_cash" => Since(Out(PaymentKind.Cash)),
            "days_since_return" => Since(Having(PaymentStatus.Returned)),
            "days_since_decline" => Since(Having(PaymentStatus.Declined)),
            "days_since_penalty" => Since(Out(PaymentKind.Interest)),
            "penalties_ever" => Out(PaymentKind.Interest).Count(),
            "returns_ever" => Having(PaymentStatus.Returned).Count(),
            "spend_concentration" => Enum.GetValues<ContentGroup>().Sum(group => ShareOf(group) * ShareOf(group)),
            "merchant_slots" => Slots(Merchant, 0),
            "country_slots" => Slots(Country, 0),
            "balance" => Balances.Closing(asOf) is { } latest ? Units(latest.BalanceAfter) : double.NaN,
            "balance_lowest" => Balances.Lowest() is { } lowest ? Units(lowest) : double.NaN,
            "balance_monthly_low" => Balances.MonthlyLow(),
            "balance_monthly_low_vs_outflow" => Divide(Balances.MonthlyLow(), UsualOutflow / 10_000),
            "low_balance_share" => Balances.ShareBelow((long)(UsualOutflow / 2)),
            "balance_month_end" => Balances.Closing(asOf.AddDays(-asOf.Day)) is { } end ? Units(end.BalanceAfter) : double.NaN,
            "utilisation" => Balances.Utilisation(asOf),
            "rhythm_late_days" => NaiveRhythm.DaysLate(Out(PaymentKind.LoanPayment, PaymentKind.StandingOrder).Where(payment => payment.DueDay == 0), asOf),
            "days_since_salary" or "salary_amount" or "salary_mean" or "salary_change" or "salary_variation" or "salary_months"
                or "salary_day_of_month" or "salary_overdue_days" => new NaivePay(In, asOf)[name],
            _ => Windowed(name[..^(suffix!.Length + 1)], days),
        };
    }

    private double Windowed(string name, int days) => name switch
    {
        "payments" => Last(_booked, days).Count(),
        "purchases" => Last(Out(PaymentKind.Card), days).Count(),
        "active_days" => Last(_booked, days).Select(DateOf).Distinct().Count(),
        "inflow" => Total(In, days),
        "outflow" => Total(Out(), days),
        "purchase_amount" => Total(Out(PaymentKind.Card), days),
        "purchase_mean" => Divide(Total(Out(PaymentKind.Card), days), Last(Out(PaymentKind.Card), days).Count()),
        "net_flow" => Units(Last(_booked, days).Sum(payment => payment.Amount)),
        "outflow_to_inflow" => Divide(Total(Out(), days), Total(In, days)),
        "inflows" => Last(In, days).Count(),
        "inflow_days" => Last(In, days).Select(DateOf).Distinct().Count(),
        "inflow_variation" => Variation([Total(In, 30), Total(In, 60) - Total(In, 30), Total(In, 90) - Total(In, 60)]),
        "largest_inflow" => Units(Largest(In, days)),
        "largest_inflow_share" => Divide(Units(Largest(In, days)), Total(In, days)),
        "largest_outflow" => Units(Largest(Out(), days)),
        "cash_in_share" => Divide(Total(In.Where(payment => payment.Kind == PaymentKind.Cash), days), Total(In, days)),
        "cash_withdrawals" => Last(Out(PaymentKind.Cash), days).Count(),
        "cash_amount" => Total(Out(PaymentKind.Cash), days),
        "cash_share" => Divide(Total(Out(PaymentKind.Cash), days), Total(Out(), days)),
        "fees" => Last(Out(PaymentKind.Fee), days).Count(),
        "fee_amount" => Total(Out(PaymentKind.Fee), days),
        "penalties" => Last(Out(PaymentKind.Interest), days).Count(),
        "penalty_amount" => Total(Out(PaymentKind.Interest), days),
        "returns" => Last(Having(PaymentStatus.Returned), days).Count(),
        "declines" => Last(Having(PaymentStatus.Declined), days).Count(),
        "decline_rate" => Divide(Last(Having(PaymentStatus.Declined), days).Count(), Last(payments.Where(payment => payment.Status is PaymentStatus.Booked or PaymentStatus.Declined), days).Count()),
        "night_share" => Divide(Last(ByHand, days).Count(payment => Timed(payment) && Local(payment).Hour < 6), Last(ByHand, days).Count(Timed)),
        "weekend_share" => Divide(Last(ByHand, days).Count(payment => Local(payment).DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday), Last(ByHand, days).Count()),
        "new_merchants" => Slots(Merchant, days),
        "new_countries" => Slots(Country, days),
        "obligations" => Last(Out(Obligations), days).Count(),
        "obligation_amount" => Total(Out(Obligations), days),
        "obligations_to_inflow" => Divide(Total(Out(Obligations), days), Total(In, days)),
        "late_payments" => Last(_booked, days).Count(Late),
        "late_rate" => Divide(Last(_booked, days).Count(Late), Last(_booked, days).Count(payment => payment.DueDay != 0)),
        "days_late_mean" => Divide(Last(_booked, days).Where(Late).Sum(payment => DayOf(payment) - payment.DueDay), Last(_booked, days).Count(payment => payment.DueDay != 0)),
        "buffer_days" => Balances.Closing(asOf) is { } latest ? Divide(Units(latest.BalanceAfter) * days, Total(Out(), days)) : double.NaN,
        "balance_vs_mean" => Balances.Closing(asOf) is { } latest ? Divide(Units(latest.BalanceAfter), Math.Abs(Balances.Windowed("balance_mean", days))) : double.NaN,
        _ => Balances.Windowed(name, days),
    };

    /// <summary>Thirty days' outflow, in ten-thousandths, as it was on average since the first payment.</summary>
    private double UsualOutflow => payments.Count == 0 ? 0
        : Out().Sum(payment => -payment.Amount) * 30.0 / Math.Max(1, asOf.DayNumber - payments.Min(DateOf).DayNumber + 1);

    private NaiveBalances Balances => new(payments, asOf);

    private static readonly PaymentKind[] Obligations = [PaymentKind.DirectDebit, PaymentKind.StandingOrder, PaymentKind.LoanPayment];

    private IEnumerable<Payment> In => _booked.Where(payment => payment.Amount > 0);

    private IEnumerable<Payment> ByHand => Out(PaymentKind.Card, PaymentKind.Cash);

    private IEnumerable<Payment> Out(params PaymentKind[] kinds) =>
        _booked.Where(payment => payment.Amount < 0 && (kinds.Length == 0 || kinds.Contains(payment.Kind)));

    private IEnumerable<Payment> Having(PaymentStatus status) => payments.Where(payment => payment.Status == status);

    private IEnumerable<Payment> Last(IEnumerable<Payment> some, int days) =>
        some.Where(payment => DateOf(payment) <= asOf && DateOf(payment) > asOf.AddDays(-days));

    private double Total(IEnumerable<Payment> some, int days) => Units(Last(some, days).Sum(payment => Math.Abs(payment.Amount)));

    private long Largest(IEnumerable<Payment> some, int days) => Last(some, days).Select(payment => Math.Abs(payment.Amount)).DefaultIfEmpty().Max();

    private double Against(string name)
    {
        var parts = name.Split("_vs_");
        var stem = parts[0][..parts[0].LastIndexOf('_')];
        int few = int.Parse(parts[0].Split('_')[^1][..^1]), many = int.Parse(parts[1][..^1]);
        return Divide(Windowed(stem, few) * many, Windowed(stem, many) * few);
    }

    private double Since(IEnumerable<Payment> some) => !some.Any() ? double.NaN
        : asOf.DayNumber - (ReferenceEquals(some, payments) ? some.Min(DateOf) : some.Max(DateOf)).DayNumber;

    private double ShareOf(ContentGroup group)
    {
        var spend = Out().Where(payment => payment.Kind is not (PaymentKind.Cash or PaymentKind.Fee or PaymentKind.Interest or PaymentKind.LoanPayment)).ToList();
        var total = spend.Sum(Weighted);
        return total < 1e-6 ? double.NaN : spend.Where(payment => payment.Group == group).Sum(Weighted) / total;
    }

    private double Weighted(Payment payment) => Units(-payment.Amount) * Math.Pow(2, -(asOf.DayNumber - DateOf(payment).DayNumber) / 30.0);

    private static ulong? Merchant(Payment payment) => payment.Merchant == 0 ? null : payment.Merchant % 64;

    private static ulong? Country(Payment payment) => payment.Country == 0 ? null : (payment.Country * 0x9E3779B1u) >> 28;

    private int Slots(Func<Payment, ulong?> slot, int days) => _booked
        .Where(payment => slot(payment) is not null)
        .GroupBy(slot)
        .Count(same => days == 0 || same.Min(DateOf) > asOf.AddDays(-days));

    private static bool Late(Payment payment) => payment.DueDay != 0 && DayOf(payment) > payment.DueDay;

    private static DateTimeOffset Local(Payment payment) =>
        DateTimeOffset.FromUnixTimeMilliseconds(payment.Time).ToOffset(TimeSpan.FromMinutes(payment.OffsetMinutes));

    private static bool Timed(Payment payment) => Local(payment).TimeOfDay != TimeSpan.Zero;

    internal static double Divide(double part, double whole) => whole == 0 ? double.NaN : part / whole;

    internal static double Variation(double[] values)
    {
        var mean = values.Average();
        return Divide(Math.Sqrt(values.Average(value => (value - mean) * (value - mean))), mean);
    }

    internal static double Units(long amount) => amount / 10_000.0;

    internal static long DayOf(Payment payment) => payment.Time / 86_400_000;

    internal static DateOnly DateOf(Payment payment) => DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(payment.Time).UtcDateTime);
}
