using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Features;

/// <summary>Pay, found plainly among all payments in.</summary>
internal sealed class NaivePay(IEnumerable<Payment> inflows, DateOnly asOf)
{
    public double this[string name]
    {
        get
        {
            var pay = Find();
            if (pay.Count == 0)
                return name == "salary_months" ? 0 : double.NaN;

            var stated = inflows.Where(payment => payment.Kind == PaymentKind.Salary).ToList();
            var last = stated.Count > 0 ? stated.Max(NaiveFeatures.DateOf) : NaiveFeatures.DateOf(pay[0]);
            var amounts = pay.Select(payment => NaiveFeatures.Units(payment.Amount)).ToArray();
            var since = asOf.DayNumber - last.DayNumber;
            return name switch
            {
                "salary_amount" => amounts[0],
                "salary_mean" => amounts.Average(),
                "salary_change" => amounts.Length > 1 ? amounts[0] / amounts[1] - 1 : double.NaN,
                "salary_variation" => NaiveFeatures.Variation(amounts),
                "salary_months" => pay.Count,
                "salary_day_of_month" => last.Day,
                "days_since_salary" => since,
                _ => Math.Max(0, since - 31),
            };
        }
    }

    /// <summary>The pay of each month, latest first.</summary>
    private List<Payment> Find()
    {
        var candidates = inflows.Where(payment => payment.Kind is PaymentKind.Salary or PaymentKind.Transfer).ToList();
        if (candidates.Count == 0)
            return [];

        var newest = candidates.Max(Month);
        var monthly = candidates
            .Where(payment => Month(payment) > newest - 8)
            .GroupBy(Month)
            .Select(month => month.OrderBy(payment => payment.Kind == PaymentKind.Salary).ThenBy(payment => payment.Amount).ThenBy(payment => payment.Time).Last())
            .OrderByDescending(Month)
            .ToList();
        if (candidates.Exists(payment => payment.Kind == PaymentKind.Salary))
            return [.. monthly.Where(payment => payment.Kind == PaymentKind.Salary)];

        var median = monthly.Select(payment => payment.Amount).Order().ElementAt((monthly.Count - 1) / 2);
        var alike = monthly.Where(payment => payment.Amount >= median / 2 && payment.Amount / 2 <= median).ToList();
        return alike.Count >= 3 && Gap(alike[1], alike[0]) && Gap(alike[2], alike[1]) ? alike : [];
    }

    private static bool Gap(Payment earlier, Payment later) => NaiveFeatures.DayOf(later) - NaiveFeatures.DayOf(earlier) is >= 20 and <= 41;

    internal static int Month(Payment payment) => NaiveFeatures.DateOf(payment) is var date ? date.Year * 12 + date.Month : 0;
}

/// <summary>The day of the month on which obligations are usually met, found plainly.</summary>
internal static class NaiveRhythm
{
    public static double DaysLate(IEnumerable<Payment> obligations, DateOnly asOf)
    {
        var firstDays = obligations.GroupBy(NaivePay.Month).ToDictionary(month => month.Key, month => month.Min(payment => NaiveFeatures.DateOf(payment).Day));
        var now = asOf.Year * 12 + asOf.Month;
        if (firstDays.Count == 0 || now - firstDays.Keys.Max() > 1)
            return double.NaN;

        var newest = firstDays.Keys.Max();
        if (now > newest && Usual(newest) is var usual && (double.IsNaN(usual) || asOf.Day > usual))
            return asOf.Day - usual;

        return firstDays[newest] - Usual(newest - 1);

        double Usual(int until)
        {
            var days = firstDays.Where(month => month.Key <= until && month.Key > newest - 8).Select(month => month.Value).Order().ToList();
            return days.Count < 2 ? double.NaN : days[(days.Count - 1) / 2];
        }
    }
}
