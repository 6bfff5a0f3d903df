using System.Text.Json.Serialization;
using ServerlessCLM.Decisions;

namespace ServerlessCLM.Journeys;

public enum JourneySector { Bank, Card, Insurance, Savings }

/// <summary>A journey: who is accompanied, step by step, to which goal, and what ends it. docs/journeys.md tells what each part does.</summary>
/// <param name="Id">Names it, over all versions.</param>
/// <param name="Version">Whole number from 1; who has entered stays on the version of that day.</param>
/// <param name="Stage">Where in the customer's life it belongs.</param>
/// <param name="Sector">What it is about.</param>
/// <param name="Purpose">What its contacts are for, unless a node says otherwise.</param>
/// <param name="Entry">Who enters, and how often.</param>
/// <param name="Start">The node to begin at.</param>
/// <param name="Nodes">By name.</param>
public sealed record JourneyDocument(
    string Id, int Version, LifecycleStage Stage, JourneySector Sector, string Purpose, JourneyEntry Entry, string Start,
    IReadOnlyDictionary<string, JourneyNode> Nodes)
{
    /// <summary>The kind of document, as in <c>documents/journeys</c>.</summary>
    public const string Kind = "journey";

    /// <summary>The lane that competes with every other.</summary>
    public const string EveryLane = "*";

    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    public DateTimeOffset? Effective { get; init; }

    public string? Title { get; init; }

    /// <summary>0 to 100: of journeys that compete, the higher runs.</summary>
    public int Priority { get; init; } = 50;

    /// <summary>Journeys of one lane compete: a customer is in one of them at a time. Null competes with none.</summary>
    public string? Lane { get; init; }

    public JourneyGoal? Goal { get; init; }

    /// <summary>Condition under which a customer leaves at once.</summary>
    public string? Exit { get; init; }

    /// <summary>Signals that end it at once.</summary>
    [JsonConverter(typeof(NamesConverter))]
    public IReadOnlyList<string> ExitOn { get; init; } = [];

    /// <summary>Expression over what started it: the debt that its contacts are about.</summary>
    public string? Debt { get; init; }

    /// <summary>Whether a customer can be in only one of two journeys at a time.</summary>
    public bool CompetesWith(JourneyDocument other) => Lane is not null && Id != other.Id
        && (Lane == EveryLane || other.Lane == EveryLane || Lane == other.Lane);
}

/// <summary>How customers come into a journey: one of <see cref="Signal"/>, <see cref="Schedule"/>, <see cref="Segment"/> and <see cref="Call"/>.</summary>
public sealed record JourneyEntry
{
    /// <summary>Signals and events of the customer's life, by name.</summary>
    [JsonConverter(typeof(NamesConverter))]
    public IReadOnlyList<string> Signal { get; init; } = [];

    public JourneySchedule? Schedule { get; init; }

    /// <summary>Condition; whoever comes to meet it enters.</summary>
    public string? Segment { get; init; }

    /// <summary>Over the API or from another journey only.</summary>
    public bool Call { get; init; }

    /// <summary>Condition; what is unknown does not enter.</summary>
    public string? When { get; init; }

    /// <summary><c>never</c>, <c>always</c>, or the least time between two entries, as a duration of days or weeks.</summary>
    public string Reentry { get; init; } = Never;

    /// <summary>How often a customer may be in it at once.</summary>
    public int Concurrent { get; init; } = 1;

    /// <summary>Customers in it at once, of all; null for no limit.</summary>
    public int? Most { get; init; }

    public const string Never = "never", Always = "always";
}

/// <summary>When customers are looked at, in UTC: every day unless days of the week or of the month are named.</summary>
public sealed record JourneySchedule(TimeOnly Time)
{
    public IReadOnlyList<DayOfWeek> Days { get; init; } = [];

    public IReadOnlyList<int> Dates { get; init; } = [];

    /// <summary>Whether a day is one of the schedule's.</summary>
    public bool IsOn(DateOnly day) => (Days.Count == 0 || Days.Contains(day.DayOfWeek)) && (Dates.Count == 0 || Dates.Contains(day.Day));
}

/// <summary>What a journey is for. Reached, it ends the journey at once.</summary>
/// <param name="Signal">Any of these reaches it.</param>
public sealed record JourneyGoal([property: JsonConverter(typeof(NamesConverter))] IReadOnlyList<string> Signal)
{
    /// <summary>Condition on the event; null for any.</summary>
    public string? When { get; init; }

    /// <summary>Members that must be the same in the event as in what started the journey.</summary>
    public IReadOnlyList<string> Match { get; init; } = [];

    /// <summary>How long after the entry it counts, whether the journey still runs or not; null for as long as it runs.</summary>
    public TimeSpan? Within { get; init; }

    /// <summary>Expression for what it is worth, in the house's currency.</summary>
    public string? Value { get; init; }
}
