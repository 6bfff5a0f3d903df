using NodaTime;
using ServerlessCLM.Customers;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Tests.Scoring.Arrears;

public sealed class DebtAgreementTests
{
    private static readonly DateOnly Due = new(2026, 10, 20);
    private static readonly DateTimeZone Berlin = DateTimeZoneProviders.Tzdb["Europe/Berlin"];
    private readonly List<DebtSignal> _raised = [];
    private DebtCalendar _calendar = new([Berlin], []);

    [Fact]
    public void A_promise_is_kept_the_instant_the_money_is_there_but_for_the_tolerance()
    {
        var debt = Promised().WithPayment("p1", 60, At("2026-10-24T08:00:00Z"), _calendar, _raised);
        Assert.Equal((PromiseStatus.Open, 60m), (debt.Promise!.Status, debt.Promise.Paid));
        debt = debt.WithPayment("p2", 39, At("2026-10-25T08:00:00Z"), _calendar, _raised);
        Assert.Equal((PromiseStatus.Kept, At("2026-10-25T08:00:00Z")), (debt.Promise!.Status, debt.Promise.EndedAt));
        Assert.Equal(["arrears_entered", "promise_made", "promise_kept"], Names);
    }

    [Fact]
    public void A_promise_is_over_with_the_day_of_25_hours_and_its_day_of_grace()
    {
        // Promised until 24 October, a day of grace: the 25th, on which the clocks go back.
        var debt = Promised();
        Assert.Equal(PromiseStatus.Open, debt.Advance(At("2026-10-25T22:59:59Z"), _calendar, _raised).Promise!.Status);
        debt = debt.Advance(At("2026-10-25T23:00:00Z"), _calendar, _raised);
        Assert.Equal((PromiseStatus.Broken, At("2026-10-25T23:00:00Z")), (debt.Promise!.Status, debt.Promise.EndedAt));
    }

    [Fact]
    public void Something_paid_is_a_partial_promise()
    {
        var debt = Promised().WithPayment("p1", 40, At("2026-10-24T08:00:00Z"), _calendar, _raised).Advance(At("2026-10-26T08:00:00Z"), _calendar, _raised);
        Assert.Equal(PromiseStatus.Partial, debt.Promise!.Status);
        Assert.Equal(60, _raised.Single(signal => signal.Name == ArrearsSignals.PromisePartial).Amount);
    }

    [Fact]
    public void A_promise_kept_by_a_payment_that_comes_back_is_open_again_or_broken()
    {
        var kept = Promised().WithPayment("p1", 100, At("2026-10-24T08:00:00Z"), _calendar, _raised);
        Assert.Equal(PromiseStatus.Open, kept.WithoutPayment("p1", At("2026-10-25T08:00:00Z"), _calendar, []).Promise!.Status);
        Assert.Equal(PromiseStatus.Broken, kept.WithoutPayment("p1", At("2026-10-28T08:00:00Z"), _calendar, []).Promise!.Status);
        Assert.Same(kept, kept.WithoutPayment("p2", At("2026-10-25T08:00:00Z"), _calendar, []));
    }

    [Fact]
    public void Protection_stops_the_clock_of_a_promise_and_the_days_past_due_where_the_law_says_so()
    {
        _calendar = new DebtCalendar([Berlin], [new FlagPeriod("breathingSpace", At("2026-10-23T10:00:00Z"))]);
        var debt = Promised().Advance(At("2027-10-23T10:00:00Z"), _calendar, _raised);
        Assert.Equal((PromiseStatus.Open, 3), (debt.Promise!.Status, debt.DaysPastDue(_calendar, new DateOnly(2027, 1, 1))));
        Assert.Null(debt.NextLook(_calendar));

        // Sixty days later: two days of the term were left, 24 October and its day of grace.
        _calendar = new DebtCalendar([Berlin], [new FlagPeriod("breathingSpace", At("2026-10-23T10:00:00Z"), At("2026-12-22T10:00:00Z"))]);
        Assert.Equal(At("2026-12-24T23:00:00Z"), Promised().NextLook(_calendar));

        _calendar = new DebtCalendar([Berlin], [new FlagPeriod("hardship", At("2026-10-23T10:00:00Z"))]);
        debt = Promised().Advance(At("2026-12-01T10:00:00Z"), _calendar, _raised);
        Assert.Equal((PromiseStatus.Open, 42), (debt.Promise!.Status, debt.DaysPastDue(_calendar, new DateOnly(2026, 12, 1))));
    }

    [Fact]
    public void Nobody_is_reminded_while_what_was_agreed_is_kept_and_days_are_counted_all_the_same()
    {
        var debt = Planned();
        debt = debt.WithPayment("p1", 50, At("2026-11-30T08:00:00Z"), _calendar, _raised).Advance(At("2026-12-10T08:00:00Z"), _calendar, _raised);
        Assert.Equal(["arrears_entered", "plan_agreed"], Names);
        Assert.Equal(51, debt.DaysPastDue(_calendar, new DateOnly(2026, 12, 10)));
        Assert.Equal(DebtStage.Days30To59, debt.Stage(_calendar, new DateOnly(2026, 12, 10)));
    }

    [Fact]
    public void An_instalment_that_is_missed_breaks_the_plan_after_its_days_of_grace()
    {
        var debt = Planned().WithPayment("p1", 50, At("2026-11-30T08:00:00Z"), _calendar, _raised);
        debt = debt.Advance(At("2027-01-03T22:59:59Z"), _calendar, _raised);
        Assert.Equal((PlanStatus.Active, At("2027-01-03T23:00:00Z")), (debt.Plan!.Status, debt.NextLook(_calendar)));
        debt = debt.Advance(At("2027-01-03T23:00:00Z"), _calendar, _raised);
        Assert.Equal(PlanStatus.Broken, debt.Plan!.Status);
        var missed = _raised.Single(signal => signal.Name == ArrearsSignals.PlanMissed);
        Assert.Equal((50m, 50.0, 100.0), (missed.Amount, missed.Observed, missed.Reference));
    }

    [Fact]
    public void A_plan_that_is_paid_is_completed_and_the_arrears_are_cured()
    {
        var debt = Planned().WithPayment("p1", 100, At("2026-11-20T08:00:00Z"), _calendar, _raised);
        Assert.Equal((PlanStatus.Completed, DebtStage.Cured), (debt.Plan!.Status, debt.Stage(_calendar, new DateOnly(2026, 11, 21))));
        Assert.Equal(["arrears_entered", "plan_agreed", "plan_completed", "arrears_cured"], Names);
        Assert.Equal(DebtStage.Current, debt.Stage(_calendar, new DateOnly(2026, 12, 20)));
    }

    [Fact]
    public void A_settlement_ends_the_debt_once_it_is_approved_and_paid()
    {
        var proposed = Owing().WithSettlement(Offer, _calendar, _raised);
        var paid = proposed.WithPayment("p0", 60, At("2026-10-23T09:00:00Z"), _calendar, _raised);
        Assert.Equal((SettlementStatus.Proposed, (DateTimeOffset?)null), (paid.Settlement!.Status, paid.ClosedAt));

        var debt = proposed.WithSettlementDecision("eve", approved: true, At("2026-10-23T09:00:00Z"), _calendar, _raised).WithPayment("p1", 60, At("2026-10-24T09:00:00Z"), _calendar, _raised);
        Assert.Equal((SettlementStatus.Settled, 0m, DebtStage.Closed), (debt.Settlement!.Status, debt.Balance, debt.Stage(_calendar, new DateOnly(2026, 12, 1))));
        Assert.Equal(["arrears_entered", "settlement_offered", "debt_settled", "arrears_cured"], Names);
        Assert.Equal(40, _raised.Single(signal => signal.Name == ArrearsSignals.Settled).Amount);

        var back = debt.WithoutPayment("p1", At("2026-10-26T09:00:00Z"), _calendar, []);
        Assert.Equal((SettlementStatus.Lapsed, 100m, 6), (back.Settlement!.Status, back.Balance, back.DaysPastDue(_calendar, new DateOnly(2026, 10, 26))));
    }

    [Fact]
    public void A_settlement_not_paid_in_time_lapses()
    {
        var debt = Owing().WithSettlement(Offer with { Status = SettlementStatus.Offered }, _calendar, _raised).WithPayment("p1", 50, At("2026-10-24T09:00:00Z"), _calendar, _raised);
        debt = debt.Advance(At("2026-11-30T09:00:00Z"), _calendar, _raised);
        Assert.Equal((SettlementStatus.Lapsed, 50m), (debt.Settlement!.Status, debt.Balance));
        Assert.Contains(ArrearsSignals.SettlementLapsed, Names);
    }

    [Fact]
    public void After_default_a_debt_is_in_stage_three_until_it_has_been_cured_for_three_months()
    {
        var debt = Owing().Advance(At("2027-01-19T09:00:00Z"), _calendar, _raised);
        Assert.Equal(3, debt.ImpairmentStage(_calendar, new DateOnly(2027, 1, 19)));
        debt = debt.WithPayment("p1", 100, At("2027-01-20T09:00:00Z"), _calendar, _raised);
        Assert.Equal(3, debt.ImpairmentStage(_calendar, new DateOnly(2027, 4, 19)));
        Assert.Equal(1, debt.ImpairmentStage(_calendar, new DateOnly(2027, 4, 20)));
        Assert.Equal(["arrears_entered", "dpd_6", "dpd_30", "dpd_60", "dpd_90", "arrears_cured"], Names);
    }

    private static Settlement Offer => new("s1", 100, 60, new DateOnly(2026, 11, 5), At("2026-10-22T10:00:00Z"), "adam", 0.5);

    private IEnumerable<string> Names => _raised.Where(signal => signal.Name != ArrearsSignals.DueSoon).Select(signal => signal.Name);

    private Debt Owing()
    {
        _raised.Clear();
        return new Debt("card-1", "EUR").WithInstalment(Due, 100, null, At("2026-10-01T10:00:00Z"), _calendar, _raised).Advance(At("2026-10-22T10:00:00Z"), _calendar, _raised);
    }

    private Debt Promised() => Owing().WithPromise(new PromiseToPay("w1", 100, new DateOnly(2026, 10, 24), At("2026-10-22T10:00:00Z"), "self-service", 1, 1), _calendar, _raised);

    private Debt Planned() => Owing().WithPlan(new RepaymentPlan("n1", At("2026-10-22T10:00:00Z"),
        [new(new DateOnly(2026, 11, 30), 50), new(new DateOnly(2026, 12, 31), 50)], 80, 3, "self-service"), _calendar, _raised);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
