using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ServerlessCLM.Journeys;

public enum HappeningKind
{
    /// <summary>A signal or an event of the customer's life.</summary>
    Signal,

    /// <summary>What came of a contact.</summary>
    Outcome,

    /// <summary>The profile or a consent has changed.</summary>
    Profile,

    /// <summary>Somebody ends the journey.</summary>
    Stop,

    /// <summary>The journey goes on by another version.</summary>
    Move,
}

/// <summary>Something that happened to a customer, as it is told to a journey.</summary>
/// <param name="Id">The same id is the same happening.</param>
/// <param name="Kind">What sort.</param>
/// <param name="Name">Of the signal or outcome; of a stop, why.</param>
/// <param name="At">When.</param>
/// <param name="Data">Its members, as expressions see them.</param>
public sealed record JourneyHappening(string Id, HappeningKind Kind, string Name, DateTimeOffset At, JsonObject Data)
{
    /// <summary>The name of the external event.</summary>
    public const string EventName = "happened";

    /// <summary>For a stop: how the journey ends.</summary>
    public JourneyEnd End { get; init; } = JourneyEnd.Cancelled;

    /// <summary>The trace that it belongs to, as a <c>traceparent</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Trace { get; init; }
}

/// <summary>What a journey was started with, the same for all its life.</summary>
/// <param name="Tenant">Whose customer.</param>
/// <param name="Customer">Who.</param>
/// <param name="Journey">Which.</param>
/// <param name="Version">Of it.</param>
/// <param name="Digest">Of the version's content.</param>
/// <param name="Instance">The orchestration's id.</param>
/// <param name="Signal">Data of what started it.</param>
public sealed record JourneyRun(string Tenant, string Customer, string Journey, int Version, string Digest, string Instance, JsonObject Signal)
{
    /// <summary>The trace of what started it, as a <c>traceparent</c>: its steps go on with it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Trace { get; init; }
}
