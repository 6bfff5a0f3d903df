using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Simulation;

/// <summary>
/// One simulated life, day by day: the state, the queue of what is going to happen, and how payments settle. Life.cs has what
/// befalls the customer, Income.cs and Obligations.cs the money that comes and is owed, Spending.cs and Travel.cs what it goes on,
/// CardStatement.cs the credit card's cycle.
/// </summary>
/// <remarks>Nothing looks at the end except to stop, and every draw is addressed by customer, purpose and day or month: hence a later
/// end only appends. Money is in hundredths of the currency's unit.</remarks>
internal sealed partial class CustomerWalk
{
    private const int SecondsPerDay = 86_400;

    /// <summary>Sequence numbers below the queue's times, in bits: they keep what falls on one second in the order of planning.</summary>
    private const int SequenceBits = 20;

    private readonly PortfolioOptions _options;
    private readonly SimulatedCustomer _customer;
    private readonly Market _market;
    private readonly string _source;
    private readonly ZoneClock _home;
    private readonly ZoneClock[] _abroad;
    private readonly int _firstDay, _startDay;
    private readonly long _startsAt, _endsAt;
    private readonly PriorityQueue<Draft, long> _queue = new();
    private readonly List<SimulatedEvent> _told = [];

    private DateOnly _date;
    private int _day;
    private long _lastTime, _planned, _events;
    private long _balance, _limit;
    private bool _closed;

    public CustomerWalk(PortfolioOptions options, SimulatedCustomer customer, DateTimeZone[] destinationZones)
    {
        _options = options;
        _customer = customer;
        _market = customer.Market;
        _source = string.Create(CultureInfo.InvariantCulture, $"/simulation/{options.Seed}/{options.Start:yyyy-MM-dd}");
        _home = new ZoneClock(DateTimeZoneProviders.Tzdb[customer.TimeZone]);
        _abroad = Array.ConvertAll(destinationZones, zone => new ZoneClock(zone));
        _startDay = EpochDay(options.Start);
        _startsAt = _home.ToUtc((long)_startDay * SecondsPerDay);
        _endsAt = (long)EpochDay(options.End) * SecondsPerDay;
        _firstDay = Math.Max(_startDay - PortfolioOptions.WarmUpDays, EpochDay(customer.CustomerSince));
        _limit = Cents(customer.Limit);
        Begin(new Draws(options.Seed, customer.Index, DrawPurpose.Start));
    }

    /// <summary>How a draft settles.</summary>
    private enum Step : byte
    {
        /// <summary>Always booked: what comes in, and what the bank itself charges.</summary>
        Booked,

        /// <summary>At a terminal or machine: declined where the money is not there, and perhaps tried again.</summary>
        Purchase,

        /// <summary>Made by the customer, who leaves it where the money is not there.</summary>
        Transfer,

        /// <summary>An obligation falls due: returned where the money is not there.</summary>
        Debit,

        /// <summary>The card's statement is paid.</summary>
        Statement,

        /// <summary>No payment: a lifecycle event, or another fact.</summary>
        Fact,
    }

    /// <summary>Something that is going to happen at a time that the queue knows.</summary>
    private readonly record struct Draft(
        Step Step, PaymentKind Kind = PaymentKind.Other, long Cents = 0, ushort Category = 0, string? Name = null, string? Country = null,
        ZoneClock? Clock = null, Obligation? Obligation = null, DateOnly? Due = null, byte Tries = 0, Func<(string Type, JsonObject Data)>? Fact = null);

    /// <summary>Runs the life until the end of the portfolio or of the relationship.</summary>
    public IEnumerable<SimulatedEvent> Run()
    {
        for (_day = _firstDay; !_closed; _day++)
        {
            _date = DateOfDay(_day);
            var midnight = _home.ToUtc((long)_day * SecondsPerDay);
            if (midnight >= _endsAt)
                yield break;

            var next = _home.ToUtc((long)(_day + 1) * SecondsPerDay);
            LiveDay(midnight);
            while (true)
            {
                foreach (var told in _told)
                {
                    if (told.Time.ToUnixTimeSeconds() >= _endsAt)
                        yield break;
                    yield return told;
                }

                _told.Clear();
                if (_closed || !_queue.TryPeek(out var draft, out var place) || place >> SequenceBits >= next)
                    break;

                _queue.Dequeue();
                Settle(draft, place >> SequenceBits);
            }
        }
    }

    private void LiveDay(long midnight)
    {
        if (_day == Math.Max(_firstDay, _startDay))
            TellProfile(midnight, _customer.ToProfile());
        if (_date.Day == 1 || _day == _firstDay)
            PlanMonth();
        LiveEvents(midnight);
        if (_customer.Relationship == Relationship.CurrentAccount)
        {
            ReceiveIncome();
            MeetObligations(midnight);
            ChargeAccount();
        }
        else
            RunCard(midnight);

        WriteOff(midnight);
        Spend();
        Travel();
    }

    /// <summary>Plans something for a local second of a day from today on.</summary>
    private void Plan(int day, int second, in Draft draft)
    {
        var time = (draft.Clock ?? _home).ToUtc(((long)day * SecondsPerDay) + second);
        _queue.Enqueue(draft, (time << SequenceBits) | (_planned++ & ((1 << SequenceBits) - 1)));
    }

    private void Settle(in Draft draft, long time)
    {
        switch (draft.Step)
        {
            case Step.Booked:
                Book(draft, time);
                break;
            case Step.Transfer when CanPay(-draft.Cents):
                Book(draft, time);
                break;
            case Step.Transfer:
                break;
            case Step.Purchase:
                Purchase(draft, time);
                break;
            case Step.Debit:
                CollectDebit(draft, time);
                break;
            case Step.Statement:
                PayStatement(draft, time);
                break;
            case Step.Fact when draft.Fact is { } fact:
                var (type, data) = fact();
                TellFact(time, type, data);
                break;
            default:
                _cardActive |= draft.Name == CardActivated;
                TellLifecycle(time, draft.Name!);
                break;
        }
    }

    private bool CanPay(long cents) => _balance - cents >= -_limit;

    private void Book(in Draft draft, long time)
    {
        _balance += draft.Cents;
        Tell(draft, time, PaymentStatus.Booked, null);
    }

    private void Charge(long time, PaymentKind kind, long cents, string name)
    {
        if (kind == PaymentKind.Fee)
            _lastFeeDay = _day;
        Book(new Draft(Step.Booked, kind, -cents, Name: name), time);
    }

    private void Tell(in Draft draft, long time, PaymentStatus status, string? reason)
    {
        time = Stamp(time);
        if (time < _startsAt)
            return;

        _told.Add(new SimulatedPayment(new PaymentRecord
        {
            Source = _source,
            Id = NextId(),
            Customer = _customer.Id,
            Time = At(time, draft.Clock ?? _home),
            AccountId = _customer.AccountId,
            Amount = Money(draft.Cents),
            Currency = _customer.Currency,
            Kind = draft.Kind,
            Status = status,
            Reason = reason,
            Mcc = draft.Category == 0 ? null : CategoryTexts.Of(draft.Category),
            Merchant = draft.Name,
            Country = draft.Country ?? _customer.Country,
            BalanceAfter = Money(_balance),
            CreditLimit = Money(_limit),
            DueDate = draft.Due,
        }));
    }

    private void TellProfile(long time, JsonObject patch) => TellFact(time, SimulatedFact.Profile, patch);

    private void TellLifecycle(long time, string name, JsonObject? details = null)
    {
        var data = new JsonObject { ["event"] = name };
        if (details is not null)
            data["details"] = details;
        TellFact(time, SimulatedFact.Lifecycle, data);
    }

    private void TellFact(long time, string type, JsonObject data)
    {
        time = Stamp(time);
        if (time >= _startsAt)
            _told.Add(new SimulatedFact(At(time, _home), _customer.Id, _source, NextId(), type, data));
    }

    private void TellTruth(long time, LifeEventKind kind, double size, DateOnly? until = null) =>
        _told.Add(new LifeEvent(At(Stamp(time), _home), _customer.Id, kind, size, until));

    /// <summary>The time, or the second after the last one told.</summary>
    private long Stamp(long time) => _lastTime = Math.Max(time, _lastTime + 1);

    private string NextId() => string.Create(CultureInfo.InvariantCulture, $"{_customer.Id}-{++_events}");

    private Draws Drawing(DrawPurpose purpose, int period) => new(_options.Seed, _customer.Index, purpose, period);

    /// <summary>An amount in German euros, in hundredths of the local currency.</summary>
    private long Local(double euros) => (long)Math.Round(euros * _market.PriceLevel * 100);

    private static DateTimeOffset At(long time, ZoneClock clock) =>
        DateTimeOffset.FromUnixTimeSeconds(time).ToOffset(TimeSpan.FromSeconds(clock.OffsetAt(time)));

    private static decimal Money(long cents)
    {
        var size = Math.Abs(cents);
        return new decimal((int)size, (int)(size >> 32), 0, cents < 0, 2);
    }

    private static long Cents(decimal money) => (long)(money * 100);

    private static int EpochDay(DateOnly date) => date.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    private static DateOnly DateOfDay(int day) => DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays(day);
}

/// <summary>Merchant category codes as texts, made once.</summary>
internal static class CategoryTexts
{
    private static readonly string[] texts = [.. Enumerable.Range(0, 10_000).Select(code => code.ToString("D4", CultureInfo.InvariantCulture))];

    public static string Of(ushort category) => texts[category];
}
