using ServerlessCLM.Transactions;

namespace ServerlessCLM.Simulation;

/// <summary>Everyday spending: how much, on what, when; declines and refunds.</summary>
internal sealed partial class CustomerWalk
{
    /// <summary>Purchases are drawn at this multiple of the usual rate and thinned to the day's.</summary>
    private const double Headroom = 1.6;

    private const string NoFunds = "51", CardRestricted = "62";

    private readonly double[] _workdayWeights = new double[SpendingCategory.All.Length];
    private readonly double[] _weekendWeights = new double[SpendingCategory.All.Length];

    private double _rate, _amounts;
    private int _lastDeclineDay = Never;
    private double _workdayEmpty = 1, _weekendEmpty = 1;

    /// <summary>Scales the average basket to the customer's means: half by rate and half by amount, as far as the rate goes.</summary>
    private void BeginSpending()
    {
        double basket = 0;
        foreach (var category in SpendingCategory.All)
            basket += WeightOf(category) * category.Mean;

        double committed = 0;
        foreach (var obligation in _obligations)
            committed += obligation.Cents;

        var income = (double)_income;
        var budget = _customer.Relationship == Relationship.CurrentAccount
            ? Math.Max(income - committed, income * 0.15) * _customer.SpendingShare
            : income * CardShare * _customer.SpendingShare;
        var scale = budget / (basket * _market.PriceLevel * 100);
        _rate = Math.Clamp(Math.Sqrt(scale), 0.35, 1.5);
        _amounts = scale / _rate;
    }

    private double WeightOf(SpendingCategory category)
    {
        var concerned = category.Needs switch
        {
            SpendingNeed.Car => _customer.HasCar ? 1 : 0,
            SpendingNeed.Children => _children,
            SpendingNeed.Gambling => _customer.Gambler ? 1 : 0,
            _ => 1.0,
        };
        var affinity = category.IsCash
            ? _customer.Relationship == Relationship.CurrentAccount ? 1 : 0.06
            : _customer.Affinity[(int)category.Group];
        return category.PerMonth * concerned * affinity;
    }

    /// <summary>The month's weights of the categories, cumulated, and the odds of a day without purchases.</summary>
    private void WeighSpending()
    {
        double workday = 0, weekend = 0;
        for (var index = 0; index < SpendingCategory.All.Length; index++)
        {
            var category = SpendingCategory.All[index];
            var weight = WeightOf(category) * (category.Peak == _date.Month ? 1.5 : 1);
            if (IsDistressed && (category.IsCash || category.Group == ContentGroup.Gambling))
                weight *= 2;
            _workdayWeights[index] = workday += weight;
            _weekendWeights[index] = weekend += weight * category.Weekend;
        }

        _workdayEmpty = Draws.Exp(-workday * _rate * Headroom / 30.4);
        _weekendEmpty = Draws.Exp(-weekend * _rate * Headroom / 30.4);
    }

    private void Spend()
    {
        if (!_cardActive)
            return;

        var weekend = IsWeekend(_date);
        var draws = Drawing(DrawPurpose.Spending, _day);
        var weights = weekend ? _weekendWeights : _workdayWeights;
        var keep = Appetite() / Headroom;
        for (var left = draws.Poisson(weekend ? _weekendEmpty : _workdayEmpty); left > 0; left--)
        {
            if (draws.Chance(keep))
                PlanPurchase(SpendingCategory.All[draws.Pick((ReadOnlySpan<double>)weights)], ref draws);
        }
    }

    /// <summary>Today's rate against the usual: pay day, means and discipline, distress, leaving, being away.</summary>
    private double Appetite()
    {
        if (_day >= _tripStarts && _day < _tripEnds)
            return 0.04;

        var appetite = _activity;
        var sincePay = _day - _paidDay;
        if (_customer.Relationship == Relationship.CurrentAccount)
            appetite *= sincePay < 6 ? 1.25 : sincePay > 24 ? 0.88 : 1;
        var isShort = _customer.Relationship == Relationship.CurrentAccount ? _balance < _income * 3 / 20 : _balance < -_limit * 3 / 4;
        if (_defaulted)
            appetite *= 0.3;
        else if (IsDistressed)
            appetite *= _customer.Relationship == Relationship.CreditCard ? 1.5 : isShort ? 0.85 : 1.1;
        else if (isShort)
            appetite *= (_customer.Relationship == Relationship.CurrentAccount ? 0.9 : 0.6) - (0.5 * _customer.Discipline);
        // Who was declined is more careful until money has come in, for a few days.
        if (_day - _lastDeclineDay < 5 && _paidDay <= _lastDeclineDay)
            appetite *= 0.3;
        if (!_employed)
            appetite *= 0.7;
        return Math.Min(appetite, Headroom);
    }

    private void PlanPurchase(SpendingCategory category, ref Draws draws)
    {
        var second = category.Hours.Second(ref draws);
        var euros = draws.LogNormal(category.Median, category.Sigma) * _amounts;
        var merchant = category.Merchant(ref draws, _customer.Index);
        var abroad = category.IsOnline && draws.Chance(0.3) ? draws.Pick<string>(["IE", "LU", "NL", "US"]) : null;
        if (category.IsCash)
        {
            var note = _customer.Currency == "CZK" ? 200_00 : 10_00;
            var notes = Math.Max(1, Local(euros) / note);
            Plan(_day, second, new Draft(Step.Purchase, PaymentKind.Cash, -notes * note, category.Category, merchant));
            return;
        }

        var cents = Math.Max(50, Local(euros));
        Plan(_day, second, new Draft(Step.Purchase, PaymentKind.Card, -cents, category.Category, merchant, abroad));
        if (category.Group is ContentGroup.Fashion or ContentGroup.Electronics && draws.Chance(0.04))
            Plan(_day + draws.Between(3, 14), draws.Between(32_400, 61_200),
                new Draft(Step.Booked, PaymentKind.Refund, cents, category.Category, merchant, abroad));
    }

    /// <summary>Books or declines; about half of the declined try again within minutes, up to three times.</summary>
    private void Purchase(in Draft draft, long time)
    {
        if (_defaulted && _customer.Relationship == Relationship.CreditCard)
        {
            Tell(draft, time, PaymentStatus.Declined, CardRestricted);
            return;
        }

        if (CanPay(-draft.Cents))
        {
            Book(draft, time);
            if (draft.Kind == PaymentKind.Cash && draft.Country is not null)
                Charge(time + 1, PaymentKind.Fee, Local(5), "Foreign Cash Fee");
            return;
        }

        _lastDeclineDay = _day;
        Tell(draft, time, PaymentStatus.Declined, NoFunds);
        var draws = new Draws(_options.Seed, _customer.Index, DrawPurpose.Spending, -(int)(time & int.MaxValue));
        if (draft.Tries < 3 && draws.Chance(0.55))
        {
            var again = draft with { Tries = (byte)(draft.Tries + 1) };
            _queue.Enqueue(again, ((time + draws.Between(40, 540)) << SequenceBits) | (_planned++ & ((1 << SequenceBits) - 1)));
        }
    }
}
