using System.Text.Json.Nodes;

namespace ServerlessCLM.Customers;

/// <summary>A signal as kept with the customer, and as sent.</summary>
/// <param name="Id">Derived from customer, name and cause.</param>
/// <param name="Name">Name in the signal catalogue, or of a lifecycle event.</param>
/// <param name="At">When it became true, in event time.</param>
/// <param name="Observed">The figure that crossed.</param>
/// <param name="Reference">The figure it is held against.</param>
/// <param name="Group">Content group concerned.</param>
/// <param name="Model">Model and version that crossed its cut, as <c>churn@3</c>.</param>
/// <param name="Reasons">Names of the features that moved the score most, heaviest first; at most four.</param>
/// <param name="Debt">The debt concerned.</param>
/// <param name="Amount">The money it is about, in the debt's currency.</param>
/// <param name="Details">What a lifecycle event tells of itself.</param>
public sealed record SignalRow(
    string Id, string Name, DateTimeOffset At, double? Observed = null, double? Reference = null, string? Group = null,
    string? Model = null, IReadOnlyList<string>? Reasons = null, string? Debt = null, decimal? Amount = null, JsonObject? Details = null);

/// <summary>What came of a contact or decision.</summary>
public sealed record OutcomeRow(
    string Id, string Outcome, DateTimeOffset At, string? Channel, string? Purpose, string? DecisionId, string? Action, decimal? Amount, string? Text = null);

/// <summary>A step in the customer's life with the bank: application started, card delivered, complaint.</summary>
public sealed record LifecycleRow(string Id, string Name, DateTimeOffset At, JsonObject? Details);
