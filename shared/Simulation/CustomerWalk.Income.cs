using System.Globalization;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Simulation;

/// <summary>Money coming in and put aside: salary, benefits, savings; what the bank charges for the account.</summary>
internal sealed partial class CustomerWalk
{
    private const string Elsewhere = "Own Account Elsewhere";

    private long _income, _savings, _overdraftCentDays;
    private bool _byTransfer, _hourly, _saves;
    private string _payer = "";
    private int _lastHelpDay = Never, _paidDay = Never;

    private void BeginIncome(ref Draws draws)
    {
        _byTransfer = _customer.Segment == "student" && draws.Chance(0.5);
        _hourly = _customer.Segment == "mass" && draws.Chance(0.4);
        _saves = draws.Chance(0.75);
        _payer = _byTransfer ? "Family"
            : _customer.Segment == "retired" ? "Pension Fund"
            : string.Create(CultureInfo.InvariantCulture, $"Employer {draws.Between(1, 400)}");
    }

    private void ReceiveIncome()
    {
        if (IsPayDay() && _day < _salaryMovesDay)
            PayIncome();
        if (_day == _paidDay + 1 && IsDistressed && _drain > 0)
            Plan(_day, 39_600, new Draft(Step.Transfer, PaymentKind.Transfer, (long)(-_income * _drain), Name: "Instalment Lender"));
        if (_day == _paidDay + 2)
            CatchUp();
        if (_day == _paidDay + 3 && _saves && !IsDistressed && !IsLeaving && _balance > _income * 9 / 5)
            Save((_balance - (_income * 6 / 5)) * 7 / 10);
        if (IsLeaving && _day > _salaryMovesDay && (_day - _churnDay) % 7 == 0)
            TakeAway();
        if (_balance < _income / 20 && _day - _lastHelpDay >= 5)
            HelpOut();
    }

    private void PayIncome()
    {
        var draws = Drawing(DrawPurpose.Obligations, _day);
        _paidDay = _day;
        if (!_employed)
        {
            if (_day - _jobLostDay > 30)
            {
                var benefit = (long)(_income * 0.55 * _distress);
                Plan(_day, 25_200, new Draft(Step.Booked, PaymentKind.Transfer, benefit, Name: "Employment Agency"));
            }

            return;
        }

        var amount = (long)Math.Round(_income * _distress * (_hourly ? draws.Between(0.94, 1.06) : 1));
        Plan(_day, draws.Between(3_600, 32_400),
            new Draft(Step.Booked, _byTransfer ? PaymentKind.Transfer : PaymentKind.Salary, amount, Name: _payer));
    }

    /// <summary>The pay day, or the working day before it.</summary>
    private bool IsPayDay()
    {
        if (IsWeekend(_date))
            return false;

        var early = _customer.PayDay - _date.Day;
        if (early > 5 || (early < 0 && _customer.PayDay > 2))
            return false;

        var last = DateTime.DaysInMonth(_date.Year, _date.Month);
        var due = new DateOnly(_date.Year, _date.Month, Math.Min(_customer.PayDay, last));
        // A first of the month on a weekend is paid in the month before.
        if (_date.Day > 25 && _customer.PayDay <= 2)
            due = due.AddMonths(1);
        while (IsWeekend(due))
            due = due.AddDays(-1);
        return due == _date;
    }

    private void Save(long cents)
    {
        _savings += cents;
        Plan(_day, 43_200, new Draft(Step.Transfer, PaymentKind.Transfer, -cents, Name: "Savings Elsewhere"));
    }

    /// <summary>Who leaves takes the balance along, save what bills still need.</summary>
    private void TakeAway()
    {
        var kept = _obligations.Exists(obligation => obligation.Until > _day) ? _income / 3 : Local(40);
        if (_balance > kept + Local(100))
            Plan(_day, 54_000, new Draft(Step.Transfer, PaymentKind.Transfer, kept - _balance, Name: Elsewhere));
    }

    /// <summary>Savings come back when the account runs dry; who leaves has a salary elsewhere.</summary>
    private void HelpOut()
    {
        var cents = IsLeaving && !_defaulted ? _income / 4 : Math.Min(_savings, _income * 2 / 5);
        if (cents < _income / 20 || (IsLeaving && _obligations.TrueForAll(obligation => obligation.Until <= _day) && _balance >= 0))
            return;

        _lastHelpDay = _day;
        _savings -= IsLeaving ? 0 : cents;
        Plan(_day, 68_400, new Draft(Step.Booked, PaymentKind.Transfer, cents, Name: IsLeaving ? Elsewhere : "Savings Elsewhere"));
    }

    /// <summary>On the first of the month: the account's fee, and 11% a year on what was overdrawn, by day.</summary>
    private void ChargeAccount()
    {
        _overdraftCentDays += Math.Max(0, -_balance);
        if (_date.Day != 1)
            return;

        var interest = _overdraftCentDays * 11 / 36_500;
        _overdraftCentDays = 0;
        if (interest > 0)
            Plan(_day, 18_000, new Draft(Step.Booked, PaymentKind.Interest, -interest, Name: "Overdraft Interest"));
        if (_customer.MonthlyFee > 0)
            Plan(_day, 18_060, new Draft(Step.Booked, PaymentKind.Fee, -Cents(_customer.MonthlyFee), Name: "Account Fee"));
    }

    private static bool IsWeekend(DateOnly date) => date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
}
