using ServerlessCLM.Features;
using ServerlessCLM.Scoring;
using ServerlessCLM.Tests.Features;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Scoring;

/// <summary>A customer whose signals are collected.</summary>
internal sealed class Customer
{
    private readonly SignalBuffer _signals = new();

    public FeatureState State { get; } = new();

    public IReadOnlyList<Signal> All => [.. _signals.Signals];

    public IReadOnlyList<Signal> Raised(SignalKind kind) => [.. All.Where(signal => signal.Kind == kind)];

    /// <summary>Applies payments; says what became of the last one.</summary>
    public Placement Pays(params IEnumerable<Payment> payments)
    {
        var placement = default(Placement);
        foreach (var payment in payments)
            placement = CustomerScoring.Apply(State, payment, _signals);

        return placement;
    }

    public void WakesOn(double day) => CustomerScoring.Wake(State, Payments.At(day), _signals);

    /// <summary>Wakes whenever it asked to be woken, up to a day.</summary>
    public void WakesUntil(double day)
    {
        var until = Payments.At(day);
        for (var at = CustomerScoring.NextWake(State, 0); at <= until; at = CustomerScoring.NextWake(State, at))
            CustomerScoring.Wake(State, at, _signals);
    }
}
