using ServerlessCLM.Transactions;

namespace ServerlessCLM.Simulation;

/// <summary>
/// The credit card's month: subscriptions, statement with interest, payment 20 days later out of money that the bank does not
/// see, late fees, arrears and default.
/// </summary>
internal sealed partial class CustomerWalk
{
    /// <summary>Share of the income that is spent by card; the rest of it lives at another bank.</summary>
    private const double CardShare = 0.3;

    private const double CostOfLiving = 0.62, MonthlyInterest = 0.015;

    private const int DaysToPay = 20;

    private int _statementDay;
    private bool _byDirectDebit;
    private double _paidShare;
    private long _wallet, _statement, _carried, _arrears;
    private DateOnly? _cardUnpaidSince;

    private void BeginCard(ref Draws draws)
    {
        _statementDay = draws.Between(1, 28);
        _byDirectDebit = draws.Chance(0.7);
        _paidShare = _customer.Discipline > 0.4 ? 1 : draws.Between(0.22, 0.6);
        if (_customer.Relationship != Relationship.CreditCard)
            return;

        _wallet = (_savings / 2) + (_income / 3);
        _balance = -(long)(_limit * draws.Between(0.02, _paidShare < 1 ? 0.45 : 0.2));
    }

    private void RunCard(long midnight)
    {
        if (IsPayDay())
        {
            var income = _employed ? _income * _distress : _income * 0.55 * _distress;
            _wallet = Math.Min(_income * 3, _wallet + (long)(income - (_income * (CostOfLiving + _drain))));
            _paidDay = _day;
        }

        foreach (var subscription in _obligations)
        {
            if (FallsDue(subscription.DayOfMonth) && _day < subscription.Until)
                PlanDebit(subscription);
        }

        if (_date.Day == _statementDay)
            CloseStatement();
        if (_cardUnpaidSince is { } since && !_defaulted && _date.DayNumber - since.DayNumber >= DefaultAfterDays)
            Default(midnight, _arrears);
    }

    /// <summary>The least to be paid: 5% of what is owed, at least 25 euros, and the arrears.</summary>
    private long Minimum => Math.Min(_statement, Math.Max(Local(25), _statement / 20) + _arrears);

    private void CloseStatement()
    {
        if (_carried > 0)
            Plan(_day, 7_200, new Draft(Step.Booked, PaymentKind.Interest, -(long)(_carried * MonthlyInterest), Name: "Card Interest"));
        _statement = Math.Max(0, -_balance);
        if (_statement == 0)
            return;

        var draws = Drawing(DrawPurpose.Card, _day);
        var careless = !_byDirectDebit && draws.Chance(0.25 - (0.22 * _customer.Discipline));
        var shift = _byDirectDebit ? 0 : careless ? draws.Between(1, 9) : -draws.Between(0, 6);
        Plan(_day + DaysToPay + shift, draws.Between(28_800, 68_400),
            new Draft(Step.Statement, _byDirectDebit ? PaymentKind.DirectDebit : PaymentKind.Transfer, Due: _date.AddDays(DaysToPay)));
    }

    private void PayStatement(in Draft draft, long time)
    {
        var due = draft.Due!.Value;
        var wanted = IsDistressed ? Minimum : Math.Max(Minimum, (long)(_statement * _paidShare));
        var paid = _wallet >= wanted ? wanted : _wallet >= Minimum ? Minimum : 0;
        if (_date > due.AddDays(2))
            Charge(time, PaymentKind.Fee, Local(12), "Late Payment Fee");
        if (paid == 0)
        {
            if (_byDirectDebit)
                Tell(draft with { Cents = Minimum, Name = Elsewhere }, time, PaymentStatus.Returned, InsufficientFunds);
            Charge(time, PaymentKind.Fee, Local(12), _byDirectDebit ? "Returned Debit Fee" : "Missed Payment Fee");
            Miss(time, "Card Statement", Minimum);
            _arrears = Minimum;
            _cardUnpaidSince ??= due;
            _carried = _statement;
            return;
        }

        _wallet -= paid;
        _carried = Math.Max(0, _statement - paid);
        var cured = _cardUnpaidSince is not null;
        (_arrears, _cardUnpaidSince) = (0, null);
        Book(draft with { Cents = paid, Name = Elsewhere }, time);
        if (cured)
            TellLifecycle(time, ArrearsCured);
    }
}
