using ServerlessCLM.Conditions;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Decisions;

/// <summary>What a decision is made from: the customer as known at <see cref="Now"/>, laid out so that conditions read it without allocating.</summary>
public sealed record DecisionInputs
{
    /// <summary>In the order of the feature catalogue; NaN where missing.</summary>
    public required float[] Features { get; init; }

    /// <summary>In the order of the vocabulary's scores; NaN where missing.</summary>
    public required float[] Scores { get; init; }

    /// <summary>Change of each score over 30 days; NaN where missing.</summary>
    public required float[] ScoreChanges { get; init; }

    /// <summary>The profile and the products, by member.</summary>
    public IReadOnlyDictionary<Value, Value> Profile { get; init; } = new Dictionary<Value, Value>();

    public IReadOnlyDictionary<Value, Value> Products { get; init; } = new Dictionary<Value, Value>();

    /// <summary>Marks that are set or were; null where there is no profile. One that is not there is not set.</summary>
    public IReadOnlyDictionary<Value, Value>? Flags { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>The customer's wall clock, as a timestamp whose fields in UTC are what the clock shows.</summary>
    public required DateTimeOffset Local { get; init; }

    /// <summary>Whether there is consent for a purpose and channel; what is neither granted nor withdrawn is unknown.</summary>
    public IReadOnlyDictionary<(string Purpose, string Channel), bool> Consents { get; init; } = new Dictionary<(string, string), bool>();

    /// <summary>Contacts of the ledger: channel and instant.</summary>
    public IReadOnlyList<(string Channel, DateTimeOffset At)> Contacts { get; init; } = [];

    /// <summary>Answers to past decisions: action, whether it was accepted or declined, and when.</summary>
    public IReadOnlyList<(string Action, bool Accepted, DateTimeOffset At)> Answers { get; init; } = [];

    /// <summary>Debts in short.</summary>
    public ArrearsStanding Arrears { get; init; } = ArrearsStanding.None;

    /// <summary>What started a journey, and what happened last in it, by member; only journeys know of it.</summary>
    public IReadOnlyDictionary<Value, Value> Signal { get; init; } = new Dictionary<Value, Value>();

    public IReadOnlyDictionary<Value, Value> Event { get; init; } = new Dictionary<Value, Value>();
}
