using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using ServerlessCLM.Customers;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Tests.Scoring.Arrears;

/// <summary>The state machine against a model that goes day by day, and against itself looked at more often.</summary>
public sealed class DebtModelTests
{
    private const int Days = 260;
    private static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["Europe/Prague"];
    private static readonly DateOnly First = new(2026, 9, 1);
    private static readonly FlagPeriod[] Moratorium = [new("moratorium", Noon(70).AddHours(5), Noon(91)), new("hardship", Noon(120), Noon(140))];

    /// <summary>A fact at noon of a day: an instalment due so many days later (may be before), a payment, or the return of an earlier one.</summary>
    private readonly record struct Fact(int Kind, int Day, int Offset, int Amount);

    private static readonly Gen<List<Fact>> Facts =
        from facts in (from kind in Gen.Frequency((5, Gen.Constant(0)), (4, Gen.Constant(1)), (1, Gen.Constant(2)))
                       from day in Gen.Choose(0, Days - 1)
                       from offset in Gen.Choose(-40, 40)
                       from amount in Gen.Choose(1, 30)
                       select new Fact(kind, day, offset, amount)).NonEmptyListOf()
        select facts.Take(24).OrderBy(fact => fact.Day).ToList();

    [Fact]
    public void It_is_the_same_as_going_day_by_day() => Prop.ForAll(Facts.ToArbitrary(), facts =>
    {
        var raised = new List<DebtSignal>();
        var debt = Run(facts, raised, looks: []);
        var (expected, dpd, pastDue) = DayByDay(facts);
        var calendar = Calendar();

        Assert.Equal(expected, raised.Select(signal => (signal.Name, signal.At)));
        Assert.Equal(dpd, debt.DaysPastDue(calendar, First.AddDays(Days)));
        Assert.Equal(pastDue, debt.PastDue(calendar, First.AddDays(Days)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void It_does_not_matter_when_or_how_often_somebody_looks() =>
        Prop.ForAll(Facts.ToArbitrary(), Gen.Choose(0, (Days - 1) * 24).ListOf().ToArbitrary(), (facts, looks) =>
        {
            var (once, often) = (new List<DebtSignal>(), new List<DebtSignal>());
            var debt = Run(facts, once, looks: []);
            var looked = Run(facts, often, [.. looks]);
            Assert.Equal(once, often);
            Assert.Equal(Json(debt), Json(looked));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_look_at_the_instant_it_asked_for_finds_something_and_none_before() => Prop.ForAll(Facts.ToArbitrary(), facts =>
    {
        var debt = Run(facts, [], looks: []);
        var calendar = Calendar();
        for (var i = 0; i < 20 && debt.NextLook(calendar) is { } next; i++)
        {
            var raised = new List<DebtSignal>();
            Assert.Equal(Json(debt with { AsOf = next.AddTicks(-1) }), Json(debt.Advance(next.AddTicks(-1), calendar, raised)));
            Assert.Empty(raised);
            debt = debt.Advance(next, calendar, raised);
            Assert.NotEmpty(raised);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Money_is_neither_made_nor_lost() => Prop.ForAll(Facts.ToArbitrary(), facts =>
    {
        var debt = Run(facts.Where(fact => fact.Kind != 2).ToList(), [], looks: []);
        var paid = facts.Where(fact => fact.Kind == 1).Sum(fact => (decimal)fact.Amount);
        Assert.All(debt.Instalments, instalment => Assert.InRange(instalment.Paid, 0, instalment.Amount));
        Assert.True(debt.Payments.Sum(payment => payment.Allocated) <= paid);
        Assert.True(debt.Payments.Sum(payment => payment.Allocated) >= debt.Instalments.Sum(instalment => instalment.Paid));
    }).QuickCheckThrowOnFailure();

    private static Debt Run(List<Fact> facts, List<DebtSignal> raised, int[] looks)
    {
        var calendar = Calendar();
        var debt = new Debt("D", "CZK") { AsOf = Noon(0) };
        var times = facts.Select((fact, place) => (At: Noon(fact.Day), Fact: (int?)place)).Concat(looks.Select(hour => (At: Noon(0).AddHours(hour), Fact: (int?)null)));
        foreach (var (at, place) in times.OrderBy(each => each.At))
            debt = place is { } index ? Apply(debt, facts, index, calendar, raised) : debt.Advance(at, calendar, raised);
        return debt.Advance(calendar.StartOf(First.AddDays(Days)), calendar, raised);
    }

    private static Debt Apply(Debt debt, List<Fact> facts, int place, DebtCalendar calendar, List<DebtSignal> raised)
    {
        var (kind, day, offset, amount) = facts[place];
        return kind switch
        {
            0 => debt.WithInstalment(First.AddDays(day + offset), amount, null, Noon(day), calendar, raised),
            1 => debt.WithPayment($"p{place}", amount, Noon(day), calendar, raised),
            _ => debt.WithoutPayment($"p{Returned(facts, place)}", Noon(day), calendar, raised),
        };
    }

    /// <summary>The latest payment before.</summary>
    private static int Returned(List<Fact> facts, int place) => facts.Take(place).ToList().FindLastIndex(fact => fact.Kind == 1);

    private static (List<(string, DateTimeOffset)> Signals, int DaysPastDue, decimal PastDue) DayByDay(List<Fact> facts)
    {
        var signals = new List<(string, DateTimeOffset)>();
        var unpaid = new SortedDictionary<int, (int Amount, int Paid)>();
        var allocated = new Dictionary<int, int>();
        (int? Due, int Mark) reached = (null, int.MinValue);
        for (var day = -1; day <= Days; day++)
        {
            var start = Start(day);
            if (day > 0 && Oldest() is { } oldest)
            {
                var before = reached.Due == oldest ? reached.Mark : int.MinValue;
                foreach (var (mark, name) in ArrearsSignals.Marks.Where(mark => mark.Days > before && Has(oldest, mark.Days, day)))
                {
                    signals.Add((name, start));
                    reached = (oldest, mark);
                }
            }

            for (var place = 0; place < facts.Count; place++)
            {
                var (kind, at, offset, amount) = facts[place];
                if (at != day || day == Days)
                    continue;

                var was = Oldest();
                var wasMark = was is not null && reached.Due == was ? reached.Mark : int.MinValue;
                if (kind == 0)
                    unpaid[day + offset] = (amount, Math.Min(amount, unpaid.GetValueOrDefault(day + offset).Paid));
                else if (kind == 1)
                {
                    var left = amount;
                    foreach (var due in unpaid.Keys.ToList())
                    {
                        var part = Math.Min(left, unpaid[due].Amount - unpaid[due].Paid);
                        unpaid[due] = (unpaid[due].Amount, unpaid[due].Paid + part);
                        left -= part;
                    }

                    allocated[place] = amount - left;
                }
                else if (allocated.Remove(Returned(facts, place), out var back))
                {
                    foreach (var due in unpaid.Keys.Reverse().ToList())
                    {
                        var part = Math.Min(back, unpaid[due].Paid);
                        unpaid[due] = (unpaid[due].Amount, unpaid[due].Paid - part);
                        back -= part;
                    }
                }

                var now = Oldest();
                if (now == was)
                    continue;

                var mark = now is null ? int.MinValue : ArrearsSignals.Marks.Where(each => Has(now.Value, each.Days, day)).Select(each => each.Days).DefaultIfEmpty(int.MinValue).Max();
                if (wasMark > 0 && mark <= 0)
                    signals.Add((ArrearsSignals.Cured, Noon(day)));
                if (mark > (wasMark > 0 && mark > 0 ? wasMark : int.MinValue))
                    signals.Add((ArrearsSignals.Marks.Single(each => each.Days == mark).Name, Noon(day)));
                reached = (now, mark);
            }
        }

        var last = Oldest() is { } first ? PastDays(first, Days) : 0;
        return (signals, last, unpaid.Where(each => PastDays(each.Key, Days) > 0).Sum(each => (decimal)(each.Value.Amount - each.Value.Paid)));

        int? Oldest() => unpaid.Where(each => each.Value.Paid < each.Value.Amount).Select(each => (int?)each.Key).FirstOrDefault();
        bool Has(int due, int mark, int day) => mark < 0 ? day >= due + mark : PastDays(due, day) >= mark;
    }

    private static int PastDays(int due, int day)
    {
        var count = 0;
        for (var each = due + 1; each <= day; each++)
            count += Start(each) >= Moratorium[0].From && Start(each) < Moratorium[0].Until ? 0 : 1;
        return count;
    }

    private static DebtCalendar Calendar() => new([Zone], Moratorium);

    private static DateTimeOffset Start(int day) => LocalDate.FromDateOnly(First.AddDays(day)).AtStartOfDayInZone(Zone).ToDateTimeOffset();

    private static DateTimeOffset Noon(int day) => LocalDate.FromDateOnly(First.AddDays(day)).At(new LocalTime(12, 0)).InZoneLeniently(Zone).ToDateTimeOffset();

    private static string Json(Debt debt) => System.Text.Json.JsonSerializer.Serialize(debt, DebtJson.Default.Debt);
}
