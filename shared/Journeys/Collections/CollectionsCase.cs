using System.Text.Json.Serialization;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Journeys.Collections;

public enum CaseKind { Call, Appointment, Approve, Specialist, Legal }

public enum CaseStatus { Open, Claimed, Completed, Withdrawn }

/// <summary>Something a person of the bank is to do about a customer.</summary>
/// <param name="Id">Derived from what opened it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Queue">Whose work it is.</param>
/// <param name="OpenedAt">When.</param>
/// <param name="OpenedBy">A principal, a journey, or the signal that opened it.</param>
public sealed record CollectionsCase(string Id, CaseKind Kind, string Queue, DateTimeOffset OpenedAt, string OpenedBy)
{
    /// <summary>The queue of the collections agents.</summary>
    public const string Agents = "collections";

    /// <summary>Outcomes of a call.</summary>
    public static IReadOnlyList<string> CallOutcomes { get; } = ["paid", "promised", "planned", "no_answer", "wrong_number", "refused", "hardship", "dispute"];

    public const string Approved = "approved", Rejected = "rejected";

    /// <summary>The debt it is about; null for none.</summary>
    public string? Debt { get; init; }

    /// <summary>What to do, where whoever opened it says so.</summary>
    public string? Instructions { get; init; }

    /// <summary>The task of a journey that is done with it; null where no journey waits.</summary>
    public string? Task { get; init; }

    /// <summary>What may come of it.</summary>
    public IReadOnlyList<string> Outcomes { get; init; } = CallOutcomes;

    /// <summary>When it is of no use any more; null for never.</summary>
    public DateTimeOffset? DueBy { get; init; }

    /// <summary>Counts changes, for <c>If-Match</c>.</summary>
    public int Version { get; init; } = 1;

    public CaseStatus Status { get; init; } = CaseStatus.Open;

    public string? ClaimedBy { get; init; }

    /// <summary>Until when it is the claimer's; then others may take it.</summary>
    public DateTimeOffset? ClaimedUntil { get; init; }

    public string? Outcome { get; init; }

    public string? Note { get; init; }

    public string? EndedBy { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>SHA-256 of the evidence pack, in hexadecimal, of a hand-off.</summary>
    public string? Evidence { get; init; }

    [JsonIgnore]
    public bool IsOpen => Status is CaseStatus.Open or CaseStatus.Claimed;

    /// <summary>Gives the case to an agent; again to the same one, with a new lease.</summary>
    /// <exception cref="CollectionsRefusedException">It has ended, or is another agent's.</exception>
    public CollectionsCase Claimed(string agent, TimeSpan lease, DateTimeOffset now)
    {
        CheckOpen();
        if (Status == CaseStatus.Claimed && ClaimedBy != agent && ClaimedUntil > now)
            throw new CollectionsRefusedException(CollectionsRefusal.Conflict, "case", $"{Id} is {ClaimedBy}'s until {Instant.Text(ClaimedUntil.Value)}");

        return this with { Status = CaseStatus.Claimed, ClaimedBy = agent, ClaimedUntil = now + lease, Version = Version + 1 };
    }

    /// <summary>The agent gives the case back.</summary>
    /// <exception cref="CollectionsRefusedException">It is not the agent's.</exception>
    public CollectionsCase Released(string agent)
    {
        CheckHolder(agent);
        return this with { Status = CaseStatus.Open, ClaimedBy = null, ClaimedUntil = null, Version = Version + 1 };
    }

    /// <summary>The agent says what came of it.</summary>
    /// <exception cref="CollectionsRefusedException">It is not the agent's, or nothing that may come of it.</exception>
    public CollectionsCase Completed(string agent, string outcome, string? note, DateTimeOffset now)
    {
        CheckHolder(agent);
        if (!Outcomes.Contains(outcome))
            throw new CollectionsRefusedException(CollectionsRefusal.Invalid, "outcome", $"must be one of {string.Join(", ", Outcomes)}");

        if (Kind == CaseKind.Approve && agent == OpenedBy)
            throw new CollectionsRefusedException(CollectionsRefusal.Forbidden, "principal", $"{agent} asked for it; another person must decide");

        return Ended(CaseStatus.Completed, agent, now) with { Outcome = outcome, Note = note };
    }

    /// <summary>There is nothing to be done any more.</summary>
    public CollectionsCase Withdrawn(string reason, DateTimeOffset now) => IsOpen ? Ended(CaseStatus.Withdrawn, "product", now) with { Note = reason } : this;

    internal CollectionsCase Ended(CaseStatus status, string by, DateTimeOffset now) =>
        this with { Status = status, EndedBy = by, EndedAt = now, ClaimedUntil = null, Version = Version + 1 };

    internal void CheckOpen()
    {
        if (!IsOpen)
            throw new CollectionsRefusedException(CollectionsRefusal.Conflict, "case", $"{Id} is over: {Outcome ?? Note}");
    }

    private void CheckHolder(string agent)
    {
        CheckOpen();
        if (Status != CaseStatus.Claimed || ClaimedBy != agent)
            throw new CollectionsRefusedException(CollectionsRefusal.Conflict, "case", Status == CaseStatus.Open ? $"{Id} is nobody's; claim it first" : $"{Id} is {ClaimedBy}'s");
    }
}

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true,
    Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(CollectionsCase))]
public sealed partial class CollectionsJson : JsonSerializerContext;
