using ServerlessCLM.Transactions;

namespace ServerlessCLM.Simulation;

/// <summary>What is owed month by month: rent or mortgage, bills, loans; returned debits, arrears, default; homes.</summary>
internal sealed partial class CustomerWalk
{
    private const string InsufficientFunds = "AM04";

    private const int DefaultAfterDays = 90;

    private static readonly (string Name, ushort Category)[] soldByTheMonth =
        [("Film Club", 5815), ("Music Stream", 5815), ("Game Pass", 5816), ("Gym", 7997), ("Cloud Storage", 5818)];

    private readonly List<Obligation> _obligations = [];

    private Obligation? _rent;

    /// <summary>A monthly debt.</summary>
    private sealed record Obligation(string Name, PaymentKind Kind, ushort Category, int DayOfMonth, double Wobble = 0)
    {
        public long Cents { get; set; }

        /// <summary>First and last-but-one day on which it falls due.</summary>
        public int From { get; init; } = Never;

        public int Until { get; set; } = Forever;

        /// <summary>What is in arrears, and since when.</summary>
        public long Owed { get; set; }

        public DateOnly? UnpaidSince { get; set; }
    }

    private void BeginObligations(ref Draws draws)
    {
        var rent = Cents(_customer.Rent);
        if (_customer.Relationship == Relationship.CurrentAccount)
        {
            _rent = _owner
                ? new Obligation("Home Loans", PaymentKind.LoanPayment, 0, draws.Between(1, 15))
                : new Obligation("Landlord", draws.Chance(0.6) ? PaymentKind.StandingOrder : PaymentKind.DirectDebit, 0, draws.Between(1, 5));
            _rent.Cents = rent;
            _obligations.Add(_rent);
            AddBill(ref draws, "Energy Works", 4900, 45 + (22 * _customer.Household), 0.12);
            AddBill(ref draws, "Telecom", 4814, 35, 0.08);
            AddBill(ref draws, "Insurance", 6300, 48, 0);
            if (draws.Chance(0.25))
            {
                _obligations.Add(new Obligation("Consumer Loan", PaymentKind.LoanPayment, 0, draws.Between(1, 28))
                {
                    Cents = (long)(_income * draws.Between(0.05, 0.12)),
                });
            }
        }

        var subscriptions = draws.Between(0, 4);
        for (var index = 0; index < subscriptions; index++)
        {
            var (name, category) = draws.Pick<(string, ushort)>(soldByTheMonth);
            _obligations.Add(new Obligation(name, PaymentKind.Card, category, draws.Between(1, 28)) { Cents = Local(draws.Between(6.0, 35.0)) });
        }
    }

    private void AddBill(ref Draws draws, string name, ushort category, double euros, double wobble) =>
        _obligations.Add(new Obligation($"{name} {draws.Between(1, 12)}", PaymentKind.DirectDebit, category, draws.Between(1, 20), wobble)
        {
            Cents = Local(draws.LogNormal(euros, 0.35)),
        });

    private void MeetObligations(long midnight)
    {
        foreach (var obligation in _obligations)
        {
            if (FallsDue(obligation.DayOfMonth) && _day >= obligation.From && _day < obligation.Until)
                PlanDebit(obligation);
            if (obligation.UnpaidSince is { } since && !_defaulted && _date.DayNumber - since.DayNumber >= DefaultAfterDays)
                Default(midnight, obligation.Owed);
        }
    }

    /// <summary>Whether a day of the month falls on today, or fell on the weekend just over.</summary>
    private bool FallsDue(int dayOfMonth) =>
        !IsWeekend(_date) && (dayOfMonth == _date.Day || (_date.DayOfWeek == DayOfWeek.Monday
            && (dayOfMonth == _date.AddDays(-1).Day || dayOfMonth == _date.AddDays(-2).Day)));

    private void PlanDebit(Obligation obligation)
    {
        var draws = Drawing(DrawPurpose.Obligations, (_day * 64) + obligation.DayOfMonth);
        var cents = (long)Math.Round(obligation.Cents * (1 + (obligation.Wobble * draws.Normal())));
        if (obligation.Kind == PaymentKind.Card)
        {
            if (_cardActive)
            {
                Plan(_day, draws.Between(3_600, 36_000),
                    new Draft(Step.Purchase, PaymentKind.Card, -cents, obligation.Category, obligation.Name, Tries: 3));
            }

            return;
        }

        Plan(_day, draws.Between(10_800, 39_600), new Draft(Step.Debit, obligation.Kind, -cents, obligation.Category, obligation.Name,
            Obligation: obligation, Due: obligation.Kind == PaymentKind.StandingOrder ? null : _date));
    }

    /// <summary>Books or returns; a returned debit is presented once more after four days, then it is in arrears.</summary>
    private void CollectDebit(in Draft draft, long time)
    {
        if (CanPay(-draft.Cents))
        {
            Book(draft, time);
            return;
        }

        Tell(draft, time, PaymentStatus.Returned, InsufficientFunds);
        if (draft.Kind != PaymentKind.StandingOrder)
            Charge(time, PaymentKind.Fee, Local(3.5), "Returned Debit Fee");
        if (draft.Tries == 0)
        {
            Plan(_day + 4, 28_800, draft with { Tries = 1, Due = draft.Due ?? _date });
            return;
        }

        var obligation = draft.Obligation!;
        obligation.Owed -= draft.Cents;
        obligation.UnpaidSince ??= draft.Due;
        Miss(time, obligation.Name, -draft.Cents);
    }

    /// <summary>After pay day, arrears are paid, oldest first: in distress only from money of one's own.</summary>
    private void CatchUp()
    {
        var free = IsDistressed ? _balance : _balance + _limit;
        foreach (var obligation in _obligations.Where(obligation => obligation.Owed > 0).OrderBy(obligation => obligation.UnpaidSince))
        {
            if (obligation.Owed > free)
                return;

            free -= obligation.Owed;
            Plan(_day, 64_800, new Draft(Step.Transfer, obligation.Kind == PaymentKind.LoanPayment ? obligation.Kind : PaymentKind.Transfer,
                -obligation.Owed, obligation.Category, obligation.Name, Due: obligation.UnpaidSince));
            (obligation.Owed, obligation.UnpaidSince) = (0, null);
            if (!InArrears)
                Plan(_day, 64_860, new Draft(Step.Fact, Name: ArrearsCured));
        }
    }

    private void Move(long midnight, ref Draws draws)
    {
        if (_rent is not null && !_owner)
            _rent.Cents = (long)(_rent.Cents * draws.Between(0.85, 1.35));
        TellTruth(midnight, LifeEventKind.Move, (_rent?.Cents ?? 0) / 100.0);
        TellAddress(midnight, ref draws);
        PlanPurchase(_day + draws.Between(1, 5), 4214, "Removals", draws.LogNormal(480, 0.4));
        Furnish(ref draws, 3);
    }

    private void BuyHome(long midnight, ref Draws draws)
    {
        if (!CanBuyHome(30))
            return;

        var price = _income * draws.Between(48.0, 70.0);
        TellTruth(midnight, LifeEventKind.HomePurchase, Math.Round(price) / 100);
        _owner = true;
        Plan(_day, 32_400, new Draft(Step.Fact, Name: MortgageApplied));
        Plan(_day + 1, 36_000, new Draft(Step.Booked, PaymentKind.Transfer, (long)(price * 0.22), Name: "Building Society"));
        Plan(_day + 2, 39_600, new Draft(Step.Transfer, PaymentKind.Transfer, -(long)(price * 0.03), 6513, "Estate Agent"));
        Plan(_day + 14, 41_400, new Draft(Step.Transfer, PaymentKind.Transfer, -(long)(price * 0.015), 8111, "Notary"));
        Plan(_day + 16, 43_200, new Draft(Step.Transfer, PaymentKind.Transfer, -(long)(price * 0.16), 0, "Escrow Account"));
        if (_rent is { } rent)
            rent.Until = _day + 62;
        _rent = new Obligation("Home Loans", PaymentKind.LoanPayment, 0, draws.Between(1, 15))
        {
            Cents = (long)(_income * draws.Between(0.24, 0.33)),
            From = _day + 45,
        };
        _obligations.Add(_rent);
        Furnish(ref draws, 6);
        TellAddress(midnight, ref draws);
    }

    private void Furnish(ref Draws draws, int pieces)
    {
        for (var piece = 0; piece < pieces; piece++)
            PlanPurchase(_day + draws.Between(20, 80), draws.Pick<ushort>([5712, 5200, 5722, 5714]), "Furnishings", draws.LogNormal(160, 0.7));
    }

    private void PlanPurchase(int day, ushort category, string merchant, double euros, Destination? at = null, int second = 57_600) =>
        Plan(day, second, new Draft(Step.Purchase, PaymentKind.Card, -Local(euros), category, merchant, at?.Country,
            at is null ? null : _abroad[Array.IndexOf(Destination.All, at)]));
}
