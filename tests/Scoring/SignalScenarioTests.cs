using ServerlessCLM.Features;
using ServerlessCLM.Scoring;
using ServerlessCLM.Tests.Features;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Scoring;

/// <summary>Each signal that a payment raises: it fires once, with evidence, and not when it should not.</summary>
public class SignalScenarioTests
{
    private readonly Customer _customer = new();

    [Fact]
    public void First_use_is_the_first_card_purchase()
    {
        _customer.Pays(Payments.Of(1, -30, PaymentKind.DirectDebit), Payments.Of(2, -5).As(PaymentStatus.Declined), Payments.Of(2, -5).As(PaymentStatus.Pending));
        Assert.Empty(_customer.Raised(SignalKind.FirstUse));
        var purchase = Payments.Of(3, -12.5m);
        _customer.Pays(purchase, Payments.Of(4, -3), Payments.Of(2.5, -8));
        Assert.Equal(new Signal(SignalKind.FirstUse, purchase.Time, purchase.EventDigest, 12.5, 0), Assert.Single(_customer.Raised(SignalKind.FirstUse)));
    }

    [Fact]
    public void Salary_lands_once_a_pay_day()
    {
        _customer.Pays(Payments.Of(10, 2000, PaymentKind.Salary), Payments.Of(10.5, 100, PaymentKind.Salary), Payments.Of(41, 2100, PaymentKind.Salary));
        var landed = _customer.Raised(SignalKind.SalaryLanded);
        Assert.Equal([2000, 2100], landed.Select(signal => signal.Observed));
        Assert.Equal([0, 2000], landed.Select(signal => signal.Reference));
    }

    [Fact]
    public void Transfers_that_come_like_pay_are_pay_from_the_third_on()
    {
        foreach (var day in (int[])[9, 40, 68, 99, 129])
            _customer.Pays(Payments.Of(day, 1500 + day, PaymentKind.Transfer), Payments.Of(day + 5, 20, PaymentKind.Transfer));

        Assert.Equal([1568, 1599, 1629], _customer.Raised(SignalKind.SalaryLanded).Select(signal => signal.Observed));
    }

    [Fact]
    public void Irregular_transfers_are_no_pay()
    {
        foreach (var day in (int[])[0, 12, 70, 75, 140])
            _customer.Pays(Payments.Of(day, 1500, PaymentKind.Transfer));

        Assert.Empty(_customer.Raised(SignalKind.SalaryLanded));
    }

    [Fact]
    public void Pay_is_raised_after_two_cycles_and_once()
    {
        foreach (var (day, pay) in ((int, int)[])[(0, 2000), (31, 2000), (60, 2160), (91, 2160), (121, 2160), (152, 2200)])
            _customer.Pays(Payments.Of(day, pay, PaymentKind.Salary));

        var raised = Assert.Single(_customer.Raised(SignalKind.SalaryRaised));
        Assert.Equal((Payments.At(91), (ulong)Payments.Epoch + 60, 2160, 2000), (raised.At, raised.Cause, raised.Observed, raised.Reference));
    }

    [Fact]
    public void A_bonus_or_a_small_rise_is_no_raise()
    {
        foreach (var (day, pay) in ((int, int)[])[(0, 2000), (31, 2000), (60, 4000), (91, 2100), (121, 2100), (152, 2100)])
            _customer.Pays(Payments.Of(day, pay, PaymentKind.Salary));

        Assert.Empty(_customer.Raised(SignalKind.SalaryRaised));
    }

    [Fact]
    public void Travel_is_booked_by_card_only()
    {
        _customer.Pays(Payments.Of(1, -40, PaymentKind.Transfer).In(ContentGroup.Travel), Payments.Of(2, -40).As(PaymentStatus.Declined).In(ContentGroup.Travel));
        Assert.Empty(_customer.Raised(SignalKind.TravelBooked));
        _customer.Pays(Payments.Of(3, -420).In(ContentGroup.Travel));
        Assert.Equal((420, ContentGroup.Travel), Assert.Single(_customer.Raised(SignalKind.TravelBooked)) is var signal ? (signal.Observed, signal.Group) : default);
    }

    [Theory]
    [InlineData(6513, PaymentKind.Transfer, 1)]
    [InlineData(8111, PaymentKind.Card, 1)]
    [InlineData(5411, PaymentKind.Card, 0)]
    [InlineData(6513, PaymentKind.StandingOrder, 0)]
    public void Notaries_and_estate_agents_speak_of_a_home(int category, PaymentKind kind, int expected)
    {
        var payment = Payments.Of(1, -900, kind);
        payment.MerchantCategory = (ushort)category;
        _customer.Pays(payment);
        Assert.Equal(expected, _customer.Raised(SignalKind.HomeBuying).Count);
    }

    [Fact]
    public void Rent_paid_to_an_agent_every_month_is_one_cause()
    {
        foreach (var day in (int[])[1, 31, 61, 181, 362])
        {
            var payment = Payments.Of(day, -900, PaymentKind.Transfer);
            payment.MerchantCategory = 6513;
            _customer.Pays(payment);
        }

        Assert.Equal([Payments.At(1), Payments.At(362)], _customer.Raised(SignalKind.HomeBuying).Select(signal => signal.At));
    }

    [Fact]
    public void A_deposit_is_large_against_what_usually_comes_in()
    {
        for (var week = 0; week < 13; week++)
            _customer.Pays(Payments.Of(week * 7, 250, PaymentKind.Transfer));

        _customer.Pays(Payments.Of(92, 1500, PaymentKind.Transfer), Payments.Of(93, 8000, PaymentKind.Salary));
        Assert.Empty(_customer.Raised(SignalKind.LargeDeposit));
        _customer.Pays(Payments.Of(94, 30_000, PaymentKind.Transfer));
        var large = Assert.Single(_customer.Raised(SignalKind.LargeDeposit));
        Assert.Equal(30_000, large.Observed);
        Assert.InRange(large.Reference, 1000, 15_000);
    }

    [Fact]
    public void The_first_deposits_have_nothing_to_be_large_against()
    {
        _customer.Pays(Payments.Of(1, 10, PaymentKind.Transfer), Payments.Of(2, 90_000, PaymentKind.Transfer), Payments.Of(80, 90_000, PaymentKind.Transfer));
        Assert.Empty(_customer.Raised(SignalKind.LargeDeposit));
    }

    [Fact]
    public void A_returned_debit_counts_even_when_late()
    {
        _customer.Pays(Payments.Of(200, -1));
        var returned = Payments.Of(1, -75, PaymentKind.DirectDebit).As(PaymentStatus.Returned).WithBalance(-3);
        Assert.Equal(Placement.TooLate, _customer.Pays(returned));
        Assert.Equal(new Signal(SignalKind.DirectDebitReturned, returned.Time, returned.EventDigest, 75, -3), Assert.Single(_customer.Raised(SignalKind.DirectDebitReturned)));
    }

    [Fact]
    public void A_returned_transfer_is_a_returned_debit_only_for_lack_of_money()
    {
        var transfer = Payments.Of(1, -75, PaymentKind.Transfer).As(PaymentStatus.Returned);
        _customer.Pays(transfer);
        Assert.Empty(_customer.Raised(SignalKind.DirectDebitReturned));
        transfer.Reason = 'A' | ('M' << 8) | ('0' << 16) | ((ulong)'4' << 24);
        _customer.Pays(transfer);
        Assert.Single(_customer.Raised(SignalKind.DirectDebitReturned));
    }

    [Fact]
    public void Three_declines_in_a_day_are_a_burst_until_a_day_without()
    {
        foreach (var day in (double[])[1, 1.2, 1.9, 2.1, 2.3])
            _customer.Pays(Payments.Of(day, -9).As(PaymentStatus.Declined));

        var burst = Assert.Single(_customer.Raised(SignalKind.DeclineBurst));
        Assert.Equal((Payments.At(1.9), 3.0, 0.9 * 24), (burst.At, burst.Observed, Math.Round(burst.Reference, 6)));
        foreach (var day in (double[])[9, 9.1, 9.2])
            _customer.Pays(Payments.Of(day, -9).As(PaymentStatus.Declined));

        Assert.Equal(2, _customer.Raised(SignalKind.DeclineBurst).Count);
    }

    [Fact]
    public void Declines_a_day_apart_are_no_burst()
    {
        for (var day = 1; day < 9; day++)
            _customer.Pays(Payments.Of(day * 0.6, -9).As(PaymentStatus.Declined));

        Assert.Empty(_customer.Raised(SignalKind.DeclineBurst));
    }

    [Fact]
    public void A_balance_that_halves_is_raised_once_until_it_recovers()
    {
        for (var day = 0; day < 70; day++)
            _customer.Pays(Payments.Of(day, -1).WithBalance(1000));
        Assert.Empty(_customer.Raised(SignalKind.BalanceDecline));
        for (var day = 70; day < 110; day++)
            _customer.Pays(Payments.Of(day, -1).WithBalance(100));

        var decline = Assert.Single(_customer.Raised(SignalKind.BalanceDecline));
        Assert.True(decline.Observed < 0.6 * decline.Reference);
        Assert.Equal((ulong)(decline.At / Payments.Day), decline.Cause);
        for (var day = 110; day < 200; day++)
            _customer.Pays(Payments.Of(day, -1).WithBalance(day < 150 ? 2000 : 10));

        Assert.Equal(2, _customer.Raised(SignalKind.BalanceDecline).Count);
    }

    [Fact]
    public void A_new_customers_falling_balance_means_nothing()
    {
        for (var day = 0; day < 59; day++)
            _customer.Pays(Payments.Of(day, -1).WithBalance(day < 20 ? 1000 : 0));

        Assert.Empty(_customer.Raised(SignalKind.BalanceDecline));
    }
}
