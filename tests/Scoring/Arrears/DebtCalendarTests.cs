using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using ServerlessCLM.Customers;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Tests.Scoring.Arrears;

public sealed class DebtCalendarTests
{
    private static readonly DateTimeZone Berlin = DateTimeZoneProviders.Tzdb["Europe/Berlin"];
    private static readonly DateOnly Due = new(2026, 10, 24);

    [Fact]
    public void A_day_of_25_hours_is_one_day_past_due()
    {
        // The clocks go back on 25 October 2026 at 3:00.
        var calendar = new DebtCalendar([Berlin], []);
        Assert.Equal(At("2026-10-24T22:00:00Z"), calendar.StartOf(Due.AddDays(1)));
        Assert.Equal(At("2026-10-25T23:00:00Z"), calendar.StartOf(Due.AddDays(2)));
        Assert.Equal(1, calendar.DaysPastDue(Due, calendar.Today(At("2026-10-25T22:59:59Z"))));
        Assert.Equal(2, calendar.DaysPastDue(Due, calendar.Today(At("2026-10-25T23:00:00Z"))));
    }

    [Theory]
    [InlineData("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z")] // Midnight is skipped.
    [InlineData("America/Havana", "2026-11-01", "2026-11-01T04:00:00Z")] // Midnight comes twice.
    [InlineData("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z")] // The day is left out.
    public void A_day_begins_although_its_midnight_is_missing_or_there_twice(string zone, string day, string start) =>
        Assert.Equal(At(start), new DebtCalendar([DateTimeZoneProviders.Tzdb[zone]], []).StartOf(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void Nothing_is_late_before_it_is_late_in_every_zone_of_the_country()
    {
        var calendar = new DebtCalendar(CandidateZones.Of(null, "US"), []);
        Assert.Equal(At("2026-10-25T10:00:00Z"), calendar.StartOf(Due.AddDays(1)));
        Assert.Equal(0, calendar.DaysPastDue(Due, calendar.Today(At("2026-10-25T09:59:59Z"))));
    }

    [Fact]
    public void A_flag_that_was_set_before_anybody_took_note_stops_the_clock_from_the_beginning()
    {
        var calendar = DebtCalendar.Of(Profile.Empty.With("breathingSpace"));
        Assert.Equal(0, calendar.DaysPastDue(Due, Due.AddDays(500)));
        Assert.Null(calendar.DayOf(Due, 1));
    }

    [Fact]
    public void Days_are_counted_as_one_by_one_whatever_the_periods()
    {
        var day = Gen.Choose(0, 400);
        var periods = (from flag in Gen.Elements("moratorium", "breathingSpace", "hardship", "deceased")
                       from start in Gen.Choose(0, 400 * 24)
                       from hours in Gen.Choose(0, 60 * 24)
                       from open in Gen.Frequency((9, Gen.Constant(value: false)), (1, Gen.Constant(value: true)))
                       select new FlagPeriod(flag, Product.Now.AddHours(start), open ? null : Product.Now.AddHours(start + hours))).ListOf();
        Prop.ForAll(periods.ToArbitrary(), day.Two().ToArbitrary(), (stops, days) =>
        {
            var calendar = new DebtCalendar([Berlin], [.. stops]);
            var from = DateOnly.FromDateTime(Product.Now.UtcDateTime).AddDays(Math.Min(days.Item1, days.Item2));
            var until = from.AddDays(Math.Abs(days.Item1 - days.Item2));
            Assert.Equal(Counted(stops, FlagPeriod.Suspending, from, until), calendar.DaysPastDue(from, until));
            if (calendar.DayOf(from, 30) is { } reached)
                Assert.Equal((30, 29), (Counted(stops, FlagPeriod.Suspending, from, reached), Counted(stops, FlagPeriod.Suspending, from, reached.AddDays(-1))));
            else
                Assert.Contains(stops, stop => stop.Until is null && FlagPeriod.Suspending.Contains(stop.Flag));
            if (calendar.Deadline(from, from.AddDays(10)) is { } last)
                Assert.Equal(10, Counted(stops, FlagPeriod.Pausing, from, last));
        }).QuickCheckThrowOnFailure();

        int Counted(IList<FlagPeriod> stops, IReadOnlyList<string> flags, DateOnly from, DateOnly until)
        {
            var count = 0;
            for (var each = from.AddDays(1); each <= until; each = each.AddDays(1))
            {
                var start = LocalDate.FromDateOnly(each).AtStartOfDayInZone(Berlin).ToDateTimeOffset();
                count += stops.Any(stop => flags.Contains(stop.Flag) && stop.From <= start && (stop.Until is null || start < stop.Until)) ? 0 : 1;
            }

            return count;
        }
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
