using System.Globalization;

namespace ServerlessCLM.Scoring;

public sealed partial record Debt
{
    /// <summary>What time brings up to an instant: marks of days past due, promises and instalments of plans whose time is over.</summary>
    /// <param name="until">The instant.</param>
    /// <param name="calendar">The customer's days.</param>
    /// <param name="raised">What became true is added here, in its order, each at its own instant.</param>
    public Debt Advance(DateTimeOffset until, DebtCalendar calendar, ICollection<DebtSignal> raised)
    {
        var debt = this;
        while (debt.Next(calendar) is { } next && next.At <= until)
            debt = debt.Pass(next, calendar, raised);
        return until > debt.AsOf ? debt with { AsOf = until } : debt;
    }

    /// <summary>The instant at which time brings something next, if nothing happens before; null for none.</summary>
    public DateTimeOffset? NextLook(DebtCalendar calendar) => Next(calendar)?.At;

    private enum Turn { Mark, Promise, Plan, Settlement }

    private readonly record struct TurnOfTime(DateTimeOffset At, Turn Turn, int Mark = 0);

    private TurnOfTime? Next(DebtCalendar calendar)
    {
        TurnOfTime? next = NextMark(calendar);
        if (ClosedAt is null)
        {
            Earlier(HasOpenPromise ? Promise!.JudgedAt(calendar) : null, Turn.Promise);
            Earlier(HasActivePlan ? Plan!.MissedAt(calendar) : null, Turn.Plan);
            Earlier(Settlement is { IsOpen: true } open ? open.LapsesAt(calendar) : null, Turn.Settlement);
        }

        return next;

        // At the same instant what was agreed is judged first: a mark is held while it holds.
        void Earlier(DateTimeOffset? at, Turn turn)
        {
            if (at is { } instant && (next is not { } known || instant < known.At || (instant == known.At && known.Turn == Turn.Mark)))
                next = new TurnOfTime(instant, turn);
        }
    }

    private TurnOfTime? NextMark(DebtCalendar calendar)
    {
        if (Oldest is not { } oldest)
            return null;

        var reached = Mark is { } mark && mark.Due == oldest.Due ? mark.Days : int.MinValue;
        foreach (var (days, _) in ArrearsSignals.Marks)
        {
            if (days > reached)
                return MarkAt(oldest.Due, days, calendar) is { } at ? new TurnOfTime(at, Turn.Mark, days) : null;
        }

        return null;
    }

    private static DateTimeOffset? MarkAt(DateOnly due, int days, DebtCalendar calendar)
    {
        var day = days <= 0 ? due.AddDays(days) : calendar.DayOf(due, days);
        return day is { } known ? calendar.StartOf(known) : null;
    }

    private Debt Pass(TurnOfTime next, DebtCalendar calendar, ICollection<DebtSignal> raised)
    {
        switch (next.Turn)
        {
            case Turn.Promise:
                var judged = Promise!.Judged(next.At);
                raised.Add(new DebtSignal(judged.Status == PromiseStatus.Partial ? ArrearsSignals.PromisePartial : ArrearsSignals.PromiseBroken, next.At, judged.Id,
                    (double)judged.Paid, (double)judged.Amount, judged.Amount - judged.Paid));
                return this with { Promise = judged };
            case Turn.Plan:
                var due = Plan!.DueUpTo(Plan.NextUnpaid);
                raised.Add(new DebtSignal(ArrearsSignals.PlanMissed, next.At, Plan.Id, (double)Plan.Paid, (double)due, due - Plan.Paid));
                return this with { Plan = Plan with { Status = PlanStatus.Broken, EndedAt = next.At } };
            case Turn.Settlement:
                var lapsed = Settlement!;
                raised.Add(new DebtSignal(ArrearsSignals.SettlementLapsed, next.At, lapsed.Id, (double)lapsed.Paid, (double)lapsed.Amount, lapsed.Amount - lapsed.Paid));
                return this with { Settlement = lapsed with { Status = SettlementStatus.Lapsed, EndedAt = next.At } };
            default:
                var mark = new DebtMark(Oldest!.Due, next.Mark);
                if (!IsHeld)
                    RaiseMark(mark, next.At, calendar, raised);
                return this with { Mark = mark, Worst = Math.Max(Worst, mark.Days) };
        }
    }

    private void RaiseMark(DebtMark mark, DateTimeOffset at, DebtCalendar calendar, ICollection<DebtSignal> raised)
    {
        var name = ArrearsSignals.Marks.First(known => known.Days == mark.Days).Name;
        raised.Add(new DebtSignal(name, at, string.Create(CultureInfo.InvariantCulture, $"{mark.Due:yyyy-MM-dd}|{Cures}"),
            mark.Days <= 0 ? mark.Days : DaysPastDue(calendar, calendar.Today(at)), mark.Days,
            mark.Days <= 0 ? Oldest!.Unpaid : PastDue(calendar, calendar.Today(at))));
    }

    /// <summary>After a fact: where the oldest unpaid instalment is another one, its mark is that of this instant, and arrears may have begun or ended.</summary>
    private Debt Placed(Debt before, DateTimeOffset at, DebtCalendar calendar, ICollection<DebtSignal> raised)
    {
        if (Oldest?.Due == before.Oldest?.Due)
            return this;

        DebtMark? reached = null;
        if (Oldest is { } oldest)
        {
            foreach (var (days, _) in ArrearsSignals.Marks)
            {
                if (MarkAt(oldest.Due, days, calendar) is { } instant && instant <= at)
                    reached = new DebtMark(oldest.Due, days);
            }
        }

        var was = before.Mark is { Days: > 0 } ? before.Mark.Days : 0;
        var placed = this with { Mark = reached };
        if (reached is { Days: > 0 })
        {
            // Of marks that were passed before anybody told, the highest is enough; from a higher one to a lower is no news.
            if (reached.Days > was && !IsHeld)
                RaiseMark(reached, at, calendar, raised);
            return placed with { Worst = Math.Max(Worst, reached.Days) };
        }

        if (was > 0 && ChargedOffAt is null)
        {
            var today = calendar.Today(at);
            raised.Add(new DebtSignal(ArrearsSignals.Cured, at, string.Create(CultureInfo.InvariantCulture, $"{before.Oldest!.Due:yyyy-MM-dd}|{Cures}"),
                before.DaysPastDue(calendar, today), 1, before.PastDue(calendar, today)));
            placed = placed with { CuredAt = at, CuredFrom = Worst, Worst = 0, Cures = Cures + 1 };
        }

        if (reached is not null && !IsHeld)
            placed.RaiseMark(reached, at, calendar, raised);
        return placed;
    }
}
