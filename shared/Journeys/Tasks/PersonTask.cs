using System.Text.Json.Nodes;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Journeys;

public enum PersonTaskStatus { Open, Answered, Late, Withdrawn }

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

    public PersonTaskStatus Status { get; init; }

    /// <summary>The answer, who gave it and when.</summary>
    public string? Outcome { get; init; }

    public string? By { get; init; }

    public DateTimeOffset? Closed { get; init; }

    public string? Note { get; init; }

    /// <summary>Name of the event that tells the orchestration of the answer.</summary>
    public const string EventName = "answered";

    public static string RowOf(string id) => CustomerRows.TaskPrefix + id;
}
