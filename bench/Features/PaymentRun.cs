using ServerlessCLM.Features;
using ServerlessCLM.Models;
using ServerlessCLM.Scoring;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Bench.Features;

/// <summary>Payments of many customers in random turn, each customer with one every three days.</summary>
internal sealed class Traffic(int customers, ulong seed = 0)
{
    private readonly long _step = Math.Max(1, 3 * 86_400_000L * 1000 / customers);
    private long _microseconds = (customers == 1 ? 1_767_225_600_000 : 1_777_593_600_000) * 1000;
    private ulong _random = 0x9E3779B97F4A7C15 ^ seed << 1;

    public long Time => _microseconds / 1000;

    /// <summary>The next payment, and whose it is.</summary>
    public int Next(out Payment payment)
    {
        _random ^= _random << 13;
        _random ^= _random >> 7;
        _random ^= _random << 17;
        _microseconds += _step;
        var draw = (uint)(_random >> 40);
        var cents = 100 + draw % 9000;
        var income = draw % 64 == 0;
        payment = new Payment
        {
            EventDigest = _random,
            Time = Time,
            Amount = income ? 3_000_000L * 10 : -cents * 100L,
            BalanceAfter = (100_000 + draw % 300_000) * 100L,
            CreditLimit = Payment.NoMoney,
            Kind = income ? PaymentKind.Transfer : (draw & 7) == 1 ? PaymentKind.Cash : PaymentKind.Card,
            Merchant = draw % 40 + 1,
            Country = 'D' | ('E' << 8),
            Currency = 'E' | ('U' << 8) | ('R' << 16),
            Group = (ContentGroup)(draw % 7),
        };
        return (int)((_random & 0xFFFF_FFFF) * (ulong)customers >> 32);
    }
}

/// <summary>Applies traffic to customers that are kept in one way or another.</summary>
internal abstract class PaymentRun(int customers)
{
    public int Customers => customers;

    public Traffic Traffic { get; } = new(customers);

    public SignalBuffer Signals { get; } = new();

    public void Apply(int events)
    {
        for (var i = 0; i < events; i++)
        {
            var customer = Traffic.Next(out var payment);
            Signals.Clear();
            ApplyTo(customer, payment);
        }
    }

    /// <summary>Bytes of a stored customer, in the mean and at most.</summary>
    public abstract (double Mean, int Largest) StoredSizes();

    public abstract void ApplyTo(int customer, in Payment payment);

    /// <summary>Gives a customer four months of history, so that the days kept no longer grow in number.</summary>
    protected void Begin(FeatureState state, int customer)
    {
        var traffic = new Traffic(1, (ulong)customer);
        for (var i = 0; i < 40; i++)
        {
            traffic.Next(out var payment);
            Signals.Clear();
            CustomerScoring.Apply(state, payment, Signals);
        }
    }
}

internal sealed class ResidentRun : PaymentRun
{
    private readonly FeatureState[] _states;

    public ResidentRun(int customers)
        : base(customers)
    {
        _states = [.. Enumerable.Range(0, customers).Select(_ => new FeatureState())];
        for (var customer = 0; customer < customers; customer++)
            Begin(_states[customer], customer);
    }

    public override (double Mean, int Largest) StoredSizes()
    {
        var buffer = new byte[FeatureState.MaxStoredSize];
        var sizes = _states.Take(1000).Select(state => state.Write(buffer)).ToArray();
        return (sizes.Average(), sizes.Max());
    }

    public override void ApplyTo(int customer, in Payment payment) => CustomerScoring.Apply(_states[customer], payment, Signals);
}

internal class StoredRun : PaymentRun
{
    private const int Slot = 1280;

    // Blocks of customers, as one array cannot hold a million slots.
    private const int CustomersInBlock = 1 << 16;

    private readonly FeatureState _state = new();
    private readonly byte[] _buffer = new byte[FeatureState.MaxStoredSize];
    private readonly byte[][] _blocks;
    private readonly ushort[] _lengths;

    public StoredRun(int customers)
        : base(customers)
    {
        _lengths = new ushort[customers];
        _blocks = [.. Enumerable.Range(0, customers / CustomersInBlock + 1).Select(_ => GC.AllocateUninitializedArray<byte>(CustomersInBlock * Slot))];
        for (var customer = 0; customer < customers; customer++)
        {
            _state.Clear();
            Begin(_state, customer);
            Keep(customer);
        }
    }

    public override (double Mean, int Largest) StoredSizes() => (_lengths.Average(length => length), _lengths.Max());

    public override void ApplyTo(int customer, in Payment payment)
    {
        _state.Read(SlotOf(customer)[.._lengths[customer]]);
        CustomerScoring.Apply(_state, payment, Signals);
        Score(_state, payment.Time);
        Keep(customer);
    }

    protected virtual void Score(FeatureState state, long at)
    {
    }

    private void Keep(int customer)
    {
        var length = _state.Write(_buffer);
        _buffer.AsSpan(0, length).CopyTo(SlotOf(customer));
        _lengths[customer] = (ushort)length;
    }

    private Span<byte> SlotOf(int customer) =>
        _blocks[customer / CustomersInBlock].AsSpan(customer % CustomersInBlock * Slot, Slot);
}

/// <summary>The same with the features and five of the shipped models after every event, rows of many customers scored together as the stream does.</summary>
internal sealed class ScoredRun(int customers) : StoredRun(customers)
{
    private readonly FeatureModel[] _models = [.. ModelSet.Shipped.All.Where(model => model.Document.Kind is ModelKinds.Trees or ModelKinds.Hazard).Select(model => model.Scorer).OfType<FeatureModel>().Take(5)];
    private readonly FeatureRows _rows = new(256);

    public double Sum { get; private set; }

    protected override void Score(FeatureState state, long at)
    {
        state.Fill(Math.Max(at, state.NewestDayStart), _rows.Add());
        if (!_rows.IsFull)
            return;

        foreach (var model in _models)
        {
            foreach (var score in _rows.Score(model))
                Sum += score;
        }

        _rows.Clear();
    }
}
