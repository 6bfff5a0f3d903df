using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Simulation;

/// <summary>What befalls the customer: monthly hazards, and what each event changes.</summary>
internal sealed partial class CustomerWalk
{
    private const string AccountOpened = "account_opened", AccountClosed = "account_closed", CardDelivered = "card_delivered",
        CardActivated = "card_activated", MortgageApplied = "mortgage_application_started", Complained = "complaint";

    private const int Never = int.MinValue / 2, Forever = int.MaxValue;

    private readonly List<(int Day, LifeEventKind Kind)> _destiny = [];

    private bool _cardActive = true, _employed = true, _owner, _defaulted;
    private int _children;
    private int _lastFeeDay = Never, _jobLostDay = Never, _complaintDay = Never, _churnDay = Never;
    private int _salaryMovesDay = Forever, _closingDay = Forever;
    private double _activity = 1, _decay = 1;
    private double _distress = 1, _drain;

    private bool IsDistressed => _distress < 1;

    private bool IsLeaving => _churnDay != Never;

    /// <summary>Sets the state of the first day; for new customers it is the account's opening.</summary>
    private void Begin(Draws draws)
    {
        _children = _customer.Children;
        _owner = _customer.HomeOwner;
        _income = Cents(_customer.MonthlyIncome);
        _savings = (long)(_income * _customer.Savings);
        _balance = (long)(_income * draws.Between(0.2, 1.5));
        BeginIncome(ref draws);
        BeginObligations(ref draws);
        BeginCard(ref draws);
        BeginSpending();
        if (_firstDay < _startDay)
            return;

        _balance = 0;
        _cardActive = false;
        Plan(_firstDay, draws.Between(32_400, 57_600), new Draft(Step.Fact, Name: AccountOpened));
        if (_customer.Relationship == Relationship.CurrentAccount)
            Plan(_firstDay + 1, draws.Between(28_800, 64_800),
                new Draft(Step.Booked, PaymentKind.Transfer, (long)(_income * draws.Between(0.1, 0.7)), Name: "Own Account Elsewhere"));
        var delivered = _firstDay + draws.Between(4, 9);
        Plan(delivered, draws.Between(32_400, 61_200), new Draft(Step.Fact, Name: CardDelivered));
        if (draws.Chance(0.86))
            Plan(delivered + draws.Between(1, 14), draws.Between(28_800, 79_200), new Draft(Step.Fact, Name: CardActivated));
    }

    /// <summary>Draws the month's events. Hazards are per month, before turbulence.</summary>
    private void PlanMonth()
    {
        var draws = Drawing(DrawPurpose.Life, (_date.Year * 12) + _date.Month);
        var age = _date.Year - _customer.BirthDate.Year;
        var works = _customer.Segment is "mass" or "affluent";
        Befall(ref draws, LifeEventKind.JobLoss, works && _employed ? 0.004 : 0, true);
        Befall(ref draws, LifeEventKind.NewJob, _employed ? 0 : 0.16, false);
        Befall(ref draws, LifeEventKind.Raise, works && _employed ? (_date.Month == 4 ? 0.15 : 0.012) : 0, false);
        Befall(ref draws, LifeEventKind.Move, _owner ? 0.0005 : 0.004, true);
        Befall(ref draws, LifeEventKind.HomePurchase, CanBuyHome(age) ? 0.003 : 0, true);
        Befall(ref draws, LifeEventKind.Child, age is >= 24 and <= 42 && _children < 4 ? 0.004 : 0, false);
        Befall(ref draws, LifeEventKind.Complaint, 0.004 * (_day - _lastFeeDay < 30 ? 4 : 1), true);
        Befall(ref draws, LifeEventKind.ChurnOnset,
            IsLeaving || IsDistressed ? 0 : 0.004 * _customer.Restlessness * (_day - _complaintDay < 90 ? 5 : 1), true);
        Befall(ref draws, LifeEventKind.DistressOnset,
            IsLeaving || IsDistressed ? 0 : 0.003 * (_customer.Discipline < 0.4 ? 1.8 : 0.6) * (_day - _jobLostDay < 90 ? 12 : 1), true);
        Befall(ref draws, LifeEventKind.Recovery, IsDistressed && !_defaulted ? 0.05 : 0, false);
        Befall(ref draws, LifeEventKind.Travel, IsDistressed || _tripEnds >= _day || !_employed ? 0
            : 0.1 * _customer.Affinity[(int)ContentGroup.Travel] * (_date.Month <= 7 ? 1.3 : 0.7) * _activity, false);
        WeighSpending();
        PlanOffers();
    }

    private bool CanBuyHome(int age) =>
        !_owner && !IsLeaving && !IsDistressed && _employed && age is >= 26 and <= 55
        && _customer.Segment is "mass" or "affluent" && _customer.Relationship == Relationship.CurrentAccount;

    /// <summary>Always takes two draws, so that one event's odds do not change another's day.</summary>
    private void Befall(ref Draws draws, LifeEventKind kind, double hazard, bool turbulent)
    {
        var happens = draws.Chance(turbulent ? hazard * _options.Turbulence : hazard);
        var day = _day - _date.Day + draws.Between(1, 28);
        if (happens && day >= _day)
            _destiny.Add((day, kind));
    }

    private void LiveEvents(long midnight)
    {
        _activity *= _decay;
        if (_day >= _closingDay && _balance >= 0 && !IsDistressed)
            Close(midnight);
        for (var index = 0; index < _destiny.Count; index++)
        {
            if (_destiny[index].Day != _day)
                continue;

            var kind = _destiny[index].Kind;
            _destiny.RemoveAt(index--);
            var draws = Drawing(DrawPurpose.Life, -((_day * 16) + (int)kind));
            Live(kind, midnight, ref draws);
        }
    }

    private void Live(LifeEventKind kind, long midnight, ref Draws draws)
    {
        switch (kind)
        {
            case LifeEventKind.JobLoss:
                (_employed, _jobLostDay) = (false, _day);
                TellTruth(midnight, kind, _income / 100.0);
                break;
            case LifeEventKind.NewJob:
                _employed = true;
                _income = (long)(_income * draws.Between(0.88, 1.15));
                TellTruth(midnight, kind, _income / 100.0);
                break;
            case LifeEventKind.Raise:
                var factor = draws.Between(1.03, 1.2);
                _income = (long)(_income * factor);
                TellTruth(midnight, kind, factor);
                break;
            case LifeEventKind.Move:
                Move(midnight, ref draws);
                break;
            case LifeEventKind.HomePurchase:
                BuyHome(midnight, ref draws);
                break;
            case LifeEventKind.Child:
                _children++;
                TellTruth(midnight, kind, _children);
                TellProfile(midnight, new JsonObject { ["attributes"] = new JsonObject { ["children"] = _children } });
                WeighSpending();
                break;
            case LifeEventKind.Travel:
                BookTrip(midnight, ref draws);
                break;
            case LifeEventKind.Complaint:
                _complaintDay = _day;
                TellTruth(midnight, kind, 1);
                Plan(_day, draws.Between(28_800, 72_000), new Draft(Step.Fact, Name: Complained));
                break;
            case LifeEventKind.ChurnOnset when !IsDistressed:
                Leave(midnight, ref draws);
                break;
            case LifeEventKind.DistressOnset when !IsLeaving:
                _distress = draws.Between(0.5, 0.75);
                _drain = draws.Between(0.08, 0.22);
                _savings = (long)(_savings * draws.Between(0, 0.35));
                _wallet = Math.Min(_wallet, (long)(_income * draws.Between(0.1, 0.6)));
                TellTruth(midnight, kind, _distress);
                break;
            case LifeEventKind.Recovery when IsDistressed && !_defaulted:
                TellTruth(midnight, kind, _distress);
                (_distress, _drain) = (1, 0);
                break;
            default:
                // It contradicts what happened between the month's beginning and today.
                break;
        }
    }

    private void Leave(long midnight, ref Draws draws)
    {
        var halfLife = draws.Between(4, 45);
        (_churnDay, _decay) = (_day, Draws.Exp(-0.6931471805599453 / halfLife));
        _salaryMovesDay = _day + draws.Between(10, 70);
        foreach (var obligation in _obligations)
            obligation.Until = Math.Min(obligation.Until, _salaryMovesDay + draws.Between(-20, 30));
        if (draws.Chance(0.5))
            _closingDay = _salaryMovesDay + (int)(halfLife * 3) + draws.Between(40, 150);
        TellTruth(midnight, LifeEventKind.ChurnOnset, halfLife);
    }

    private void Close(long midnight)
    {
        if (_balance > 0)
            Book(new Draft(Step.Booked, PaymentKind.Transfer, -_balance, Name: "Own Account Elsewhere"), midnight + 36_000);
        TellLifecycle(midnight + 36_060, AccountClosed);
        TellTruth(midnight + 36_120, LifeEventKind.AccountClosed, 0);
        _closed = true;
    }

    private void TellAddress(long midnight, ref Draws draws)
    {
        var street = string.Create(CultureInfo.InvariantCulture, $"Linden Street {draws.Between(1, 180)}");
        TellProfile(midnight, new JsonObject
        {
            ["address"] = new JsonObject { ["street"] = street, ["country"] = _customer.Country },
            ["attributes"] = new JsonObject { ["homeOwner"] = _owner },
        });
    }
}
