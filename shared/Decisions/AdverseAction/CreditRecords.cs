using System.Text.Json.Serialization;
using ServerlessCLM.Decisions.CreditLines;

namespace ServerlessCLM.Decisions.AdverseAction;

/// <summary>A credit decision that was taken, with what it was taken on.</summary>
/// <param name="Id">Derived from customer and day: one decision a day.</param>
/// <param name="At">When.</param>
/// <param name="Policy">Id and version of the policy.</param>
/// <param name="Models">Id and version of the models, by what they gave: pd, lgd.</param>
/// <param name="Input">What was known.</param>
/// <param name="Change">Increase, keep or decrease.</param>
/// <param name="Line">The line from now on.</param>
/// <param name="Limits">Hard limits that held.</param>
/// <param name="Reasons">Principal reasons of a decrease.</param>
/// <param name="Otherwise">What would have altered the outcome.</param>
/// <param name="DataUsed">Names of what was used, for whoever asks.</param>
public sealed record CreditDecision(
    string Id, DateTimeOffset At, string Policy, IReadOnlyDictionary<string, string> Models, CreditFigures Input, LineChange Change, decimal Line,
    IReadOnlyList<LineLimit> Limits, IReadOnlyList<LineReason> Reasons, IReadOnlyList<string> Otherwise, IReadOnlyList<string> DataUsed);

/// <summary>The figures of <see cref="CreditLineInput"/>.</summary>
public sealed record CreditFigures(
    decimal Line, decimal Balance, double Pd, double Lgd, decimal YearlySpend, decimal? MonthlyIncome, decimal MonthlyObligations, int? Age, int PersistentDebt);

/// <summary>The notice that an adverse action owes (Reg B §1002.9, FCRA §615).</summary>
/// <param name="Id">That of its decision.</param>
/// <param name="At">When the action was taken.</param>
/// <param name="DueBy">Thirty days later: the last moment to send it.</param>
/// <param name="Reasons">At most four principal reasons.</param>
/// <param name="SentAt">When it was sent; null while it is owed.</param>
/// <param name="Channel">How it was sent.</param>
public sealed record AdverseActionNotice(
    string Id, DateTimeOffset At, DateTimeOffset DueBy, IReadOnlyList<LineReason> Reasons, DateTimeOffset? SentAt = null, string? Channel = null)
{
    /// <summary>Reg B §1002.9(a)(1).</summary>
    public static readonly TimeSpan Within = TimeSpan.FromDays(30);
}

public enum ReviewOutcome { Upheld, Overturned }

/// <summary>A person's look at an automated decision, asked for by the customer (GDPR article 22(3)).</summary>
/// <param name="Id">Derived from the decision: a decision is reviewed once.</param>
/// <param name="DecisionId">Which decision.</param>
/// <param name="AskedAt">When it was asked for.</param>
/// <param name="DueBy">A month later (GDPR article 12(3)).</param>
/// <param name="Statement">The customer's point of view.</param>
/// <param name="Reviewer">Who looked at it; null while it waits.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Line">The line that the reviewer set, where the decision was overturned.</param>
/// <param name="Note">Why.</param>
/// <param name="ResolvedAt">When.</param>
public sealed record CreditReview(
    string Id, string DecisionId, DateTimeOffset AskedAt, DateTimeOffset DueBy, string? Statement, string? Reviewer = null, ReviewOutcome? Outcome = null,
    decimal? Line = null, string? Note = null, DateTimeOffset? ResolvedAt = null);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true,
    Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(CreditDecision))]
[JsonSerializable(typeof(AdverseActionNotice))]
[JsonSerializable(typeof(CreditReview))]
[JsonSerializable(typeof(LineDecision))]
public sealed partial class CreditJson : JsonSerializerContext;
