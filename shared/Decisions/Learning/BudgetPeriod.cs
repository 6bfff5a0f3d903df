using NodaTime;
using NodaTime.Text;

namespace ServerlessCLM.Decisions.Learning;

/// <summary>The periods that a budget is for: calendar days, weeks from Monday, months, quarters and years in UTC, or multiples of them, counted from 2024.</summary>
/// <param name="Months">Length in months; 0 where it is in days.</param>
/// <param name="Days">Length in days; 0 where it is in months.</param>
public readonly record struct BudgetPeriod(int Months, int Days)
{
    /// <summary>A Monday, and the first of a month and year.</summary>
    private static readonly LocalDate Origin = new(2024, 1, 1);

    /// <summary>Reads an ISO 8601 duration; false where it is not one or more whole days, or whole months.</summary>
    public static bool TryRead(string text, out BudgetPeriod period)
    {
        period = default;
        if (!PeriodPattern.NormalizingIso.Parse(text).TryGetValue(Period.Zero, out var read) || read.HasTimeComponent)
            return false;

        period = new BudgetPeriod((read.Years * 12) + read.Months, (read.Weeks * 7) + read.Days);
        return period is { Months: > 0 and <= 1200, Days: 0 } or { Months: 0, Days: > 0 and <= 36_500 };
    }

    /// <summary>The period that an instant is in: its first instant, and that of the next.</summary>
    public (DateTimeOffset Start, DateTimeOffset End) At(DateTimeOffset instant)
    {
        var date = LocalDate.FromDateTime(instant.UtcDateTime);
        var passed = Months > 0 ? ((date.Year - Origin.Year) * 12) + date.Month - Origin.Month : Period.DaysBetween(Origin, date);
        var length = Months > 0 ? Months : Days;
        var first = (int)Math.Floor(passed / (double)length) * length;
        return (Of(first), Of(first + length));
    }

    private DateTimeOffset Of(int passed) =>
        (Months > 0 ? Origin.PlusMonths(passed) : Origin.PlusDays(passed)).AtMidnight().InUtc().ToDateTimeOffset();
}
