using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Features;
using ServerlessCLM.Scoring;
using ServerlessCLM.Tests.Features;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Scoring;

/// <summary>What does not happen: raised at its own instant, once, whether woken for or noticed by the next payment.</summary>
public class SilenceTests
{
    private readonly Customer _customer = new();

    [Fact]
    public void No_payment_by_hand_for_sixty_and_for_a_hundred_and_eighty_days()
    {
        _customer.Pays(Payments.Of(1.6, -10), Payments.Of(30, -10, PaymentKind.DirectDebit));
        _customer.WakesOn(60.9);
        Assert.Empty(_customer.Raised(SignalKind.Dormant60));
        Assert.Equal(Payments.At(61), CustomerScoring.NextWake(_customer.State, Payments.At(31)));
        _customer.WakesOn(300);
        _customer.WakesOn(301);
        Assert.Equal(
            [
                new Signal(SignalKind.Dormant60, Payments.At(61), Payments.Epoch + 1, 60, 60),
                new Signal(SignalKind.Dormant180, Payments.At(181), Payments.Epoch + 1, 180, 180),
            ],
            _customer.All.Where(signal => signal.Kind != SignalKind.FirstUse));
        Assert.Equal(long.MaxValue, CustomerScoring.NextWake(_customer.State, Payments.At(301)));
    }

    [Fact]
    public void A_payment_in_time_breaks_the_silence()
    {
        _customer.Pays(Payments.Of(1, -10), Payments.Of(60, -10, PaymentKind.Cash));
        _customer.WakesOn(119);
        Assert.Empty(_customer.Raised(SignalKind.Dormant60));
        Assert.Equal(Payments.At(120), CustomerScoring.NextWake(_customer.State, Payments.At(60)));
    }

    [Fact]
    public void A_customer_who_only_receives_money_was_never_active() =>
        Assert.Equal(long.MaxValue, _customer.Pays(Payments.Of(1, 10, PaymentKind.Transfer)) is Placement.Counted
            ? CustomerScoring.NextWake(_customer.State, Payments.At(1)) : 0);

    [Fact]
    public void Salary_is_missing_after_a_cycle_and_a_week()
    {
        _customer.Pays(Payments.Of(0, 2000, PaymentKind.Salary));
        _customer.WakesOn(60);
        Assert.Empty(_customer.Raised(SignalKind.SalaryMissing));
        _customer.Pays(Payments.Of(61, 2000, PaymentKind.Salary));
        _customer.WakesOn(98.9);
        Assert.Empty(_customer.Raised(SignalKind.SalaryMissing));
        _customer.WakesOn(99);
        _customer.Pays(Payments.Of(130, -5));
        var missing = Assert.Single(_customer.Raised(SignalKind.SalaryMissing));
        Assert.Equal(new Signal(SignalKind.SalaryMissing, Payments.At(99), Payments.Epoch + 61, 38, 31), missing);
    }

    [Fact]
    public void A_category_that_led_and_is_gone_has_lapsed()
    {
        for (var day = 0; day < 5; day++)
            _customer.Pays(Payments.Of(day, -60).In(ContentGroup.Dining));
        for (var day = 5; day < 120; day++)
            _customer.Pays(Payments.Of(day, -10).In(ContentGroup.Groceries), Payments.Of(day + 0.1, -1).In(ContentGroup.Health));

        var lapsed = Assert.Single(_customer.Raised(SignalKind.CategoryLapsed));
        Assert.Equal((Payments.At(64), ContentGroup.Dining, 60.0), (lapsed.At, lapsed.Group, lapsed.Observed));
        _customer.WakesOn(150);
        Assert.Single(_customer.Raised(SignalKind.CategoryLapsed));
    }

    [Fact]
    public void A_category_of_few_purchases_is_not_missed()
    {
        _customer.Pays(Payments.Of(0, -600).In(ContentGroup.Travel), Payments.Of(1, -600).In(ContentGroup.Travel));
        _customer.WakesOn(100);
        Assert.Empty(_customer.Raised(SignalKind.CategoryLapsed));
    }

    [Fact]
    public void An_idle_balance_is_raised_after_sixty_days_and_again_only_after_it_was_used()
    {
        for (var day = 0; day <= 100; day += 10)
            _customer.Pays(Payments.Of(day, -100).WithBalance(day < 70 ? 200 : 5000));
        _customer.WakesOn(129.9);
        Assert.Empty(_customer.Raised(SignalKind.IdleBalance));
        _customer.WakesOn(130);
        _customer.Pays(Payments.Of(140, -100).WithBalance(4900));
        _customer.WakesOn(250);
        var idle = Assert.Single(_customer.Raised(SignalKind.IdleBalance));
        Assert.Equal(new Signal(SignalKind.IdleBalance, Payments.At(130), Payments.Epoch + 70, 60, 60), idle);

        _customer.Pays(Payments.Of(251, -4700).WithBalance(200), Payments.Of(340, 90_000, PaymentKind.Transfer).WithBalance(90_200));
        _customer.WakesOn(400);
        Assert.Equal(2, _customer.Raised(SignalKind.IdleBalance).Count);
    }

    [Fact]
    public void A_balance_of_ordinary_size_is_not_idle()
    {
        for (var day = 0; day <= 200; day += 5)
            _customer.Pays(Payments.Of(day, -100).WithBalance(900));

        _customer.WakesOn(230);
        Assert.Empty(_customer.Raised(SignalKind.IdleBalance));
    }

    [Fact]
    public void Utilisation_creeps_for_ten_days_and_ends_below_three_quarters()
    {
        _customer.Pays(Payments.Of(1, -10).WithBalance(-950, 1000), Payments.Of(5, 100, PaymentKind.Refund).WithBalance(-850, 1000));
        _customer.WakesOn(20);
        Assert.Empty(_customer.Raised(SignalKind.UtilisationCreep));
        _customer.Pays(Payments.Of(21, -100).WithBalance(-950, 1000));
        _customer.WakesUntil(40);
        var creep = Assert.Single(_customer.Raised(SignalKind.UtilisationCreep));
        Assert.Equal(new Signal(SignalKind.UtilisationCreep, Payments.At(31), Payments.Epoch + 21, 10, 10), creep);

        _customer.Pays(Payments.Of(41, 150, PaymentKind.Refund).WithBalance(-800, 1000), Payments.Of(42, -150).WithBalance(-950, 1000));
        _customer.WakesOn(60);
        Assert.Single(_customer.Raised(SignalKind.UtilisationCreep));
        _customer.Pays(Payments.Of(61, 250, PaymentKind.Refund).WithBalance(-700, 1000), Payments.Of(62, -250).WithBalance(-950, 1000));
        _customer.WakesOn(80);
        Assert.Equal(2, _customer.Raised(SignalKind.UtilisationCreep).Count);
    }

    [Fact]
    public void Waking_and_the_next_payment_notice_the_same() =>
        Prop.ForAll(RandomHistory.Arrivals.ToArbitrary(), Gen.Choose(1, 40).ToArbitrary(), (arrivals, step) =>
        {
            var payments = arrivals.OrderBy(payment => payment.Time).ToArray();
            Customer left = new(), woken = new(), nagged = new();
            foreach (var payment in payments)
            {
                var day = (payment.Time / (double)Payments.Day) - Payments.Epoch;
                woken.WakesUntil(Math.Floor(day));
                for (var nag = Math.Max(0, Math.Floor(day) - 3 * step); nag < Math.Floor(day); nag += step)
                    nagged.WakesOn(nag);

                left.Pays(payment);
                woken.Pays(payment);
                nagged.Pays(payment);
            }

            var after = (payments[^1].Time / (double)Payments.Day) - Payments.Epoch + 400;
            left.WakesOn(after);
            woken.WakesUntil(after);
            nagged.WakesOn(after);
            Assert.Equal(Sorted(left), Sorted(woken));
            Assert.Equal(Sorted(left), Sorted(nagged));
            Assert.Equal(left.All.Count, left.All.Select(signal => (signal.Kind, signal.Cause)).Distinct().Count());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    private static IEnumerable<Signal> Sorted(Customer customer) =>
        customer.All.OrderBy(signal => signal.At).ThenBy(signal => signal.Kind).ThenBy(signal => signal.Cause);
}
