using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Governance;

namespace ServerlessCLM.Journeys;

public enum PersonTaskStatus { Open, Answered, Late, Withdrawn, Refused }

/// <summary>Something that a person is to do for a customer: one row of the partition.</summary>
/// <param name="Id">Derived from the run and the node.</param>
/// <param name="Kind">Approve, call or appointment.</param>
/// <param name="Queue">Whose work it is.</param>
/// <param name="Journey">Of which journey.</param>
/// <param name="Instance">Of which run.</param>
/// <param name="Opened">When.</param>
/// <param name="Due">By when.</param>
/// <param name="Outcomes">What may be answered.</param>
public sealed record PersonTask(
    string Id, TaskKind Kind, string Queue, string Journey, string Instance, DateTimeOffset Opened, DateTimeOffset Due, IReadOnlyList<string> Outcomes)
{
    /// <summary>What the person should know.</summary>
    public string? Brief { get; init; }

    public JsonObject Facts { get; init => field = value ?? []; } = [];

    /// <summary>What a call or appointment is for and about which debt.</summary>
    public string? Purpose { get; init; }

    public string? Debt { get; init; }

    /// <summary>Before when the gate allows no call; null for at once.</summary>
    public DateTimeOffset? From { get; init; }

    public PersonTaskStatus Status { get; init; }

    /// <summary>The answer, who gave it and when.</summary>
    public string? Outcome { get; init; }

    public string? By { get; init; }

    public DateTimeOffset? Closed { get; init; }

    public string? Note { get; init; }

    /// <summary>Name of the event that tells the orchestration of the answer.</summary>
    public const string EventName = "answered";

    /// <summary>The answer to a call that nobody took: an attempt, not a conversation.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>
    /// The contact that the task is, as the gate judges it and the ledger counts it: an appointment is made with the customer as a call is. Null for an
    /// approval, which the customer does not hear of.
    /// </summary>
    internal ContactRequest? Contact => Kind != TaskKind.Approve ? new ContactRequest(Id, "call", Purpose!, Debt, Journey) : null;

    /// <summary>A person has answered.</summary>
    internal PersonTask Answered(string outcome, string by, string? note, DateTimeOffset now) =>
        this with { Status = PersonTaskStatus.Answered, Outcome = outcome, By = by, Note = note, Closed = now };

    public static string RowOf(string id) => CustomerRows.TaskPrefix + id;
}
