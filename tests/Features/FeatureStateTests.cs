using ServerlessCLM.Features;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Features;

public class FeatureStateTests
{
    private readonly FeatureState _state = new();

    [Fact]
    public void A_new_customer_has_counts_of_zero_and_no_days()
    {
        Assert.Equal(0f, Value("purchases_30d", 0));
        Assert.Equal(float.NaN, Value("tenure_days", 0));
        Assert.Equal(float.NaN, Value("balance", 0));
        Assert.Equal(float.NaN, Value("share_travel", 0));
    }

    [Fact]
    public void A_window_holds_the_day_of_the_question_and_those_before_it()
    {
        _state.Apply(Payments.Of(0.99, -10));
        Assert.Equal(1f, Value("purchases_7d", 6));
        Assert.Equal(0f, Value("purchases_7d", 7));
        Assert.Equal(1f, Value("purchases_90d", 89));
        Assert.Equal(0f, Value("purchases_90d", 90));
        Assert.Equal(90f, Value("tenure_days", 90));
    }

    [Fact]
    public void A_payment_ninety_days_before_the_newest_is_too_late_for_any_day()
    {
        _state.Apply(Payments.Of(100, -10));
        Assert.Equal(Placement.Counted, _state.Apply(Payments.Of(11, -20)));
        Assert.Equal(Placement.TooLate, _state.Apply(Payments.Of(10.99, -40)));
        Assert.Equal(30f, Value("outflow_90d", 100));
        Assert.Equal(90f, Value("tenure_days", 100));
    }

    [Fact]
    public void The_closing_balance_is_that_of_the_latest_payment_whatever_the_order()
    {
        _state.Apply(Payments.Of(3.5, -1).WithBalance(50));
        _state.Apply(Payments.Of(3.25, -1).WithBalance(-5));
        _state.Apply(Payments.Of(1, -1).WithBalance(80));
        Assert.Equal(50f, Value("balance", 4));
        Assert.Equal(-5f, Value("balance_min_30d", 4));
        Assert.Equal((80 + 80 + 50 + 50) / 4f, Value("balance_mean_30d", 4));
        Assert.Equal(0f, Value("below_zero_days_30d", 4));
    }

    [Fact]
    public void Pending_declined_and_returned_payments_move_no_money()
    {
        _state.Apply(Payments.Of(1, -10).As(PaymentStatus.Pending));
        _state.Apply(Payments.Of(1, -10).As(PaymentStatus.Declined).WithBalance(7));
        _state.Apply(Payments.Of(1, -10).As(PaymentStatus.Returned));
        Assert.Equal(0f, Value("outflow_90d", 1));
        Assert.Equal(0f, Value("payments_90d", 1));
        Assert.Equal(1f, Value("declines_7d", 1));
        Assert.Equal(1f, Value("returns_30d", 1));
        Assert.Equal(float.NaN, Value("balance", 1));
    }

    [Fact]
    public void A_time_outside_the_calendar_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _state.Apply(new Payment { Time = -1 }));

    private float Value(string name, double day)
    {
        var vector = new float[FeatureCatalogue.Count];
        _state.Fill(Payments.At(day), vector);
        return vector[FeatureCatalogue.IndexOf(name)];
    }
}
