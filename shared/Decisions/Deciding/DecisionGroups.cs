using System.Text.Json;
using ServerlessCLM.Conditions;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Decisions;

/// <summary>An experiment that a decision took part in.</summary>
/// <param name="Experiment">Its id.</param>
/// <param name="Version">Its version.</param>
/// <param name="Arm">The customer's arm.</param>
/// <param name="Counted">Whether the customer is counted; those held out or outside the traffic get the control uncounted.</param>
/// <param name="Withheld">Actions of the other arms.</param>
/// <param name="Model">The model that this arm uses in place of <paramref name="InsteadOf"/>.</param>
/// <param name="InsteadOf">The control's model.</param>
public sealed record ArmTaken(
    string Experiment, int Version, string Arm, bool Counted, IReadOnlyList<string> Withheld, string? Model = null, string? InsteadOf = null);

/// <summary>The groups that a customer was in at a decision.</summary>
/// <param name="Universal">Held out of all marketing.</param>
/// <param name="Strategy">Held out of everything the strategy does.</param>
/// <param name="Arms">Of experiments.</param>
public sealed record DecisionGroups(bool Universal, bool Strategy, IReadOnlyList<ArmTaken> Arms)
{
    public static readonly DecisionGroups None = new(Universal: false, Strategy: false, []);

    public void Write(Utf8JsonWriter writer) => JsonSerializer.Serialize(writer, this, DecisionsJson.Default.DecisionGroups);
}

/// <summary>Why no decision was made.</summary>
public enum DecisionRefusal { UnknownCustomer, ErasedCustomer, NoStrategy, Invalid }

/// <summary>No decision was made, and nothing has changed.</summary>
public sealed class DecisionRefusedException(DecisionRefusal refusal, string field, string reason) : Exception($"{field}: {reason}")
{
    public DecisionRefusal Refusal { get; } = refusal;

    public string Field { get; } = field;

    public string Reason { get; } = reason;

    internal static DecisionRefusedException UnknownAction(int place, string action, CompiledStrategy strategy) => new(
        DecisionRefusal.Invalid, $"actions[{place}]",
        $"{Rejection.Shorten(action, 64)} is not an action of {strategy.Source.Id}{NearestName.Hint(action, [.. strategy.Source.Actions.Select(each => each.Id)])}");

    internal static DecisionRefusedException Unknown(CustomerId customer) =>
        new(DecisionRefusal.UnknownCustomer, "customerId", "nothing is known of the customer");
}
