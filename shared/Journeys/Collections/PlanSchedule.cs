using ServerlessCLM.Scoring;

namespace ServerlessCLM.Journeys.Collections;

/// <summary>Equal monthly instalments to the cent.</summary>
public static class PlanSchedule
{
    /// <summary>Latest day of the month on which instalments fall: every month has it.</summary>
    private const int LatestDay = 28;

    /// <summary>Days from the agreement to the first instalment at the least, and where no pay day is known.</summary>
    private const int LeastLead = 7, Lead = 14;

    /// <summary>The fewest instalments of which none is more than a customer can bear; null where they would be too many.</summary>
    /// <param name="amount">What the plan covers, in whole cents, above 0.</param>
    /// <param name="most">Largest instalment.</param>
    /// <param name="policy">How many there may be.</param>
    public static int? Fewest(decimal amount, decimal most, PlanRules policy)
    {
        var (cents, cap) = ((long)(amount * 100), (long)(most * 100));
        if (cap < 1)
            return null;

        var count = (cents + cap - 1) / cap;
        // An instalment too small to be worth its transfer is not asked for.
        return count <= policy.LongestMonths && (count == 1 || cents / count >= (long)(policy.Least * 100)) ? (int)count : null;
    }

    /// <summary>Instalments that differ by a cent at the most, the larger first, and add up to the amount.</summary>
    public static IReadOnlyList<PlanInstalment> Of(decimal amount, int count, DateOnly first)
    {
        var cents = (long)(amount * 100);
        var (each, larger) = (cents / count, cents % count);
        return [.. Enumerable.Range(0, count).Select(i => new PlanInstalment(first.AddMonths(i), (each + (i < larger ? 1 : 0)) / 100m))];
    }

    /// <summary>The day after pay comes, a week from today at the least.</summary>
    /// <param name="today">The customer's day.</param>
    /// <param name="payDay">Day of the month on which pay comes; null where it is not known.</param>
    public static DateOnly First(DateOnly today, int? payDay)
    {
        if (payDay is not { } day)
        {
            var later = today.AddDays(Lead);
            return later.Day <= LatestDay ? later : new DateOnly(later.Year, later.Month, 1).AddMonths(1);
        }

        var earliest = today.AddDays(LeastLead);
        var due = new DateOnly(earliest.Year, earliest.Month, Math.Clamp(day + 1, 1, LatestDay));
        return due >= earliest ? due : due.AddMonths(1);
    }
}
